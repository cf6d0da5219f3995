import { describe, expect, it } from 'vitest';
import { outline, parse, problems, samples } from './invariants.js';

describe('what a text is', () => {
  it.each([
    ['a.py', 'x = 1\n', 'python', 'code'],
    ['script', '#!/usr/bin/env python3\nprint(1)\n', 'python', 'code'],
    ['run', '#!/bin/sh\necho 1\n', 'shellscript', 'code'],
    ['README.md', '# Title\n\nText.\n', 'markdown', 'prose'],
    ['settings.json', '{"a": 1}\n', 'json', 'data'],
    ['report.Rmd', '# A\n\nText.\n', 'markdown', 'prose'],
    ['notes.txt', 'Some words here. And some more.\n', 'plaintext', 'prose'],
    ['paper.tex', '\\section{A}\nText.\n', 'latex', 'prose'],
    ['settings.py.tmpl', '# Settings.\nNAME = $name\n', 'python', 'code'],
    ['config.h.in', '#define A @A@\n', 'c', 'code'],
    ['page.tmpl', 'Dear $name,\n\nthank you for your order. It is on its way.\n', 'plaintext', 'prose'],
    ['player.wren', 'func _ready():\n\tvar speed = 5\n\tmove(speed)\n\tprint(speed)\n', 'wren', 'code'],
    [
      'letter.draft',
      'Dear Ann,\n\nthe order (of May) is = 5 pieces.\nIt is on its way;\nthank you.\n',
      'plaintext',
      'prose',
    ],
    ['constructor', 'Words.\n', 'plaintext', 'prose'],
    ['constructor.words', 'Words.\n', 'plaintext', 'prose'],
    ['a.constructor', 'a = 1;\nb(2);\n', 'plaintext', 'prose'],
    ['requirements-dev.txt', '# To run.\nflask==2.0\n', 'pip-requirements', 'code'],
    ['.gitignore', 'dist/\n', 'ignore', 'code'],
    ['go.mod', 'module a.b/c\n', 'go.mod', 'code'],
    ['Cargo.lock', 'version = 3\n', 'toml', 'data'],
    ['.zshrc', 'export A=1\n', 'shellscript', 'code'],
    ['.eslintrc', '{ "a": 1 }\n', 'jsonc', 'data'],
    ['sum.cl', '/* Adds. */\n__kernel void sum(int a) {\n}\n', 'c', 'code'],
    ['sum.cl', '#| Adds. |#\n(defun sum (a) a)\n', 'lisp', 'code'],
    ['store.pyx', 'cdef int a = 1\n', 'cython', 'code'],
  ])('%s', async (name, text, language, genre) => {
    expect(await parse(text, name)).toMatchObject({ language, genre });
  });

  it.each(['constructor', 'toString', '__proto__'])(
    'a language may be called %s, as is what objects have',
    async (language) => {
      const tree = await parse('a = 1\n\nb(2)\n', 'a.zzz', language);
      expect(tree).toMatchObject({ language, genre: 'code', fallback: expect.stringContaining(language) as string });
      const fenced = await parse(
        `# A\n\n\`\`\`${language}\na = 1\n\`\`\`\n\n<script lang="${language}">a()</script>\n`,
        'a.md',
      );
      expect(fenced.fallback).toBeUndefined();
      const page = await parse(
        `<div>\n<script lang="${language}">\nfunction a() {\n  b();\n}\n</script>\n</div>\n`,
        'a.vue',
      );
      expect(page.nodes.map((n) => n.name)).toContain('a');
    },
  );

  it.each([
    ['a.txt', 'python', 'x = 1\n', 'python'],
    ['a.py', 'haskell', 'x = 1\n', 'haskell'],
    ['a.txt', 'pip-requirements', 'x == 1\n', 'pip-requirements'],
    ['a.m', 'matlab', 'x = 1\n', 'matlab'],
    // What editors call a file that they, or an extension in them, know by its name alone.
    ['a.m', 'matlab', '#import "a.h"\nint x;\n', 'objective-c'],
    ['a.m', 'objective-c', '% Ones.\nx = 1\n', 'matlab'],
    ['a.mdx', 'mdx', '# A\n\nText.\n', 'markdown'],
    ['a.Rmd', 'rmd', '# A\n\nText.\n', 'markdown'],
    ['a.prompt.md', 'prompt', '# A\n\nText.\n', 'markdown'],
    ['a.jmd', 'juliamarkdown', '# A\n\nText.\n', 'markdown'],
    ['a.cfg', 'properties', '[a]\nx = 1\n', 'ini'],
    ['fonts.conf', 'properties', '<?xml version="1.0"?>\n<a/>\n', 'xml'],
    ['.env', 'dotenv', 'X=1\n', 'ini'],
    ['update-rc.d', 'd', '#!/bin/sh\necho 1\n', 'shellscript'],
    ['a.mli', 'ocaml.interface', 'val x : int\n', 'ocaml'],
  ])('%s that is said to be %s: %j', async (name, given, text, language) => {
    expect(await parse(text, name, given)).toMatchObject({ language });
  });

  it('turns of speakers make a transcript, ten to a block', async () => {
    const text = Array.from({ length: 95 }, (_, i) => `${i % 2 ? 'Ann' : 'Ben'}: This is turn number ${i}.`).join('\n');
    const tree = await parse(text, 'talk.txt');
    expect(tree.genre).toBe('transcript');
    const leaves = tree.nodes.filter((n) => n.children.length === 0);
    expect(leaves).toHaveLength(95);
    expect(new Set(leaves.slice(0, 10).map((n) => n.parent)).size).toBe(1);
    expect(leaves[10]!.parent).not.toBe(leaves[9]!.parent);
  });

  it('a log is one whatever it is called', async () => {
    const text = Array.from({ length: 30 }, (_, i) => `2026-01-02 03:04:${10 + i} INFO run(${i}) = {done}`).join('\n');
    expect(await parse(text, 'server.out')).toMatchObject({ language: 'log', genre: 'transcript' });
  });

  it('a log is read line by line', async () => {
    const text = Array.from({ length: 30 }, (_, i) => `2026-01-02 03:04:${10 + i} INFO worker ${i} has started`).join(
      '\n',
    );
    const tree = await parse(text, 'app.log');
    expect(tree.nodes.filter((n) => n.children.length === 0)).toHaveLength(30);
  });

  it.each(['2026-01-02 03:04:05 ERROR', '[ERROR]', 'ERROR:', 'E0102 03:04:05.678901 1 a.go:7]'])(
    'a stack trace belongs to %j above it',
    async (begins) => {
      const ran = `${begins.replace('ERROR', 'INFO').replace(/^E0/, 'I0')} Ran\n`.repeat(8);
      const failed = `${begins} Failed\njava.io.IOException: no space\n\tat Store.write(Store.java:7)\nCaused by: Quota`;
      const text = `${ran}${failed}\n${ran}`;
      const tree = await parse(text, 'app.log');
      const leaves = tree.nodes.filter((n) => n.children.length === 0).map((n) => text.slice(n.start, n.end));
      expect(leaves).toHaveLength(17);
      expect(leaves[8]).toBe(failed);
    },
  );

  it('a log may consist of traces for the most part; a list of changes does not', async () => {
    const entry = '2026-01-02 03:04:05 ERROR Failed\n';
    const java = 'java.io.IOException: no space\n\tat Store.write(Store.java:7)\nCaused by: Quota\n\t... 3 more\n';
    const python = 'Traceback (most recent call last):\n  File "a.py", line 7, in write\n    store(x)\nKeyError: 7\n';
    const tree = await parse(`${entry}${java}${entry}${python}${entry}`, 'server.out');
    expect(tree.language).toBe('log');
    expect(tree.nodes.filter((n) => n.children.length === 0).map((n) => n.startLine)).toEqual([1, 6, 11]);
    const changes = '2026-01-02  Ann\n\n\t* store.c: New.\n\t* quota.c: Less.\n\n'.repeat(4);
    expect((await parse(changes, 'ChangeLog')).genre).toBe('prose');
  });

  it('people who talk are no log, and lines said to be a transcript are turns', async () => {
    const talk = ['Ann: Hello.', 'Bo: Hi.', 'Ann: Done?', 'Bo: No.', 'Ann: When?', 'Bo: Soon.'].join('\n');
    expect(await parse(talk, 'chat.log')).toMatchObject({ language: 'plaintext', genre: 'transcript' });
    const few = 'Ann: Hello. Are we all here?\nBo: Yes.\nCy: Let us begin.\n';
    const tree = await parse(few, 'window.txt', 'transcript');
    expect(tree.genre).toBe('transcript');
    expect(tree.nodes.filter((n) => n.children.length === 0)).toHaveLength(3);
  });

  it('a list of definitions with colons is no transcript', async () => {
    const text = 'Note: this is a text about colons. It has sentences.\n\nIt goes on here, and says more about it.\n';
    expect((await parse(text, 'a.txt')).genre).toBe('prose');
  });
});

