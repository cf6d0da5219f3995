/** Which documents stay encoded. */
import { describe, expect, it } from 'vitest';
import { DocumentStore, type KeptDocument } from '../../../src/engine/documents.js';
import type { KnownParts, PartResult } from '../../../src/engine/encoder/parts.js';

/** Parts of a version, of which one was read and one was not. */
const parts = (tokens: number): KnownParts =>
  new Map([
    ['read', { tokens } as PartResult],
    ['unread', undefined],
  ]);
const document = (tokens: number, version = 1): KeptDocument =>
  ({ version, text: '', encoded: { packed: { ids: { length: tokens } }, parts: parts(tokens) } }) as KeptDocument;

function kept(store: DocumentStore, names: string): string {
  return Array.from(names)
    .filter((name) => store.partsOf(name))
    .join('');
}

describe('documents that are kept', () => {
  it('are the last twelve, by when they were made or asked for', () => {
    const store = new DocumentStore();
    for (const name of 'abcdefghijkl') store.set(name, document(10));
    expect(kept(store, 'abcdefghijkl')).toBe('abcdefghijkl');
    expect(store.get('a', 1).version).toBe(1);
    store.set('m', document(10));
    store.set('c', document(10, 2));
    store.set('n', document(10));
    expect(kept(store, 'abcdefghijklmn')).toBe('acefghijklmn');
  });

  it('have 600,000 tokens together, but one may have more', () => {
    const store = new DocumentStore();
    for (const name of 'abc') store.set(name, document(200_000));
    expect(kept(store, 'abc')).toBe('abc');
    store.set('d', document(1));
    expect(kept(store, 'abcd')).toBe('bcd');
    store.set('e', document(700_000));
    expect(kept(store, 'abcde')).toBe('e');
  });

  it('are given for their own version only, until they are closed', () => {
    const store = new DocumentStore();
    expect(() => store.get('a', 1)).toThrow(expect.objectContaining({ code: 'unknown-document' }) as Error);
    store.set('a', document(10, 2));
    expect(() => store.get('a', 1)).toThrow(expect.objectContaining({ code: 'stale-document' }) as Error);
    expect(store.get('a', 2).version).toBe(2);
    store.delete('a');
    expect(() => store.get('a', 2)).toThrow(expect.objectContaining({ code: 'unknown-document' }) as Error);
  });
});

describe('what was read of a version whose reading was cancelled', () => {
  it('is where the next reading goes on, while questions are answered from the version before', () => {
    const store = new DocumentStore();
    const [before, begun] = [document(10, 1), parts(5)];
    store.set('a', before);
    store.setUnfinished('a', begun);
    expect(store.partsOf('a')).toBe(begun);
    expect(store.get('a', 1)).toBe(before);
    expect(() => store.get('a', 2)).toThrow(expect.objectContaining({ code: 'stale-document' }) as Error);
    const read = document(10, 2);
    store.set('a', read);
    expect(store.partsOf('a')).toBe(read.encoded.parts);
  });

  it('is forgotten with the document, and when others are read in part', () => {
    const store = new DocumentStore();
    store.setUnfinished('a', parts(10));
    store.delete('a');
    expect(kept(store, 'a')).toBe('');
    for (const name of 'abac') store.setUnfinished(name, parts(10));
    expect(kept(store, 'abc')).toBe('ac');
    store.setUnfinished('d', parts(700_000));
    expect(kept(store, 'abcd')).toBe('d');
    store.set('e', document(10));
    store.clear();
    expect(kept(store, 'abcde')).toBe('');
  });
});
