/** Golden outlines of one file per language; `npx vitest run test/unit/hierarchy -u` writes them again, for review. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../src/engine/hierarchy/index.js';
import { StrataError } from '../../../src/protocol/errors.js';
import { random } from '../random.js';
import { outline, parse, problems, ROOT, samples } from './invariants.js';

describe.each(samples)('$name', ({ name, text }) => {
  it('has the expected outline', async () => {
    const tree = await parse(text, name);
    expect(tree.fallback).toBeUndefined();
    await expect(outline(tree)).toMatchFileSnapshot(path.join(ROOT, 'test/golden/hierarchy', `${name}.txt`));
  });

  it('is sound, and the same each time', async () => {
    const tree = await parse(text, name);
    expect(problems(tree, text)).toEqual([]);
    expect(await parse(text, name)).toEqual(tree);
  });

  it('is sound with Windows line ends, a byte order mark and characters outside the basic plane', async () => {
    for (const changed of [text.replaceAll('\n', '\r\n'), `\uFEFF${text}`, text.replaceAll('store', '🗄️store')])
      expect(problems(await parse(changed, name), changed)).toEqual([]);
  });

  it('is sound while it is being typed, broken or mixed up', async () => {
    for (let seed = 1; seed <= 24; seed++) {
      const broken = mutilate(text, seed);
      if (broken.trim() === '') continue;
      const tree = await parse(broken, name);
      expect(problems(tree, broken), `seed ${seed}`).toEqual([]);
    }
  });
});

/** The text as it may look in the middle of an edit. */
function mutilate(text: string, seed: number): string {
  const draw = random(seed);
  const lines = text.split('\n');
  switch (seed % 6) {
    case 0:
      return text.slice(0, draw(text.length));
    case 1:
      return text.slice(draw(text.length));
    case 2:
      return text.replaceAll(/[()[\]{}]/g, (bracket) => (draw(4) === 0 ? '' : bracket));
    case 3:
      return lines.filter(() => draw(5) > 0).join('\n');
    case 4:
      return lines.map((line) => (draw(8) === 0 ? lines[draw(lines.length)]! : line)).join('\n');
    default: {
      const characters = Array.from(text);
      for (let i = 0; i < 12; i++) characters[draw(characters.length)] = '"\'{}#\\\u0000é🙂\t'.charAt(draw(9));
      return characters.join('').replaceAll('\u0000', '');
    }
  }
}

