import { describe, expect, it } from 'vitest';
import { literalMatches } from '../../../src/engine/analysis/literal.js';

const found = (source: string, question: string): string[] =>
  literalMatches(source, question).map((r) => source.slice(r.start, r.end));

describe('words that occur literally', () => {
  it('are found whole, in any case, and small words are not', () => {
    const source = 'The Parser parses. A parser_error is no parser; parsers, subparser and Parserei are others.';
    expect(found(source, 'the parser')).toEqual(['Parser', 'parser', 'parser']);
    expect(found('Die Größe ist groß.', 'größe')).toEqual(['Größe']);
    expect(found('x = a + b', 'x of a and b')).toEqual([]);
  });

  it('finds a word that a longer one of the question begins with, and the one after it', () => {
    const source = 'function testSuite() { return testServer(1); }';
    expect(found(source, 'which test tests the server')).toEqual(['test', 'test', 'Server']);
  });

  it.each([
    ['readFile', 'reads a file; readFile, read_file', ['file', 'readFile', 'read', 'file']],
    ['read_file', 'Reader.readFile(read_file)', ['read', 'File', 'read_file']],
    ['who can read readFile', 'readFile(read)', ['readFile', 'read']],
  ])('are the words of a name, too, and the name where it stands: %s', (question, source, expected) => {
    expect(found(source, question)).toEqual(expected);
  });

  it('are told by whole characters, also by those that are two in UTF-16', () => {
    expect(found('2𝑥 + 𝑥', 'where is 𝑥 defined')).toEqual(['𝑥']);
    expect(found('𠮷田さん、𠮷田。', '𠮷田')).toEqual(['𠮷田']);
    expect(found('𝑥bar bar bar𝑥', 'bar')).toEqual(['bar']);
    expect(found('read𝐁ar, READ𝐁ar', 'where is 𝐁ar')).toEqual(['𝐁ar']);
  });

  it('take any question as words, not as a pattern', () => {
    expect(found('a.b(c', '.*( [')).toEqual([]);
    expect(found('let $store = store;', 'what is in $store')).toEqual(['$store']);
  });

  it('are those that a long question begins with', () => {
    const question = Array.from({ length: 100 }, (_, i) => `word${i}`).join(' ');
    expect(found('word99 word0 word50', question)).toEqual(['word0', 'word50']);
  });

  it('are so many at most that a long text does not drown in them', () => {
    expect(found('load '.repeat(3_000), 'load')).toHaveLength(2_000);
  });
});
