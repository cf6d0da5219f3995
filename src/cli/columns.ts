/** Text in the columns of a terminal: the characters of East Asia and most pictures take two, marks on a letter none. */
import columnsOf from 'string-width';
import { withoutControls } from '../protocol/excerpt.js';

const { raw } = String;
const OF_EAST_ASIA = raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]`;
/**
 * What a line can be broken before: a word, or a character of East Asia, where no blanks are written, with what must not begin a line: the
 * punctuation after it, the mark of a long vowel or of a repetition.
 */
const WORDS = new RegExp(
  raw` *(?:${OF_EAST_ASIA}[\p{M}\p{Lm}\p{Cf}\p{Pe}\p{Pf}\p{Po}]*|(?:(?!${OF_EAST_ASIA})[^ ])+)`,
  'gu',
);
const characters = new Intl.Segmenter();

/** As much of one line as `width` columns hold; what is cut is marked. */
export function fit(line: string, width: number): string {
  if (columnsOf(line) <= width) return line;
  let kept = '';
  let columns = 0;
  for (const { segment } of characters.segment(line)) {
    columns += columnsOf(segment);
    if (columns > Math.max(1, width - 1)) break;
    kept += segment;
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

/** A text on one line with all of its blanks, unlike `oneLine`: the name of a file may hold several in a row, and line breaks. */
export function withoutLineBreaks(text: string): string {
  return withoutControls(text).replace(/\s/g, ' ');
}
