/** How a place without a name is called in the sidebar, the Scales view and explanations. */
import { expect, it } from 'vitest';
import { firstWords } from '../../../src/ui/first-words.js';

it.each([
  ['/**\n * Starts, supervises\n *\n * The process.\n */\nrun();', 'Starts, supervises The process. run();'],
  ['* Asks the engine\n   * once more. */', 'Asks the engine once more.'],
  ['more crashes are forgiven. */', 'more crashes are forgiven.'],
  ['the cache. """', 'the cache.'],
  ['"""Drops the cache."""\ncache = {}', 'Drops the cache. cache = {}'],
  ['/// Reads\n/// a file.', 'Reads a file.'],
  ['# Reads\n# a file.\nx = 1', 'Reads a file. x = 1'],
  ['-- Reads\n-- a file.', 'Reads a file.'],
  [';; Reads\n;; a file.', 'Reads a file.'],
  ['% Reads\n% a file.', 'Reads a file.'],
  ['* Fix: a crash\n* Add: a test', 'Fix: a crash Add: a test'],
  ['- name: build', 'name: build'],
  ['<!-- Reads a file. -->', 'Reads a file.'],
  ['"    \\"\\"\\"Drops the cache.\\n",', 'Drops the cache.'],
  ['"# Reads\\n",\n    "# a file.\\n",\n    "open(\\"a\\")"', 'Reads a file. open("a")'],
])('%j', (text, label) => {
  expect(firstWords(text, 60)).toBe(label);
});

it.each([
  'a\n* b',
  '#include <stdio.h>',
  '--i;',
  '**Bold** words',
  'glob("src/**/*.ts")',
  'print("a\\n")',
  'f(x); /* all of it */',
  "s = '''a'''",
  '*/',
  '-1',
])('leaves %j as it is', (text) => {
  expect(firstWords(text, 60)).toBe(text.replace('\n', ' '));
});

it('is short', () => {
  expect(firstWords('/* Reads a file and all that is in it. */', 20)).toBe('Reads a file and…');
});
