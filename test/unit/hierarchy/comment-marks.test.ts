import { describe, expect, it } from 'vitest';
import { cleanDescription, isCommented } from '../../../src/engine/analysis/comments.js';
import { commentMarks } from '../../../src/engine/hierarchy/code/comment-marks.js';
import { LANGUAGES, WITHOUT_GRAMMAR } from '../../../src/engine/hierarchy/code/languages.js';

describe('what begins a comment', () => {
  it.each([
    ['javascript', '#count = 0;', false],
    ['javascript', '// of all', true],
    ['css', '#header { color: red; }', false],
    ['css', '--indent: 9em;', false],
    ['c', '--depth;', false],
    ['c', '#error "no scalar"', false],
    ['python', '# of all', true],
    ['python', "'''Of all.'''", true],
    ['toml', "'''a string'''", false],
    ['makefile', '--with-tcl \\', false],
    ['diff', '--- a/file.c', false],
    ['php', '#[Route("/")]', false],
    ['php', '# of all', true],
    ['lua', '; -- 10 MB', false],
    ['shellscript', ';; esac', false],
    ['viml', '" of all', true],
    ['vb', "' of all", true],
    ['fortran', '! of all', true],
    ['fortran', 'C     of all', true],
    ['fortran', '      c = 1', false],
    ['fortran', 'c = 1', false],
    ['fortran', 'call f(x)', false],
    ['viml', '# of all', true],
    ['bat', ':: of all', true],
    ['bat', '@REM of all', true],
    ['bat', '@remove', false],
    ['cmake', '#include <stdio.h>', false],
    ['xml', '<!-- of all -->', true],
    ['sql', '/* of all */', true],
    ['sql', '/*!40101 SET NAMES utf8 */;', false],
    ['of nobody', '# of all', true],
    ['of nobody', '// of all', true],
  ])('%s: %s', (language, text, expected) => {
    expect(isCommented(text, language)).toBe(expected);
  });

  it('is known of every language that can be read', () => {
    const none = commentMarks('csv').begins.source;
    const without = [...Object.keys(LANGUAGES), ...Object.keys(WITHOUT_GRAMMAR)].filter(
      (language) => commentMarks(language) === commentMarks('') || commentMarks(language).begins.source === none,
    );
    expect(without).toEqual(['csv', 'diff']);
  });
});

describe('the words of a comment', () => {
  it.each([
    ['cmake', '#[=======[.rst:\nReads a value.\n#]=======]\nset(x 1)', 'Reads a value.'],
    ['lua', '--[[\nReads a value.\n]]', 'Reads a value.'],
    ['julia', '#= Reads a value. =#', 'Reads a value.'],
    ['graphql', '"""\nReads a value.\n"""', 'Reads a value.'],
    ['graphql', '"Reads a value."', 'Reads a value.'],
    ['ocaml', '(* Reads a value\n * over two lines. *)', 'Reads a value over two lines.'],
    ['haskell', '-- | Reads a value.', 'Reads a value.'],
    ['haskell', '-- |\n-- A stack.', 'A stack.'],
    ['r', "#' Reads a value.", 'Reads a value.'],
    ['viml', '" Reads a value.', 'Reads a value.'],
    ['viml', '" Reads a value. {{{2', 'Reads a value.'],
    ['vb', "''' Reads a value.", 'Reads a value.'],
    [
      'haskell',
      '{-|\nModule      : Store\nDescription : Values\nCopyright   : (c) Ann Oak\n\nKeeps what was read.\n-}',
      'Keeps what was read.',
    ],
    ['haskell', '{-|\nModule      : Store\nDescription : Keeps values\n-}', 'Keeps values'],
    ['lisp', ';;; store.el --- Keeps what was read  -*- lexical-binding: t; -*-', 'Keeps what was read'],
    ['lisp', 'Reads `key\' of \\"all\\" values.', 'Reads key of "all" values.'],
    ['tcl', '# store::read --\n#\n#\tReads a value.\n#\n# Arguments:\n#\tkey', 'Reads a value.'],
    ['julia', '"""\n    Store\n\nKeeps what was read.\n"""', 'Keeps what was read.'],
    ['powershell', '<#\n    .SYNOPSIS\n    Reads a value.\n    #>', 'Reads a value.'],
    ['matlab', '## Reads a value.', 'Reads a value.'],
    [
      'matlab',
      '## -*- texinfo -*-\n## @deftypefn {} {@var{v} =} read (@var{key})\n## Reads the value of @var{key}.\n## @end deftypefn',
      'Reads the value of key.',
    ],
    [
      'matlab',
      '## -*- texinfo -*-\n## @deftypefn {} {@var{v} =} read (@var{key})\n## Reads the values between\n## @var{key} and @dots{}, @w{see @ref{Keys}}.\n## @end deftypefn',
      'Reads the values between key and …, see Keys.',
    ],
    ['prolog', '%!  read(+Key, -Value) is semidet.\n%\n%   Reads a value.', 'Reads a value.'],
    ['r', "#' Reads a \\code{\\link[base]{value}}.", 'Reads a value.'],
    ['python', '"""\nstore.keys\n~~~~~~~~~~\n\nReads keys by name.\n"""', 'Reads keys by name.'],
    ['cpp', '// KeyStore\n//\n// Reads keys by name.\nclass KeyStore', 'Reads keys by name.'],
    ['cpp', '// KeyStore', 'KeyStore'],
    ['rust', "// Runs with `FLAGS='--cfg a'` only.", "Runs with FLAGS='--cfg a' only."],
    ['perl', '# Reads C<key> of L<Store>.', 'Reads key of Store.'],
    ['xml', '<!-- ======= -->\n<!-- Reads a value. -->\n<item/>', 'Reads a value.'],
    ['html', '<!-- Reads a value --><script>', 'Reads a value'],
    ['fortran', 'C     Reads a value\nC     over two lines.\n      x = 1', 'Reads a value over two lines.'],
    ['powershell', '<#\n.SYNOPSIS\n    Reads a value.\n.PARAMETER Key\n    Of it.\n#>', 'Reads a value.'],
    ['cython', '# cython: language_level=3\n# Reads a value.', 'Reads a value.'],
    ['cython', '"""read(self, key)\nReads a value.\n"""', 'Reads a value.'],
    ['cython', '"""read(self, key) -> int"""', ''],
    ['c', '/*\n** REF: Reading a value\n** METHOD: store\n*/', 'REF: Reading a value'],
    ['cpp', '/** @overload\n@param key What is read, one\nof those that are kept.\n*/', ''],
    ['cpp', '// Reads a value, but not now\n// int value = read();\n', 'Reads a value, but not now'],
    ['c', '///< Reads a value.', 'Reads a value.'],
    [
      'c',
      '/*******************\\\n * Reads a value    *\n * over two lines.  *\n\\*******************/\nint x;',
      'Reads a value over two lines.',
    ],
    [
      'c',
      '/********************\n * Reads a value     *\n * over two lines.   *\n ********************/',
      'Reads a value over two lines.',
    ],
  ])('%s: %j', (language, raw, expected) => {
    expect(cleanDescription(raw, language)).toBe(expected);
  });
});
