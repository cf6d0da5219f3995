/** Real files in the middle of random edits: whatever somebody has typed so far, the tree is sound and its names are those of what it holds. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TreeNode } from '../../../src/protocol/document.js';
import { random } from '../random.js';
import { parse, problems, ROOT, type Sample, samples } from './invariants.js';

type Draw = ReturnType<typeof random>;

/** Of a long file its beginning. */
const MOST_CHARS = 9_000;
const SEEDS = 12;
const MOST_EDITS = 4;

const FILES = [
  ...['README.md', 'CONTRIBUTING.md', 'LICENSE', 'package.json', 'eslint.config.mjs', '.gitignore'],
  ...['scripts/setup.mjs', 'src/engine/hierarchy/code/fallback.ts', 'training/prepare.py', 'training/pyproject.toml'],
  ...['farm.rst', 'garden.rb', 'game.cs', 'Limits.java', 'pool.go', 'services.yaml', 'meeting.txt'].map(
    (name) => `test/fixtures/context/${name}`,
  ),
];
const read = (file: string): Sample => ({
  name: path.basename(file),
  text: readFileSync(path.join(ROOT, file), 'utf8').slice(0, MOST_CHARS),
});

/** Kinds of text that no file here is of. */
const WRITTEN: readonly Sample[] = [
  {
    name: 'store.f',
    text: 'C     Sums up.\n      SUBROUTINE SUMUP(A, N,\n     $                 TOTAL)\n      DO 30 I = 1, N\n         TOTAL = TOTAL + A(I)\n   30 CONTINUE\n      END\n*\n      REAL FUNCTION LARGE(A)\n      LARGE = A(1)\n      END\n',
  },
  {
    name: 'store.f90',
    text: '!> Keeps.\nmodule store\n  implicit none\n  type :: entry\n    integer :: key\n  end type entry\ncontains\n  !> Puts.\n  subroutine put(key) &\n      bind(c)\n    if (key > 0) then\n      all(key) = 1\n    end if\n  end subroutine put\nend module store\n',
  },
  {
    name: 'store.ex',
    text: 'defmodule Store do\n  @moduledoc """\n  Keeps.\n  """\n\n  @doc "Adds."\n  @spec add(t) :: t\n  def add(a), do: a\n\n  @doc """\n  Counts.\n\n      iex> 1\n  """\n  def count([]), do: 0\n  def count([_ | rest]) do\n    1 + count(rest)\n  end\nend\n',
  },
  {
    name: 'Store.pm',
    text: 'package Store;\nuse strict;\n\n=head1 NAME\n\nStore - keeps C<values>\n\n=over 4\n\n=item open\n\nOpens it.\n\n=back\n\n=cut\n\nsub open {\n  my ($self) = @_;\n  return "$self";\n}\n\n1;\n',
  },
  {
    name: 'store.texi',
    text: '\\input texinfo\n@chapter Store\n\nIt keeps @code{values}. They go.\n\n@table @code\n@item open\nOpens it.\n@end table\n\n@deffn Command read key\nReads.\n@end deffn\n\n@example\nread a\n@end example\n',
  },
  {
    name: 'chat.txt',
    text: '12/03/2021, 10:15 - Messages are encrypted.\n12/03/2021, 10:17 - Anna: Hi all\n12/03/2021, 10:18 - Ben: I have:\n10:30 the train\n12/03/2021, 10:18 - Carol joined\n12/03/2021, 10:19 - Carol: Me too!\n12/03/2021, 10:20 - Anna: Great\n12/03/2021, 10:22 - Ben: See you\n12/03/2021, 10:23 - Carol: Bye\n',
  },
  {
    name: 'store.sql',
    text: "-- Orders.\nCREATE TABLE orders (\n  id int -- the id\n);\n\n/* Touches. */\nCREATE FUNCTION touch() RETURNS trigger AS $$\nBEGIN\n  SELECT 'a';\nEND;\n$$;\n",
  },
  {
    name: 'store.el',
    text: ';;; store.el --- Keeps\n(defun store-open (path)\n  "Opens PATH."\n  (let ((a "(x"))\n    a))\n',
  },
];

