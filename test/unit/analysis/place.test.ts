/** A selection as a question. */
import { expect, it } from 'vitest';
import { LevelIndex } from '../../../src/engine/analysis/levels.js';
import { countWords } from '../../../src/engine/analysis/passage.js';
import { placeAsQuestion } from '../../../src/engine/analysis/place.js';
import { normalised } from '../../../src/engine/encoder/index.js';
import { fakeDocument } from './fake-document.js';

const TEXT = 'const retryCount = options.retries;\nconst timeout = options.timeout;\nconst names = listOf(options);\n';
const LINE = TEXT.indexOf('\n');

it('a selection asks with its own words, and a whole statement with all that the model knows of it', async () => {
  const index = new LevelIndex(await fakeDocument(TEXT, 'a.ts'));
  const ask = (start: number, end: number) => placeAsQuestion(index, TEXT, { start, end });
  const start = TEXT.indexOf('retryCount');
  const part = ask(start, start + 'retryCount'.length);
  expect(part.words.map((w) => w.text).join('')).toBe('retryCount');
  const other = ask(TEXT.indexOf('options'), LINE - 1);
  expect(other.words.map((w) => w.text).join('')).toBe('options.retries');
  expect(other.vector).not.toEqual(part.vector);
  const whole = ask(0, LINE);
  const pieces = index.vector(index.piecesInRange({ start: 0, end: LINE }));
  const norm = Math.hypot(...pieces);
  whole.vector.forEach((x, d) => {
    expect(x).toBeCloseTo(pieces[d]! / norm, 5);
  });
  expect(() => ask(LINE, LINE + 1)).toThrow(/no words/);
  expect(() => ask(TEXT.length, TEXT.length + 5)).toThrow(/not read/);
});

it('a selected statement asks as a whole, also where others touch it', async () => {
  const text = 'first(a);second(b);third(c);\n';
  const index = new LevelIndex(await fakeDocument(text, 'a.ts'));
  const leaves = index.document.tree.nodes.filter((n) => n.children.length === 0);
  expect(leaves.map((n) => text.slice(n.start, n.end))).toEqual(['first(a);', 'second(b);', 'third(c);']);
  for (const { id, start, end } of leaves) {
    const { vector, words } = placeAsQuestion(index, text, { start, end });
    expect(words.map((w) => w.text).join('')).toBe(text.slice(start, end));
    expect(vector).toEqual(normalised(index.vector(index.piecesOfNode(id))));
  }
});

it('words are counted where no blanks part them, too', () => {
  expect(countWords('  Reads a file.  ')).toBe(3);
  expect(countWords('这个程序读取一个文件。')).toBe(6);
  expect(countWords('ファイルを読む。 Reads it.')).toBeGreaterThan(4);
});
