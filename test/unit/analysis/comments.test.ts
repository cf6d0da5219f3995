import { describe, expect, it } from 'vitest';
import {
  cleanDescription,
  isCommented,
  isFragment,
  isReminder,
  wordsOfComment,
} from '../../../src/engine/analysis/comments.js';
import { withoutMarkup } from '../../../src/engine/analysis/markup.js';

/** The id of no language. */
const ANY_LANGUAGE = '';

it.each([
  [
    '/**\n * Reads a value. Slowly.\n *\n * @param key of it\n */\nread();',
    'c',
    'Reads a value. Slowly. @param key of it',
  ],
  ['* 7000 8823\n * 8000 8001, see `read`\n */', 'c', '7000 8823 8000 8001, see read'],
  ['# First.\n# Second.\ncode(first)', 'python', 'First. Second.'],
  ['#!/bin/sh\n# Reads a value.\nread value', 'shellscript', 'Reads a value.'],
])('all of a comment or of a part of one: %j', (comment, language, said) => {
  expect(wordsOfComment(comment, language)).toBe(said);
});

describe('descriptions', () => {
  it.each([
    ['-- | /O(n/m)/. Moves a window.', 'haskell', 'Moves a window.'],
    ['-- | /O(1), O(w) on the wrapping case/.\n--\n-- Focus the window above.', 'haskell', 'Focus the window above.'],
    ['-- | \\(O(\\log n)\\). Moves a window.', 'haskell', 'Moves a window.'],
    ['-- ** The Zipper\n-- $zipper', 'haskell', ''],
    ['-- $zipper\n-- A zipper keeps a place in a list.', 'haskell', 'A zipper keeps a place in a list.'],
    ['# Clamps to +min+ or +max+, as x + y + z.', 'ruby', 'Clamps to min or max, as x + y + z.'],
    ['/** <module> Option list processing\n\nTakes them apart.\n*/', 'prolog', 'Option list processing'],
  ])('are without what the documentation of their language writes beside them: %s', (comment, language, said) => {
    expect(cleanDescription(comment, language)).toBe(said);
  });

  it.each([
    ['"""Says it. And more."""', 'Says it. And more.'],
    ['"""Says what it does here. And more."""', 'Says what it does here.'],
    ['# https://example.org/values\n# Reads a value.', 'Reads a value.'],
    ['# See: https://example.org/values', ''],
    ['// Source: https://example.org/values\n// Reads a value.', 'Reads a value.'],
    ['# Reads a value\n# See also https://example.org/values', 'Reads a value'],
    ['# Reads a value !!!', 'Reads a value'],
    ['/**\n * Reads a value\n * over two lines.\n * @param key of it\n */', 'Reads a value over two lines.'],
    ['// Reads `key` now\nlet code = read();', 'Reads key now'],
    ['# Wheels are better\nwheel = ["--only-binary"]', 'Wheels are better'],
    ['/// <summary>Reads a value.</summary>', 'Reads a value.'],
    ['-- Reads a value, if there is one.', 'Reads a value, if there is one.'],
    ['# Version manager\n# Implemented for all shells\n# and more.', 'Version manager.'],
    [
      '// Long lines are wrapped where no more words have room, as in the word\n// JSON, which begins a line.',
      'Long lines are wrapped where no more words have room, as in the word JSON, which begins a line.',
    ],
    ['/* @brief Reads a value. */', 'Reads a value.'],
    ['/* Reads a value, or\n * two. */\nread(&value);', 'Reads a value, or two.'],
    ['/// Reads a value.\n#[inline]\nfn read() {}', 'Reads a value.'],
    ['/// <summary>Reads <paramref name="key"/> of <see cref="T:My.Store"/>.</summary>', 'Reads key of My.Store.'],
    [
      '/// <summary>\n/// Reads a value of type T.\n/// </summary>\n/// <typeparam name="T">What is read.</typeparam>',
      'Reads a value of type T.',
    ],
    ['/** @type {Map<string, number>} */', ''],
    ['/** @fileoverview Reads values. */', 'Reads values.'],
    ['/* ---- Public interface ---- */', 'Public interface'],
    ['/*---------------\n  Reads a value.\n  ---------------*/', 'Reads a value.'],
    ['// Reads a value.\n// TODO: and closes it', 'Reads a value.'],
    ['#!/usr/bin/env bash\n# Reads a value.', 'Reads a value.'],
    ['/** @deprecated Read with `get`. */', 'Deprecated: Read with get.'],
    ['/**\n * Reads a value\n * @deprecated Read with `get`.\n */', 'Reads a value'],
    ['# frozen-string-literal: true\n#\n# Reads a value.', 'Reads a value.'],
    ['=head2 read\n\nReads a value.\n\n=cut', 'Reads a value.'],
    ['{- | Reads a value. -}', 'Reads a value.'],
    ['(* Reads a value. *)', 'Reads a value.'],
    ['%% Reads a value.', 'Reads a value.'],
    ['REM Reads a value.', 'Reads a value.'],
    ['#[[ Reads a value. ]]', 'Reads a value.'],
    ['/** Reads it; see {@link #write(String)}. */', 'Reads it; see write(String).'],
    [
      '# Module and documentation by Eric S. Raymond, 21 Dec 1998. More.',
      'Module and documentation by Eric S. Raymond, 21 Dec 1998.',
    ],
    ['// See Fig. 3 of the paper by Mr. Smith. It is old.', 'See Fig. 3 of the paper by Mr. Smith.'],
    ['// Reads a value of a kind\n// swiftlint:disable:next line_length', 'Reads a value of a kind'],
    ['// Reads what\n// prettier wrote', 'Reads what prettier wrote'],
    ['/// Reads a value of a kind\n/// - Parameters:\n///   - key: Its key.', 'Reads a value of a kind'],
    ['/* call-seq:\n *   store.read -> value\n *\n * Reads a value. */', 'Reads a value.'],
    ['# Reads a value\n# @!attribute [r] value', 'Reads a value'],
    ['-- ------ ------ ------\n-- Reads a value.', 'Reads a value.'],
    ['/**\n * Reads a value\n * \\deprecated Read with `get`.\n */', 'Reads a value'],
    ['// {{{ Reads a value. {{{1', 'Reads a value.'],
    ['# Says it all. And more.', 'Says it all. And more.'],
    ['# Says it whole. And more.', 'Says it whole.'],
    [
      '# A line is ended on purpose where there would be room for\n# A whole word of the next one.',
      'A line is ended on purpose where there would be room for.',
    ],
    [
      '# A line is ended by its width where there would be no room for\n# Parisians who come next.',
      'A line is ended by its width where there would be no room for Parisians who come next.',
    ],
    ['// Reads values, e.g. "A" or both. Then stops.', 'Reads values, e.g. "A" or both.'],
  ])('%j', (raw, expected) => {
    expect(cleanDescription(raw, ANY_LANGUAGE)).toBe(expected);
  });

  it.each([
    [
      'cpp',
      '/// Returns \\c true if \\p key is @em not there, as for `\\b x`.',
      'Returns true if key is not there, as for \\b x.',
    ],
    ['javascript', '// Matches \\b or \\w here.', 'Matches \\b or \\w here.'],
    ['kotlin', '/** Reads [Store.key] of [it](a.md), as a[i] does. */', 'Reads Store.key of it, as a[i] does.'],
    ['rust', '/// Reads a [`Store`] or [Box::new()].', 'Reads a Store or Box::new().'],
    ['python', '# Reads a [key] of it.', 'Reads a [key] of it.'],
  ])('in %s are read as they are shown: %j', (language, raw, expected) => {
    expect(cleanDescription(raw, language)).toBe(expected);
  });

  it('do not say what is drawn around them', () => {
    expect(cleanDescription('/* --- Reads a value. --- */', ANY_LANGUAGE)).toBe('Reads a value.');
    expect(cleanDescription('// Reads a value --', ANY_LANGUAGE)).toBe('Reads a value --');
    expect(cleanDescription('// ==== ----', ANY_LANGUAGE)).toBe('');
    const drawn = `// Reads ${'-'.repeat(300_000)} a value`;
    expect(cleanDescription(drawn, ANY_LANGUAGE)).toBe('Reads');
  });

  it('are cut at a word', () => {
    const cut = cleanDescription(`// ${'considerable '.repeat(40)}`, ANY_LANGUAGE);
    expect(cut.length).toBeLessThanOrEqual(141);
    expect(cut).toMatch(/considerable ?…$/);
  });
});

