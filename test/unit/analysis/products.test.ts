/** The products of a question's words with tokens: vector instructions against sums written out. */
import { describe, expect, it } from 'vitest';
import { forEachCosines } from '../../../src/engine/analysis/products.js';
import { normalised } from '../../../src/engine/encoder/index.js';
import { random } from '../random.js';

/** All cosines, row by row as they are found. */
function found(
  states: readonly Float32Array[],
  directions: readonly Int8Array[],
  range: readonly [number, number] = [0, directions.length],
): number[][] {
  const rows: number[][] = [];
  forEachCosines(
    states,
    range,
    (token) => directions[token]!,
    (token, cosines) => {
      expect(token).toBe(range[0] + rows.length);
      rows.push([...cosines]);
    },
  );
  return rows;
}

function written(states: readonly Float32Array[], directions: readonly Int8Array[]): number[][] {
  return directions.map((direction) =>
    states.map((state) => state.reduce((sum, x, d) => sum + x * direction[d]!, 0) / (Math.hypot(...direction) || 1)),
  );
}

function drawn(words: number, tokens: number, dimension: number): [Float32Array[], Int8Array[]] {
  const draw = random(words * tokens * dimension);
  return [
    Array.from({ length: words }, () => normalised(Float32Array.from({ length: dimension }, () => draw(2001) - 1000))),
    Array.from({ length: tokens }, () => Int8Array.from({ length: dimension }, () => draw(255) - 127)),
  ];
}

function expectSame(actual: readonly number[][], expected: readonly number[][]): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((row, i) => {
    expect(row).toHaveLength(expected[i]!.length);
    row.forEach((cosine, w) => {
      expect(cosine).toBeCloseTo(expected[i]![w]!, 4);
    });
  });
}

describe('products of words and tokens', () => {
  it.each([
    [1, 1, 384],
    [7, 700, 384],
    [62, 300, 384],
    [3, 5, 13],
    [200, 257, 8],
  ])('of %d words and %d tokens with %d numbers are the cosines', (words, tokens, dimension) => {
    const [states, directions] = drawn(words, tokens, dimension);
    expectSame(found(states, directions), written(states, directions));
  });

  it('do not overflow where all numbers are as large as they can be', () => {
    const states = [
      new Float32Array(384).fill(1 / Math.sqrt(384)),
      Float32Array.from({ length: 384 }, (_, d) => +(d === 5)),
    ];
    const directions = [new Int8Array(384).fill(127), new Int8Array(384).fill(-128)];
    expectSame(found(states, directions), written(states, directions));
  });

  it('are those of a range of the tokens', () => {
    const [states, directions] = drawn(4, 900, 16);
    expectSame(found(states, directions, [300, 880]), written(states, directions.slice(300, 880)));
  });

  it('are 0 for a token of zeros, and none without words or without tokens', () => {
    const [states, directions] = drawn(2, 3, 16);
    expect(found(states, [new Int8Array(16)])).toEqual([[0, 0]]);
    expect(found([], directions)).toEqual([]);
    expect(found(states, directions, [2, 2])).toEqual([]);
  });

  it('of rows that need padding do not see what a longer row has left there', () => {
    const [long, longer] = drawn(9, 20, 32);
    found(long, longer);
    const [states, directions] = drawn(2, 4, 12);
    expectSame(found(states, directions), written(states, directions));
  });
});
