import { describe, expect, it } from 'vitest';
import { textOfTexinfo } from '../../../src/engine/hierarchy/prose/texinfo-text.js';
import { parse, problems } from './invariants.js';

describe('words of Texinfo', () => {
  it.each([
    ['commands', 'Use @option{--all} of @command{ls}, @emph{not @code{dir}}.', 'Use --all of ls, not dir.'],
    ['references', '@xref{Top,,,lamp,Lamps}. Or (@pxref{Names, , How it is called}), @ref{End}.', 'See Top. Or (see How it is called), End.'],
    ['links', '@uref{https://a.org, the page} and @url{https://b.org}, @email{me@@a.org, me}', 'the page and https://b.org, me'],
    ['symbols', '1@dots{} 3 @result{} @copyright{} @TeX{}@tie{}3', '1… 3 ⇒ © TeX 3'],
    ['letters that commands begin with', 'me@@a.org @{x@} @lbracechar{}y@rbracechar{}', 'me@a.org {x} {y}'],
    ['accents by their letter', "na@\"{i}ve caf@'e, @,{c}a", 'naive cafe, ca'],
    ['quotes and dashes, not those of options', "``one'' --- two, 1999--2002 @option{--no-x}", '“one” — two, 1999–2002 --no-x'],
    ['lines that print nothing', '@cindex lamps\nShown. @c Not this.\n@noindent\nToo.', 'Shown. Too.'],
    ['anchors, notes and pictures', 'Here@anchor{here}@footnote{Or there.} it is@image{lamp,,,A lamp}.', 'Here it is.'],
    ['items', '@item -n @var{number}', '-n number'],
    ['cells', '@item one @tab two', 'one · two'],
    ['definitions', '@deftypefun {struct lamp *} lamp_new (int @var{watts})', 'struct lamp * lamp_new (int watts)'],
    ['what a sentence only opens or closes', 'of @emph{two sentences.', 'of two sentences.'],
    ['names that objects have', '@constructor{a} @toString{b}', 'a b'],
    ['characters by number, and what is none', '@U{00E9}@U{-1}@U{110000}@U{x}.', 'é.'],
    ['icons of private fonts', 'Press \u{F0001}, \u{F0002} or \u{F0003}.', 'Press \u{F0001}, \u{F0002} or \u{F0003}.'],
    ['braces that are never closed', `${'@code{'.repeat(20_000)}a`, 'a'],
    ['no letters', '@ignore\n@\n@{', '{'],
  ])('%s', (_, raw, words) => {
    for (const text of [raw, raw.replaceAll('\n', '\r\n')]) expect(textOfTexinfo(text)).toBe(words);
  }); // prettier-ignore
});

describe('manuals in Texinfo', () => {
  const manual = `\\input texinfo  @c -*-texinfo-*-
@setfilename lamp.info
@copying
Copyright @copyright{} 2020 Nobody. All rights are reserved.
@end copying
@node Top
@top Lamps
@menu
* Drawing::  How lamps are drawn.
@end menu

@node Drawing
@chapter Drawing @emph{lamps}
@cindex drawing

Lamps are drawn.  They are
@cindex round
round, @xref{Top}.

@table @option
@item -s @var{size}
@itemx --size=@var{size}
@opindex -s
How large.

By default as large as the page.
@item -q
Says nothing.
@end table

@itemize @bullet
@item One entry.
@item
Another one.
@end itemize

@example
lamp -s 2

lamp @dots{}
@end example

@section Functions
@deftypefun {struct lamp *} lamp_new (int @var{watts})
@deftypefunx int lamp_free (struct lamp *)
Makes a lamp.  It is off.

@example
lamp_new (2);
@end example
@end deftypefun

What follows is of the section.
@bye
`;

  it('have chapters, entries of tables, lists, lines of examples and definitions', async () => {
    const tree = await parse(manual, 'lamp.texi');
    expect(problems(tree, manual)).toEqual([]);
    expect(tree).toMatchObject({ language: 'texinfo', genre: 'prose' });
    const named = tree.nodes.filter((n) => n.name !== undefined).map((n) => `${n.kind} ${n.name}`);
    expect(named).toEqual([
      'section Lamps', 'section Drawing lamps', 'block -s size', 'block -q', 'section Functions', 'section lamp_new',
    ]); // prettier-ignore
    const read = tree.nodes
      .filter((n) => n.children.length === 0 && !n.silent)
      .map((n) => manual.slice(n.start, n.end));
    expect(read.map(textOfTexinfo)).toEqual([
      'Lamps', 'Drawing lamps', 'Lamps are drawn.', 'They are round, See Top.', '-s size', '--size=size', 'How large.', 'By default as large as the page.', '-q', 'Says nothing.',
      'One entry.', 'Another one.', 'lamp -s 2', 'lamp …', 'Functions', 'struct lamp * lamp_new (int watts)', 'int lamp_free (struct lamp *)', 'Makes a lamp.', 'It is off.',
      'lamp_new (2);', 'What follows is of the section.',
    ]); // prettier-ignore
  });

  it('give a definition its first paragraph, and what follows its end back to the section', async () => {
    const { nodes } = await parse(manual, 'lamp.texi');
    const text = ({ start, end }: { start: number; end: number }): string => manual.slice(start, end);
    const defined = nodes.find((n) => n.name === 'lamp_new')!;
    expect(text(defined.description!)).toBe('Makes a lamp.  It is off.');
    const last = nodes.findLast((n) => n.kind === 'paragraph')!;
    expect(nodes[last.parent]).toMatchObject({ name: 'Functions' });
  });

  it('read what looks like a command in verbatim text, and what is opened but never ended', async () => {
    const half =
      '@chapter One\n@ignore\nSeen, because it never ends.\n\n@verbatim\n@chapter Two\n@end verbatim\n@table @code\n@item a';
    const tree = await parse(half, 'half.texinfo');
    expect(problems(tree, half)).toEqual([]);
    expect(tree.nodes.filter((n) => n.kind === 'section').map((n) => n.name)).toEqual(['One']);
    const leaves = tree.nodes
      .filter((n) => n.children.length === 0 && !n.silent)
      .map((n) => half.slice(n.start, n.end));
    expect(leaves).toEqual(['@chapter One', 'Seen, because it never ends.', '@chapter Two', '@item a']);
  });
});
