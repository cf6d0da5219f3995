/** Lines of a text: where they begin, how many there are, how far they are indented, and what is printed on one. They end at `\n`; `\r\n` is treated as blank before `\n`. */
import type { TextRange } from '../../protocol/document.js';

/** Start offsets of all lines. Line numbers here are from 0. */
export class LineIndex {
  private readonly starts: Uint32Array;
  readonly count: number;

  constructor(private readonly text: string) {
    const starts: number[] = [0];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.starts = Uint32Array.from(starts);
    this.count = starts.length;
  }

  /** Offset where the line starts; the text's length for a line past the end. */
  start(line: number): number {
    return line < this.count ? this.starts[line]! : this.text.length;
  }

  /** Line that contains the offset. O(log lines). */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Text of the line without its line break. */
  line(line: number): string {
    return this.text.slice(this.start(line), this.start(line + 1)).replace(/\r?\n$/, '');
  }
}

/** Total number of lines of a text, counting a last line only when it has text. */
export function countLines(text: string): number {
  const breaks = text.split('\n').length;
  return text.endsWith('\n') ? breaks - 1 : breaks;
}

/** The lines between two offsets, each with its line break. */
export function* linesBetween(text: string, start: number, end: number): Generator<TextRange> {
  for (let at = start; at < end;) {
    const newline = text.indexOf('\n', at);
    const stop = newline < 0 || newline >= end ? end : newline + 1;
    yield { start: at, end: stop };
    at = stop;
  }
}

const NON_BLANK = /\S/;

export function isBlank(text: string): boolean {
  return !NON_BLANK.test(text);
}

/** Start of the line that an offset is in. */
export function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** How far an offset is from the start of its line. */
export function columnOf(text: string, at: number): number {
  return at - lineStart(text, at);
}

/** Columns before the first other character; a tab reaches to the next multiple of eight. */
export function indentation(line: string): number {
  let columns = 0;
  for (const c of line) {
    if (c === '\t') columns += 8 - (columns % 8);
    else if (c === ' ') columns++;
    else break;
  }
  return columns;
}

/** Printed words on one line; a mark that commands or macros had parted from its word stands at it again. */
export function onOneLine(words: string): string {
  return words
    .replace(/\s+/g, ' ')
    .replace(/ (?=[.,;:!?)\]](?:\s|$))/g, '')
    .trim();
}

/** A quote or bracket that may close behind the stop of a sentence: French sets a blank before its quotes, German closes with what opens elsewhere. */
export const CLOSER = String.raw`["'”’“‘»«」』）)\]]|\s»`;
export const CLOSING = `(?:${CLOSER})*`;
/** The stop of a sentence, and what closes behind it. */
export const STOP = String.raw`[\p{STerm}…]${CLOSING}`;
const STOP_AT_END = new RegExp(String.raw`${STOP}\s*$`, 'u');

export function endsLikeSentence(words: string): boolean {
  return STOP_AT_END.test(words);
}

/** As many blanks, on the same lines. */
export function blanked(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}
