/**
 * The scale of words: how well each word of a question is met by a run of text. Late interaction (Khattab and Zaharia 2020) on the token
 * states of the one pass: of each word of the question the largest cosine with any token of the run, and the mean of these over the words.
 */
import type { DocumentGenre } from '../../protocol/document.js';
import type { AskedWord } from '../encoder/index.js';
import { BestRuns, largestIn } from './best-runs.js';
import type { LevelIndex } from './levels.js';
import { forEachCosines } from './products.js';

/**
 * The runs of which each statement has the best: so many leaves, ending with the statement or up to so many leaves after it. What stands
 * before a statement says what it is about; what comes after it is soon about something else (docs/experiments.md, 35).
 */
const WORDS_RUN: Readonly<Record<DocumentGenre, { leaves: number; after: number }>> = {
  code: { leaves: 15, after: 3 },
  prose: { leaves: 15, after: 0 },
  transcript: { leaves: 20, after: 0 },
  data: { leaves: 15, after: 3 },
};

/** The token that a word of the question has most in common with. */
interface Meeting {
  asked: AskedWord;
  token: number;
  cosine: number;
}

/** The words of one question against one document. Computed when it is first asked for, because it touches every token. */
export class WordMatches {
  private known: { best: Float32Array; runs: BestRuns } | undefined;

  constructor(
    private readonly index: LevelIndex,
    readonly words: readonly AskedWord[],
  ) {}

  /** Mean over the question's words of the largest cosine with a token of the run; 0 for a question without words. */
  over([first, last]: readonly [number, number]): number {
    if (this.words.length === 0 || first === last) return 0;
    const { leaves } = this.index;
    const { best } = this.matches;
    const from = this.index.leafOf(first);
    const to = this.index.leafOf(last - 1) + 1;
    let sum = 0;
    for (let w = 0; w < this.words.length; w++) {
      let largest = -1;
      for (let leaf = from; leaf < to; leaf++) largest = Math.max(largest, best[w * leaves + leaf]!);
      sum += largest;
    }
    return sum / this.words.length;
  }

  /** The run that meets the question best, of those around the leaf of this piece. */
  around(piece: number): { pieces: readonly [number, number]; cosine: number } {
    return this.matches.runs.around(piece);
  }

  /** How well the question is met by the run that meets it best; 0 for a question without words. */
  get largest(): number {
    return this.matches.runs.largest;
  }

  /** What each word of the question meets in a run of pieces, in the order of the question; nothing in a run without words. */
  met(pieces: readonly [number, number]): Meeting[] {
    const meetings: (Meeting | undefined)[] = this.words.map(() => undefined);
    this.compareTokens(this.index.tokensOf(pieces), (token, cosines) => {
      this.words.forEach((asked, w) => {
        const cosine = cosines[w]!;
        if (cosine > (meetings[w]?.cosine ?? -Infinity)) meetings[w] = { asked, token, cosine };
      });
    });
    return meetings.filter((m) => m !== undefined);
  }

  /** The largest cosine of each word with a token of each leaf [words × leaves], and the best runs of leaves. */
  private get matches(): { best: Float32Array; runs: BestRuns } {
    this.known ??= this.compare();
    return this.known;
  }

  private compare(): { best: Float32Array; runs: BestRuns } {
    const { index, words } = this;
    const best = new Float32Array(words.length * index.leaves).fill(-1);
    let leaf = 0;
    let [, end] = index.tokensOf(index.piecesOfLeaves(0, Math.min(1, index.leaves)));
    this.compareTokens([0, index.document.packed.ids.length], (token, cosines) => {
      while (token >= end) [, end] = index.tokensOf(index.piecesOfLeaves(++leaf, leaf + 1));
      for (let w = 0; w < words.length; w++) {
        const at = w * index.leaves + leaf;
        best[at] = Math.max(best[at]!, cosines[w]!);
      }
    });
    const { leaves: length, after } = WORDS_RUN[index.heatGenre];
    const values = new Float32Array(index.leaves);
    for (let w = 0; w < words.length; w++) {
      const row = best.subarray(w * index.leaves, (w + 1) * index.leaves);
      largestIn(row, length, index.leaves, 1 - length).forEach((leaf, run) => {
        values[run]! += row[leaf]! / words.length;
      });
    }
    return { best, runs: BestRuns.endingWithin(index, values, length, after) };
  }

  /** The tokens of a range that stand for text, and the cosines of each with the question's words. */
  private compareTokens(range: readonly [number, number], found: (token: number, cosines: Float32Array) => void): void {
    const { document } = this.index;
    const { tokenStart, tokenEnd } = document.packed;
    const states = this.words.map((word) => word.state);
    forEachCosines(
      states,
      range,
      (token) => document.tokenDirection(token),
      (token, cosines) => {
        const isMarker = tokenStart[token] === tokenEnd[token];
        if (!isMarker) found(token, cosines);
      },
    );
  }
}
