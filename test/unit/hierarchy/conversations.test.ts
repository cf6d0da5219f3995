import { describe, expect, it } from 'vitest';
import type { DocumentTree } from '../../../src/protocol/document.js';
import { startOfWords } from '../../../src/engine/hierarchy/speech/transcript.js';
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

  it('have settings, also before Windows line ends', async () => {
    const text = 'WEBVTT\n\n00:01.000 --> 00:02.000 line:0\nYes.\n\n00:03.000 --> 00:04.000 line:0\nNo.\n';
    for (const written of [text, text.replaceAll('\n', '\r\n')])
      expect(said(await parse(written, 'a.vtt'), written).map(([, words]) => words)).toEqual(['Yes.', 'No.']);
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

  it('have turns of those who are no contacts, and of phones that mark what is written from left to right', async () => {
    const [anna, number, stranger] = ['Anna', '+49 170 1234567', '~\u202fCarol'];
    const text = chat((_, words, i) => {
      const who = [anna, `\u202a${number}\u202c`, stranger][i % 3]!;
      return `${i % 2 ? '\u200e' : ''}[12.03.21, 10:15:4${i}] ${who}: ${words}`;
    });
    const tree = await parse(text, 'chat.txt');
    expect(problems(tree, text)).toEqual([]);
    const names = [anna, number, '~ Carol'];
    expect(said(tree, text).map(([who]) => who)).toEqual([...names, ...names, anna]);
    const dashed = chat((who, words, i) => `12/03/2021, 10:1${i} - ${who === 'bob' ? number : who}: ${words}`);
    expect(said(await parse(dashed, 'chat.txt'), dashed).filter(([who]) => who === number)).toHaveLength(2);
  });

  it('tell what somebody does, which is a turn; who comes is told alike and is none', async () => {
    const text = `${chat((who, words, i) => `[10:3${i}] <${who}> ${words}`)}\n[10:38] * bob goes to make one\n[10:39] * carol has left #ops\n`;
    const tree = await parse(text, 'chat.txt');
    expect(problems(tree, text)).toEqual([]);
    expect(said(tree, text).slice(-2)).toEqual([
      ['bob', '* bob goes to make one'],
      [undefined, '* carol has left #ops'],
    ]);
    expect(startOfWords('* bob goes to make one', 'bob')).toBe('* bob '.length);
  });

  it('have lines that nobody says, which are no turns and belong to none', async () => {
    const text =
      '12/03/2021, 10:15 - Messages and calls are end-to-end encrypted. Tap to learn more.\n12/03/2021, 10:15 - Anna created group "Rome"\n' +
      '12/03/2021, 10:17 - Anna: Hi all, who has booked?\n12/03/2021, 10:18 - Ben: I have:\n10:30 the train\n18:00 two rooms\n' +
      "12/03/2021, 10:18 - Carol joined using this group's invite link\n12/03/2021, 10:19 - Carol: Me too!\n12/03/2021, 10:20 - Anna: Great\n" +
      '12/03/2021, 10:22 - Ben: See you there\n12/03/2021, 10:23 - Anna: Bye\n12/03/2021, 10:23 - Carol: Bye\n12/03/2021, 10:24 - Ben: Bye\n12/03/2021, 10:25 - Carol left\n12/03/2021, 10:26 - Anna: Oh\n';
    const tree = await parse(text, 'chat.txt');
    expect(problems(tree, text)).toEqual([]);
    expect(said(tree, text).map(([who, words]) => who ?? words)).toEqual([
      'Messages and calls are end-to-end encrypted. Tap to learn more.',
      'Anna created group "Rome"',
      'Anna',
      'Ben',
      "Carol joined using this group's invite link",
      'Carol',
      'Anna',
      'Ben',
      'Anna',
      'Carol',
      'Ben',
      'Carol left',
      'Anna',
    ]);
    expect(said(tree, text)[3]![1]).toBe('Ben: I have:\n10:30 the train\n18:00 two rooms');
    expect(tree.nodes.find((n) => n.kind === 'section')?.name).toBe('Turns 1–9');
  });

  it('have such lines also where programs mark them', async () => {
    const text =
      '10:15 -!- alice [~alice@host] has joined #store\n' +
      chat((who, words, i) => `10:2${i} <${who}> ${words}`).replace(
        '\n',
        '\n10:21 -!- carol has quit [Ping timeout]\n',
      );
    const told = said(await parse(text, 'store.txt'), text);
    expect(told.slice(0, 4)).toEqual([
      [undefined, '-!- alice [~alice@host] has joined #store'],
      ['alice', '<alice> has anyone seen the deploy fail?'],
      [undefined, '-!- carol has quit [Ping timeout]'],
      ['bob', '<bob> yes, since the upgrade'],
    ]);
  });

  it('are none where most lines with a time are said by nobody', async () => {
    const text = chat((who, words, i) => `2024-03-01 10:00:0${i} ${i % 2 ? `${who}:` : 'Started, and now'} ${words}`);
    const tree = await parse(`${text}\n${text}`, 'server.txt');
    expect(said(tree, `${text}\n${text}`).every(([who]) => who === undefined)).toBe(true);
  });

  it('are no logs: levels and processes do not speak', async () => {
    const text = chat((_, words, i) => `2024-03-01 10:0${i}:11 ${i % 2 ? 'INFO' : 'ERROR'}: ${words}`);
    const tree = await parse(text, 'server.log');
    expect(said(tree, text).every(([who]) => who === undefined)).toBe(true);
    expect(said(tree, text)[0]![1]).toContain('10:00:11');
  });
});

