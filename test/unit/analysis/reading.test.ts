/** How code reads outside of its document, half-typed code included. */
import { expect, it } from 'vitest';
import { reading, readingOfPlace } from '../../../src/engine/analysis/reading.js';
import type { DocumentTree, TreeNode } from '../../../src/protocol/document.js';
import { parse } from '../hierarchy/invariants.js';

const read = (raw: string, language = 'java'): string =>
  reading({ language, genre: 'code', length: raw.length, nodes: [] }, 'statement', raw).text;

it('annotations are left out before what they say something of, braces where they close something else', () => {
  expect(read('@Test\n    @Fast(1)\n    void go() { run(); }')).toBe('void go() { run(); }');
  expect(read('run();\n    }\n  };\n}')).toBe('run();');
  expect(read('{ run(); stop(); }')).toBe('run(); stop();');
  expect(read('{\n}')).toBe('');
  expect(read("it('reads', () => {\n  run();\n});\n});")).toBe("it('reads', () => { run(); });");
  expect(read('run({ a }, [{ b }]);\n  }]);\n});')).toBe('run({ a }, [{ b }]);');
});

it('braces around a tuple stay', () => {
  expect(read('{:ok, Range.size(range)}', 'elixir')).toBe('{:ok, Range.size(range)}');
  expect(read('{run(); stop();}')).toBe('run(); stop();');
});

it.each([
  ['@go build -o bin/booking', 'makefile'],
  ['@echo done', 'bat'],
  ['@media (max-width: 40em)', 'css'],
  ['@interface Store ()', 'objective-c'],
  ['@entries.each do |key|', 'ruby'],
])('an @ that belongs to what is behind it begins no annotation: %s', (code, language) => {
  expect(read(code, language)).toBe(code);
});

it.each([
  ['a,"b, c",,d', 'a, "b, c", d'],
  ['a\tb, c\td', 'a, b, c, d'],
  ['1,5;2,5;3', '1,5, 2,5, 3'],
])('a row of cells is a list: %j', (row, said) => {
  expect(read(row, 'csv')).toBe(said);
});

it('a setting that was commented out keeps the mark that says so', () => {
  expect(read('#PermitRootLogin no\n', 'ini')).toBe('#PermitRootLogin no');
  expect(read('; cache.size = 30', 'ini')).toBe('; cache.size = 30');
});

it('a place in a long comment reads without marks, one in code without what closes something else', async () => {
  const table = Array.from({ length: 60 }, (_, i) => ` * Row ${i} of all.\n`).join('');
  const text = `/**\n * Counts rooms.\n${table} */\nint count(int day) {\n  if (day) { return day; }\n}\n`;
  const tree = await parse(text, 'a.c');
  const places = tree.nodes
    .filter((n) => n.children.length === 0 && !n.trivial)
    .map((n) => readingOfPlace(tree, n, text.slice(n.start, n.end)));
  const [code, comment] = [places.slice(-2), places.slice(0, -2)];
  expect(code).toEqual(['int count(int day)', 'if (day) { return day; }']);
  expect(comment.length).toBeGreaterThan(2);
  expect(comment.join(' ')).toBe(`Counts rooms.${table.replaceAll(/\n? \* /g, ' ').trimEnd()}`);
});

it('a place that says nothing is shown as it stands', () => {
  const tree: DocumentTree = { language: 'java', genre: 'code', length: 2, nodes: [] };
  const node: TreeNode = { id: 0, kind: 'block', start: 0, end: 2, startLine: 1, endLine: 1, parent: -1, children: [] };
  expect(readingOfPlace(tree, node, '{\n}')).toBe('{ }');
  expect(readingOfPlace(tree, node, '//')).toBe('//');
});

it('the words that end what began elsewhere are left out', () => {
  expect(read('run();\n  fi\ndone')).toBe('run();');
  expect(read('go()\n  endif\n  end while;\nenddo')).toBe('go()');
  expect(read('auto.\nDefined.')).toBe('auto.');
  expect(read('is\n  defined')).toBe('is defined');
});

// There are more ways to share the blanks between them than could ever be tried.
it.each([
  ['annotations before nothing', `${'@A\n    '.repeat(24)}}`],
  ['braces before more code', `run();${'\n    }'.repeat(24)} go`],
  ['blanks behind a brace', `run {${' '.repeat(2_000)}`],
])('%s', (_, raw) => {
  expect(read(raw)).not.toBe('');
});
