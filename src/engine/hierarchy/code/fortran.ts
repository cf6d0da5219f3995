/**
 * Where the lines of Fortran stand: bodies of its units need not be indented, a label may stand before a statement, and on punched cards (fixed
 * form) a mark in the sixth column says that a line goes on with the one above.
 */
import type { LineIndex } from '../text.js';
import { indentation } from '../text.js';

const { raw } = String;
const PREFIXES = raw`(?:(?:recursive|non_recursive|pure|impure|elemental|module)\s+){0,4}`;
const TYPE = raw`(?:integer|real|complex|logical|character|byte|double\s*(?:precision|complex)|type|class)(?:\s*\*\s*(?:\d+|\(\s*\*\s*\)))?(?:\s*\([^()]*(?:\([^()]*\)[^()]*)*\))?`;
const END_OF_LINE = raw`\s*(?:!.*)?$`;
/** What is called, and its name. */
export const PROCEDURE = new RegExp(
  raw`^${PREFIXES}(?:(?:${TYPE}\s*)?${PREFIXES}function\s+(?=\w+\s*\()|subroutine\s+|module\s+procedure\s+(?=\w+${END_OF_LINE}))(\w+)`,
  'i',
);
/** What holds procedures or values. */
export const UNIT = new RegExp(
  raw`^(?:(?:program|module|submodule\s*\([^()]*\))\s+(?=\w+${END_OF_LINE})(\w+)|(block\s*data\b(?:\s+\w+)?))`,
  'i',
);
/** `type :: entry`, but neither a value of a type nor a case of one. */
export const DERIVED = /^(?:type(?:\s*,[^:]*)?\s*::\s*|type\s+(?!is\b|\w+\s*\())(\w+)/i;
export const INTERFACE = /^(?:abstract\s+)?interface\b(?:\s+(\w+|operator\s*\([^()]*\)|assignment\s*\([^()]*\)))?/i;
const ENDS_INTERFACE = /^end\s*interface\b/i;
const ENDS_UNIT = new RegExp(
  raw`^end(?:\s*(subroutine|function|procedure|program|module|submodule|block\s*data)\b.*|${END_OF_LINE})$`,
  'i',
);
const CONTAINS = new RegExp(raw`^contains${END_OF_LINE}`, 'i');
/** Does nothing but close a loop by its label. */
export const CONTINUE = new RegExp(raw`^continue${END_OF_LINE}`, 'i');

/** A number to jump to. */
const LABEL = /^\s*\d{1,5}(?=\s)/;
/** A card, or a line that is none in either form. */
const CARD = /^(?:[ \d]{5}[^\t]|\d{0,5}\t)/;
const NO_STATEMENT = /^(?:[cC*dD!#]|\s*(?:!|$))/;
/** Share of the lines that are cards where all are meant to be. */
const CARDS = 0.9;
const GOES_ON_ABOVE = /^(?: {5}[^ 0]|\t[1-9])/;
const GOES_ON_BELOW = /&\s*(?:!.*)?$/;
/** Deeper than anybody indents. */
const STEP = 1_000;

/** A line without the label before it. */
export function withoutLabel(line: string): string {
  return line.replace(LABEL, (label) => ' '.repeat(label.length));
}

interface Unit {
  kind: string;
  /** Columns of its head; of the first line of its body, as soon as there is one. */
  head: number;
  body?: number;
  /** Whether others may begin in it. */
  holds: boolean;
}

/**
 * Indents bodies below the heads of their units, and comments and orders to the preprocessor as what they stand before. Returns the lines that
 * go on with another.
 */
export function layOutFortran(lines: LineIndex, indents: number[], isComment: (line: number) => boolean): Set<number> {
  const fixed = isOnCards(lines);
  const goesOn = new Set<number>();
  const open: Unit[] = [];
  /** Lines that stand as the next statement does. */
  let waiting: number[] = [];
  let interfaces = 0;
  let last: { line: number; goesOn: boolean } | undefined;
  for (let i = 0; i < lines.count; i++) {
    if (indents[i]! < 0) continue;
    const line = lines.line(i);
    if (isComment(i) || line.startsWith('#')) {
      waiting.push(i);
      continue;
    }
    if (last && (fixed ? GOES_ON_ABOVE.test(line) : last.goesOn)) {
      for (const at of [...waiting, i]) {
        indents[at] = indents[last.line]! + 1;
        goesOn.add(at);
      }
      waiting = [];
      last.goesOn = GOES_ON_BELOW.test(line);
      continue;
    }
    const statement = withoutLabel(line);
    const written = statement.trim();
    const ends = ENDS_UNIT.exec(written);
    const closed = ends && endOf(open, ends[1]);
    if (closed) indents[i] = open.length * STEP + closed.head;
    else {
      const kind = kindOf(written, interfaces > 0);
      // The one before was not ended yet.
      if (kind && interfaces === 0 && open.at(-1)?.holds === false) open.pop();
      const around = open.at(-1);
      const contains = CONTAINS.test(written);
      const here = indentation(statement);
      if (around) around.body ??= here;
      // What a unit holds stands below it as its statements do.
      const column = (kind || contains ? around?.body : undefined) ?? here;
      indents[i] = open.length * STEP + column;
      if (around && contains) around.holds = true;
      if (kind) open.push({ kind, head: column, holds: kind.endsWith('module') });
      if (ENDS_INTERFACE.test(written)) interfaces = Math.max(0, interfaces - 1);
      else if (INTERFACE.test(written)) interfaces++;
    }
    // What stands before the end of a unit is the last in it.
    const before = closed ? (open.length + 1) * STEP + (closed.body ?? closed.head) : indents[i]!;
    for (const at of waiting) indents[at] = before;
    waiting = [];
    last = { line: i, goesOn: GOES_ON_BELOW.test(line) };
  }
  return goesOn;
}

/** What a line begins, undefined for a statement; in an interface, a procedure of a module is named and not begun. */
function kindOf(written: string, inInterface: boolean): string | undefined {
  if (PROCEDURE.test(written)) return inInterface && /^module\s+procedure\b/i.test(written) ? undefined : 'procedure';
  if (!UNIT.test(written)) return undefined;
  return /^(?:program|module|submodule|block)/i.exec(written)![0].toLowerCase();
}

/** The unit that is ended, removed with those that were left open in it; undefined where none is. */
function endOf(open: Unit[], ended: string | undefined): Unit | undefined {
  if (ended === undefined) return open.pop();
  const kind = /^(?:subroutine|function)$/i.test(ended) ? 'procedure' : /^[a-z]+/i.exec(ended)![0].toLowerCase();
  const at = open.findLastIndex((unit) => unit.kind === kind || `${unit.kind}data` === kind);
  return at < 0 ? undefined : open.splice(at)[0];
}

function isOnCards(lines: LineIndex): boolean {
  let all = 0;
  let cards = 0;
  for (let i = 0; i < lines.count; i++) {
    const line = lines.line(i);
    if (NO_STATEMENT.test(line)) continue;
    all++;
    if (CARD.test(line)) cards++;
  }
  return all > 0 && cards >= CARDS * all;
}