describe('comments that say nothing of the code', () => {
  it.each([
    ['# TODO: remove this', true],
    ['// todo(ann): remove this', true],
    ['// Todo items are kept here.', false],
    ['# quoted on purpose\n# shellcheck disable=SC2086', true],
    ['# Splits its argument into words.\n# shellcheck disable=SC2086', false],
    ['// https://example.org/why', true],
    ['// see https://example.org/why', true],
    ['// Как здесь: https://example.org/why', false],
    ['# frozen_string_literal: true', true],
    ['// swiftlint:disable:next line_length', true],
    ['// MARK: - Reading', true],
    ['// The type of each value: a number.', false],
    ['/** @codingStandardsIgnoreFile */', true],
    ['/*\nconst mesh = new Mesh( geometry );\nscene.add( mesh );\n*/', true],
    ['// store.clear();', true],
    ['# if (ready) {', true],
    ['// Clears the store (all of it); nothing is left.', false],
    ['const mesh = new Mesh(geometry);', false],
    ['/**\n * Reads a `Value`.\n *\n * ```ts import.meta.vitest\n * read()\n * ```\n */', false],
    ['/**\n * Reads values\n *\n * ```ts\n * read()\n * ```\n */', false],
  ])('%j: %s', (raw, expected) => {
    expect(isReminder(raw)).toBe(expected);
  });
});

