/** How a place is called that has no name: as the engine and the command line read it. No `vscode` here. */
import { readingOfPlace } from '../engine/analysis/reading.js';
import type { DocumentTree, TreeNode } from '../protocol/document.js';
import { excerpt } from '../protocol/excerpt.js';
import type { DocumentModel } from './document-model.js';

/** The first `max` characters of a place, without the marks of comments and the like: they say nothing, and a label is short. `text` is its own, as it is now. */
export function firstWords(tree: DocumentTree, node: TreeNode, text: string, max: number): string {
  return excerpt(readingOfPlace(tree, node, text), max);
}

/** The same of a node of an analysed document, wherever edits have moved it. */
export function wordsOf(model: DocumentModel, id: number, max: number): string {
  const { tree } = model.analysis!;
  return firstWords(tree, tree.nodes[id]!, model.document.getText(model.rangeOf(id)), max);
}
