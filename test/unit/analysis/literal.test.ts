import { describe, expect, it } from 'vitest';
import { literalMatches } from '../../../src/engine/analysis/literal.js';

describe('words that occur literally', () => {
  it('are found whole, in any case, and small words are not', () => {
    const source = 'The Parser parses. A parser_error is no parser; theory is.';
    const found = literalMatches(source, 'the parser').map((r) => source.slice(r.start, r.end));
    expect(found).toContain('Parser');
    expect(found).toContain('parser');
    expect(found).not.toContain('The');
    expect(found.filter((w) => w.toLowerCase() === 'the')).toEqual([]);
  });

  it('finds a word that a longer one of the question begins with, and the one after it', () => {
    const source = 'function testSuite() { return testServer(1); }';
    const found = literalMatches(source, 'which test tests the server').map((r) => source.slice(r.start, r.end));
    expect(found).toEqual(['test', 'test', 'Server']);
  });

  it('take any question as words, not as a pattern', () => {
    expect(literalMatches('a.b(c', '.*( [')).toEqual([]);
  });
});