it('a long comment in other letters than Latin ones is read in little more time than it is long', () => {
  expect(isReminder('// Он читает всё, что написано.\n'.repeat(40_000))).toBe(false);
  expect(isReminder('// Он читает\n// eslint-disable-next-line')).toBe(true);
});

describe('comments are told from code', () => {
  it.each([
    ['# define NAME 1', false],
    ['# if defined(NAME)', false],
    ['# define what is needed', true],
    ['# if nothing is found, it waits', true],
    ['#[derive(Debug)]', false],
    ['#[[ CMake ]]', true],
    ['%w[a b]', false],
    ['(*args, **kwargs)', false],
  ])('%j: %s', (raw, expected) => {
    expect(isCommented(raw, ANY_LANGUAGE)).toBe(expected);
  });
});

describe('words that say nothing alone', () => {
  it.each([
    ['Constructor.', true],
    ['Default constructor', true],
    ['Constructor for the EventBasedPathWatcher class.', true],
    ['Copy constructor of std::vector<T>', true],
    ['Destructor', true],
    ['Constructor that takes over the socket.', false],
    ['Constructor for parsers, which reads the grammar at once.', false],
    ['Private constructor: use open() instead.', false],
    ['For internal use only.', true],
    ['Arguments: a, b', true],
    ['This file was generated by protoc.', true],
    ['Properties', true],
    ['.. Array Arguments ..', true],
    ['__ \\ / / ___ Scala API / __/ __// _ | / / / _ | (c) 2003', true],
    ['Für α ≤ 1 (n > 0): 変換する', false],
    ['Public methods:', true],
    ['Constructors and destructors', true],
    ['Private', true],
    ['Properties of the store', false],
    ['Methods that read', false],
    ['Watches a single path on disk.', false],
  ])('%j: %s', (said, expected) => {
    expect(isFragment(said)).toBe(expected);
  });
});

