/** The words of a question against a document: what is asked for once must not depend on how it is computed. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { largestIn } from '../../../src/engine/analysis/best-runs.js';
import { LevelIndex } from '../../../src/engine/analysis/levels.js';
import { WordMatches } from '../../../src/engine/analysis/words.js';
import { askedWords } from '../../../src/engine/encoder/index.js';
import { packFlat } from '../../../src/engine/encoder/packing.js';
import { ROOT } from '../hierarchy/invariants.js';
import { random } from '../random.js';
import { fakeDocument, tokenizer } from './fake-document.js';
import { randomQuestion } from './vectors.js';

const text = readFileSync(path.join(ROOT, 'src/engine/hierarchy/code/grammars.ts'), 'utf8');
let index: LevelIndex;

beforeAll(async () => {
  index = new LevelIndex(await fakeDocument(text, 'grammars.ts', { seed: 5 }));
});

describe('the largest in a window', () => {
  it.each([
    [30, 4, 27, 0],
    [27, 4, 30, -3],
    [5, 9, 5, -8],
    [1, 1, 1, 0],
  ])('of %d values, %d wide, is what looking at each of them finds', (length, width, count, offset) => {
    const draw = random(length);
    const values = Float32Array.from({ length }, () => draw(6));
    const expected = Array.from({ length: count }, (_, i) => {
      const inside = Array.from(values.keys()).filter((v) => v >= i + offset && v < i + offset + width);
      return inside.find((v) => values[v] === Math.max(...inside.map((w) => values[w]!)));
    });
    expect([...largestIn(values, width, count, offset)]).toEqual(expected);
  });
});

describe('the words of a question', () => {
  it('are met by a run as well as by the best of its halves, word by word', () => {
    const words = new WordMatches(index, randomQuestion(4, index.document.dimension).words);
    const middle = index.piecesOfLeaves(0, Math.floor(index.leaves / 2))[1];
    const halves = [words.met([0, middle]), words.met([middle, index.pieces])];
    const whole = words.met([0, index.pieces]);
    whole.forEach((m, i) => {
      expect(m.cosine).toBe(Math.max(halves[0]![i]!.cosine, halves[1]![i]!.cosine));
    });
    expect(words.over([0, index.pieces])).toBeCloseTo(
      whole.reduce((sum, m) => sum + m.cosine / whole.length, 0),
      5,
    );
  });

  it('are met best by the best of the runs around all leaves', () => {
    const words = new WordMatches(index, randomQuestion(4, index.document.dimension).words);
    const around = Array.from(
      { length: index.leaves },
      (_, leaf) => words.around(index.piecesOfLeaves(leaf, leaf + 1)[0]).cosine,
    );
    expect(words.largest).toBe(Math.max(...around));
  });

  it('are met nowhere when there are none, and by no run without tokens', () => {
    expect(new WordMatches(index, []).largest).toBe(0);
    expect(new WordMatches(index, []).over([0, 3])).toBe(0);
    expect(new WordMatches(index, []).around(0).cosine).toBe(0);
    const words = new WordMatches(index, randomQuestion(4, index.document.dimension).words);
    expect(words.over([2, 2])).toBe(0);
    expect(words.met([2, 2])).toEqual([]);
  });

  it('are the tokens of its text without markers, with the ones that go on with a word marked', () => {
    const question = 'Why untokenizable, really?';
    const packed = packFlat(question, tokenizer);
    const found = askedWords(packed, question, (token) => Float32Array.of(token + 1, 0));
    expect(found.map((w) => w.text).join(' ')).toMatch(/^Why un.* , really \?$/);
    expect(found).toHaveLength(packed.ids.length - 2);
    expect(found[1]).toMatchObject({ continues: false });
    expect(found[2]).toMatchObject({ continues: true });
    expect(found.find((w) => w.text === ',')).toMatchObject({ continues: false });
    expect(found.every((w) => Math.hypot(...w.state) === 1)).toBe(true);
  });

  it('of a place are those of its own tokens', () => {
    const text = 'zero one two three four';
    const words = (...range: readonly [number, number]): string[] =>
      askedWords(packFlat(text, tokenizer), text, () => Float32Array.of(1), range).map((w) => w.text);
    expect(words(2, 4)).toEqual(['one', 'two']);
    expect(words(0, 2)).toEqual(['zero']);
    expect(words(5, 7)).toEqual(['four']);
  });

  it('are cut where training cuts them', () => {
    const question = 'word '.repeat(100);
    expect(askedWords(packFlat(question, tokenizer), question, () => Float32Array.of(1))).toHaveLength(62);
  });
});
