import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Tokenizer as Library } from '@huggingface/tokenizers';
import { describe, expect, it } from 'vitest';
import { Tokenizer } from '../../../src/engine/encoder/tokenizer.js';
import { ROOT, samples } from '../hierarchy/invariants.js';

const json = readFileSync(path.join(ROOT, 'models/tokenizer.json'), 'utf8');
const library = new Library(JSON.parse(json) as object, {});
const tokenizer = new Tokenizer(json);

const texts: readonly (readonly [string, string])[] = [
  ['English', 'The quick brown fox, unbelievably, jumps over 13 lazy dogs.'],
  ['code', 'const readFile_2 = (path) => path?.length ?? 0; // {x: [1,2]}'],
  ['emoji', 'great 👍🏽 work 👨‍👩‍👧 done'],
  ['CJK', '深層学習 means deep learning 深い'],
  ['combining marks', 'Cafe\u0301 naïve Ångström'],
  ['Windows line ends and tabs', 'a\tb\r\nc\r\n\r\nd'],
  ['odd blanks', 'a\u00a0b\u2003c\u200bd\ufeffe'],
  ['right to left', 'שלום world مرحبا'],
  ['a very long word', `start ${'x'.repeat(500)} end`],
  ['numbers', '3.14159 1,000,000 0xFFEE 1e-9'],
  ['astral letters', 'mathematical 𝒜𝓁𝓅𝒽𝒶 text'],
  ...samples.map(({ name, text }) => [name, text] as const),
];

describe.each(texts)('%s', (_, text) => {
  const tokens = tokenizer.tokenize(text);

  it('has the ids that the library gives for the whole text', () => {
    expect(tokens.ids).toEqual(library.encode(text, { add_special_tokens: false }).ids);
  });

  it('has ordered offsets that spell the tokens', () => {
    const pieces = library.encode(text, { add_special_tokens: false }).tokens;
    let before = 0;
    tokens.ids.forEach((_id, i) => {
      const [start, end] = [tokens.starts[i]!, tokens.ends[i]!];
      expect(start).toBeGreaterThanOrEqual(before);
      expect(end).toBeGreaterThanOrEqual(start);
      before = end;
      const piece = pieces[i]!.replace(/^##/, '');
      if (piece === '[UNK]') return;
      const spelled = text
        .slice(start, end)
        .normalize('NFD')
        .replace(/[\p{Mn}\p{Cf}\p{Cc}]/gu, '')
        .toLowerCase();
      expect(spelled).toBe(piece);
    });
  });

  it('gives the same for a part of the text as for that part alone', () => {
    const from = Math.floor(text.length / 3);
    const to = Math.floor((2 * text.length) / 3);
    const part = tokenizer.tokenize(text, from, to);
    const alone = tokenizer.tokenize(text.slice(from, to));
    expect(part.ids).toEqual(alone.ids);
    expect(part.starts).toEqual(alone.starts.map((s) => s + from));
  });
});

it('refuses a file that is no WordPiece tokenizer', () => {
  expect(() => new Tokenizer('{"model": {"type": "BPE"}}')).toThrow();
  expect(() => new Tokenizer('not json')).toThrow();
});
