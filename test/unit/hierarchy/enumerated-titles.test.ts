/** Plain text whose titles are counted: with a bracket, or as chapters are. */
import { describe, expect, it } from 'vitest';
import { parse } from './invariants.js';

describe('titles that are counted with a bracket', () => {
  it('are headings, each kind below the one that came before it', async () => {
    const text =
      'I) Handshake\n\nThey shake hands.\n\n1) Hello Message\n\na) Its Lines\n\nThere are three.\n\nb) Its End\n\nA dot.\n\n2) Status Message\n\nA code.\n';
    const { nodes } = await parse(text, 'peers.txt');
    const sections = nodes.filter((n) => n.kind === 'section');
    expect(sections.map((n) => [n.name, nodes[n.parent]!.name])).toEqual([
      ['I) Handshake', undefined],
      ['1) Hello Message', 'I) Handshake'],
      ['a) Its Lines', '1) Hello Message'],
      ['b) Its End', '1) Hello Message'],
      ['2) Status Message', 'I) Handshake'],
    ]);
  });

  it.each([
    ['items of a list', 'a) Buy milk\n\nb) Buy eggs\n\nc) Go home\n'],
    ['the last items of lists', '1) Buy milk\n\n2) Buy eggs\n\nThen:\n\n1) Go home\n\n2) Sit down\n\nThat is all.\n'],
    ['sentences', '1) It is read.\n\nAt once.\n\n2) It is kept.\n\nFor long.\n'],
    ['what goes on in the next line', '1) It is read\nat once.\n\n2) It is kept\nfor long.\n'],
    ['one alone', 'We saw this.\n\n1) Smith\n\nAnd that was all.\n'],
  ])('%s: none', async (_, text) => {
    expect((await parse(text, 'a.txt')).nodes.filter((n) => n.kind === 'section')).toEqual([]);
  });
});

describe('chapters', () => {
  const sections = async (title: string): Promise<(string | undefined)[]> =>
    (await parse(`A Novel\n\n${title}\n\nIt was a dark night. He said so.\n\nIt went on.\n`, 'novel.txt')).nodes
      .filter((n) => n.kind === 'section')
      .map((n) => n.name);

  it.each([
    'Chapter 1',
    'CHAPTER I.',
    'Part Two',
    'Book Twenty-One',
    'Chapter 3: The End',
    'Chapter 4 - Again',
    'CHAPTER 1. Loomings.',
    'Epilogue',
  ])('may begin with %j', async (title) => {
    expect(await sections(title)).toEqual([title]);
  });

  it('may have their title in the line below their number', async () => {
    expect(await sections('CHAPTER I.\nDown the Rabbit-Hole')).toEqual(['CHAPTER I. Down the Rabbit-Hole']);
  });

  it.each([
    'Part of it',
    'Section 3 says so',
    'Part 2-3 of it',
    'Chapter 1 ........ 5',
    'Section 3\nApplies to all.',
    'Chapter 1\nChapter 2',
  ])('do not begin with %j', async (line) => {
    expect(await sections(line)).toEqual([]);
  });
});
