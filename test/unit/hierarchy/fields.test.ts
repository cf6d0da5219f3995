import { describe, expect, it } from 'vitest';
import { parse, problems } from './invariants.js';

async function leaves(file: string, text: string): Promise<string[]> {
  const tree = await parse(text, file);
  expect(problems(tree, text)).toEqual([]);
  return tree.nodes.filter((n) => n.children.length === 0 && !n.trivial).map((n) => text.slice(n.start, n.end));
}

const CONTROL = [
  'Package: bash',
  'Essential: yes',
  'Installed-Size: 7164',
  'Maintainer: Matthias Klose <doko@debian.org>',
  'Depends: base-files (>= 2.1.12),',
  ' debianutils (>= 5.6-0.1)',
  'Description: GNU Bourne Again SHell',
  ' Bash is an sh-compatible command language interpreter that executes',
  ' commands read from a file.  Bash also has features from the Korn shell.',
  ' .',
  ' - It completes what is typed.',
  'Homepage: http://tiswww.case.edu/php/chet/bash/bashtop.html',
].join('\n');

const LETTER = [
  'From: Anna Berg <anna@example.com>',
  'To: Ben <ben@example.com>',
  'Subject: Release on Thursday',
  'Date: Thu, 2 May 2024 10:00:00 +0200',
  '',
  'Hello Ben,',
  '',
  'the release moves to Thursday, because Carla is away on Friday. Please',
  'test one thing: the migration. It must be done before noon.',
].join('\n');

describe('fields under each other', () => {
  it('are read entry by entry, a long one by its sentences', async () => {
    const found = await leaves('bash-control.txt', CONTROL);
    expect(found.slice(0, 5)).toEqual([...CONTROL.split('\n').slice(0, 4), 'Depends: base-files (>= 2.1.12),\n debianutils (>= 5.6-0.1)']);
    expect(found).toContain('Description: GNU Bourne Again SHell');
    expect(found).toContain('Bash also has features from the Korn shell.\n .');
    expect(found.at(-1)).toMatch(/^Homepage: http/);
    const { nodes } = await parse(CONTROL, 'bash-control.txt');
    expect(nodes.filter((n) => n.name !== undefined).map((n) => n.name)).toEqual(['Description']);
  });

  it('begin a letter, whose text stays sentences', async () => {
    const found = await leaves('letter.txt', LETTER);
    expect(found.slice(0, 4)).toEqual(LETTER.split('\n').slice(0, 4));
    expect(found).toContain('It must be done before noon.');
    expect(found.filter((leaf) => leaf.includes('\n'))).toHaveLength(1);
  });

  it('may stand in columns, as programs print them', async () => {
    const text = 'MemTotal:       24683656 kB\nMemFree:        14971540 kB\nActive(anon):       1612 kB\nmodel name\t: 7\n';
    expect(await leaves('meminfo.txt', text)).toEqual(text.trim().split('\n'));
  });

  it.each([
    ['sentences with colons', 'There are three: one is here.\nTwo: it is there. The third is nowhere to be found, and\nnobody knows why it is so.\n'],
    ['two lines of a sentence', 'Remember: the door is to be closed and the\nwindows: they too.\n'],
    ['a line between them', 'Note: this is the first of the remarks on the\nway we work here, and it goes on.\nAlso: we meet on Fridays. It is short.\n'],
  ])('are not seen in %s', async (_, text) => {
    const tree = await parse(text, 'notes.txt');
    expect(tree.nodes.filter((n) => n.kind === 'block')).toEqual([]);
  });
}); // prettier-ignore

const BOXED = [
  '5. Termination',
  '--------------',
  '',
  'The rights end. They do so at once.',
  '',
  '*'.repeat(60),
  `*${' '.repeat(58)}*`,
  `*  6. Disclaimer of Warranty${' '.repeat(31)}*`,
  `*  -------------------------${' '.repeat(31)}*`,
  `*${' '.repeat(58)}*`,
  '*  The software comes without a warranty. The risk is        *',
  '*  with you.                                                 *',
  `*${' '.repeat(58)}*`,
  '*'.repeat(60),
  '',
  '7. Litigation',
  '-------------',
  '',
  'Courts decide.',
].join('\n');

describe('text in a box', () => {
  it('has sections and sentences', async () => {
    const tree = await parse(BOXED, 'LICENSE');
    expect(problems(tree, BOXED)).toEqual([]);
    expect(tree.nodes.filter((n) => n.kind === 'section').map((n) => n.name)).toEqual([
      '5. Termination',
      '6. Disclaimer of Warranty',
      '7. Litigation',
    ]);
    const found = await leaves('LICENSE', BOXED);
    expect(found).toContain('The software comes without a warranty.');
    expect(found.find((leaf) => leaf.startsWith('The risk is'))).toMatch(/with you\./);
  });

  it('is none where the box is not closed, or nothing stands in it', async () => {
    const open = BOXED.replace(/\*{60}\n\n7/, '\n7');
    const { nodes } = await parse(open, 'LICENSE');
    expect(nodes.map((n) => n.name)).not.toContain('6. Disclaimer of Warranty');
    const rules = `First. Second.\n\n${'*'.repeat(60)}\n${'*'.repeat(60)}\n\nThird.\n`;
    expect(await leaves('a.txt', rules)).toEqual(['First.', 'Second.', 'Third.']);
  });
});
