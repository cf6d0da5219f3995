/** Fields under each other, `Name: value`, as in letters' heads, Debian's control files and what programs print. */
import type { TextRange } from '../../../protocol/document.js';
import type { DraftNode } from '../draft.js';
import { lineRanges, sentenceLeaves, trim } from '../draft.js';
import { sentences } from './sentences.js';
import { isBlank, linesBetween } from '../text.js';

/** A field's name: up to four words, without a blank before them. */
const FIELD = /^([\p{L}\p{N}_][\p{L}\p{N}_()./-]{0,39}(?: [\p{L}\p{N}_()./-]{1,30}){0,3})[ \t]{0,30}:(?:\s|$)/u;
/** Two lines that begin so may be of one sentence, three are a list. */
const LEAST_FIELDS = 3;
/** A field of more lines than this is a block of what it holds. */
const SMALL_LINES = 3;
/** An empty line inside a field of Debian's. */
const EMPTY = /^\s*\.\s*$/;

/**
 * The fields from an offset up to a blank line or `end`, an entry each; undefined where another line than a field's or, indented, its
 * continuation stands among them. `listed`: the lines of a list, undefined for sentences.
 */
export function fieldEntries(
  text: string,
  start: number,
  end: number,
  listed: (start: number, end: number) => TextRange[] | undefined,
): DraftNode | undefined {
  const entries: (TextRange & { name: string; lines: number })[] = [];
  for (const range of linesBetween(text, start, end)) {
    const line = text.slice(range.start, range.end);
    if (isBlank(line)) break;
    const last = entries.at(-1);
    const name = FIELD.exec(line.slice(0, 200))?.[1];
    if (name !== undefined) entries.push({ name, ...range, lines: 1 });
    else if (last && /^[ \t]/.test(line)) {
      last.end = range.end;
      last.lines++;
    } else return undefined;
  }
  if (entries.length < LEAST_FIELDS) return undefined;
  const children = entries.flatMap(({ name, lines, ...range }): DraftNode[] => {
    const whole = trim(text, range.start, range.end)!;
    if (lines <= SMALL_LINES) return sentenceLeaves([whole]);
    return [{ kind: 'block', name, ...whole, children: sentenceLeaves(contents(text, whole, listed)) }];
  });
  return { kind: 'block', start, end: entries.at(-1)!.end, children };
}

/** What a long field holds: its first line, which has the name, and the sentences or lines below it. */
function contents(
  text: string,
  { start, end }: TextRange,
  listed: (start: number, end: number) => TextRange[] | undefined,
): TextRange[] {
  const [head, ...rest] = lineRanges(text, start, end);
  const found = [head!];
  let run: TextRange[] = [];
  const flush = (): void => {
    const [first] = run;
    if (first) found.push(...(listed(first.start, run.at(-1)!.end) ?? sentences(text, first.start, run.at(-1)!.end)));
    run = [];
  };
  for (const line of rest) {
    if (EMPTY.test(text.slice(line.start, line.end))) flush();
    else run.push(line);
  }
  flush();
  return found;
}
