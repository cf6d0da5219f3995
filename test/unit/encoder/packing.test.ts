import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { graphInputs, levelArrays } from '../../../src/engine/encoder/inputs.js';
import { forest, type PackedDocument, partOffsets, sizesAt, sliceParts } from '../../../src/engine/encoder/packed.js';
import { packDocument, packFlat } from '../../../src/engine/encoder/packing.js';
import { planSegments } from '../../../src/engine/encoder/segments.js';
import { Tokenizer } from '../../../src/engine/encoder/tokenizer.js';
import { parse, ROOT, samples } from '../hierarchy/invariants.js';
import { random } from '../random.js';
import { families } from './families.js';

const tokenizer = new Tokenizer(readFileSync(path.join(ROOT, 'models/tokenizer.json'), 'utf8'));
const sum = (numbers: Iterable<number>): number => Array.from(numbers).reduce((a, b) => a + b, 0);

/** Blocks of pieces of each unit. */
function unitsOf({ pieceSizes, pieceLeaf, blockSizes, unitSizes }: PackedDocument): Piece[][][] {
  const pieces = Array.from(pieceSizes, (tokens, i) => ({ tokens, leaf: pieceLeaf[i]! }));
  return families(families(pieces, blockSizes), unitSizes);
}
interface Piece {
  tokens: number;
  leaf: number;
}
const tokensOf = (unit: readonly Piece[][]): number => sum(unit.flat().map((piece) => piece.tokens));

const long: readonly (readonly [string, string])[] = [
  ['a real file', readFileSync(path.join(ROOT, 'src/client/client.ts'), 'utf8')],
  ['10,000 statements', Array.from({ length: 10_000 }, (_, i) => `x${i} = ${i}`).join('\n')],
  ['one function of 3,000 lines', `def f():\n${'    call(1)\n'.repeat(3000)}`],
  ['one long line', `x = [${'1, '.repeat(4000)}]`],
  [
    'a chain of blocks',
    `${Array.from({ length: 50 }, (_, i) => `${'  '.repeat(i)}if a:`).join('\n')}\n${'  '.repeat(50)}go()\n`,
  ],
  ['3,000 functions', Array.from({ length: 3000 }, (_, i) => `def f${i}(a):\n    b = a\n    return b\n`).join('\n')],
];
const cases = [
  ...samples.map(({ name, text }) => [name, name, text] as const),
  ...long.map(([what, text]) => [what, what === 'a real file' ? 'a.ts' : 'a.py', text] as const),
];

describe.each(cases)('%s', (_, name, text) => {
  it('holds every token of every leaf that is not silent once, in order, under caps, in families that add up', async () => {
    const tree = await parse(text, name);
    const packed = packDocument(text, tree, tokenizer);
    // Families add up, level by level, to one document.
    const counts = [packed.ids.length];
    for (const level of [0, 1, 2, 3, 4] as const) {
      const sizes = sizesAt(packed, level);
      expect(sum(sizes)).toBe(counts[level]);
      counts.push(sizes.length);
      for (const size of sizes) expect(size).toBeGreaterThan(0);
    }
    expect(counts[5]).toBe(1);
    for (const sizes of [packed.pieceSizes, packed.blockSizes, packed.unitSizes, packed.partSizes])
      expect(Math.max(...sizes)).toBeLessThanOrEqual(32);
    expect(Math.max(...packed.positions)).toBeLessThan(512);
    const units = unitsOf(packed);
    for (const block of units.flat()) expect(new Set(block.map((piece) => piece.leaf)).size).toBeLessThanOrEqual(16);
    for (const part of families(units, packed.partSizes)) expect(sum(part.map(tokensOf))).toBeLessThanOrEqual(2_048);
    // Without the markers: the leaves' own tokens.
    const expected = tree.nodes
      .filter((n) => n.children.length === 0 && !n.silent)
      .flatMap((n) => {
        const { ids, starts } = tokenizer.tokenize(text, n.start, n.end);
        return ids.map((id, i) => [id, starts[i]!, n.id] as const);
      });
    const found: (readonly [number, number, number])[] = [];
    let token = 0;
    packed.pieceSizes.forEach((size, piece) => {
      for (let i = 0; i < size; i++, token++) {
        const marker = packed.tokenStart[token] === packed.tokenEnd[token];
        if (!marker) found.push([packed.ids[token]!, packed.tokenStart[token]!, packed.pieceLeaf[piece]!]);
        else expect([tokenizer.cls, tokenizer.sep]).toContain(packed.ids[token]);
      }
    });
    expect(found).toEqual(expected);
  });

  it('begins each unit with a marker at position 0 and ends it with one', async () => {
    const packed = packDocument(text, await parse(text, name), tokenizer);
    const { ids, positions, tokenStart, tokenEnd } = packed;
    let token = 0;
    for (const unit of unitsOf(packed)) {
      expect([ids[token], positions[token], tokenStart[token]]).toEqual([tokenizer.cls, 0, tokenStart[token + 1]]);
      token += tokensOf(unit);
      expect([ids[token - 1], tokenEnd[token - 1]]).toEqual([tokenizer.sep, tokenEnd[token - 2]]);
    }
  });

  it('falls into its parts and together again', async () => {
    const packed = packDocument(text, await parse(text, name), tokenizer);
    const offsets = partOffsets(packed);
    const parts = Array.from(packed.partSizes, (_size, i) => sliceParts(packed, i, i + 1, offsets));
    const whole = forest(parts);
    for (const key of Object.keys(packed) as (keyof PackedDocument)[])
      if (key !== 'fileSizes') expect(whole[key], key).toEqual(packed[key]);
  });
});

