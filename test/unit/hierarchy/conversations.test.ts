import { describe, expect, it } from 'vitest';
import type { DocumentTree } from '../../../src/protocol/document.js';
import { parse, problems, samples } from './invariants.js';

/** What is said, with who says it: leaves that count, in order. */
function said(tree: DocumentTree, text: string): [string | undefined, string][] {
  return tree.nodes
    .filter((n) => n.children.length === 0 && !n.trivial)
    .map((n) => [n.name, text.slice(n.start, n.end)]);
}
const chat = (line: (who: string, words: string, i: number) => string): string =>
  [
    ['alice', 'has anyone seen the deploy fail?'],
    ['bob', 'yes, since the upgrade'],
    ['alice', 'should we revert it: yes or no?'],
    ['carol', 'no, that breaks the builders'],
    ['bob', 'then a new lockfile'],
    ['alice', 'thanks!'],
    ['carol', 'done'],
  ]
    .map(([who, words], i) => line(who!, words!, i))
    .join('\n');

describe('subtitles', () => {
  const vtt = samples.find((s) => s.name === 'meeting.vtt')!.text;

  it('of a recorded meeting are turns of those who speak, without times', async () => {
    const tree = await parse(vtt, 'meeting.vtt');
    expect(tree.genre).toBe('transcript');
    expect(said(tree, vtt).slice(0, 2)).toEqual([
      ['Anna', 'Good morning everyone, shall we start with the budget?'],
      ['Ben', 'Yes. We overspent on hosting by about twelve percent in October.'],
    ]);
    expect(tree.nodes.find((n) => n.kind === 'section')?.name).toBe('Turns 1–6');
  });

  it('are found in a file of any name, whatever the editor calls them', async () => {
    for (const [name, language] of [
      ['a.txt', undefined],
      ['a', 'vtt'],
      ['a.srt', 'subrip'],
    ] as const)
      expect((await parse(vtt, name, language)).genre).toBe('transcript');
  });

  it('of SubRip need no blank lines, and a name in the words is the speaker', async () => {
    const text =
      '1\r\n00:00:01,000 --> 00:00:02,000\r\nANNA: Where were you,\r\nall this time?\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nNowhere.\r\n';
    const tree = await parse(text, 'film.srt');
    expect(problems(tree, text)).toEqual([]);
    expect(said(tree, text)).toEqual([
      ['ANNA', 'ANNA: Where were you,\r\nall this time?'],
      [undefined, 'Nowhere.'],
    ]);
  });
});

describe('chats', () => {
  it.each([
    ['brackets', (who: string, words: string, i: number) => `[2024-03-01 10:0${i}:11] ${who}: ${words}`],
    ['a dash', (who: string, words: string, i: number) => `01/03/2024, 10:0${i} - ${who}: ${words}`],
    ['nicknames in brackets', (who: string, words: string, i: number) => `10:0${i} <${who}> ${words}`],
    ['half days', (who: string, words: string, i: number) => `[1/3/24, 9:0${i}:11 PM] ${who}: ${words}`],
  ])('with dates and %s are turns, without the dates', async (_, line) => {
    const text = chat(line);
    const tree = await parse(text, 'chat.txt');
    expect(problems(tree, text)).toEqual([]);
    expect(tree.genre).toBe('transcript');
    const turns = said(tree, text);
    expect(turns.map(([who]) => who)).toEqual(['alice', 'bob', 'alice', 'carol', 'bob', 'alice', 'carol']);
    expect(turns[2]![1]).toMatch(/^<?alice[>:] should we revert it: yes or no\?$/);
  });

  it('are no logs: levels and processes do not speak', async () => {
    const text = chat((_, words, i) => `2024-03-01 10:0${i}:11 ${i % 2 ? 'INFO' : 'ERROR'}: ${words}`);
    const tree = await parse(text, 'server.log');
    expect(said(tree, text).every(([who]) => who === undefined)).toBe(true);
    expect(said(tree, text)[0]![1]).toContain('10:00:11');
  });
});
