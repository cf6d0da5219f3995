/** What is a title in plain text, and what only looks like one. */
import { describe, expect, it } from 'vitest';
import { parse } from './invariants.js';

/** Each title with the one above it. */
const titlesWithin = async (text: string): Promise<(string | undefined)[][]> => {
  const { nodes } = await parse(text, 'a.txt');
  return nodes.filter((n) => n.kind === 'section').map((n) => [n.name, nodes[n.parent]!.name]);
};

const titles = async (text: string): Promise<(string | undefined)[]> =>
  (await titlesWithin(text)).map(([title]) => title);

describe('a title of plain text', () => {
  it('stands below the number of its chapter, also with a blank line between', async () => {
    const chapter = 'CHAPTER I\n\n     Down the Rabbit-Hole\n\n\nAlice was tired. She sat down.\n';
    expect(await titles(chapter)).toEqual(['CHAPTER I Down the Rabbit-Hole']);
    expect(await titles('CHAPTER I\n\nIt rained.\n\nNobody went out. They slept.\n')).toEqual(['CHAPTER I']);
    expect(await titles('CHAPTER I\n\nAlice was tired\nof sitting there.\n\nShe left.\n')).toEqual(['CHAPTER I']);
  });

  it.each([
    ['第一章 总则', '第二章 附则'],
    ['Kapitel 1. Anfang', 'Kapitel 2: Ende'],
    ['Chapitre I', 'Chapitre II'],
    ['Глава 1. Начало', 'Глава 2. Конец'],
    ['Приложение А', 'Приложение Б. Карта'],
    ['Article I', 'Article II'],
    ['APPENDIX A     Glossary', 'APPENDIX B     Index'],
  ])('counts parts in many languages: %s', async (first, second) => {
    expect(await titles(`${first}\n\nA word. Two.\n\n${second}\n\nA word. Three.\n`)).toEqual([first, second]);
  });

  it('is larger where it counts chapters or acts than where it counts what is in them', async () => {
    const text = '第一章 总则\n\n第一节 目的\n\n为了保护。\n\n第二章 附则\n\n第三条规定，本法适用。\n\n完。\n';
    expect(await titlesWithin(text)).toEqual([
      ['第一章 总则', undefined],
      ['第一节 目的', '第一章 总则'],
      ['第二章 附则', undefined],
    ]);
    expect(await titlesWithin('ACT I\n\nSCENE I. A room.\n\nGo. Now.\n\nACT II\n\nScene 1\n\nGo. Now.\n')).toEqual([
      ['ACT I', undefined],
      ['SCENE I. A room.', 'ACT I'],
      ['ACT II', undefined],
      ['Scene 1', 'ACT II'],
    ]);
  });

  it('stands below a rule, without what links to it lead to', async () => {
    const rule = '='.repeat(78);
    const section = (n: number, title: string): string =>
      `${rule}\n${n}. ${title}\t\t*${title.toLowerCase()}* *E${n}*\n\nIt is read at once. Then it is kept.\n\n`;
    expect(await titles(`Help.\n\n${section(1, 'Reading')}${section(2, 'Keeping')}`)).toEqual([
      '1. Reading',
      '2. Keeping',
    ]);
  });

  it('stands once in the outline, also where contents list it', async () => {
    const text =
      'STORE\n=====\n\nContents\n\n\n 1. STORE\n\n     1. Reading\n\n     2. Keeping\n\n' +
      'Reading\n-------\n\nIt is read.\n\nKeeping\n-------\n\nIt is kept.\n\nNotes\n-----\n\nNone.\n\nNotes\n-----\n\nNone yet.\n';
    expect(await titles(text)).toEqual(['STORE', 'Contents', 'Reading', 'Keeping', 'Notes', 'Notes']);
  });
});

it.each([
  ['an offset in a file', '00000  GET /invalid request HTTP/1.1\n\nIt was refused. Nobody knows why.\n'],
  ['a row of a table', '600 Tumor              254 254 254 0\n\nThe colours of all tissues. There are many.\n'],
  [
    'the head of a table',
    'Type Parameter       Data Type\n--------------       ---------\nSHORT                short\n\nIt ends.\n',
  ],
  ['an entry of contents', 'Where to look.\n\n10. References ............ 30\n\nIt is all there. Read on.\n'],
])('%s is no title of plain text', async (_, text) => {
  expect(await titles(text)).toEqual([]);
});
