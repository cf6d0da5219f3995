/** What heat is made of, summed token by token; and the file and the weights that it is tested with. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { LevelIndex } from '../../../src/engine/analysis/levels.js';
import { type Heat, heatOf } from '../../../src/engine/analysis/relevance.js';
import type { Question } from '../../../src/engine/encoder/index.js';
import { ROOT } from '../hierarchy/invariants.js';
import { fakeDocument } from './fake-document.js';
import { randomQuestion } from './vectors.js';

/** A real file of code. */
export const text = readFileSync(path.join(ROOT, 'src/engine/hierarchy/code/grammars.ts'), 'utf8');
/** Every scale weighs something else. */
export const weights = {
  token: 0.3,
  ownWords: 0.35,
  words: 0.6,
  statement: 1.1,
  neighbours: 0.5,
  passage: 0.8,
  stretch: 0.4,
  block: 0.7,
  unit: 0.9,
  part: 0.2,
  file: 0.4,
  feedback: 0,
};
/** Not the list of the source: a scale that were lost there would be lost here, too. */
export const VECTOR_SCALES = [
  'statement',
  'neighbours',
  'passage',
  'stretch',
  'block',
  'unit',
  'part',
  'file',
] as const;

/** The file, read and asked a question. */
export async function asked(): Promise<{ index: LevelIndex; question: Question; heat: Heat }> {
  const index = new LevelIndex(await fakeDocument(text, 'grammars.ts', { seed: 7 }));
  const question = randomQuestion(3, index.document.dimension);
  return { index, question, heat: heatOf(index, weights, question) };
}

/** cos(query, mean over tokens of the pieces), summed token by token. */
export function slowCosine([first, last]: readonly [number, number], { index, query }: Heat): number {
  const { packed, pieceOwn, pieceContext, dimension } = index.document;
  const sum = new Float64Array(dimension);
  for (let p = first; p < last; p++)
    for (let d = 0; d < dimension; d++)
      sum[d]! += packed.pieceSizes[p]! * (pieceOwn[p * dimension + d]! + pieceContext[p * dimension + d]!);
  let dot = 0;
  sum.forEach((x, d) => (dot += x * query[d]!));
  return dot / Math.hypot(...sum);
}

/** Mean over the question's words of the largest cosine with any token that stands in the text. */
export function slowWords({ words }: Question, pieces: readonly [number, number], index: LevelIndex): number {
  const { packed } = index.document;
  const [from, to] = index.tokensOf(pieces);
  const tokens = Array.from({ length: to - from }, (_, i) => from + i).filter(
    (t) => packed.tokenStart[t] !== packed.tokenEnd[t],
  );
  const states = tokens.map((t) => index.document.tokenState(t));
  const best = words.map(({ state }) =>
    Math.max(...states.map((s) => s.reduce((sum, x, d) => sum + x * state[d]!, 0) / Math.hypot(...s))),
  );
  return best.reduce((a, b) => a + b, 0) / words.length;
}
