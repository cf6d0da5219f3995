/** One passage that a summary may quote, and what it is worth by itself. */
import type { TextRange, TreeNode } from '../../protocol/document.js';
import { normalised } from '../encoder/index.js';
import type { LevelIndex } from './levels.js';

export interface Passage {
  node: TreeNode;
  range: TextRange;
  text: string;
  words: number;
  vector: Float32Array;
  /** How much the rest of the document looks at it (flow.ts). */
  attended: number;
  /** In words: prose, speech, or a comment; not bare code. */
  worded: boolean;
  /** Where its middle stands in the document, 0…1 by tokens. */
  place: number;
}

/** `pieces`: those that the passage stands for; `worded`: see `Passage`. */
export function passage(
  index: LevelIndex,
  flow: Float64Array,
  node: TreeNode,
  range: TextRange,
  text: string,
  pieces: readonly [number, number],
  worded: boolean,
): Passage {
  const [from, to] = index.tokensOf(pieces);
  return {
    node,
    range,
    text,
    words: countWords(text),
    vector: normalised(index.vector(pieces)),
    attended: index.mean(flow, pieces),
    worded,
    place: (from + to) / 2 / index.tokenOfPiece.at(-1)!,
  };
}

/** Written without blanks between words, of which most have one or two characters. */
const WITHOUT_BLANKS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;

export function countWords(text: string): number {
  const characters = text.match(WITHOUT_BLANKS)?.length ?? 0;
  return text.split(/\s+/).filter(Boolean).length + Math.floor(characters / 2);
}
