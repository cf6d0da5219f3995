import { describe, expect, it } from 'vitest';
import { outline, parse, problems } from './invariants.js';

/** Kinds and names of the nodes below the file that have a name. */
async function named(text: string, file: string): Promise<string[]> {
  const tree = await parse(text, file);
  expect(problems(tree, text)).toEqual([]);
  expect(tree.genre).toBe('code');
  expect(tree.fallback).toContain('no grammar');
  return tree.nodes
    .filter((n) => n.name !== undefined && n.kind !== 'block')
    .map(
      (n) =>
        `${n.kind} ${n.name!}${n.description ? ` — ${text.slice(n.description.start, n.description.end).trim()}` : ''}`,
    );
}

describe('languages without a grammar have structure all the same', () => {
  it('SQL', async () => {
    const text = [
      '-- What was sold, by day.',
      'CREATE VIEW daily_sales AS',
      'SELECT day, sum(price) AS total',
      'FROM sales',
      'GROUP BY day;',
      '',
      'CREATE TABLE IF NOT EXISTS shop.customers (',
      '    id int PRIMARY KEY,',
      '    name text NOT NULL',
      ');',
      '',
      'GRANT SELECT ON daily_sales TO PUBLIC;',
    ].join('\n');
    expect(await named(text, 'schema.sql')).toEqual([
      'class daily_sales — -- What was sold, by day.',
      'class shop.customers',
    ]);
  });

  it.each(['SELECT *\nFROM users;\n\nSELECT 1;\n', 'SELECT *\n\nFROM users AS u\n\nSELECT 1;\n'])(
    'a clause of SQL is no stage: %j',
    async (text) => {
      expect(await named(text, 'a.sql')).toEqual([]);
    },
  );

  it('CMake, where calls are no definitions and an end closes what it ends', async () => {
    const text = [
      '# Adds a library and its tests.',
      'function(add_tested_library name)',
      '  add_library(${name} ${ARGN})',
      '  if(BUILD_TESTING)',
      '    add_test(NAME ${name}_test COMMAND ${name}_test)',
      '  endif()',
      'endfunction()',
      '',
      'message(STATUS',
      '  "one"',
      '  "two"',
      '  "three")',
    ].join('\n');
    expect(await named(text, 'CMakeLists.txt')).toEqual([
      'function add_tested_library — # Adds a library and its tests.',
    ]);
    const tree = await parse(text, 'CMakeLists.txt');
    const end = tree.nodes.find((n) => n.name === 'add_tested_library')!.end;
    expect(text.slice(0, end)).toMatch(/endfunction\(\)$/);
  });

  it('what is commented out lies anywhere and ends nothing', async () => {
    const text = [
      'sub total {',
      '    my @prices = @_;',
      '#    print "@prices";',
      '    my $sum = 0;',
      '    $sum += $_ for @prices;',
      '    return $sum;',
      '}',
      '',
      '# Nothing to sell',
      '#   any more.',
      'sub close_shop {',
      '  # for good',
      '    lock_door();',
      '    sell_keys();',
      '}',
    ].join('\n');
    expect(await named(text, 'shop.pl')).toEqual([
      'function total',
      'function close_shop — # Nothing to sell\n#   any more.',
    ]);
    expect(outline(await parse(text, 'shop.pl'))).toMatch(/function total 1–7[^]*function close_shop 9–15/);
  });

  it('a condition of several lines is part of what it decides, whose clauses are called by their words', async () => {
    const text = [
      'if ($line',
      '    =~ /^total/',
      '    || $line =~ /^sum/',
      ') {',
      '    $total = 1;',
      '    $sum = 2;',
      '} elsif ($other) {',
      '    $total = 3;',
      '    $sum = 4;',
      '    $all = 5;',
      '}',
      'call(',
      '    $total,',
      ');',
    ].join('\n');
    const tree = await parse(text, 'a.pl');
    expect(problems(tree, text)).toEqual([]);
    expect(tree.nodes.filter((n) => n.kind === 'block').map((n) => n.name)).toEqual(['if ($line', 'elsif ($other)']);
    const lines = tree.nodes.filter((n) => n.kind === 'statement').map((n) => text.slice(n.start, n.end).trim());
    expect(lines).toContain('$sum = 2;');
    expect(lines.at(-1)).toBe('call(\n    $total,\n);');
  });

  it('Vim script, whose functions replace others and stand in files', async () => {
    const text = [
      '" Opens an archive.',
      'fun! zip#Browse(zipfile)',
      '  let file = a:zipfile',
      '" call s:Debug(file)',
      '  if !filereadable(file)',
      '    return',
      '  endif',
      'endfun',
      'export def Indent(line: number): number',
      '  var before = line - 1',
      '  return before',
      'enddef',
    ].join('\n');
    expect(await named(text, 'zip.vim')).toEqual(['function zip#Browse — " Opens an archive.', 'function Indent']);
  });

  it('settings with sections', async () => {
    const text = '; Where it listens\n[server]\nport = 80\nhost = a\n\n[log]\nlevel = info\n';
    expect(await named(text, 'app.ini')).toEqual(['section server', 'section log']);
    expect(outline(await parse(text, 'app.ini'))).toMatch(/section server 1–4/);
  });

  it('settings with sections whose lines are indented', async () => {
    const text =
      '[core]\n\teditor = vim\n# Mine.\n[remote "a"]\n\turl = b\n\tfetch = c\n\tpush = d\n[alias]\n\tco = checkout\n';
    const tree = await parse(text, '.gitconfig');
    expect(problems(tree, text)).toEqual([]);
    expect(outline(tree).split('\n').slice(1, -1)).toEqual([
      'file 1–9',
      '  section core 1–2 · 2',
      '  section remote "a" 3–7 described · 5',
      '  section alias 8–9 · 2',
    ]);
  });

  it('settings for files whose names may end differently, and no list', async () => {
    const text = '[*]\na = 1\n\n[*.{js,ts}]\nb = 2\n\n[{a.json,*.yml}]\nc = 3\n\n[1, 2]\n[{"a": 1}]\n';
    expect(await named(text, 'x.editorconfig')).toEqual(['section *', 'section *.{js,ts}', 'section {a.json,*.yml}']);
  });

  it('a setting that was commented out is a statement, also among others and below a comment', async () => {
    const written = [
      '# Read from the first file\n# that is found.',
      '# How long to wait.\n#timeout = 30 s',
      '# Port=22',
      '#PermitRootLogin no',
      '#   IdentityFile ~/.ssh/id_rsa',
      'size = 3',
      '# Default settings\n# size = 1 means that nothing at all is kept.\n# Port settings\n#  no value',
    ];
    const text = `${written[0]}\n\n${written.slice(1).join('\n')}\n`;
    const { nodes } = await parse(text, 'app.ini');
    const leaves = nodes.filter((n) => n.children.length === 0).map((n) => text.slice(n.start, n.end));
    expect(leaves).toEqual(written);
    // In a program it may be an example.
    const code = '# timeout = 30\n# port = 22\n';
    expect((await parse(code, 'a.sh')).nodes).toHaveLength(2);
  });

  it('Make, Docker and patches', async () => {
    const recipe =
      'push: image\n\tcurl -X POST https://example.com \\\n\t\t--data x\n\tdocker build -t a:b \\\n\t\t.\n';
    expect(await named(recipe, 'Makefile')).toEqual(['function push']);
    expect(await named('all: a b\n\techo done\n\techo really\n\ntest: all\n\t./run\n\t./check\n', 'Makefile')).toEqual([
      'function all',
      'function test',
    ]);
    expect(await named('FROM node:24 AS build\nRUN npm ci\n\nFROM nginx\nCOPY . .\n', 'Dockerfile')).toEqual([
      'section build',
      'section nginx',
    ]);
    const patch = 'diff --git a/x.c b/x.c\n@@ -1 +1 @@\n-a\n+b\ndiff --git a/y.c b/y.c\n@@ -1 +1 @@\n-c\n+d\n';
    expect(await named(patch, 'fix.patch')).toEqual(['section x.c', 'section y.c']);
    const changes = (name: string, time = ''): string =>
      `--- a/${name}${time}\n+++ b/${name}${time}\n@@ -1 +1 @@\n--- a\n+b\n`;
    for (const [above, time] of [
      ['', ''],
      ['', '\t2026-01-02 03:04:05.000 +0000'],
      ['diff -r -u a/x.c b/x.c\n', ''],
      ['Index: x.c\n=====\n', ''],
      ['diff --git a/x.c b/x.c\nindex 1..2\n', ''],
    ] as const) {
      const text = `From: Ann\n\n${above}${changes('x.c', time)}${above.replaceAll('x.c', 'y.c')}${changes('y.c', time)}`;
      const { nodes } = await parse(text, 'fix.diff');
      const files = nodes.filter((n) => n.kind === 'section');
      expect(files.map((n) => n.name)).toEqual(['x.c', 'y.c']);
      expect(text.slice(files[1]!.start)).toMatch(/^(diff|Index:|---) .*y\.c/);
    }
  });

  it('files of a patch with context', async () => {
    const changes = (before: string, after: string): string =>
      `*** ${before}\t2026-01-02 03:04:05.000 +0000\n--- ${after}\t2026-01-02 03:04:05.000 +0000\n***************\n` +
      '*** 1,2 ****\n! a\n  b\n--- 1,2 ----\n! c\n  b\n';
    const text = `${changes('old/x.c', 'new/x.c')}diff -c old/y.c new/y.c\n${changes('old/y.c', '/dev/null')}`;
    const { nodes } = await parse(text, 'fix.patch');
    const files = nodes.filter((n) => n.kind === 'section');
    expect(files.map((n) => n.name)).toEqual(['new/x.c', 'old/y.c']);
    expect(text.slice(files[1]!.start)).toMatch(/^diff -c/);
  });

  it('files of a patch are called what they are afterwards, with blanks, without quotes', async () => {
    const changes = (before: string, after: string): string => `--- ${before}\n+++ ${after}\n@@ -1 +1 @@\n-a\n+b\n`;
    const text = [
      `diff --git a/My Notes.md b/My Notes.md\n${changes('a/My Notes.md\t', 'b/My Notes.md\t')}`,
      'diff --git a/My Face.png b/My Face.png\nBinary files a/My Face.png and b/My Face.png differ\n',
      `diff --git a/old.c b/new.c\nrename from old.c\nrename to new.c\n${changes('a/old.c', 'b/new.c')}`,
      'diff --git a/b.c b/my b.c\nsimilarity index 100%\nrename from b.c\nrename to my b.c\n',
      `diff --git "a/\\303\\244 \\"x\\".md" "b/\\303\\244 \\"x\\".md"\n${changes('"a/\\303\\244 \\"x\\".md"', '"b/\\303\\244 \\"x\\".md"')}`,
      `diff --git c/w.c w/w.c\n${changes('/dev/null', 'w/w.c')}`,
    ].join('');
    expect(await named(text, 'fix.diff')).toEqual([
      'section My Notes.md',
      'section My Face.png',
      'section new.c',
      'section my b.c',
      'section ä "x".md',
      'section w/w.c',
    ]);
  });

  it.each([
    [
      'a.pl',
      '=head2 read\n\nReads a value.\n\n=cut\nsub read {\n  my ($key) = @_;\n  return $values{$key};\n}\n',
      'function read',
    ],
    ['a.proto', 'message Store {\n  string name = 1;\n  int32 size = 2;\n}\n', 'class Store'],
    ['a.tf', 'resource "aws_s3_bucket" "logs" {\n  bucket = "logs"\n  acl = "private"\n}\n', 'class logs'],
    ['a.ex', 'defmodule Store do\n  def read(key) do\n    key\n  end\nend\n', 'class Store'],
    ['a.f90', 'subroutine solve(a, b)\n  real :: a, b\n  b = a\nend subroutine solve\n', 'function solve'],
    ['a.el', '(defun store-read (key)\n  "Read KEY."\n  (gethash key store))\n', 'function store-read'],
    ['a.ps1', 'function Get-Store {\n  param($Key)\n  $Values[$Key]\n}\n', 'function Get-Store'],
    ['a.jl', 'function read(s::Store)\n    s.value\nend\n', 'function read'],
    ['a.graphql', 'type Query {\n  store: Store\n  size: Int\n}\n', 'class Query'],
  ])('%s', async (file, text, expected) => {
    expect((await named(text, file))[0]).toMatch(new RegExp(`^${expected}( —|$)`));
  });

  it.each([
    ['a.feature', 'Feature: Basket\n  As a customer\n\n  Background:\n    Given a shop\n    And a basket\n\n  Scenario: Adding one\n    When one is added\n    Then there is one\n', ['class Basket', 'function Background', 'function Adding one']],
    ['a.lean', '/-- A basket. -/\nstructure Basket where\n  owner : String\n\ntheorem size_pos (b : Basket) : 0 ≤ size b := by\n  unfold size\n', ['class Basket — /-- A basket. -/', 'function size_pos']],
    ['a.v', 'Lemma zero : forall n, n * 0 = 0.\nProof.\n  intros n.\n  auto.\nQed.\n\nInductive nat : Set :=\n  | O : nat\n  | S : nat -> nat.\n', ['function zero', 'class nat']],
    ['a.purs', '-- | How many.\nsize :: Basket -> Int\nsize (Basket things) =\n  length things\n', ['function size — -- | How many.']],
    ['a.rego', '# Owners may.\nallow if {\n  input.user == data.owner\n}\n', ['function allow — # Owners may.']],
    ['a.bib', '@article{oak2020,\n  author = {Ann Oak},\n  title = {Trees}\n}\n', ['class oak2020']],
    ['a.prisma', '/// Who buys.\nmodel User {\n  id Int\n  name String\n}\n', ['class User — /// Who buys.']],
    ['a.pug', 'mixin card(thing)\n  .card\n    p= thing.name\n', ['function card']],
    ['a.http', '# All of it.\n\n### All things\nGET http://a.b/c\n\n### One thing\nGET http://a.b/c/1\n', ['section All things', 'section One thing']],
    ['a.pro', '% Who begot whom.\nancestor(X, Y) :-\n  parent(X, Y).\nancestor(X, Y) :-\n  parent(X, Z),\n  ancestor(Z, Y).\n', ['function ancestor — % Who begot whom.']],
    ['a.gd', '# Moves.\nfunc _process(delta):\n\tmove(delta)\n\tstop()\n', ['function _process — # Moves.']],
  ])('%s', async (file, text, expected) => {
    expect(await named(text, file)).toEqual(expected);
  }); // prettier-ignore

  it.each([
    ['a.el', '(defun read (key)\n  "Read KEY.\nIt says \\"none\\" (for\nall that is gone).\n\nMore."\n  (let ((quote ?"))\n    (find key)))\n\n(defcustom size 8\n  "How many."\n  :type (list\n    a))\n\n(define-minor-mode read-mode\n  "Show it."\n  :lighter " R")\n', ['function read — Read KEY.\nIt says \\"none\\" (for\nall that is gone).\n\nMore.', 'function read-mode — Show it.']],
    ['a.clj', '(defn add\n  "Puts it in."\n  [basket thing]\n  (conj basket thing))\n', ['function add — Puts it in.']],
    ['a.ex', 'defmodule Shop do\n  @moduledoc """\n  Sells.\n  """\n  use Server\n\n  @doc "Puts it in."\n  @spec add(t) :: :ok\n  def add(thing) do\n    call(thing)\n  end\nend\n', ['class Shop — @moduledoc """\n  Sells.\n  """', 'function add — @doc "Puts it in."']],
    ['a.m', '% Alone.\n\nfunction t = total(things)\n%TOTAL Adds.\nt = 0;\nfor i = things\n  t = t + i;\nend\nend\n\nfunction p = price(thing)\np = 1;\nend\n', ['function total', 'function price']],
    ['a.m', '## -*- texinfo -*-\n## Adds.\n\nfunction t = total(things)\n  t = sum(things);\n  disp(t);\nendfunction\n', ['function total — ## -*- texinfo -*-\n## Adds.']],
    ['a.m', '## Adds.\nfunction t = total(things)\n  t = sum(things);\n  disp(t);\nendfunction\n', ['function total — ## Adds.']],
    ['a.ps1', '<#\n.SYNOPSIS\nSells.\n#>\n[CmdletBinding()]\nparam(\n  [string]$Thing,\n  [int]$N,\n  [int]$M\n)\n\nfunction Add-Thing {\n  <# Puts it in. #>\n  param($Name)\n  Save $Name\n}\n', ['function Add-Thing — <# Puts it in. #>']],
    ['a.pro', '%!  add(+Thing, -Basket) is det.\n%\n%   Puts it in.\n\nadd(Thing, Basket) :-\n  call(Thing),\n  keep(Basket).\n', ['function add — %!  add(+Thing, -Basket) is det.\n%\n%   Puts it in.']],
    ['a.tcl', '# shop.tcl --\n#\n#  Sells.\n\n# shop::add --\n#\n#  Puts it in.\n\nproc shop::add {thing} {\n  lappend things $thing\n  return 1\n}\n', ['function shop::add — # shop::add --\n#\n#  Puts it in.']],
    ['a.groovy', '/** Reads it. */\n@Test\n@Named("read")\nvoid read() {\n  load()\n  close()\n}\n', ['function read — /** Reads it. */']],
    ['a.hs', '{-# LANGUAGE GADTs #-}\n-- | Puts it in.\nadd :: Int -> Int\nadd thing =\n  thing\n', ['function add — -- | Puts it in.']],
  ])('%s: what is said above or below a header is about that', async (file, text, expected) => {
    expect(await named(text, file)).toEqual(expected);
  }); // prettier-ignore

  it('a quote that is none hides no definition of Lisp', async () => {
    const text = '(defun a (x)\n  (eq x #|"|# 1))\n\n(defun b (x)\n  (list\n   x))\n';
    expect(await named(text, 'a.lisp')).toEqual(['function a', 'function b']);
  });

  it('the messages of a translation are entries, and where they stand is no remark on them', async () => {
    const entry = (i: number): string => `#: src/basket.c:${i}\nmsgid "Basket ${i}"\nmsgstr "Korb ${i}"\n`;
    const tree = await parse(`${entry(1)}\n# Said by the shop.\n${entry(2)}`, 'de.po');
    const leaves = tree.nodes.filter((n) => n.children.length === 0);
    expect(leaves.map((n) => [n.startLine, n.endLine])).toEqual([
      [1, 3],
      [5, 8],
    ]);
  });

  it.each([
    ['Basket.cls', 'public with sharing class Basket {\n}\n', 'apex'],
    ['Basket.cls', 'VERSION 1.0 CLASS\nBEGIN\nEND\n', 'vb'],
    ['basket.cls', '\\ProvidesClass{basket}\n% a class { of trees\n', 'tex'],
    ['init.pp', 'class apache (\n  $version = 1,\n) {\n}\n', 'puppet'],
    ['basket.pp', 'program Basket;\nbegin\nend.\n', 'pascal'],
    ['shop.pro', 'QT += core\nTARGET = shop\n', 'qmake'],
    ['family.pro', 'parent(ann, bob).\n', 'prolog'],
    ['family.pl', ':- module(family, [parent/2]).\n', 'prolog'],
    ['shop.pl', 'use strict;\nprint 1;\n', 'perl'],
    ['de.ts', '<?xml version="1.0"?>\n<!DOCTYPE TS>\n<TS></TS>\n', 'xml'],
    ['shop.ts', 'const a = 1;\n', 'typescript'],
    ['basket.v', 'module basket(input a);\nendmodule\n', 'verilog'],
    ['Basket.v', 'Require Import Arith.\n', 'coq'],
  ])('%s: %j is %s, whatever else is called so', async (file, text, language) => {
    for (const id of [undefined, 'plaintext']) expect((await parse(text, file, id)).language).toBe(language);
  });

  it('a row of a table is one statement, whatever lines its cells have', async () => {
    const rows = ['id,name,size', '1,"Ann\nOak","5"', '2,"Ben\n\n""B""\nAsh\nElm",6"', '3,"a","b"', '4,"open', '5,c'];
    const text = `${rows.join('\n')}\n`;
    const tree = await parse(text, 'a.csv');
    expect(problems(tree, text)).toEqual([]);
    const leaves = tree.nodes.filter((n) => n.children.length === 0);
    expect(leaves.map((n) => text.slice(n.start, n.end))).toEqual(rows);
  });

  it('what is never closed is no comment', async () => {
    const tree = await parse('/*\n!/src\n/*.log\nbuild/\n', '.gitignore', 'ignore');
    expect(tree.nodes.filter((n) => n.children.length === 0)).toHaveLength(4);
  });

  it('comments of several lines are one, and belong to what follows at once', async () => {
    const text =
      '/*\n * Reads it.\n */\ndef read(key) {\n  def values = load()\n  return values[key]\n}\n\n// alone\n\nprintln 1\n';
    expect(await named(text, 'a.groovy')).toEqual(['function read — /*\n * Reads it.\n */']);
  });
});

