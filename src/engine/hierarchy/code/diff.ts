/** The files that a diff is about. */
import type { LineIndex } from '../text.js';

/** Up to the second name if it is the same, which tells where one with blanks ends. */
const GIT = /^diff --git ("?)(?:a\/)?(?:(.+?)\1 \1(?:b\/)?\2\1$|(\S+))/;
/** Other programs say in a line above the names what they compared: `diff -r -u old/x new/x`, `Index: x`. */
const ABOVE = /^(?:diff|Index:)\s/;
/** Up to a time behind it. */
const NAME =
  /^(?:---|\+\+\+|\*\*\*|rename to) ("?)(?:(?<=[-+*] "?)[ab]\/)?([^\t\n]+?)\1(?:\t.*|\s+\d{4}-\d\d-\d\d\s.*)?\s*$/;
/** How the lines begin with what a file is called before and afterwards, and the one below them: unified, and with context (`diff -c`). */
const HEADS = [
  ['--- ', '+++ ', '@@'],
  ['*** ', '--- ', '***************'],
];
const MOST_NAME = 400;
/** Between what a program says above the names and these: modes and what a file was called before. */
const MOST_LINES = 8;
const OCTAL = /(?:\\[0-7]{3})+/g;
const utf8 = new TextDecoder();

/** The name of each file, by the first of the lines that stand above its changes. */
export function filesOfDiff(lines: LineIndex): ReadonlyMap<number, string> {
  const files = new Map<number, string>();
  let above: number | undefined;
  for (let i = 0; i < lines.count; i++) {
    const line = lines.line(i);
    const [, quote, same, first] = GIT.exec(line.slice(0, 2 * MOST_NAME)) ?? [];
    if (quote !== undefined) files.set(i, unquoted(same ?? first!, quote));
    if (ABOVE.test(line)) above = i;
    else if (above !== undefined && i - above > MOST_LINES) above = undefined;
    const renamed = line.startsWith('rename to ') ? nameIn(line) : undefined;
    if (renamed !== undefined && above !== undefined) files.set(above, renamed);
    if (!HEADS.some((marks) => marks.every((mark, j) => lines.line(i + j - 1).startsWith(mark)))) continue;
    const after = nameIn(line);
    const name = after === '/dev/null' ? nameIn(lines.line(i - 1)) : after;
    if (name !== undefined) files.set(above ?? i - 1, name);
    above = undefined;
  }
  return files;
}

/** What a file is called in a line of its own. */
function nameIn(line: string): string | undefined {
  const [, quote, name] = NAME.exec(line.slice(0, MOST_NAME)) ?? [];
  return name && unquoted(name, quote!);
}

/** Git puts a name in quotes whose signs it writes as numbers, byte by byte. */
function unquoted(name: string, quote: string): string {
  if (quote === '') return name;
  const bytes = (octal: string): Uint8Array => Uint8Array.from(octal.slice(1).split('\\'), (byte) => parseInt(byte, 8));
  return name.replace(OCTAL, (octal) => utf8.decode(bytes(octal))).replace(/\\(["\\])/g, '$1');
}
