/** Which documents stay encoded. */
import { describe, expect, it } from 'vitest';
import { DocumentStore, type KeptDocument } from '../../../src/engine/documents.js';

const document = (tokens: number, version = 1): KeptDocument =>
  ({ version, text: '', encoded: { packed: { ids: { length: tokens } } } }) as unknown as KeptDocument;

function kept(store: DocumentStore, names: string): string {
  return Array.from(names)
    .filter((name) => store.peek(name))
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