describe('plain text', () => {
  const sections = async (line: string): Promise<(string | undefined)[]> =>
    (await parse(`${line}\n\nIt is read here. And there.\n\nOr elsewhere.\n`, 'a.txt')).nodes
      .filter((n) => n.kind === 'section')
      .map((n) => n.name);

  it.each([
    'A small tool for parsing things',
    'A Tool for Parsing',
    'I recommend reading the manual first',
    'c is a language',
    '3 ways to read it',
  ])('has no section called %j', async (line) => {
    expect(await sections(line)).toEqual([]);
  });

  it.each(['A. Proofs', 'A.1 Proofs', 'Appendix A Proofs', 'chapter I Proofs', 'II Proofs', '2.1 Proofs', '1. Proofs'])(
    'has a section called %j',
    async (line) => {
      expect(await sections(line)).toEqual([line]);
    },
  );

  it('plain text may be underlined with any sign, and a remark in capitals is no heading', async () => {
    const text =
      'Peers\n+++++\n\nThey greet each other.\n\nReading\n^^^^^^^\n\nA call:\n\n    read(a);\n\n/* ... TODO ... */\n\n    close(a);\n';
    const tree = await parse(text, 'a.txt');
    expect(tree.nodes.filter((n) => n.kind === 'section').map((n) => n.name)).toEqual(['Peers', 'Reading']);
  });

  it('plain text may have titles between two rules, where no table is', async () => {
    const text =
      '==========\nMy Project\n==========\n\nIt keeps values.\n\n-------\nInstall\n-------\n\nRun it.\n\n---------\nName  Age\n---------\n\n---\nAnn\n---\nBen\n---\n';
    const { nodes } = await parse(text, 'a.txt');
    expect(nodes.filter((n) => n.kind === 'section').map((n) => n.name)).toEqual(['My Project', 'Install']);
  });

  it('plain text may have titles in boxes', async () => {
    const text =
      '***************\n* My Project *\n***************\n\nIt keeps values.\n\n####\n# Install\n####\n\nRun it.\n\n' +
      '***********\n* Mind it. *\n***********\n\nDone.\n';
    const tree = await parse(text, 'a.txt');
    expect(problems(tree, text)).toEqual([]);
    const sections = tree.nodes.filter((n) => n.kind === 'section');
    expect(sections.map((n) => n.name)).toEqual(['My Project', 'Install']);
    // All of the box is the heading.
    expect(tree.nodes[sections[0]!.children[0]!]).toMatchObject({ startLine: 1, endLine: 3 });
  });

  it('a table that is drawn with rules is a list of its rows', async () => {
    const table =
      '+------+-----------------------+\n| code | meaning               |\n+------+-----------------------+\n|  200 | The greeting is over. |\n+------+-----------------------+';
    const text = `The answer is a code, which stands alone.\n\n${table}\n`;
    const tree = await parse(text, 'a.txt');
    const rows = tree.nodes.find((n) => n.kind === 'block')!.children.map((c) => tree.nodes[c]!);
    expect(rows.map((n) => text.slice(n.start, n.end))).toEqual(table.split('\n'));
    expect(rows.map((n) => n.trivial ?? false)).toEqual([true, false, true, false, true]);
  });
});

