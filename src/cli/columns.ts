/** Text in the columns of a terminal: the characters of East Asia and most pictures take two, marks on a letter none. */
import { withoutControls } from '../protocol/excerpt.js';

const WIDE = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6\p{Emoji_Presentation}]`;
const IS_WIDE = new RegExp(WIDE, 'u');
const WITHOUT_COLUMN = /[\p{Mn}\p{Me}\p{Cf}]/u;
const PLAIN = /^[ -~]*$/;
/** What a line can be broken before: a word, or a wide character, which is written without blanks, with the punctuation after it. */
const WORDS = new RegExp(String.raw` *(?:${WIDE}[\p{M}\p{Cf}\p{Pe}\p{Pf}\p{Po}]*|(?:(?!${WIDE})[^ ])+)`, 'gu');

export function columnsOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let columns = 0;
  for (const char of text) columns += columnsOfCharacter(char);
  return columns;
}

function columnsOfCharacter(char: string): number {
  if (IS_WIDE.test(char)) return 2;
  return WITHOUT_COLUMN.test(char) ? 0 : 1;
}

/** As much of one line as `width` columns hold; what is cut is marked. */
export function fit(line: string, width: number): string {
  if (columnsOf(line) <= width) return line;
  let kept = '';
  let columns = 0;
  for (const char of line) {
    columns += columnsOfCharacter(char);
    if (columns > Math.max(1, width - 1)) break;
    kept += char;
  }
  return `${kept.trimEnd()}…`;
}

/** Breaks a text between words into lines of at most `width` columns. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.match(WORDS) ?? []) {
    const longer = (lines.at(-1) ?? '') + word;
    if (lines.length > 0 && columnsOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(fit(word.trimStart(), width));
  }
  return lines;
}

/** The name of a file on one line: a name may hold line breaks, and more than one blank in a row. */
export function nameOnLine(file: string): string {
  return withoutControls(file).replace(/\s/g, ' ');
}
