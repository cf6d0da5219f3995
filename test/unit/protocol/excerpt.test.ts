import { describe, expect, it } from 'vitest';
import { excerpt } from '../../../src/protocol/excerpt.js';

describe('excerpt', () => {
  it('gives a short text back as one line', () => {
    expect(excerpt('  if (a)\n\treturn b;', 40)).toBe('if (a) return b;');
  });

  it('ends between words and says that it was cut', () => {
    expect(excerpt('the quick brown fox jumps over the lazy dog', 22)).toBe('the quick brown fox…');
  });

  it('cuts within a word where there is no other way, never within a character', () => {
    expect(excerpt('x'.repeat(30), 10)).toBe('xxxxxxxxx…');
    expect(excerpt('🙂'.repeat(30), 10)).toBe('🙂🙂🙂🙂…');
  });
});