describe('markup', () => {
  it.each([
    ['See [the base URI](#base "Base") of [[RFC3986]].', 'See the base URI of RFC3986.'],
    ['- [x] Dig a hole[^1].', 'Dig a hole.'],
    ['#. See [[file:a.org][the notes]] and [[Oak tree|oaks]] or link:a.html[more].', 'See the notes and oaks or more.'],
    ['| <a name="self"></a>$self | `string` | The *own* URI. |', '$self · string · The own URI.'],
    ['Waits as {meth}`~zmq.Socket.poll` does.', 'Waits as zmq.Socket.poll does.'],
    [
      'Default timeouts, :class:`~aiohttp.ClientTimeout` instance.',
      'Default timeouts, aiohttp.ClientTimeout instance.',
    ],
    ['Like :func:`.open` and :attr:`.File.mode` in :file:`.profile`.', 'Like open and File.mode in .profile.'],
    [
      'An :rfc:`2822`\\ -compliant file, see :pep:`8`, of re\\ ``Structured``.',
      'An RFC 2822-compliant file, see PEP 8, of reStructured.',
    ],
    ['Read `the guide <https://example.org>`_ **first**.', 'Read the guide first.'],
    ['Takes *args and **kwargs, and a Vec<T>.', 'Takes *args and **kwargs, and a Vec<T>.'],
    ['[![npm](https://a.b/n.svg)](https://n.pm/a "npm") [![CI][ci]][run] Reads ![a plan](plan.png).', 'Reads a plan.'],
    ['> [!NOTE]\n> It is _very_ old, `a_b_c` and __init__\n> are not.', 'It is very old, a_b_c and __init__ are not.'],
    [
      'Takes \\*args and \\*kw, read\\_all and&nbsp;more\\\nin two lines.',
      'Takes *args and *kw, read_all and more in two lines.',
    ],
    ['- an item\n  of a list', 'an item of a list'],
    ['## Work on it', 'Work on it'],
    ["Quotes as `foo!' and `bar' in Lisp, or `baz`_ and ``a  b``.", 'Quotes as foo! and bar in Lisp, or baz and a  b.'],
    ['Work on it\n----------', 'Work on it'],
  ])('of %j is not read out', (raw, expected) => {
    expect(withoutMarkup(raw)).toBe(expected);
  });
});

describe('code in backticks', () => {
  it.each([
    ['`{{a}` will match `[ 1, 3 ]`', '{{a} will match [ 1, 3 ]'],
    ['Between `<b>` and `</b>`, **not** `**a**`.', 'Between <b> and </b>, not **a**.'],
    ['X-Ranges `1.2.*` `*`', 'X-Ranges 1.2.* *'],
    ['Names like `_test_`, `[link](a.md)` and `<!-- x -->`', 'Names like _test_, [link](a.md) and <!-- x -->'],
    ['Ends ``a ` b`` and `` `c` ``', 'Ends a ` b and `c`'],
    ['A `Map <String>` and a :rst:role:`~a.b <c>` and ``:ref:`x` ``', 'A Map <String> and a a.b and :ref:`x`'],
    ['| `a|b` | `c \\| d` |', 'a|b · c | d'],
    ['[`*x*`](a.md) in two\n`lines of\ncode`', '*x* in two lines of code'],
    ['Is \\`not\\` code, nor is a lone ` here: *it*', 'Is \\`not\\` code, nor is a lone ` here: it'],
  ])('%j is read verbatim', (raw, expected) => {
    expect(withoutMarkup(raw)).toBe(expected);
  });

  it('is read verbatim in comments', () => {
    expect(cleanDescription('// Wraps `<b>` around `_x_` and `[ 1 ]`.', ANY_LANGUAGE)).toBe(
      'Wraps <b> around _x_ and [ 1 ].',
    );
  });
});