describe('reStructuredText', () => {
  const sections = async (text: string): Promise<(string | undefined)[]> =>
    (await parse(text, 'a.rst')).nodes.filter((n) => n.kind === 'section').map((n) => n.name);
  const object = 'Client\n======\n\n.. function:: get(url)\n\n   Asks for a page.\n\n';
  const next = 'Server\n------\n\nIt answers.\n';

  it('what follows an object with less indentation is no longer about it', async () => {
    expect(await sections(`${object}More of the client.\n\n${next}`)).toEqual(['Client', 'get()', undefined, 'Server']);
  });

  it('code and sessions are blocks of lines, notes are paragraphs', async () => {
    const text =
      'Use\n===\n\nInstall it:\n\n.. code-block:: console\n\n   $ mysql -u root \\\n     -p\n\n.. note::\n\n   Needs a server.\n\nThen::\n\n   run me\n\nDone.\n';
    const tree = await parse(text, 'a.rst.txt');
    expect(tree.language).toBe('restructuredtext');
    const kinds = tree.nodes.filter((n) => n.kind === 'block').map((n) => text.slice(n.start, n.end));
    expect(kinds).toEqual(['$ mysql -u root \\\n     -p', 'run me']);
  });

  it('comments are no part of what is read; labels, footnotes and directives are', async () => {
    const text =
      '.. % Left from LaTeX.\n   In two lines.\n\nText.\n\n.. _label:\n\n.. [1] A note.\n\n.. note:: Mind it.\n\n..\n   Hidden.\n';
    const tree = await parse(text, 'a.rst.txt');
    expect(tree.language).toBe('restructuredtext');
    const silent = tree.nodes.filter((n) => n.silent).map((n) => text.slice(n.start, n.end));
    expect(silent).toEqual(['.. % Left from LaTeX.\n   In two lines.', '..\n   Hidden.']);
  });

  it('the label of a section makes none of its own', async () => {
    expect(await sections(`${object}.. _the-server:\n\n${next}`)).toEqual(['Client', 'get()', 'Server']);
  });
});

