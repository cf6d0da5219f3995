import { describe, expect, it } from 'vitest';
import { excerpt } from '../../../src/protocol/excerpt.js';

describe('excerpt', () => {
  it('gives a short text back as one line', () => {
    expect(excerpt('  if (a)\n\treturn b;', 40)).toBe('if (a) return b;');
    expect(excerpt('if (a) return b;', 16)).toBe('if (a) return b;');
  });

  it.each([
    ['colours', '\u001b[1;31mred\u001b[0m, \u009b32mgreen', 'red, green'],
    ['titles', 'a \u001b]0;title\u0007b \u001b]8;;http://c\u001b\\d', 'a b d'],
    ['movements', 'a\u001b[2J\u001b[H\u001b(B\u001b7b', 'ab'],
    ['titles that never end', 'a \u001b]0;b c', 'a 0;b c'],
    ['single characters', 'a\u0000\u0007\u0008\u001b\u007f\u0085 b', 'a b'],
  ])('tells a terminal nothing: %s', (_, text, plain) => {
    expect(excerpt(text, 40)).toBe(plain);
  });

  it('ends between words and says that it was cut', () => {
    expect(excerpt('the quick brown fox jumps over the lazy dog', 22)).toBe('the quick brown fox…');
  });

  it('cuts within a word where there is no other way, never within a character', () => {
    expect(excerpt('x'.repeat(30), 10)).toBe('xxxxxxxxx…');
    expect(excerpt(`see ${'x'.repeat(30)}`, 10)).toBe('see xxxxx…');
    expect(excerpt('🙂'.repeat(30), 10)).toBe('🙂🙂🙂🙂…');
  });
});
