/** What a file consists of, for files that say nothing in words: definitions of code, entries of data. */
import { excerpt } from '../../protocol/excerpt.js';
import type { DocumentTree, TreeNode } from '../../protocol/document.js';
import { isBoilerplate } from './boilerplate.js';
import { cleanDescription, GIST_CHARS, isCommented } from './comments.js';
import { leavesBelow } from './leaves.js';
import type { LevelIndex } from './levels.js';
import type { Passage } from './passage.js';
import { passage } from './passage.js';
import { withoutAttributes } from './reading.js';

/** The headers of functions and classes outside of functions, each standing for all of its definition; not of modules that only hold another. */
export function definitionsOf(index: LevelIndex, text: string, flow: Float64Array): Passage[] {
  const { tree } = index.document;
  const found: Passage[] = [];
  for (const node of tree.nodes) {
    if ((node.kind !== 'class' && node.kind !== 'function') || !node.name || insideFunction(tree, node)) continue;
    if (onlyHolds(tree, node)) continue;
    const pieces = index.piecesOfNode(node.id);
    const head = leavesBelow(index, node).find((leaf) => {
      const raw = text.slice(leaf.start, leaf.end);
      return !leaf.trivial && !isCommented(raw, tree.language) && !isBoilerplate(raw);
    });
    if (!head || pieces[0] === pieces[1]) continue;
    const range = { start: head.start, end: head.end };
    const said = excerpt(
      withoutAttributes(text.slice(head.start, head.end)).replace(/\s*(?:[{:(=]|=>)\s*$/, ''),
      GIST_CHARS,
    );
    // Names are many words in one.
    const words = said.match(/\p{Lu}?\p{Ll}+|\p{Lu}+/gu)?.length ?? 1;
    found.push({ ...passage(index, flow, node, range, said, pieces, false), words });
  }
  return found;
}

/** Whether a module or namespace is nothing but the place of one other class or module. */
function onlyHolds({ nodes }: DocumentTree, node: TreeNode): boolean {
  const [head, ...inside] = node.children.map((c) => nodes[c]!).filter((n) => !n.trivial);
  return head?.children.length === 0 && inside.length === 1 && inside[0]!.kind === 'class';
}

/** The key of an entry of data that is one leaf: `"name": …`, `name: …`, `name = …`; an element of XML that holds no others. */
const KEY = /^\s*(?:-\s+)?(["']?)([\w.@$/+-]+(?: [\w.@$/+-]+)*)\1\s*[:=]/;
const ELEMENT = /^<([\w:.-]+)[^>]*>([^<]*)<\/\1>$/;

/** The entries of data at the top, a block by what is said of it or by the keys in it. */
export function entriesOf(index: LevelIndex, text: string, flow: Float64Array): Passage[] {
  const { tree } = index.document;
  const { nodes, language } = tree;
  const raw = ({ start, end }: TreeNode): string => text.slice(start, end).replace(/,\s*$/, '');
  const keyOf = (node: TreeNode): string | undefined =>
    node.name ?? KEY.exec(raw(node))?.[2] ?? ELEMENT.exec(raw(node))?.[1];
  const found: Passage[] = [];
  for (const node of top(tree)) {
    const pieces = index.piecesOfNode(node.id);
    const key = keyOf(node);
    if (node.trivial || key === undefined || pieces[0] === pieces[1]) continue;
    const inside = [...new Set(node.children.map((c) => keyOf(nodes[c]!)).filter((k) => k !== undefined && k !== key))];
    const described =
      node.description && cleanDescription(text.slice(node.description.start, node.description.end), language);
    const value = described || (inside.length > 0 ? inside.join(', ') : ELEMENT.exec(raw(node))?.[2]);
    const said = excerpt(value === undefined ? raw(node) : `${key}: ${value}`, GIST_CHARS);
    found.push(passage(index, flow, node, { start: node.start, end: node.end }, said, pieces, false));
  }
  return found;
}

/** The children of the file, or of the one entry that all others lie in. */
function top({ nodes }: DocumentTree): TreeNode[] {
  let at = nodes[0]!;
  for (;;) {
    const blocks = at.children.filter((c) => nodes[c]!.children.length > 0);
    if (blocks.length !== 1 || at.children.length - blocks.length > 2) break;
    at = nodes[blocks[0]!]!;
  }
  return at.children.map((c) => nodes[c]!);
}

/** Whether a node lies inside a function. */
export function insideFunction({ nodes }: DocumentTree, node: TreeNode): boolean {
  for (let at = node.parent; at >= 0; at = nodes[at]!.parent) if (nodes[at]!.kind === 'function') return true;
  return false;
}