describe('AsciiDoc, Org, MediaWiki and Typst', () => {
  it('who wrote a document belongs to its title', async () => {
    const text = '= Guide\nAnna Oak <anna@example.org>\n:toc:\n\nText.\n';
    const tree = await parse(text, 'a.adoc');
    const leaves = tree.nodes.filter((n) => n.children.length === 0 && !n.silent);
    expect(leaves.map((n) => text.slice(n.start, n.end))).toEqual(['= Guide\nAnna Oak <anna@example.org>', 'Text.']);
  });

  const read = async (text: string, file: string): Promise<{ sections: unknown[]; silent: string[] }> => {
    const tree = await parse(text, file);
    expect(problems(tree, text)).toEqual([]);
    expect(tree.genre).toBe('prose');
    return {
      sections: tree.nodes.filter((n) => n.kind === 'section').map((n) => n.name),
      silent: tree.nodes.filter((n) => n.silent).map((n) => text.slice(n.start, n.end)),
    };
  };

  it.each([
    ['a.adoc', '= Guide\n:toc:\n\n// Hidden.\nText.\n\n== Install\n\n----\n== no heading\n----\n', ['Guide', 'Install'], [':toc:', '// Hidden.', '----', '----']],
    ['a.org', '* TODO [#A] Trees :tall:\n:ID: 1\nText.\n** Oak\n#+BEGIN_SRC c\n* no heading\n#+END_SRC\n', ['Trees', 'Oak'], [':ID: 1', '#+BEGIN_SRC c', '#+END_SRC']],
    ['a.wiki', '{{Infobox}}\nText.\n\n== Oak ==\n<pre>\n== no heading ==\n</pre>\n[[Category:Trees]]\n', ['Oak'], ['{{Infobox}}', '<pre>', '</pre>', '[[Category:Trees]]']],
    ['a.typ', '#set page(width: 10cm)\n= Trees <trees>\nText.\n\n== Oak\n```py\n= no heading\n```\n// Hidden.\nMore.\n', ['Trees', 'Oak'], ['#set page(width: 10cm)', '```py', '```', '// Hidden.']],
    ['b.adoc', '= Guide\nAnna Oak\n== Install\n\nText.\n', ['Guide', 'Install'], []],
    ['b.adoc', 'Text.\n\n----\nnever closed\n\n== Oak\n\nMore.\n', ['Oak'], []],
    ['c.adoc', 'Guide\n=====\nAnna Oak\n\nNAME\n----\nText.\n\n[[use]]\nUsage\n~~~~~\n----\nListing\n=======\n----\n', ['Guide', 'NAME', 'Usage'], ['[[use]]', '----', '----']],
    ['b.wiki', '<pre>x</pre>\n== Oak ==\nText.\n<pre>\ny\n</pre>\n', ['Oak'], ['<pre>', '</pre>']],
    ['b.typ', '```rs x```\n= Oak\nText.\n```\ny\n```\n', ['Oak'], ['```', '```']],
    ['b.adoc', 'Text.\n\n////\nHidden.\n////\n\nMore.\n', [], ['////\nHidden.\n////']],
    ['a.tex', '% Hidden.\n\\section{Oak}\nText.\n% Hidden too.\nMore.\n\\begin{verbatim}\n% shown\n\\end{verbatim}\n', ['Oak'], ['% Hidden.', '% Hidden too.', '\\begin{verbatim}', '\\end{verbatim}']],
  ])('%s: %j', async (file, text, sections, silent) => {
    expect(await read(text, file)).toEqual({ sections, silent });
  }); // prettier-ignore
});

