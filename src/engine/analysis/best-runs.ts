/** The best run of leaves around each leaf: of all runs of so many leaves that contain it, the one with the largest value. */
import type { LevelIndex } from './levels.js';

/** How many leaves the runs of a document have: `size`, or all of a shorter document. */
export function runLength(index: LevelIndex, size: number): number {
  return Math.min(size, index.leaves);
}

/** cos(query, vector) of every run of `size` leaves, in order. `query` of unit length. */
export function runCosines(index: LevelIndex, query: Float32Array, size: number): Float32Array {
  const length = runLength(index, size);
  return Float32Array.from({ length: index.leaves - length + 1 }, (_, first) =>
    index.cosine(query, index.piecesOfLeaves(first, first + length)),
  );
}

export class BestRuns {
  /** First leaf of the best run of each leaf. */
  private readonly best: Int32Array;
  private readonly length: number;

  /** `values` of all runs of one length, the run that starts at the first leaf first. */
  constructor(
    private readonly index: LevelIndex,
    private readonly values: Float32Array,
  ) {
    this.length = index.leaves - values.length + 1;
    this.best = largestIn(values, this.length, index.leaves, 1 - this.length);
  }

  /** The value of the best run of all; 0 without runs. */
  get largest(): number {
    return this.values.length === 0 ? 0 : this.values.reduce((a, b) => Math.max(a, b));
  }

  /** The best run that contains the leaf of this piece. */
  around(piece: number): { pieces: readonly [number, number]; cosine: number } {
    const first = this.best[this.index.leafOf(piece)]!;
    return { pieces: this.index.piecesOfLeaves(first, first + this.length), cosine: this.values[first]! };
  }
}

/**
 * For each of `count` windows the index of the largest value in it, the first of equals. Window i is [i + offset, i + offset + width), as far
 * as there are values. Those that can still become the largest wait in a queue, largest first.
 */
export function largestIn(values: Float32Array, width: number, count: number, offset = 0): Int32Array {
  const largest = new Int32Array(count);
  const queue = new Int32Array(values.length);
  let head = 0;
  let tail = 0;
  let next = 0;
  for (let i = 0; i < count; i++) {
    for (const end = Math.min(values.length, i + offset + width); next < end; next++) {
      while (tail > head && values[queue[tail - 1]!]! < values[next]!) tail--;
      queue[tail++] = next;
    }
    while (queue[head]! < i + offset) head++;
    largest[i] = queue[head]!;
  }
  return largest;
}
