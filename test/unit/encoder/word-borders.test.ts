import { describe, expect, it } from 'vitest';
import { insideWord, wholeWords } from '../../../src/engine/encoder/index.js';

const LETTER = '𝒜'; // outside the basic plane: two units

describe('borders of words', () => {
  it('lie where letters and digits end', () => {
    const text = `read_line2(x) ${LETTER}b`;
    const inside = Array.from({ length: 14 }, (_, at) => at).filter((at) => insideWord(text, at));
    expect(inside).toEqual([1, 2, 3, 6, 7, 8, 9]);
    expect(insideWord(text, text.indexOf('b'))).toBe(true);
    expect(insideWord(text, text.length)).toBe(false);
  });

  it('lie around each ideograph, which is read alone', () => {
    const text = '読み方read漢字𠮷';
    const inside = Array.from({ length: text.length }, (_, at) => at).filter((at) => insideWord(text, at));
    expect(inside).toEqual([4, 5, 6]);
  });

  it('grow a range to whole words at both ends, and leave marks alone', () => {
    const text = `the token2izer, (${LETTER}bc${LETTER})`;
    const word = (start: number, end: number): string => {
      const range = wholeWords(text, start, end);
      return text.slice(range.start, range.end);
    };
    expect(word(7, 9)).toBe('token2izer');
    expect(word(0, 3)).toBe('the');
    expect(word(14, 15)).toBe(',');
    const at = text.indexOf('b');
    expect(word(at, at + 1)).toBe(`${LETTER}bc${LETTER}`);
  });
});
