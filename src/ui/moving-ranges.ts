/** Ranges of tree nodes that move with the text while it is edited. No `vscode` here. */

/** One replacement: `length` characters at `offset` of the text before the edit became `inserted` characters. */
export interface TextChange {
  offset: number;
  length: number;
  inserted: number;
}

/** Start and end of every range of an analysis in the text as it is now. The first range is the whole text. */
export class MovingRanges {
  private readonly starts: Int32Array;
  private readonly ends: Int32Array;
  private readonly touchedRanges: Uint8Array;

  constructor(ranges: readonly { readonly start: number; readonly end: number }[]) {
    this.starts = Int32Array.from(ranges, (r) => r.start);
    this.ends = Int32Array.from(ranges, (r) => r.end);
    this.touchedRanges = new Uint8Array(ranges.length);
  }

  start(range: number): number {
    return this.starts[range]!;
  }

  end(range: number): number {
    return this.ends[range]!;
  }

  /** Whether the text of the range itself was changed since the analysis. */
  touched(range: number): boolean {
    return this.touchedRanges[range] === 1;
  }

  /**
   * Moves all ranges by the changes of one edit, which do not overlap and all speak of the text before it; ranges whose text is
   * touched become stale (the first always). Text typed right before or behind a range does not belong to it. O(ranges × log changes),
   * because replacing a word everywhere makes thousands of changes at once.
   */
  apply(edit: readonly TextChange[]): void {
    if (edit.length === 0) return;
    const changes = [...edit].sort((a, b) => a.offset - b.offset || a.length - b.length);
    /** By how much the text behind the first k changes moves. */
    const shifts = new Int32Array(changes.length + 1);
    changes.forEach((c, k) => (shifts[k + 1] = shifts[k]! + c.inserted - c.length));
    for (let i = 0; i < this.starts.length; i++) {
      const s = this.starts[i]!;
      const e = this.ends[i]!;
      // The whole text has whatever is typed at its ends.
      const first = i === 0 ? 0 : countUntil(changes, (c) => c.offset + c.length <= s);
      const last = i === 0 ? changes.length : countUntil(changes, (c) => c.offset < e);
      if (last <= first) {
        this.starts[i] = s + shifts[first]!;
        this.ends[i] = e + shifts[first]!;
        continue;
      }
      this.touchedRanges[i] = 1;
      const opening = changes[first]!;
      const closing = changes[last - 1]!;
      // A change across an edge takes the edge along: text that was written over is inside as far as it takes up the same room.
      const start = opening.offset < s ? Math.min(s, opening.offset + opening.inserted) : s;
      const end =
        closing.offset + closing.length > e ? closing.offset + closing.inserted + shifts[last - 1]! : e + shifts[last]!;
      this.starts[i] = start + shifts[first]!;
      this.ends[i] = Math.max(this.starts[i]!, end);
    }
  }
}

/** How many of the first elements satisfy a condition that no later one does; found by bisection. */
function countUntil<T>(sorted: readonly T[], holds: (item: T) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
