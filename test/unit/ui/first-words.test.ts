/** How a place without a name is called in the sidebar, the Scales view and explanations. */
import { expect, it } from 'vitest';
import type { DocumentGenre, TreeNode } from '../../../src/protocol/document.js';
import { firstWords } from '../../../src/ui/first-words.js';

/** What a leaf is called that is all of `text`; `around`: more of the node that it is in. */
function called(
  text: string,
  language: string,
  { genre = 'code', max = 60, around = {} }: { genre?: DocumentGenre; max?: number; around?: Partial<TreeNode> } = {},
): string {
  const { length } = text;
  const leaf = { start: 0, end: length, startLine: 1, endLine: 1, children: [] };
  const place: TreeNode = { ...leaf, id: 1, kind: genre === 'code' ? 'statement' : 'sentence', parent: 0 };
  const file: TreeNode = { ...leaf, id: 0, kind: 'file', parent: -1, children: [1], ...around };
  return firstWords({ language, genre, length, nodes: [file, place] }, place, text, max);
}

it.each([
  ['/**\n * Starts, supervises\n *\n * The process.\n */\nrun();', 'typescript', 'Starts, supervises The process.'],
  ['"""Drops the cache."""\ncache = {}', 'python', 'Drops the cache. cache = {}'],
  ['/// Reads\n/// a file.', 'rust', 'Reads a file.'],
  ['#Reads\n#a file.\nx = 1', 'python', 'Reads a file.'],
  ['--Reads\n--a file.', 'lua', 'Reads a file.'],
  ['--[[ Reads\n a file. ]]\nlocal a = 1', 'lua', 'Reads a file.'],
  ['{- Reads\n   a file. -}\nmodule A where', 'haskell', 'Reads a file.'],
  ['(* Reads\n * a file. *)\nlet a = 1', 'ocaml', 'Reads a file.'],
  ['#[[ Reads\n a file. ]]\nset(A 1)', 'cmake', 'Reads a file.'],
  ['<#\n Reads a file.\n#>', 'powershell', 'Reads a file.'],
  ["' Reads\n' a file.\nDim a", 'vb', 'Reads a file.'],
  ['!> Reads\n!! a file.\ninteger :: a', 'fortran', 'Reads a file.'],
  [';; Reads\n;; a file.', 'clojure', 'Reads a file.'],
  ['<!-- Reads a file. -->', 'xml', 'Reads a file.'],
  ['"    \\"\\"\\"Drops the cache.\\n",', 'jupyter', 'Drops the cache.'],
  ['"open(\\"a\\")\\n",', 'jupyter', 'open("a")'],
])('without the marks of comments: %j', (text, language, label) => {
  expect(called(text, language)).toBe(label);
});

it.each([
  ['#include <stdio.h>', 'c'],
  ['--i;', 'c'],
  ['glob("src/**/*.ts")', 'typescript'],
  ['f(x); /* all of it */', 'typescript'],
  ["s = '''a'''", 'python'],
])('leaves %j as it is', (text, language) => {
  expect(called(text, language)).toBe(text);
});

it('a part of a long comment has no marks either', () => {
  const text = '* Asks the engine\n   * once more. */';
  const description = { start: 0, end: text.length };
  expect(called(text, 'c', { around: { description } })).toBe('Asks the engine once more.');
});

it('reads prose without its markup, speech without what the transcriber wrote', () => {
  expect(called('* See [the **guide**](a.md).', 'markdown', { genre: 'prose' })).toBe('See the guide.');
  expect(called('We start [laughter] now .', 'plaintext', { genre: 'transcript' })).toBe('We start now.');
});

it('is short, however long the place is', () => {
  expect(called('/* Reads a file and all that is in it. */', 'c', { max: 20 })).toBe('Reads a file and…');
  // There are too many ways to read so many lines.
  expect(called(`run();${'\n'.repeat(300_000)}stop();`, 'c')).toBe('run();');
});
