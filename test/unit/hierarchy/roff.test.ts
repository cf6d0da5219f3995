import { describe, expect, it } from 'vitest';
import { textOfRoff } from '../../../src/engine/hierarchy/prose/roff-text.js';
import { parse, problems } from './invariants.js';

describe('words of a manual page', () => {
  it.each([
    ['fonts', String.raw`Use \fB\-\-all\fR or \f(CWall\fP, \s-1GNU\s0 and \f[I]more\f[].`, 'Use --all or all, GNU and more.'],
    ['macros of fonts', '.B tar\nreads\n.IR "an archive" .', 'tar reads an archive.'],
    ['two fonts without a blank between', '.BR git\\-rebase (1),\nor', 'git-rebase(1), or'],
    ['names of characters', String.raw`it\(aqs \(lqone\(rq \(em \[co] \*(Aqtwo\*(Aq`, "it's “one” — © 'two'"],
    ['a backslash, and what has no width', String.raw`a \e b\&.\|\^ C:\e\~D`, String.raw`a \ b. C:\ D`],
    ['a tag without its indentation', '.IP "\\fB\\-n\\fR \\fInumber\\fR" 4\nHow many.', '-n number How many.'],
    ['bullets go', '.IP \\(bu 2\nOne entry.', 'One entry.'],
    ['comments and requests go', '.\\" Hidden.\n.ad l\nShown. \\" Not this.', 'Shown.'],
    ['mdoc', '.Op Fl o Ar file : Ns Ar port\nSee\n.Xr ssh 1 .\nOn\n.Ox\nand\n.Dq Pa /etc .', '[-o file :port] See ssh(1). On OpenBSD and “/etc”.'],
    ['names that objects have', String.raw`a \[constructor] \*[toString]b`, 'a constructor b'],
    ['arguments called like what objects have', '.Nm toString\n.Ar constructor', 'toString constructor'],
    ['brackets that are never closed', `${'\\*['.repeat(20_000)}a`, 'a'],
    ['blanks without end', `.B a${' '.repeat(200_000)}b \\" no`, 'a b'],
    ['what is unknown', '.XX\n.\n\\', ''],
  ])('%s', (_, raw, words) => {
    for (const text of [raw, raw.replaceAll('\n', '\r\n')]) expect(textOfRoff(text)).toBe(words);
  }); // prettier-ignore
});

describe('manual pages', () => {
  const page = String.raw`.\" Hidden.
.de XX
.SH "no heading"
..
.TH LAMP 1 "May 2020"
.SH NAME
lamp \- draws lamps
.SH
OPTIONS
These are known.
They are few.
.TP
.B \-s \fIsize\fR
How large.  In
.\" Hidden too.
.I meters.
.PP
An example:
.nf
  lamp \-s 2
  lamp
.fi
.SS "Colours of \(lqlamps\(rq"
None.
`;

  it('have sections, entries of lists with their tags, and lines of examples', async () => {
    const tree = await parse(page, 'lamp.1');
    expect(problems(tree, page)).toEqual([]);
    expect(tree).toMatchObject({ language: 'roff', genre: 'prose' });
    const sections = tree.nodes.filter((n) => n.kind === 'section').map((n) => n.name);
    expect(sections).toEqual(['NAME', 'OPTIONS', 'Colours of “lamps”']);
    const read = tree.nodes.filter((n) => n.children.length === 0 && !n.silent).map((n) => page.slice(n.start, n.end));
    expect(read.map(textOfRoff)).toEqual([
      'NAME', 'lamp - draws lamps', 'OPTIONS', 'These are known.', 'They are few.', '-s size How large.', 'In meters.', 'An example:', 'lamp -s 2', 'lamp', 'Colours of “lamps”', 'None.',
    ]); // prettier-ignore
    expect(tree.nodes.filter((n) => n.silent).length).toBeGreaterThan(0);
  });

  it.each([
    ['lamp.3pm', undefined, page, 'roff'],
    ['lamp.1.in', undefined, page, 'roff'],
    ['lamp', 'troff', page, 'roff'],
    ['server.1', undefined, 'It is a text. It has no macros.\n', 'plaintext'],
    ['page.txt', undefined, page, 'plaintext'],
  ])('%s (%s) is read by what it holds too', async (name, language, text, expected) => {
    expect((await parse(text, name, language)).language).toBe(expected);
  });
});