const FRAGMENTS = [
  ...['"', "'", '`', '"""', "'''", '/*', '*/', '//', '#', '--', '%', '<!--', '-->', '{', '}', '(', ')', '[', ']', '<'],
  ...[
    '\n',
    '\n\n',
    '\r\n',
    '\t',
    '    ',
    '\\',
    ':',
    ';',
    '|',
    '=',
    '---',
    '===',
    '```',
    '- ',
    '* ',
    '> ',
    '=> {',
    '\uFEFF',
  ],
  ...[
    '=head1 A',
    '=cut',
    '\\begin{a}',
    '\\end{a}',
    '@end table',
    '.SH A',
    '10:31 - ',
    'Anna: ',
    '\u2028',
    '\u00a0',
    '🙂',
    '\ud83d',
  ],
  ...[
    'end',
    'do',
    'def ',
    'function ',
    'class A {',
    'if (',
    'END IF',
    '00:00:01.000 --> 00:00:02.000',
    '$$',
    '@doc """',
  ],
];
/** What begins or ends a string or a comment. */
const QUOTES = /"""|["'`]|\/\*|\*\/|<!--|-->|\/\/|#|%/g;

/** One thing that somebody does to a text. */
function edited(text: string, draw: Draw): string {
  const at = draw(text.length + 1);
  const quotes = [...text.matchAll(QUOTES)];
  const quote = quotes[draw(Math.max(1, quotes.length))];
  switch (draw(6)) {
    case 0:
      return text.slice(0, at) + text.slice(at + draw(400));
    case 1: {
      const typed = Array.from({ length: 1 + draw(3) }, () => FRAGMENTS[draw(FRAGMENTS.length)]!);
      return text.slice(0, at) + typed.join('') + text.slice(at);
    }
    case 2: {
      const lines = text.split('\n');
      const line = draw(lines.length);
      return lines.flatMap((l, i) => (i === line ? Array<string>(2 + draw(3)).fill(l) : [l])).join('\n');
    }
    case 3:
      return quote ? text.slice(0, quote.index + quote[0].length + draw(6)) : text;
    case 4:
      return quote ? text.slice(0, quote.index) + text.slice(quote.index + quote[0].length) : text;
    default: {
      const moved = text.slice(at, at + draw(300));
      const to = draw(text.length + 1);
      return text.slice(0, to) + moved + text.slice(to);
    }
  }
}

/** What is wrong with the name of a node: on one line there is one, and a section is called by words that stand in it. */
function wrongName({ kind, name, start, end }: TreeNode, text: string, inWords: boolean): string | undefined {
  if (name === undefined) return undefined;
  if (name.trim() === '' || /[\r\n]/.test(name) || name.length > 1_000) return `${kind} ${JSON.stringify(name)}`;
  if (kind !== 'section' || !inWords) return undefined;
  const written = text.slice(start, end);
  const missing = name.match(/\w+/g)?.find((word) => !written.includes(word));
  return missing === undefined ? undefined : `${kind} ${JSON.stringify(name)} without ${missing}`;
}

describe('the tree of a file that is being edited is sound', () => {
  it.each([...samples, ...FILES.map(read), ...WRITTEN].map(({ name, text }) => [name, text] as const))(
    '%s',
    async (name, text) => {
      for (let seed = 1; seed <= SEEDS; seed++) {
        const draw = random(seed * 7_919);
        let typed = text;
        for (let edits = 1 + draw(MOST_EDITS); edits > 0; edits--) typed = edited(typed, draw);
        if (typed.trim() === '') continue;
        const tree = await parse(typed, name);
        // Sections of turns are counted, and some texts are printed otherwise than they are written.
        const inWords = tree.genre !== 'transcript' && !/^(?:html|latex)$/.test(tree.language);
        const names = tree.nodes.flatMap((node) => wrongName(node, typed, inWords) ?? []);
        expect([...problems(tree, typed), ...names], `seed ${seed}`).toEqual([]);
      }
    },
  );
});
