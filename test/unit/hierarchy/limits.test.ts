/** Texts of hundreds of thousands of lines, as programs write them: read like any other, and in time that grows with their length. */
import { describe, expect, it } from 'vitest';
import { parse, problems } from './invariants.js';

describe('more parts than a function can have arguments', () => {
  const MANY = 150_000;
  it.each([
    ['one list without a blank line', 'a.txt', 'x\n'.repeat(MANY), 'x'],
    ['one example of a manual', 'a.pod', `=head1 A\n\n${'  x\n'.repeat(MANY)}`, 'x'],
    ['paragraphs before a comment', 'a.adoc', `${'x\n\n'.repeat(MANY)}// y\n`, 'x'],
  ])('%s', async (_, name, text, line) => {
    const tree = await parse(text, name);
    const leaves = tree.nodes.filter((n) => n.children.length === 0 && text.startsWith(line, n.start));
    // Short lines may share a leaf; none is lost.
    expect(leaves.reduce((lines, n) => lines + 1 + n.endLine - n.startLine, 0)).toBeGreaterThanOrEqual(MANY);
  });
});

describe('grammars with limits', () => {
  const yaml = (keys: number): string => Array.from({ length: keys }, (_, i) => `key${i}: ${i}\n`).join('');

  it('YAML of more lines than its grammar counts is read without it, and the reason is named', async () => {
    expect((await parse(yaml(32_000), 'a.yaml')).fallback).toBeUndefined();
    const tree = await parse(yaml(33_000), 'a.yaml');
    expect(tree.fallback).toMatch(/grammar reads 32,768 lines at most/);
    expect(tree.nodes.length).toBeGreaterThan(2_000);
    expect((await parse(': [ } {\n'.repeat(30), 'a.yaml')).fallback).toMatch(/syntax errors/);
  });
});

describe('a row of marks that fills a line of Markdown', () => {
  it.each([
    ['stars', '*'.repeat(40_000)],
    ['low lines before words in a list', `- ${'_'.repeat(40_000)} x.`],
    ['low lines in a quote', `> ${'_'.repeat(40_000)}`],
  ])('%s: does not hide what is below it', async (_, line) => {
    const text = `${line}\n\n# Lamps\n\nThey **shine**.\n`;
    const tree = await parse(text, 'a.md');
    expect(problems(tree, text)).toEqual([]);
    expect(tree.fallback).toBeUndefined();
    expect(tree.nodes.filter((n) => n.kind === 'section').map((n) => n.name)).toEqual(['Lamps']);
  });
});

describe('rows that could be read in countless ways', () => {
  it.each([
    ['blanks of Cython', 'a.pyx', `x = 1${' '.repeat(200_000)}\ny = 2\n`],
    ['a declaration of Cython without an end', 'a.pyx', `cdef class ${'a'.repeat(200_000)}\n`],
    ['blank lines', 'a', `x${'\n'.repeat(59_000)}y`],
    ['ends of blocks', 'a.ex', `${'end '.repeat(45)}"x"\n`],
    ['ends of sentences without blanks', 'a.txt', '<!'.repeat(40_000)],
    ['returns behind a word', 'a.1', `.SH A\nb${'\r'.repeat(80_000)}c\n`],
    ['blanks in a title of AsciiDoc', 'a.adoc', `== a${' '.repeat(60_000)}b ==\n\nc\n`],
    ['blanks in a title of Org', 'a.org', `* a${' '.repeat(60_000)}b :c:\n\nc\n`],
    ['blanks behind marks of MediaWiki', 'a.wiki', `== ${' '.repeat(60_000)}a\n\nc\n`],
    ['blanks in a title of Typst', 'a.typ', `= a${' '.repeat(60_000)}b <c>\n\nc\n`],
    ['blanks in a key of Lua', 'a.lua', `t["${' '.repeat(400_000)}x"] = function()\n  return 1\nend\n`],
    ['blanks in brackets', 'a.ini', `[${' '.repeat(20_000)}x\n`],
    ['letters in a paragraph of HTML', 'a.md', `<p>${'a'.repeat(400_000)}</p>\n`],
    ['sections of a class in one word', 'a.cpp', `int a;\n${'PUBLIC'.repeat(100_000)}\n`],
    [
      'blank lines below a comment of Tcl',
      'a.tcl',
      `${'# a\n'.repeat(100_000)}# f --\n${'\n'.repeat(100_000)}set a 1\n`,
    ],
  ])('%s', async (_, name, text) => {
    const tree = await parse(text, name);
    expect(problems(tree, text)).toEqual([]);
  });
});
