/** How far routines of SQL reach: their bodies hold semicolons, and need not be indented. */
import type { LineIndex } from '../text.js';

/** What ends one entry of a script: a semicolon, the end of a batch, an order to the shell that reads it. */
export const LAST_OF_SQL = /;\s*(?:--.*)?$|^\s*(?:(?:go|\/|end\b.*(?:\/\/|\$\$))\s*$|delimiter\b)/i;
/** Ends the batch before it. */
export const BATCH_END = /^go$/i;
/** Begins what a routine needs; in other languages also what stands between statements. */
export const DECLARES = /^declare$/i;
/** Stands before a body, with what is declared for it between them. */
const BEFORE_BODY = /(?:^|\s)(?:as|is|declare)$/i;
const BEGIN = /(?:^|\s)begin(?:\s+(?:try|catch|atomic))?$/i;
const END = /^end(?:\s+(?!if\b|loop\b|case\b|while\b|repeat\b|for\b)[\w.$"[\]]+)?\s*(?:[;$/].*)?$/i;
/** PostgreSQL: a body in quotes. */
const QUOTED = /(?:^|\s)(?:as|do|plpgsql|sql)\s*(\$\w*\$)/i;
const LONE_QUOTE = /^(\$\w*\$)/;
/** Nothing in a body that is not quoted. */
const NEXT_ENTRY = /^(?:go$|delimiter\b|create\b|\/$)/i;

/** What stands among the lines of one indentation, below a line with less. */
interface Level {
  last: number;
  /** Lines before a body, down to the one above. */
  before: number[];
  /** For each body that is begun, the lines that it ends for. */
  open: number[][];
}

/** For each line that opens the body of a routine, or stands before one, the first line after the body. */
export function bodiesOfSql(
  lines: LineIndex,
  indents: readonly number[],
  isComment: (line: number) => boolean,
): Map<number, number> {
  const ends = new Map<number, number>();
  const levels = new Map<number, Level>();
  let quote: { mark: string; from: number[] } | undefined;
  for (let i = 0; i < lines.count; i++) {
    if (quote) {
      if (!lines.line(i).includes(quote.mark)) continue;
      for (const line of quote.from) ends.set(line, i + 1);
      quote = undefined;
      continue;
    }
    const indent = indents[i]!;
    if (indent < 0 || isComment(i)) continue;
    for (const deeper of levels.keys()) if (deeper > indent) levels.delete(deeper);
    const level: Level = { before: [], open: [], ...levels.get(indent), last: i };
    levels.set(indent, level);
    const written = lines.line(i).replace(/--.*$/, '').trim();
    if (NEXT_ENTRY.test(written)) level.open = [];
    const mark = (QUOTED.exec(written) ?? (level.before.length > 0 ? LONE_QUOTE.exec(written) : undefined))?.[1];
    // What is quoted is the body of the entry, however deep the quote stands in that.
    const [entry] = levels.values();
    if (mark && written.split(mark).length === 2) quote = { mark, from: [...entry!.before, entry!.last] };
    else if (BEGIN.test(written)) level.open.push([...level.before, i]);
    else if (END.test(written)) for (const line of level.open.pop() ?? []) ends.set(line, i + 1);
    if (BEFORE_BODY.test(written)) level.before.push(i);
    else level.before = [];
  }
  return ends;
}
