/** Plain words for nodes and scales. */
import type { DocumentTree, TreeNode } from '../../protocol/document.js';
import { excerpt } from '../../protocol/excerpt.js';

const MAX = 60;

/** `function parse_args`, `section “Limits”`, `lines 3–9`, or the first words of a leaf. */
export function nodeLabel(tree: DocumentTree, text: string, id: number): string {
  const node = tree.nodes[id]!;
  if (node.kind === 'file') return 'the whole document';
  if (node.children.length === 0) return excerpt(text.slice(node.start, node.end), MAX);
  if (node.name) return node.kind === 'section' ? `section “${node.name}”` : `${node.kind} ${node.name}`;
  return `${node.kind}, ${lines(node)}`;
}

function lines(node: TreeNode): string {
  return node.startLine === node.endLine ? `line ${node.startLine}` : `lines ${node.startLine}–${node.endLine}`;
}
