/** What a part is known by, and what parts that are taken over after an edit say of the parts that they had looked at. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { forest, type PackedDocument, partOffsets } from '../../../src/engine/encoder/packed.js';
import { packFlat } from '../../../src/engine/encoder/packing.js';
import {
  inSuccession,
  type KnownParts,
  partKeys,
  type PartResult,
  PartTables,
} from '../../../src/engine/encoder/parts.js';
import { Tokenizer } from '../../../src/engine/encoder/tokenizer.js';
import { ROOT } from '../hierarchy/invariants.js';

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

const known = (parts: readonly PartResult[]): KnownParts => new Map(parts.map((p) => [p.key, p]));

/** The row of the first part in the table of parts, where the new ones were just encoded. */
function firstRow(now: readonly string[], tokens: readonly number[], before = BEFORE): number[] {
  const fresh = (key: string): PartResult => part(key, Object.fromEntries(now.map((k) => [k, 1 / now.length])));
  const parts = inSuccession(known(before), now, tokens).map((p, i) => p ?? fresh(now[i]!));
  return [...new PartTables(parts, SHAPE).family(4, 0, 0, 0).subarray(0, now.length)].map(
    (x) => Math.round(1000 * x) / 1000,
  );
}

describe('keys of parts', () => {
  const tokenizer = new Tokenizer(readFileSync(path.join(ROOT, 'models/tokenizer.json'), 'utf8'));
  const one = packFlat('return the sum of all numbers', tokenizer);
  /** The same tokens in two pieces of other sizes, and these in one block or two, one unit or two. */
  const two = (pieces: readonly [number, number], blocks: number, units: number): PackedDocument => ({
    ...one,
    pieceSizes: Int32Array.from(pieces),
    blockSizes: blocks === 1 ? Int32Array.of(2) : Int32Array.of(1, 1),
    unitSizes: units === 2 ? Int32Array.of(1, 1) : Int32Array.of(blocks),
    partSizes: Int32Array.of(units),
  });

  const keysOf = (parts: readonly PackedDocument[], before: readonly string[] = []): string[] => {
    const whole = { ...forest(parts), fileSizes: Int32Array.of(parts.length) };
    return partKeys(whole, partOffsets(whole), before);
  };

  it('differ where tokens, their positions, or how they are grouped differ', () => {
    const last = one.ids.length - 1;
    const documents = [
      one,
      packFlat('return the sum of all integers', tokenizer),
      { ...one, positions: one.positions.with(last, 0) },
      two([3, last - 2], 1, 1),
      two([4, last - 3], 1, 1),
      two([3, last - 2], 2, 1),
      two([3, last - 2], 2, 2),
    ];
    expect(new Set(documents.flatMap((d) => keysOf([d]))).size).toBe(documents.length);
  });

  const other = packFlat('another one', tokenizer);
  const another = packFlat('and one more', tokenizer);

  it('are the same for the same part wherever it stands, and differ for equal parts of one document', () => {
    const [first, between, second, third] = keysOf([one, other, one, one]);
    expect(new Set([first, between, second, third]).size).toBe(4);
    expect(keysOf([other, one, one, one])).toEqual([between, first, second, third]);
    // Where its words begin in the text does not count.
    const moved = {
      ...one,
      tokenStart: one.tokenStart.map((at) => at + 9),
      tokenEnd: one.tokenEnd.map((at) => at + 9),
    };
    expect(keysOf([moved])).toEqual([first]);
  });

  it('stay with each of several equal parts when another of them is edited, moved, removed or added', () => {
    const before = keysOf([one, one, other]);
    const [first, second, last] = before;
    expect(keysOf([one, one, other], before)).toEqual(before);
    expect(keysOf([one], [first!, second!])).toEqual([first]);
    const [edited, ...others] = keysOf([another, one, other], before);
    expect(others).toEqual([second, last]);
    expect(before).not.toContain(edited);
    expect(keysOf([one, another, other], before)).toEqual([first, edited, last]);
    expect(keysOf([one, other, one], before)).toEqual([first, last, second]);
    expect(keysOf([one, other], others.toReversed())).toEqual(others);
    const added = keysOf([one, one, other, one], before);
    expect(added.slice(0, 3)).toEqual(before);
    expect(new Set(added).size).toBe(4);
  });
});

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

  it('what is new gets the share of what stood in its place, not of what others left when they changed places', () => {
    const four = [part('a', { a: 0.4, b: 0.3, c: 0.2, d: 0.1 }), ...['b', 'c', 'd'].map((key) => part(key, {}))];
    expect(firstRow(['a', 'd', 'B', 'c'], [10, 10, 10, 10], four)).toEqual([0.4, 0.1, 0.3, 0.2]);
    expect(firstRow(['b', 'N', 'a', 'C'], [10, 10, 10, 10])).toEqual([0.7, 0, 0.1, 0.2]);
  });

  it('and again after the next one', () => {
    const second = inSuccession(known(BEFORE), ['a', 'B', 'c'], [10, 10, 10]);
    const before = known([second[0]!, part('B', {}), second[2]!]);
    const [a] = inSuccession(before, ['a', 'B', 'C'], [10, 10, 10]);
    expect([...a!.rootRow].map(([key, [share]]) => [key, Math.round(10 * share!) / 10])).toEqual([
      ['a', 0.5],
      ['B', 0.3],
      ['C', 0.2],
    ]);
    expect([...BEFORE[0]!.rootRow.keys()]).toEqual(['a', 'b', 'c']);
  });

  it('and again where what the edit made was never read', () => {
    const keys = ['a', 'B', 'c'];
    const parts = inSuccession(known(BEFORE), keys, [10, 10, 10]);
    const begun = new Map(keys.map((key, i) => [key, parts[i]]));
    const [a] = inSuccession(begun, ['a', 'B2', 'c'], [10, 10, 10]);
    expect([...a!.rootRow.keys()]).toEqual(['a', 'B2', 'c']);
  });
});
