/** The best run of leaves around each leaf: of the runs of so many leaves that contain it, the one with the largest value. */
import type { LevelIndex } from './levels.js';

/** cos(query, vector) of every run of `size` leaves, in order; a shorter document is one run. `query` of unit length. */
export function runCosines(index: LevelIndex, query: Float32Array, size: number): Float32Array {
  const length = Math.min(size, index.leaves);
  return Float32Array.from({ length: index.leaves - length + 1 }, (_, first) =>
    index.cosine(query, index.piecesOfLeaves(first, first + length)),
  );
}

export class BestRuns {
  private constructor(
    private readonly index: LevelIndex,
    private readonly values: Float32Array,
    /** The best run of each leaf. */
    private readonly best: Int32Array,
    private readonly leavesOf: (run: number) => readonly [number, number],
  ) {}

  /** Of all runs of one length; `values` of all of them, the run that starts at the first leaf first. */
  static containing(index: LevelIndex, values: Float32Array): BestRuns {
    const length = index.leaves - values.length + 1;
    const best = largestIn(values, length, index.leaves, 1 - length);
    return new BestRuns(index, values, best, (run) => [run, run + length]);
  }

  /**
   * Of the runs of `length` leaves, fewer at the beginning of the document, that end with the leaf or up to `after` leaves after it;
   * `values` of one run for each leaf, the run that ends with it.
   */
  static endingWithin(index: LevelIndex, values: Float32Array, length: number, after: number): BestRuns {
    const best = largestIn(values, after + 1, index.leaves);
    return new BestRuns(index, values, best, (run) => [Math.max(0, run + 1 - length), run + 1]);
  }

  /** The value of the best run of all. */
  get largest(): number {
    return this.values.reduce((a, b) => Math.max(a, b));
  }

  /** The best run around the leaf of this piece. */
  around(piece: number): { pieces: readonly [number, number]; cosine: number } {
    const run = this.best[this.index.leafOf(piece)]!;
    return { pieces: this.index.piecesOfLeaves(...this.leavesOf(run)), cosine: this.values[run]! };
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
