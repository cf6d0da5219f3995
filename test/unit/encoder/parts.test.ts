/** What parts that are taken over after an edit say of the parts that they had looked at. */
import { describe, expect, it } from 'vitest';
import { inSuccession, type PartResult, PartTables } from '../../../src/engine/encoder/parts.js';

const SHAPE = { tokenLayers: 1, upperLayers: 0, heads: 1, dimension: 1 };

/** A part that gave each of the others its share. */
function part(key: string, shares: Readonly<Record<string, number>>): PartResult {
  const none = new Float32Array(0);
  return {
    key,
    tokens: 10,
    pieceOwn: none,
    pieceContext: none,
    states: new Int8Array(0),
    scales: none,
    keys: none,
    values: none,
    tables: { 1: [], 2: [], 3: [] },
    rootRow: new Map(Object.entries(shares).map(([to, share]) => [to, Float32Array.of(share)])),
  };
}

const BEFORE = [
  part('a', { a: 0.5, b: 0.3, c: 0.2 }),
  part('b', { a: 0.1, b: 0.7, c: 0.2 }),
  part('c', { a: 0.1, b: 0.3, c: 0.6 }),
];

/** The row of the first part in the table of parts, where the new ones were just encoded. */
function firstRow(now: readonly string[], tokens: readonly number[]): number[] {
  const fresh = (key: string): PartResult => part(key, Object.fromEntries(now.map((k) => [k, 1 / now.length])));
  const parts = inSuccession(BEFORE, now, tokens).map((p, i) => p ?? fresh(now[i]!));
  return [...new PartTables(parts, SHAPE).family(4, 0, 0, 0).subarray(0, now.length)].map(
    (x) => Math.round(1000 * x) / 1000,
  );
}

describe('after an edit', () => {
  it.each([
    ['nothing', ['a', 'b', 'c'], [10, 10, 10], [0.5, 0.3, 0.2]],
    ['what stands in the place of a part', ['a', 'B', 'c'], [10, 12, 10], [0.5, 0.3, 0.2]],
    ['two parts that one was divided into', ['a', 'B', 'B2', 'c'], [10, 30, 10, 10], [0.5, 0.225, 0.075, 0.2]],
    ['the last part', ['a', 'b', 'C'], [10, 10, 10], [0.5, 0.3, 0.2]],
    ['several neighbours at once', ['a', 'X'], [10, 10], [0.5, 0.5]],
    ['a part that is gone', ['a', 'c'], [10, 10], [0.714, 0.286]],
    ['a part that nobody has seen', ['a', 'b', 'c', 'd'], [10, 10, 10, 10], [0.5, 0.3, 0.2, 0]],
    ['parts that changed places', ['a', 'c', 'b'], [10, 10, 10], [0.5, 0.2, 0.3]],
  ])('the others look at %s', (_, now, tokens, row) => {
    expect(firstRow(now, tokens)).toEqual(row);
  });

  it('and again after the next one', () => {
    const second = inSuccession(BEFORE, ['a', 'B', 'c'], [10, 10, 10]);
    const before = [second[0]!, part('B', {}), second[2]!];
    const [a] = inSuccession(before, ['a', 'B', 'C'], [10, 10, 10]);
    expect([...a!.rootRow].map(([key, [share]]) => [key, Math.round(10 * share!) / 10])).toEqual([
      ['a', 0.5],
      ['B', 0.3],
      ['C', 0.2],
    ]);
    expect([...BEFORE[0]!.rootRow.keys()]).toEqual(['a', 'b', 'c']);
  });
});