describe('turns below a line with who speaks, and when', () => {
  const talk = [
    ['Anna Smith', 'Good morning, everyone. Shall we start?'],
    ['Ben Jones', 'Yes. I looked at the crash.\nIt is in the parser.'],
    ['Anna Smith', 'Which one?'],
    ['Ben Jones', 'The one of YAML.\n\nWe should tell its authors.'],
  ] as const;
  const written = (head: (who: string, i: number) => string): string =>
    talk.map(([who, words], i) => `${head(who, i)}\n${words}\n`).join('\n');

  it.each([
    ['0:05', (who: string, i: number) => `${who}  ${i}:05`],
    ['00:00:05', (who: string, i: number) => `00:0${i}:05 ${who}`],
    ['[10:32 AM]', (who: string, i: number) => `${who}  [10:3${i} AM]`],
    ['(00:05):', (who: string, i: number) => `${who} (0${i}:05):`],
  ])('are read as such: %s', async (_, head) => {
    const text = `Weekly sync\n\n${written(head)}`;
    const tree = await parse(text, 'talk.txt');
    expect(problems(tree, text)).toEqual([]);
    expect(tree.genre).toBe('transcript');
    expect(said(tree, text)).toEqual([[undefined, 'Weekly sync'], ...talk]);
  });

  it.each([
    ['a programme', [['Registration', 'Main hall'], ['Keynote', 'Garden'], ['Registration', 'Main hall'], ['Keynote', 'Garden']]],
    ['a list of verses', [['John', 'He wept.'], ['Psalm', 'He sang.'], ['John', 'He went.'], ['Psalm', 'He sat.']]],
  ] as const)('are not seen in %s', async (name, entries) => {
    const times = name === 'a programme' ? ['9:00', '9:30', '9:00', '9:30'] : ['11:35', '8:28', '3:16', '23:10'];
    const text = entries.map(([title, below], i) => `${title} ${times[i]!}\n${below}\n`).join('\n');
    expect((await parse(text, 'list.txt')).genre).toBe('prose');
  }); // prettier-ignore
});

describe('records of fields', () => {
  const record = (name: string): string =>
    `Package: ${name}\nSection: net\nArchitecture: any\nDepends: libc6\nDescription: ${name} tool\n Does it.\n`;
  const RECORDS = ['foo', 'foo-dev', 'foo-doc'].map(record).join('\n');

  it('are no conversation, and are read entry by entry', async () => {
    const tree = await parse(RECORDS, 'debian/control');
    expect(tree.genre).toBe('prose');
    expect(said(tree, RECORDS)[4]![1]).toBe('Description: foo tool\n Does it.');
  });

  const turns = [
    'Anna: Good morning.',
    'Ben: Hello.',
    'Carl: Shall we begin?',
    'Anna: Yes.',
    'Ben: The costs.',
    'Carl: High.',
  ];

  it.each([
    ['in a paragraph', turns.join('\n')],
    ['each a paragraph', turns.join('\n\n')],
    ['below a head', `Date: May 2\nPlace: Room 5\nChair: Anna\n\n${[...turns, ...turns].join('\n\n')}`],
    ['with pauses', turns.map((turn, i) => `10:0${i} ${turn}${i % 3 === 2 ? '\n' : ''}`).join('\n')],
  ])('are not seen in turns %s', async (_, text) => {
    expect((await parse(text, 'talk.txt')).genre).toBe('transcript');
  });
});