describe('notebooks', () => {
  it('say nothing in the JSON around their cells', async () => {
    const { text } = samples.find((s) => s.name === 'notes.ipynb')!;
    const tree = await parse(text, 'notes.ipynb');
    const silent = tree.nodes.filter((n) => n.silent).map((n) => text.slice(n.start, n.end));
    expect(silent.join('')).toContain('"outputs"');
    const heard = tree.nodes.filter((n) => n.children.length === 0 && !n.silent);
    expect(heard.map((n) => text.slice(n.start, n.end)).join('')).not.toContain('cell_type');
    expect(heard.length).toBeGreaterThan(3);
  });

  it('that are broken are read as what they are: JSON', async () => {
    const tree = await parse('{ "cells": [ { "cell_type": "code", ', 'a.ipynb');
    expect(tree.nodes.length).toBeGreaterThan(1);
  });
});

describe('names and descriptions', () => {
  const described = async (name: string, text: string): Promise<[string | undefined, string][]> =>
    (await parse(text, name)).nodes
      .filter((n) => n.description)
      .map((n) => [n.name, text.slice(n.description!.start, n.description!.end)]);

  it.each([
    ['a.py', 'def f(x):\n    """Says it."""\n    y = x\n    return y\n', 'f', '"""Says it."""'],
    ['a.ts', '/** Says it. */\nexport function f(x: number): number {\n  return x;\n}\n', 'f', '/** Says it. */'],
    ['A.java', 'class A {\n  // Says it.\n  int f(int x) {\n    return x;\n  }\n}\n', 'f', '// Says it.'],
    ['a.go', 'package a\n\n// Says it.\nfunc f(x int) int {\n\treturn x\n}\n', 'f', '// Says it.'],
    ['a.rs', '/// Says it.\nfn f(x: u8) -> u8 {\n    x\n}\n', 'f', '/// Says it.'],
    ['a.c', '/* Says it. */\nint f(int x)\n{\n    return x;\n}\n', 'f', '/* Says it. */'],
  ])('%s', async (file, text, name, comment) => {
    const found = await described(file, text);
    expect(found.map(([n, c]) => [n, c.trim()])).toContainEqual([name, comment]);
  });

  it('a comment after a blank line describes nothing', async () => {
    expect(await described('a.ts', '// About the file.\n\nfunction f(): void {\n  go();\n}\n')).toEqual([]);
  });

  it('attributes and empty bodies do not tear declarations apart', async () => {
    const text =
      'namespace Shop\n{\n  [Guid("1")]\n  [ComImport]\n  public interface IStore\n  {\n    [return: MarshalAs(UnmanagedType.Interface)]\n    IStore Open([In] string path);\n    void Close();\n  }\n\n  [ComImport]\n  public class Store\n  { }\n\n  [ComImport]\n  public class Empty\n  {\n  }\n}\n';
    const tree = await parse(text, 'a.cs');
    const leaves = tree.nodes.filter((n) => n.children.length === 0).map((n) => text.slice(n.start, n.end));
    expect(leaves).toContain('[return: MarshalAs(UnmanagedType.Interface)]\n    IStore Open([In] string path);');
    expect(leaves.some((leaf) => leaf.trim() === 'public')).toBe(false);
  });

  it('macros are no names of functions in C, and tests are called by all that tells them apart', async () => {
    const c =
      'void EXPORT open_it (void)\n{\n  run();\n  stop();\n}\n\nint EXPORT read_it(int a)\n{\n  run();\n  return a;\n}\n';
    const cpp = 'TEST_F(Store, Reads) {\n  open();\n  close();\n}\n\nStore::Store(int a) {\n  open();\n  close();\n}\n';
    const names = async (text: string, file: string): Promise<(string | undefined)[]> =>
      (await parse(text, file)).nodes.filter((n) => n.kind === 'function').map((n) => n.name);
    expect(await names(c, 'a.c')).toEqual(['open_it', 'read_it']);
    expect(await names(c, 'a.cpp')).toEqual(['open_it', 'read_it']);
    expect(await names(cpp, 'a.cpp')).toEqual(['TEST_F(Store, Reads)', 'Store::Store']);
  });

  it('callbacks are called after what they are handed to', async () => {
    const text =
      "app.get('/users', (request, reply) => {\n  one();\n  two();\n  three();\n  four();\n  five();\n  six();\n});\n";
    const tree = await parse(text, 'a.js');
    expect(tree.nodes.find((n) => n.kind === 'function')?.name).toBe("app.get '/users'");
    expect(outline(tree)).not.toContain('class');
  });
});
