/** A place of a document as a question: what else here is like it? */
import type { TextRange } from '../../protocol/document.js';
import { StrataError } from '../../protocol/errors.js';
import { askedWords, type EncodedDocument, normalised, type Question } from '../encoder/index.js';
import type { LevelIndex } from './levels.js';

/**
 * The statements that a range touches, if all their words are in it; else its words alone, as they are read in their statements.
 * `text` is what was analysed. Throws StrataError `empty` where there are no words.
 */
export function placeAsQuestion(index: LevelIndex, text: string, range: TextRange): Question {
  if (range.start >= text.length) throw new StrataError('empty', 'This part of the text was not read: it is too long.');
  const { document } = index;
  const { tokenStart, tokenEnd } = document.packed;
  const pieces = index.piecesInRange(range);
  const [from, to] = index.tokensOf(pieces);
  const selected: number[] = [];
  let whole = true;
  for (let token = from; token < to; token++) {
    if (tokenStart[token] === tokenEnd[token]) continue;
    if (tokenEnd[token]! > range.start && tokenStart[token]! < range.end) selected.push(token);
    else whole = false;
  }
  const [first, last] = [selected[0], selected.at(-1)];
  if (first === undefined || last === undefined)
    throw new StrataError('empty', 'The selection has no words. Select some text and try again.');
  return {
    vector: normalised(whole ? index.vector(pieces) : sumOfStates(document, selected)),
    words: askedWords(document.packed, text, (token) => document.tokenState(token), [first, last + 1]),
  };
}

function sumOfStates(document: EncodedDocument, tokens: readonly number[]): Float32Array {
  const sum = new Float32Array(document.dimension);
  for (const token of tokens)
    document.tokenState(token).forEach((x, d) => {
      sum[d]! += x;
    });
  return sum;
}
