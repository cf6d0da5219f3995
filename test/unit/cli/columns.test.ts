/** How much of a line a terminal has room for. */
import { describe, expect, it } from 'vitest';
import { fit, withoutLineBreaks, wrap } from '../../../src/cli/columns.js';

describe('one line', () => {
  it('is cut where the columns end, and says so', () => {
    expect(fit('as it is', 8)).toBe('as it is');
    expect(fit('as it was', 8)).toBe('as it w…');
    expect(fit('as it was', 7)).toBe('as it…');
    expect(fit('漢字かな', 8)).toBe('漢字かな');
    expect(fit('漢字かな', 7)).toBe('漢字か…');
    expect(fit('漢字かな', 6)).toBe('漢字…');
  });

  it('is never cut within a character', () => {
    for (let width = 1; width < 16; width++)
      expect(fit('a😀b😀c e\u0301e\u0301 👩\u200d💻👩\u200d💻', width)).not.toMatch(/\p{Cs}|e…|👩…|\u200d…/u);
  });
});

describe('a text', () => {
  it('is broken between words, of which one that is too long is cut', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrap('a verylongword b', 6)).toEqual(['a', 'veryl…', 'b']);
    expect(wrap('', 6)).toEqual([]);
  });

  it('is broken between characters where it is written without blanks, not before its full stops', () => {
    expect(wrap('文書を解析し、要約を表示する。終わり', 12)).toEqual([
      '文書を解析',
      'し、要約を表',
      '示する。終わ',
      'り',
    ]);
    expect(wrap('the 文書 of 1 page', 8)).toEqual(['the 文書', 'of 1', 'page']);
    expect(wrap('サーバー', 6)).toEqual(['サー', 'バー']);
    expect(wrap('人我々', 4)).toEqual(['人', '我々']);
    const said = '本システムは文書を解析し、その要約を表示する。'.repeat(9);
    expect(wrap(said, 40).join('')).toBe(said);
  });
});

it('a name of a file is put on one line, with all of its blanks', () => {
  expect(withoutLineBreaks('two  blanks.txt')).toBe('two  blanks.txt');
  expect(withoutLineBreaks('a\nb\rc\u001b[31md.txt')).toBe('a b cd.txt');
});
