/** The document's tree as columns of bands: file, outermost and innermost function or section, block, statement. Pure. */
import { OUTLINE_KINDS } from '../protocol/document.js';
import type { BandNode } from '../protocol/scales.js';

export const COLUMNS = 5;
/** Widths of the columns in relation to each other. */
const WEIGHTS: readonly number[] = [8, 22, 22, 13, 35];

/** One band: a node in a column; rows are in text order without overlap. */
export interface Band {
  node: number;
  start: number;
  end: number;
}

const BLOCKS: ReadonlySet<BandNode['kind']> = new Set(['block', 'paragraph']);

export class Tree {
  readonly children: readonly (readonly number[])[];
  readonly columns: readonly (readonly Band[])[];
  /** Column in which each node is drawn; nodes between (a block in a block) share the column of their kind. */
  readonly columnOf: Int8Array;

  constructor(readonly nodes: readonly BandNode[]) {
    const children: number[][] = nodes.map(() => []);
    for (const n of nodes) if (n.parent >= 0) children[n.parent]!.push(n.id);
    this.children = children;
    this.columnOf = new Int8Array(nodes.length).fill(-1);
    this.columns = this.build();
  }

  private build(): Band[][] {
    const columns: Band[][] = Array.from({ length: COLUMNS }, () => []);
    const outermost = new Int32Array(this.nodes.length).fill(-1);
    const innermost = new Int32Array(this.nodes.length).fill(-1);
    const block = new Int32Array(this.nodes.length).fill(-1);
    const push = (column: number, node: number, from: BandNode): void => {
      if (node < 0) return;
      const last = columns[column]!.at(-1);
      if (last?.node === node) last.end = Math.max(last.end, from.end);
      else columns[column]!.push({ node, start: from.start, end: from.end });
      if (this.columnOf[node]! < 0) this.columnOf[node] = column;
    };
    for (const n of this.nodes) {
      if (n.parent >= 0) {
        outermost[n.id] = outermost[n.parent]!;
        innermost[n.id] = innermost[n.parent]!;
        block[n.id] = block[n.parent]!;
      }
      if (OUTLINE_KINDS.includes(n.kind)) {
        if (outermost[n.id]! < 0) outermost[n.id] = n.id;
        innermost[n.id] = n.id;
        block[n.id] = -1;
      } else if (BLOCKS.has(n.kind)) block[n.id] = n.id;
      if (this.children[n.id]!.length > 0) continue;
      push(1, outermost[n.id]!, n);
      push(2, innermost[n.id]! === outermost[n.id]! ? -1 : innermost[n.id]!, n);
      push(3, block[n.id]!, n);
      push(4, n.id, n);
    }
    const root = this.nodes[0];
    if (root) push(0, 0, root);
    // What no leaf chose (a block around blocks) is shown where its kind is.
    for (const n of this.nodes) {
      if (this.columnOf[n.id]! < 0)
        this.columnOf[n.id] = OUTLINE_KINDS.includes(n.kind) ? 2 : BLOCKS.has(n.kind) ? 3 : 4;
    }
    return columns;
  }

  /** Ancestors from the file down to the node itself. */
  path(node: number): number[] {
    const path: number[] = [];
    for (let at = node; at >= 0; at = this.nodes[at]!.parent) path.unshift(at);
    return path;
  }

  /** Where an arrow key leads; the node itself where it leads nowhere. */
  move(node: number, direction: 'up' | 'down' | 'left' | 'right'): number {
    if (direction === 'left') return Math.max(0, this.nodes[node]!.parent);
    if (direction === 'right') return this.children[node]![0] ?? node;
    const step = direction === 'up' ? -1 : 1;
    const siblings = this.children[this.nodes[node]!.parent] ?? [node];
    const beside = siblings[siblings.indexOf(node) + step];
    if (beside !== undefined) return beside;
    // Past the last sibling: what comes next in the same column, outside the node itself.
    const column = this.columns[this.columnOf[node]!]!;
    const { start, end } = this.nodes[node]!;
    const next = step > 0 ? column.find((b) => b.start >= end) : column.findLast((b) => b.end <= start);
    return next?.node ?? node;
  }
}

/** Shares of the picture's width by column; a column without bands gets none, so that the others have room for words. */
export function columnWidths({ columns }: Pick<Tree, 'columns'>): number[] {
  const wanted = WEIGHTS.map((weight, column) => (columns[column]!.length > 0 ? weight : 0));
  const sum = wanted.reduce((total, width) => total + width, 0);
  return wanted.map((width) => width / Math.max(1, sum));
}

/** Bands that touch [from, to), as a slice; found by bisection. */
export function bandsBetween(bands: readonly Band[], from: number, to: number): readonly Band[] {
  let low = 0;
  let high = bands.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bands[middle]!.end <= from) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < bands.length && bands[end]!.start < to) end++;
  return bands.slice(low, end);
}
