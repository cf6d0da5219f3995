/** The best passage around each leaf: of all runs of so many leaves that contain it, the one closest to a question. */
import type { LevelIndex } from './levels.js';

export class BestRuns {
  private readonly cosines: Float32Array;
  /** First leaf of the best run of each leaf. */
  private readonly best: Int32Array;
  private readonly length: number;

  /** `query` of unit length; a document of fewer than `size` leaves is one run. */
  constructor(
    private readonly index: LevelIndex,
    query: Float32Array,
    size: number,
  ) {
    this.length = Math.min(size, index.leaves);
    const runs = index.leaves - this.length + 1;
    this.cosines = Float32Array.from({ length: runs }, (_, first) =>
      index.cosine(query, index.piecesOfLeaves(first, first + this.length)),
    );
    this.best = bestOfEach(this.cosines, this.length, index.leaves);
  }

  /** The best run that contains the leaf of this piece. */
  around(piece: number): { pieces: readonly [number, number]; cosine: number } {
    const first = this.best[this.index.leafOf(piece)]!;
    return { pieces: this.index.piecesOfLeaves(first, first + this.length), cosine: this.cosines[first]! };
  }
}

/**
 * For each of `leaves` the index of the largest of the values of the runs that contain it, the first of equals. Run i contains the leaves
 * i … i + length − 1. A window slides over the runs; those that can still become its largest wait in a queue, largest first.
 */
function bestOfEach(values: Float32Array, length: number, leaves: number): Int32Array {
  const best = new Int32Array(leaves);
  const queue = new Int32Array(values.length);
  let head = 0;
  let tail = 0;
  for (let leaf = 0; leaf < leaves; leaf++) {
    if (leaf < values.length) {
      while (tail > head && values[queue[tail - 1]!]! < values[leaf]!) tail--;
      queue[tail++] = leaf;
    }
    while (queue[head]! <= leaf - length) head++;
    best[leaf] = queue[head]!;
  }
  return best;
}