describe('texts that nobody would write', () => {
  const deep = (open: string, close: string, n: number): string => open.repeat(n) + close.repeat(n);
  it.each([
    ['deeply nested JSON', 'a.json', deep('[', ']', 20_000)],
    ['deeply nested Python', 'a.py', `x = ${deep('(', ')', 5_000)}`],
    ['deeply nested blocks', 'a.c', `void f() ${deep('{', '}', 3_000)}`],
    ['deeply nested HTML', 'a.html', deep('<div>', '</div>', 2_000)],
    ['deeply nested words', 'a.html', deep('<b>word <span>', '</span></b>', 5_000)],
    ['deeply nested pages', 'a.html', `<p>One. Two.</p>\n`.repeat(9) + deep('<ul><li>', '</li></ul>', 2_000)],
    ['deeply nested XML', 'a.xml', deep('<a>', '</a>', 5_000)],
    ['subtitles without words', 'a.vtt', 'WEBVTT\n\n00:00.000 --> 00:01.000\n\n00:02.000 --> 00:03.000\n\n'],
    ['a page of closing tags', 'a.html', '</p></div>'.repeat(3_000)],
    ['SQL without an end', 'a.sql', 'SELECT a\nFROM b\n'.repeat(5_000)],
    ['an open comment', 'a.pl', `=head1 NAME\n\n${'words\n'.repeat(3_000)}`],
    ['nothing but comments', 'a.ini', '; one\n; two\n'.repeat(3_000)],
    ['a target far away', 'Makefile', `a${' '.repeat(200_000)}b\n\tc\n\td\n`],
    ['a bracket that closes far away', 'a.zzz', `x\n  y\n)${' '.repeat(200_000)}z\n`],
    ['a section without an end', 'a.ini', `[${' '.repeat(200_000)}x\ny = 1\n`],
    ['a chat of digits', 'a.txt', `${'10:00 '.repeat(20_000)}\n`.repeat(8)],
    ['a cue of digits', 'a.vtt', `WEBVTT\n\n${'00:00.000 --> '.repeat(20_000)}\nx\n`],
    ['a paragraph of open tags', 'a.html', `${'<p>One. Two.</p>'.repeat(9)}<p>${'<a '.repeat(20_000)}`],
    ['deep indentation', 'a.zzz', Array.from({ length: 400 }, (_, i) => `${' '.repeat(i)}x${i}`).join('\n')],
    ['deeply nested list', 'a.md', Array.from({ length: 300 }, (_, i) => `${'  '.repeat(i)}- item`).join('\n')],
    ['one long line', 'a.js', `var a=${'1+'.repeat(200_000)}1;`],
    ['one long word', 'a.txt', 'x'.repeat(300_000)],
    ['stars that could be pointers', 'a.d', `${'* '.repeat(140)}\n  x\n  y\n`],
    ['words that could be types', 'a.d', `${'a '.repeat(140)}\n  x\n  y\n`],
    ['brackets that could be arguments', 'a.R', `${'f('.repeat(140)}\n  x\n  y\n`],
    ['clauses without an end', 'a.hs', 'f a = b\n'.repeat(5_000)],
    ['an open docstring', 'a.jl', `"""\n${'words\n'.repeat(3_000)}`],
    ['comments in a row', 'a.xml', '<!-- === -->\n'.repeat(3_000)],
    ['a comment of stars', 'a.c', `/*${'*'.repeat(100_000)}\n${'*'.repeat(100_000)}`],
    ['wrong Objective-C++', 'a.mm', `@implementation A\n${'- (void)f { [[[ '.repeat(500)}`],
    ['blocks without an end', 'a.wiki', '<pre>\n== a ==\n'.repeat(10_000)],
    ['a list of words without an end', 'a.txt', 'teh||the\n'.repeat(40_000)],
    ['a line of blanks', 'a.txt', `${' '.repeat(150_000)}\nx\n`],
    ['blank lines before MATLAB', 'a.m', `${'\n'.repeat(150_000)}x = 1;\n`],
    ['blank lines before Perl', 'a.t', `${'\n'.repeat(150_000)}is(1, 1);\n`],
    ['a voice without an end', 'a.vtt', `WEBVTT\n\n00:00.000 --> 00:01.000\n<v${' '.repeat(150_000)}\n\n`.repeat(2)],
    ['environments without an end', 'a.tex', '\\begin{lstlisting}\n'.repeat(20_000)],
    ['a heading of blanks', 'a.md', `# a${' '.repeat(20_000)}b\n`],
    ['a line of bullets', 'a.md', `${'- '.repeat(59)}x\n`],
    ['many lines', 'a.py', 'x = 1\n'.repeat(20_000)],
    ['a lone brace', 'a.ts', '}'],
    ['only a comment', 'a.rs', '// nothing else'],
    ['no language', 'a.zzz', 'begin\n  inner\n    deeper\n  again\nend\n\nother\n'],
    ['a half surrogate', 'a.txt', 'before \ud83d after'],
  ])('%s', async (_, name, text) => {
    const tree = await parse(text, name);
    expect(problems(tree, text)).toEqual([]);
  });

  it('the binary and the empty are refused with words', async () => {
    await expect(parse('', 'a.py')).rejects.toMatchObject({ code: 'empty' });
    await expect(parse(' \n\t\r\n', 'a.py')).rejects.toMatchObject({ code: 'empty' });
    const binary = String.fromCharCode(...Array.from({ length: 3000 }, (_, i) => (i * 7) % 32));
    const error: unknown = await parse(binary, 'a.py').catch((e: unknown) => e);
    expect(error).toBeInstanceOf(StrataError);
    expect((error as StrataError).code).toBe('unreadable-text');
    expect((error as StrataError).message).toMatch(/\w+ .*\./);
  });

  it.each([
    ['a.py', 'x = 1\n'],
    ['a.md', 'Words.\n\n'],
    ['a.html', '<p>Words.</p>\n'],
  ])('%s stops when it was cancelled before', async (fileName, line) => {
    const abort = new AbortController();
    abort.abort();
    const text = line.repeat(5000);
    await expect(parseDocument({ text, fileName }, abort.signal)).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('stops when it is cancelled on the way', async () => {
    // The grammar is loaded before, so that only parsing is left to be stopped.
    await parse('x = 1\n', 'a.py');
    const abort = new AbortController();
    setImmediate(() => {
      abort.abort();
    });
    // Long enough not to be read before a message arrives.
    const text = 'x = 1\n'.repeat(400_000);
    await expect(parseDocument({ text, fileName: 'a.py' }, abort.signal)).rejects.toMatchObject({ code: 'cancelled' });
  });
});
