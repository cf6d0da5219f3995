/** Which passages a summary takes: those that the rest looks at and that stand for it, not the same twice. */
import { describe, expect, it } from 'vitest';
import { inflow } from '../../../src/engine/analysis/flow.js';
import { dot, LevelIndex } from '../../../src/engine/analysis/levels.js';
import type { Passage } from '../../../src/engine/analysis/passage.js';
import { passages } from '../../../src/engine/analysis/passages.js';
import { summarise } from '../../../src/engine/analysis/summary.js';
import { fakeDocument, withEvenAttention } from './fake-document.js';

/** Sentences of the same length about one thing each. */
const SENTENCES = ['wall', 'door', 'roof', 'lamp', 'desk', 'tree'].map(
  (thing) => `The ${thing} of this house is green.`,
);

/** What is taken where all is looked at as much, and the vectors are as given. */
async function taken(
  sentences: readonly string[],
  words: number,
  vectorOf: (text: string) => number[],
): Promise<string[]> {
  const text = `${sentences.join(' ')}\n`;
  const document = withEvenAttention(await fakeDocument(text, 'a.txt', { vectorOf }));
  return summarise(new LevelIndex(document), text, words).file.map((g) => g.text);
}

describe('the passages of a summary', () => {
  it.each([
    ['a.txt', ['', '']],
    ['meeting.txt', ['Ann: ', 'Bo: ']],
  ] as const)('are what the rest looks at most: %s', async (name, speakers) => {
    const said = SENTENCES.map((s, i) => speakers[i % 2]! + s);
    for (let seed = 1; seed <= 5; seed++) {
      const text = `${said.join('\n')}\n`;
      const index = new LevelIndex(await fakeDocument(text, name, { seed, vectorOf: () => [1] }));
      const flow = inflow(index);
      const leaves = index.document.tree.nodes.filter((n) => n.children.length === 0);
      expect(leaves).toHaveLength(SENTENCES.length);
      const seen = leaves.map((n) => index.mean(flow, index.piecesOfNode(n.id)));
      const most = said[seen.indexOf(Math.max(...seen))];
      expect(summarise(index, text, 8).file.map((g) => g.text)).toEqual([most]);
    }
  });

  it('are what stands for the whole text', async () => {
    const isAside = (text: string): boolean => text.includes('wall');
    expect(await taken(SENTENCES, 8, (text) => (isAside(text) ? [0, 1] : [1, 0]))).toEqual([SENTENCES[1]]);
  });

  it('cover what there is rather than say one thing twice, however it is worded', async () => {
    const half = (text: string): number[] => (/wall|door|roof/.test(text) ? [1, 0] : [0, 1]);
    expect(await taken(SENTENCES, 14, half)).toEqual([SENTENCES[1], SENTENCES[3]]);
  });

  it('may be one that is a little longer than was asked for, and where all are much longer the shortest', async () => {
    const long = 'The lamp on the wall of this old house is green.';
    const longer = 'The desk at the door of that old house is dark red.';
    const mostIsLonger = (text: string): number[] => (text === longer ? [1, 0] : [0.8, 0.6]);
    expect(await taken([long, longer], 10, mostIsLonger)).toEqual([longer]);
    expect(await taken([long, longer], 3, mostIsLonger)).toEqual([long]);
  });

  it.each([
    ['a.txt', 0],
    ['meeting.txt', 3],
  ])('are the best one by one, each less what it repeats of those before: %s', async (name, crowding) => {
    const things = ['wall', 'door', 'roof', 'lamp', 'desk', 'tree', 'gate', 'path', 'room', 'shed'];
    for (let seed = 1; seed <= 8; seed++)
      for (const words of [20, 33]) {
        const told = things.map(
          (thing, i) => `The ${thing} of this ${seed % 2 ? 'old ' : ''}house number ${i} is green.`,
        );
        const text = `${told.map((said, i) => (crowding ? `${i % 2 ? 'Ann' : 'Bo'}: ${said}` : said)).join('\n')}\n`;
        const index = new LevelIndex(await fakeDocument(text, name, { seed }));
        const pool = passages(index, text, inflow(index));
        // What each is worth by itself is seen where there is room for all.
        const worth = new Map(summarise(index, text, 1000).file.map((g) => [g.text, g.score]));
        const open = pool.filter((p) => worth.has(p.text));
        const taken: Passage[] = [];
        for (let left = words; left >= 5;) {
          const room = taken.length === 0 ? 1.25 * left : left;
          const value = (p: Passage): number =>
            worth.get(p.text)! - Math.max(0, ...taken.map((t) => 6 * Math.max(0, dot(p.vector, t.vector)) + crowding * Math.max(0, 1 - Math.abs(p.place - t.place) / (15 / words)))); // prettier-ignore
          const [best] = open
            .filter((p) => p.words <= room && !taken.includes(p))
            .toSorted((a, b) => value(b) - value(a));
          if (!best) break;
          taken.push(best);
          left -= best.words;
        }
        const expected = taken.toSorted((a, b) => a.range.start - b.range.start).map((p) => p.text);
        expect(summarise(index, text, words).file.map((g) => g.text)).toEqual(expected);
      }
  });

  it('have some words each, if any have', async () => {
    expect(await taken(['It works.', ...SENTENCES, 'So it was.'], 200, () => [1])).toEqual(SENTENCES);
    expect(await taken(['It works.', 'So it was.'], 200, () => [1])).toEqual(['It works.', 'So it was.']);
  });

  it('of a log are what went wrong first, and each of its records once, whatever its numbers are', async () => {
    const record = (said: string, i: number): string => `2024-03-12 09:14:${10 + i} ${said}`;
    const requests = Array.from({ length: 3 }, (_, i) => `INFO GET /rooms/${i} 200 took ${3 * i}ms`);
    const others = [
      'WARN The pool is exhausted now',
      'ERROR The request failed',
      'INFO The pool is open',
      'INFO A room is free',
    ];
    const text = `${[...requests, ...others].map(record).join('\n')}\n`;
    // What is like another record says the same, however it is worded.
    const kinds = ['ERROR', 'WARN', 'GET', 'INFO'];
    const vectorOf = (said: string): number[] =>
      kinds.map((kind, i) => (kinds.findIndex((k) => said.includes(k)) === i ? 1 : 0));
    const document = withEvenAttention(await fakeDocument(text, 'app.log', { vectorOf }));
    const quoted = (words: number): string[] =>
      summarise(new LevelIndex(document), text, words).file.map((g) => g.text.split(' ').slice(2, 4).join(' '));
    expect(quoted(6)).toEqual(['ERROR The']);
    expect(quoted(14)).toEqual(['WARN The', 'ERROR The']);
    expect(quoted(100).toSorted()).toEqual(['ERROR The', 'INFO A', 'INFO GET', 'WARN The']);
  });

  it('of a log whose levels are letters are what went wrong first, too', async () => {
    const record = (level: string, i: number): string => `${level}0312 09:14:1${i} 1 pool.go:7] The pool is told`;
    const text = `${['I', 'W', 'E', 'I'].map(record).join('\n')}\n`;
    const document = withEvenAttention(await fakeDocument(text, 'app.log', { vectorOf: () => [1] }));
    expect(summarise(new LevelIndex(document), text, 8).file.map((g) => g.text[0])).toEqual(['E']);
  });
});