describe('lists in plain text', () => {
  const index = Array.from({ length: 8 }, (_, i) => `pkg net/http, ${'method '.repeat(i % 4)}number ${i}`).join('\n');

  it('are read line by line', async () => {
    const tree = await parse(index, 'api.txt');
    expect(tree.nodes.filter((n) => n.children.length === 0)).toHaveLength(8);
    expect(tree.nodes.some((n) => n.kind === 'paragraph')).toBe(false);
  });

  it('are no paragraphs of sentences that were wrapped', async () => {
    const words = 'Whoever opens a strange file wants to know first what it is for and then where to look. '.repeat(4);
    const wrapped = words.replace(/(.{50,60}) /g, '$1\n');
    const tree = await parse(wrapped, 'letter.txt');
    expect(tree.nodes.filter((n) => n.kind === 'sentence')).toHaveLength(4);
    expect(tree.nodes.some((n) => n.kind === 'paragraph')).toBe(true);
  });

  it.each([
    [
      'a.vim',
      '" Aligns the lines.\nfunction! Align(pattern)\n  " Find the widest\n  let widest = 0\n  return widest\nendfunction\n',
      'function Align — " Aligns the lines.',
    ],
    [
      'a.vb',
      "' Adds the prices.\nFunction Total(order)\n    Dim sum = 0\n    Return sum\nEnd Function\n",
      "function Total — ' Adds the prices.",
    ],
  ])('%s has comments of its own', async (name, text, expected) => {
    expect(await named(text, name)).toEqual([expected]);
  });

  it('scripts and XML are told from settings with the same extension', async () => {
    expect((await parse('#!/bin/sh\nset -e\necho a\n', 'update-rc.d')).language).toBe('shellscript');
    expect((await parse('<?xml version="1.0"?>\n<a>b</a>\n', 'fonts.conf')).language).toBe('xml');
    expect((await parse('[a]\nb = c\n', 'a.conf')).language).toBe('ini');
    expect((await parse('#!/bin/sh\n# \\\nexec tclsh "$0"\nputs 1\n', 'a.tcl')).language).toBe('tcl');
  });
});