it('every turn of a transcript is a unit, and a part ends where a block of ten does', async () => {
  const turns = Array.from({ length: 130 }, (_, i) => `${i % 3 ? 'Ann' : 'Bo'}: item ${i} is done\n`);
  const packed = packDocument(turns.join(''), await parse(turns.join(''), 'meeting.txt'), tokenizer);
  expect(packed.unitSizes).toEqual(new Int32Array(130).fill(1));
  expect(packed.partSizes.length).toBeGreaterThan(1);
  for (const turnsOfPart of packed.partSizes) expect(turnsOfPart % 10).toBe(0);
});

it('a text without words has no tokens, and a flat text is cut at 512', () => {
  expect(packFlat('', tokenizer).ids).toEqual(Int32Array.of(tokenizer.cls, tokenizer.sep));
  expect(packFlat('word '.repeat(2000), tokenizer).ids).toHaveLength(512);
});

it('level arrays are what a loop over all families gives', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const draw = random(seed);
    const sizes = Int32Array.from({ length: 1 + draw(20) }, () => 1 + draw(9));
    const { families: count, width, children, mask, slot } = levelArrays(sizes);
    expect([count, width]).toEqual([sizes.length, Math.max(...sizes)]);
    let child = 0;
    for (let f = 0; f < count; f++)
      for (let c = 0; c < width; c++) {
        const at = f * width + c;
        const real = c < sizes[f]!;
        expect(mask[at]).toBe(real ? 1 : 0);
        expect(children[at]).toBe(real ? child : 0);
        if (real) expect(slot[child++]).toBe(at);
      }
    expect(slot).toHaveLength(child);
  }
});

it('parts of other runs are siblings in one document, not in a forest', () => {
  const [one, two] = [packFlat('some words', tokenizer), packFlat('others', tokenizer)];
  const shape = { layers: 1, dimension: 1 };
  const [keys, values, counts] = [[1], [2], [3]].map((x) => Float32Array.from(x)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const context = { keys, values, counts, order: Int32Array.of(4) };
  const inputs = graphInputs(one, shape, context, 7);
  expect([inputs['children_4'], inputs['order_4']]).toEqual([
    { data: Int32Array.of(0, 1), dims: [1, 2] },
    { data: Int32Array.of(7, 4), dims: [1, 2] },
  ]);
  expect(inputs['context_counts']).toEqual({ data: counts, dims: [1] });
  expect(() => graphInputs(forest([one, two]), shape, context)).toThrow('not to a forest');
  // The graph wants an entry where nothing is known yet.
  const [none, order] = [new Float32Array(0), new Int32Array(0)];
  const first = graphInputs(one, shape, { keys: none, values: none, counts: none, order });
  expect(first).toEqual(graphInputs(one, shape));
  expect(first['context_keys']).toEqual({ data: Float32Array.of(0), dims: [1, 1, 1] });
});

describe('segments', () => {
  it('take in what is needed as long as it fits, in the order of the text', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const draw = random(seed);
      const n = 1 + draw(30);
      // Sizes that often fill a segment to the last token.
      const tokens = Array.from({ length: n }, () => 256 * (1 + draw(12)) + draw(2));
      const needed = tokens.map(() => draw(4) > 0);
      const segments = planSegments(tokens, needed, 4096);
      const covered = segments.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i));
      expect(covered).toEqual(tokens.flatMap((_, i) => (needed[i] ? [i] : [])));
      for (const { from, to } of segments) {
        if (to - from > 1) expect(sum(tokens.slice(from, to))).toBeLessThanOrEqual(4096);
        // It ends where the next part is not needed or does not fit.
        if (needed[to]) expect(sum(tokens.slice(from, to + 1))).toBeGreaterThan(4096);
      }
    }
  });
});
