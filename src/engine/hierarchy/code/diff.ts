/** The files that a diff is about. */
import type { LineIndex } from '../text.js';

const GIT = /^diff --git a\/(\S+)/;
/** Other programs say in a line above the names what they compared: `diff -r -u old/x new/x`, `Index: x`. */
const ABOVE = /^(?:diff|Index:)\s/;
/** Up to a time behind it. */
const NAMES = /^(?:---|\+\+\+) (?:[ab]\/)?([^\t\n]+?)(?:\t.*|\s+\d{4}-\d\d-\d\d\s.*)?\s*$/;
const MOST_NAME = 400;
/** Between what a program says above the names and these: modes and what a file was called before. */
const MOST_LINES = 8;

/** The name of each file, by the first of the lines that stand above its changes. */
export function filesOfDiff(lines: LineIndex): ReadonlyMap<number, string> {
  const files = new Map<number, string>();
  let above: number | undefined;
  for (let i = 0; i < lines.count; i++) {
    const line = lines.line(i);
    const git = GIT.exec(line)?.[1];
    if (git !== undefined) files.set(i, git);
    if (ABOVE.test(line)) above = i;
    else if (above !== undefined && i - above > MOST_LINES) above = undefined;
    if (!line.startsWith('+++ ') || !lines.line(i - 1).startsWith('--- ') || !lines.line(i + 1).startsWith('@@'))
      continue;
    const [before, after] = [lines.line(i - 1), line].map((names) => NAMES.exec(names.slice(0, MOST_NAME))?.[1]);
    const name = after === '/dev/null' ? before : after;
    if (name !== undefined && !(above !== undefined && files.has(above))) files.set(above ?? i - 1, name);
    above = undefined;
  }
  return files;
}
