/** Strings of several lines, in texts without a grammar: their lines stand wherever they like and belong to the line that they begin in. */
import { entryOf } from '../../patterns.js';
import type { LineIndex } from '../text.js';

const LISP = /^(?:clojure|lisp)$/;
const LISP_TOKEN = /\\[^]|[";]/g;
/** Begins a text up to a line that consists of its second group. */
const HEREDOC = /<<[-~]?(["']?)([A-Za-z_]\w*)\1/;
/** Begins a text up to a line that begins with the same quote and sign. */
const HERE_STRING = /@(["'])\s*$/;
/** What ends the text that a line begins; `undefined` for one that begins none. */
const CLOSED_BY: Readonly<Record<string, (line: string) => string | undefined>> = {
  perl: heredoc,
  terraform: heredoc,
  dockerfile: heredoc,
  shellscript: heredoc,
  ruby: heredoc,
  powershell: (line) => {
    const quote = HERE_STRING.exec(line)?.[1];
    return quote && `${quote}@`;
  },
};

/** A row of a table that ends in a cell in quotes, and a line in which such a cell ends. */
const OPENS_CELL = /(?:^|[,;|\t])"(?:[^"]|"")*$/;
const CLOSES_CELL = /^(?:[^"]|"")*"(?=[,;|\t]|\s*$)/;
/** A quote that no line closes so soon is none. */
const MOST_LINES_OF_CELL = 100;

/** Indents the lines of cells deeper than the row that they are in. Returns the lines that go on with the row above. */
export function joinCells(lines: LineIndex, indents: number[]): Set<number> {
  const ends = nextEnds(lines);
  const goesOn = new Set<number>();
  for (let i = 0; i < lines.count; i++) {
    const end = ends[i]!;
    if (end - i > MOST_LINES_OF_CELL || !OPENS_CELL.test(lines.line(i))) continue;
    for (let line = i + 1; line <= end; line++) {
      goesOn.add(line);
      if (indents[line]! >= 0) indents[line] = Math.max(0, indents[i]!) + 1;
    }
    i = end;
  }
  return goesOn;
}

/** For each line, the first one below it that ends a row which began above that. */
function nextEnds(lines: LineIndex): number[] {
  const ends: number[] = [];
  let next = Infinity;
  for (let i = lines.count - 1; i >= 0; i--) {
    ends[i] = next;
    const closed = CLOSES_CELL.exec(lines.line(i))?.[0];
    if (closed !== undefined && !OPENS_CELL.test(lines.line(i).slice(closed.length))) next = i;
  }
  return ends;
}

/** Indents the lines of strings deeper than the line that the string begins in. */
export function deepenStrings(lines: LineIndex, indents: number[], language: string): void {
  if (LISP.test(language)) deepenLisp(lines, indents);
  const closedBy = entryOf(CLOSED_BY, language);
  if (closedBy) deepenHeredocs(lines, indents, closedBy);
}

function heredoc(line: string): string | undefined {
  return HEREDOC.exec(line)?.[2];
}

function deepenHeredocs(lines: LineIndex, indents: number[], closedBy: (line: string) => string | undefined): void {
  const closing = (line: number): string => /^(?:["']@|\s*\w+\s*$)/.exec(lines.line(line))?.[0].trim() ?? '';
  const last = new Map<string, number>();
  for (let i = 0; i < lines.count; i++) last.set(closing(i), i);
  let open: { column: number; close: string } | undefined;
  for (let i = 0; i < lines.count; i++) {
    if (open) {
      if (indents[i]! >= 0) indents[i] = open.column + 1;
      if (closing(i) === open.close) open = undefined;
      continue;
    }
    const close = closedBy(lines.line(i));
    // What is never closed is none.
    if (close && (last.get(close) ?? 0) > i) open = { column: Math.max(0, indents[i]!), close };
  }
}

function deepenLisp(lines: LineIndex, indents: number[]): void {
  let within: number | undefined;
  for (let i = 0; i < lines.count; i++) {
    const line = lines.line(i);
    // By custom nothing but a definition opens in the first column: a quote before it was none.
    if (line.startsWith('(')) within = undefined;
    if (within !== undefined && indents[i]! >= 0) indents[i] = within + 1;
    for (const { 0: token, index } of line.matchAll(LISP_TOKEN)) {
      if (token === ';' && within === undefined) break;
      if (token !== '"') continue;
      if (within !== undefined) within = undefined;
      // `?"` is a character.
      else if (line[index - 1] !== '?') within = Math.max(0, indents[i]!);
    }
  }
}
