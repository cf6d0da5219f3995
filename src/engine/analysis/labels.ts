/** Plain words for nodes and scales. */
import type { DocumentTree, TreeNode } from '../../protocol/document.js';

const MAX = 60;

/** `function parse_args`, `section “Limits”`, `lines 3–9`, or the first words of a leaf. */
export function nodeLabel(tree: DocumentTree, text: string, id: number): string {
  const node = tree.nodes[id]!;
  if (node.kind === 'file') return 'the whole document';
  if (node.children.length === 0) return excerpt(text.slice(node.start, node.end));
  if (node.name) return node.kind === 'section' ? `section “${node.name}”` : `${node.kind} ${node.name}`;
  return `${node.kind}, ${lines(node)}`;
}

export function lines(node: TreeNode): string {
  return node.startLine === node.endLine ? `line ${node.startLine}` : `lines ${node.startLine}–${node.endLine}`;
}

/** One line of at most `max` characters, cut at a word. */
export function excerpt(text: string, max = MAX): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= max) return line;
  const cut = line.slice(0, max - 1);
  const space = cut.lastIndexOf(' ');
  return `${space > max * 0.6 ? cut.slice(0, space) : cut}…`;
}
