/** Ranges of tree nodes that move with the text while it is edited. No `vscode` here. */
import type { TreeNode } from '../../protocol/document.js';

/** One replacement in the text as it was before: `length` characters at `offset` became `inserted` characters. */
export interface TextChange {
  offset: number;
  length: number;
  inserted: number;
}

/** Start and end of every node of an analysis in the text as it is now. */
export class MovingRanges {
  private readonly starts: Int32Array;
  private readonly ends: Int32Array;
  private readonly touchedNodes = new Set<number>();

  constructor(nodes: readonly TreeNode[]) {
    this.starts = Int32Array.from(nodes, (n) => n.start);
    this.ends = Int32Array.from(nodes, (n) => n.end);
  }

  get stale(): boolean {
    return this.touchedNodes.size > 0;
  }

  start(node: number): number {
    return this.starts[node]!;
  }

  end(node: number): number {
    return this.ends[node]!;
  }

  /** Whether the node's own text was changed since the analysis. */
  touched(node: number): boolean {
    return this.touchedNodes.has(node);
  }

  /** Moves all ranges; nodes whose text the change touches become stale (the root always). O(nodes). */
  apply({ offset, length, inserted }: TextChange): void {
    const end = offset + length;
    const by = inserted - length;
    this.touchedNodes.add(0);
    for (let i = 0; i < this.starts.length; i++) {
      const s = this.starts[i]!;
      const e = this.ends[i]!;
      if (e < offset) continue;
      // Text typed right behind a node does not belong to it.
      if (e === offset && length === 0 && i > 0) continue;
      if (s >= end && !(s === offset && i === 0)) {
        this.starts[i] = s + by;
        this.ends[i] = e + by;
        continue;
      }
      this.touchedNodes.add(i);
      this.starts[i] = s > offset ? Math.max(offset, Math.min(s, end) + Math.min(0, by)) : s;
      this.ends[i] = Math.max(this.starts[i]!, e >= end ? e + by : offset + inserted);
    }
  }
}
