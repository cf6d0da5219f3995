/** The one line for each class, function and section. */
import { describe, expect, it } from 'vitest';
import { isBalanced } from '../../../src/engine/analysis/gists.js';
import { LevelIndex } from '../../../src/engine/analysis/levels.js';
import { summarise } from '../../../src/engine/analysis/summary.js';
import { samples } from '../hierarchy/invariants.js';
import { fakeDocument } from './fake-document.js';
import { sample, summary } from './summaries.js';

describe('gists', () => {
  it.each([
    ['warnings.warn(', false],
    ['Decorator[FieldSerializerDecoratorInfo], ]', false],
    ['warnings.warn("late")', true],
    ['if (ready(items[0])) {', true],
  ])('knows a piece of a call from a whole: %s', (text, whole) => {
    expect(isBalanced(text)).toBe(whole);
  });

  it('of a section are its own words, not a heading, a row of a table or a field', async () => {
    const markdown = `# Guide\n\nEverything about the store and its [keys](#keys).\n\n## Keys\n\n| Name | Kind |\n|---|---|\n| key | string |\n\n### Old keys\n\nOld keys are removed after a day.\n`;
    const { sections } = await summary(markdown, 'guide.md');
    expect(sections.map((g) => g.text)).toEqual([
      'Everything about the store and its keys.',
      'Old keys are removed after a day.',
      'Old keys are removed after a day.',
    ]);
  });

  it('of a section of prose are what it opens with, not what is attended to most', async () => {
    const [many, example] = ['Others are kept, too. They say more. All of them are old.', '```sh\nstore list\n```'];
    const markdown = `# Guide\n\n## Keys\n\nA key names a value. ${many}\n\n## Lists\n\n### Use\n\nA list is made of keys. ${many}\n\n## Examples\n\n${example}\n\n### More\n\nMore of them.\n`;
    const { sections } = await summary(markdown, 'guide.md');
    expect(sections.map((g) => g.text)).toEqual([
      'A key names a value.',
      'A key names a value.',
      'A list is made of keys.',
      'A list is made of keys.',
      'store list',
      'More of them.',
    ]);
  });

  it('of a section that is a table are a row below its head, not the heading', async () => {
    const markdown =
      '# Guide\n\nAll about it.\n\n## Keys\n\n| Name of it | Kind of it |\n|---|---|\n| the key | a string |\n';
    const { sections } = await summary(markdown, 'guide.md');
    expect(sections.map((g) => g.text)).toEqual(['All about it.', 'the key · a string']);
  });

  it.each([
    'Use the store for settings of one user.',
    'Import old data before the first run.',
    'End a line to send it.',
  ])('of prose may begin like a keyword: %s', async (sentence) => {
    const { sections } = await summary(`# Guide\n\n${sentence}\n`, 'guide.md');
    expect(sections.map((g) => g.text)).toEqual([sentence]);
  });

  it('of a section of LaTeX may begin below its label', async () => {
    const latex =
      '\\documentclass{article}\n\\begin{document}\n\\section{Keys}\n\\label{sec:keys}\nA key is made once.\n\n\\begin{verbatim}\nmake key store\n\\end{verbatim}\n\\end{document}\n';
    const { sections } = await summary(latex, 'guide.tex');
    expect(sections.map((g) => g.text)).toContain('A key is made once.');
  });

  it('of an object of reStructuredText are the first words of its description', async () => {
    const rst = `Store\n=====\n\n.. class:: Store(path, *, \\\n                 size=10)\n   :canonical: store.Store\n\n   The place where values are kept. It is quick.\n\n   :param size: number of values\n\n   .. method:: close()\n      :async:\n\n      Closes the store.\n\n      More is said here of what else happens.\n`;
    const { sections } = await summary(rst, 'store.rst');
    expect(sections.slice(1).map((g) => g.text)).toEqual(['The place where values are kept.', 'Closes the store.']);
  });

  it('are what a function says of itself, else one of its own statements', async () => {
    const text = sample('store.py');
    const { sections } = await summary(text, 'store.py');
    const { tree } = await fakeDocument(text, 'store.py');
    const gist = (name: string): string | undefined => sections.find((g) => tree.nodes[g.node]!.name === name)?.text;
    expect(gist('Entry')).toBe('One value and the moment at which it ends.');
    expect(gist('sweep')).toBe('Removes what is too old; returns how many were removed.');
    expect(gist('read')).toBe('Readers never see what is too old.');
    const constructor = gist('__init__')!;
    expect(text).toContain(constructor);
    expect(constructor).toMatch(/self\./);
  });

  it('of a class that says nothing of itself are its members', async () => {
    const method = (name: string): string => `  ${name}(a) {\n    // Reads a value first.\n    return other(a);\n  }\n`;
    const names = ['constructor', 'open', 'close', 'read'];
    const text = `class File {\n${names.map(method).join('')}}\n`;
    const { sections } = await summary(text, 'file.js');
    expect(sections[0]).toMatchObject({ text: 'open, close, read', range: { start: 0, end: 'class File {'.length } });
    const one = await summary(
      'namespace Shop\n{\n  /* Keeps values. */\n  class Store\n  {\n    int a;\n    int b;\n  };\n}\n',
      'a.cpp',
    );
    expect(one.sections[0]!.text).toBe('Store: Keeps values.');
    const many = Array.from({ length: 40 }, (_, i) => `member${i}`);
    const large = await summary(`class File {\n${many.map(method).join('')}}\n`, 'file.js');
    expect(large.sections[0]!.text).toMatch(/^(member\d+, )+member\d+ and \d+ more$/);
  });

  it.each([
    [
      'Store.java',
      'class Store {\n  Store(int a) {\n    keep(a);\n  }\n  void open() {\n    run(1);\n  }\n  void close() {\n    run(2);\n  }\n}\n',
    ],
    [
      'store.py',
      'class Store:\n    def __init__(self, a):\n        self.a = a\n    def open(self):\n        run(1)\n    def close(self):\n        run(2)\n',
    ],
  ])('of a class name no constructor: %s', async (name, text) => {
    expect((await summary(text, name)).sections[0]!.text).toBe('open, close');
  });

  it('of a section are not what the document says again and again', async () => {
    const section = (name: string): string =>
      `## ${name}\n\nAll of this is explained below. The ${name} holds one value.\n\n`;
    const { sections } = await summary(
      `# Guide\n\nIt is short.\n\n${['key', 'list', 'set'].map(section).join('')}`,
      'guide.md',
    );
    expect(sections.map((g) => g.text)).toEqual([
      'It is short.',
      ...['key', 'list', 'set'].map((n) => `The ${n} holds one value.`),
    ]);
  });

  it('quote no reminders, even where nothing else is written above a function', async () => {
    const text = '// TODO: rewrite this\nfunction read(key) {\n  return fetchValue(key);\n}\n';
    const { sections } = await summary(text, 'a.js');
    expect(sections.map((g) => g.text)).toEqual(['return fetchValue(key);']);
  });

  it('quote no title over several functions: it describes none of them', async () => {
    const text =
      'class Shelf {\npublic:\n  // Properties\n  int size() const override;\n  int width() const override;\n};\n';
    const { sections } = await summary(text, 'a.cpp');
    const size = sections[1]!;
    expect(size.text).toBe('int size() const override;');
    expect(text.slice(size.range.start, size.range.end)).toBe(size.text);
  });

  it.each(samples.map((s) => s.name))('%s: one line for each named part, from inside it', async (name) => {
    const text = sample(name);
    const document = await fakeDocument(text, name);
    const { file, sections } = summarise(new LevelIndex(document), text, 60);
    for (const gist of [...file, ...sections]) {
      const node = document.tree.nodes[gist.node]!;
      expect(gist.text.trim()).not.toBe('');
      expect(gist.text).not.toContain('\n');
      expect(gist.range.start >= node.start && gist.range.end <= node.end).toBe(true);
    }
    expect(sections.map((g) => g.node)).toEqual(sections.map((g) => g.node).toSorted((a, b) => a - b));
  });
});
