import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
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
  ['rare ideographs', '㐀深\uf900\ufa0e and 𪜀字 a\uf900b'],
  ['halves of surrogate pairs', 'a\ud800b \udc00c \ud835 x\ud835 \ud83ddef'],
  ['a mark before the first word', '\ufeffconst size = 1'],
  ['marks inside words', 'un\u00adbelievable zero\u200bwidth \u200d\u200balone'],
  ['names with accents', 'ÉcoleNormale réadFileÀ İstanbul ﬁne'],
  ['astral letters', 'mathematical 𝒜𝓁𝓅𝒽𝒶 text'],
  ...samples.map(({ name, text }) => [name, text] as const),
];

/** The text with blanks between the words of its names: the slow and obvious way. */
function inWords(text: string): string {
  return text.replace(/[\p{L}\p{N}]+/gu, (name) => {
    if (library.encode(name, { add_special_tokens: false }).ids.length < 2) return name;
    return name
      .replace(/([a-z0-9])(?=[A-Z])/g, '$1 ')
      .replace(/([A-Z])(?=[A-Z][a-z])/g, (capital, _, at: number, all: string) =>
        /^[A-Z]s([^a-z]|$)/.test(all.slice(at + 1)) ? capital : `${capital} `,
      );
  });
}

describe.each(texts)('%s', (_, text) => {
  const tokens = tokenizer.tokenize(text);

  it('has the ids that the library gives for the whole text with its names in words', () => {
    expect(tokens.ids).toEqual(library.encode(inWords(text), { add_special_tokens: false }).ids);
  });

  it('has ordered offsets that spell the tokens', () => {
    const pieces = library.encode(inWords(text), { add_special_tokens: false }).tokens;
    let before = 0;
    tokens.ids.forEach((_id, i) => {
      const [start, end] = [tokens.starts[i]!, tokens.ends[i]!];
      expect(start).toBeGreaterThanOrEqual(before);
      expect(end).toBeGreaterThanOrEqual(start);
      before = end;
      // It begins with what is read of it.
      expect(text.slice(start, end)).not.toMatch(/^[\p{Cf}\p{Cc}]/u);
      const piece = pieces[i]!.replace(/^##/, '');
      if (piece === '[UNK]') return;
      const spelled = text
        .slice(start, end)
        .normalize('NFD')
        .replace(/[\p{Mn}\p{Cf}\p{Cc}\p{Cs}]/gu, '')
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
    expect(part.ends).toEqual(alone.ends.map((s) => s + from));
  });
});

describe('names are read as their words', () => {
  it.each([
    ['readFileSync', 'read File Sync'],
    ['XMLHttpRequest', 'XML Http Request'],
    ['kBufferSize', 'k Buffer Size'],
    ['useHTTPServer2Once', 'use HTTP Server2 Once'],
    ['JavaScript', 'Java Script'],
    ['iPhone', 'iPhone'],
    ['parse_URLs', 'parse _ URLs'],
  ])('%s', (name, words) => {
    const { starts, ends } = tokenizer.tokenize(name);
    const begins = new Set(starts);
    // What begins after a blank begins a token.
    let at = 0;
    for (const word of words.split(' ')) {
      at = name.indexOf(word, at);
      expect(begins, word).toContain(at);
      expect(ends, word).toContain(at + word.length);
      at += word.length;
    }
    expect(tokenizer.tokenize(name).ids).toEqual(library.encode(words, { add_special_tokens: false }).ids);
  });
});

it('reads names whole for a model that was published so', () => {
  const whole = new Tokenizer(json, 'whole');
  for (const [, text] of texts)
    expect(whole.tokenize(text).ids).toEqual(library.encode(text, { add_special_tokens: false }).ids);
});

it('refuses a file that is no WordPiece tokenizer', () => {
  expect(() => new Tokenizer('{"model": {"type": "BPE"}}')).toThrow();
  expect(() => new Tokenizer('not json')).toThrow();
  const { model, ...rest } = JSON.parse(json) as { model: object };
  const other = JSON.stringify({ ...rest, model: { ...model, type: 'BPE', merges: [] } });
  expect(() => new Tokenizer(other)).toThrow('WordPiece');
  expect(() => new Tokenizer(json.replaceAll('[SEP]', '[END]'))).toThrow('no [SEP]');
});

// The library takes several of them for one.
it('an ideograph outside the basic plane is a token of its own, and half of one is none', () => {
  const text = '𠀀𪜀𠀀𠀀';
  const { starts, ends } = tokenizer.tokenize(text);
  expect([starts, ends]).toEqual([
    [0, 2, 4, 6],
    [2, 4, 6, 8],
  ]);
  expect(tokenizer.tokenize(text, 2, 5).ends).toEqual([4]);
});

it('remembers words, not the texts that they stand in', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const read = (from: number, to: number): void => {
    for (let i = from; i < to; i++) tokenizer.tokenize(`aLongAndRareIdentifier${i} ${' '.repeat(300_000)}`);
  };
  const used = (): number => {
    collect();
    return process.memoryUsage().heapUsed / 1e6;
  };
  read(0, 5);
  const before = used();
  read(5, 65);
  expect(used() - before).toBeLessThan(6);
});
