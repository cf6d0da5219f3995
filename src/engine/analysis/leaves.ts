/** Which leaves a document has, and what they are in it: sentences, headings, what a node consists of. */
import type { DocumentTree, TreeNode } from '../../protocol/document.js';
import type { LevelIndex } from './levels.js';

/** Whether a leaf is a sentence of a paragraph; examples, tables and settings are not. */
export function inParagraph({ nodes }: DocumentTree, leaf: TreeNode): boolean {
  return leaf.children.length === 0 && (leaf.kind === 'paragraph' || nodes[leaf.parent]?.kind === 'paragraph');
}

/** A program with so many paragraphs of documentation says itself what it is. */
const DOCUMENTED = 5;

/** Whether a document tells in sentences what it is about: prose, or a program that holds its documentation. */
export function isTold({ genre, nodes }: DocumentTree): boolean {
  return genre === 'prose' || (genre === 'code' && nodes.filter((n) => n.kind === 'paragraph').length >= DOCUMENTED);
}

/** The leaves that say anything, in order. */
export function speakingLeaves({ nodes }: DocumentTree): TreeNode[] {
  return nodes.filter((n) => n.children.length === 0 && !n.trivial);
}

/** The first row of comma-separated values, which says what the others hold. */
export function headOfTable(tree: DocumentTree): TreeNode | undefined {
  return tree.language === 'csv' ? speakingLeaves(tree)[0] : undefined;
}

/** The leaves that are the headings of sections. */
export function headingsOf({ nodes, genre }: DocumentTree): Set<number> {
  if (genre === 'transcript') return new Set();
  return new Set(nodes.flatMap((n) => (n.kind === 'section' ? n.children.slice(0, 1) : [])));
}

/** Leaves with tokens below a node, in order, each once. */
export function leavesBelow(index: LevelIndex, node: TreeNode): TreeNode[] {
  const { tree, packed } = index.document;
  const [first, last] = index.piecesOfNode(node.id);
  const ids = new Set<number>();
  for (let p = first; p < last; p++) ids.add(packed.pieceLeaf[p]!);
  return [...ids].map((id) => tree.nodes[id]!);
}
