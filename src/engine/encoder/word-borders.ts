/**
 * Where words of a text begin and end: letters and digits belong together, whatever the tokens are. An ideograph is a word: else all of a Chinese
 * sentence were one.
 */
import { CJK } from './tokenizer.js';

const IN_WORD = String.raw`(?!${CJK.source})[\p{L}\p{N}]`;
const ENDS_IN_WORD = new RegExp(`${IN_WORD}$`, 'u');
const BEGINS_WITH_WORD = new RegExp(`^${IN_WORD}`, 'u');

/** Whether a word goes on across the offset. */
export function insideWord(text: string, at: number): boolean {
  // Two units, because a letter may be a surrogate pair.
  return ENDS_IN_WORD.test(text.slice(Math.max(0, at - 2), at)) && BEGINS_WITH_WORD.test(text.slice(at, at + 2));
}

/** A range grown to the words at both of its ends. */
export function wholeWords(text: string, start: number, end: number): { start: number; end: number } {
  while (insideWord(text, start)) start -= unitsAt(text, start - 2);
  while (insideWord(text, end)) end += unitsAt(text, end);
  return { start, end };
}

/** 2 where a surrogate pair begins, else 1. */
const unitsAt = (text: string, at: number): 1 | 2 => ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
