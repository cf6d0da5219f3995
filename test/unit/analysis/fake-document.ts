/**
 * Encoded documents without a model: the real tree and tokens of a text, under random vectors and random attention. Analyses are
 * arithmetic over these, so nothing about them depends on what a model has learnt.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { LevelIndex } from '../../../src/engine/analysis/levels.js';
import { type EncodedDocument, type PackedDocument, TABLE_LEVELS } from '../../../src/engine/encoder/index.js';
import { sizesAt } from '../../../src/engine/encoder/packed.js';
import { packDocument } from '../../../src/engine/encoder/packing.js';
import { Tokenizer } from '../../../src/engine/encoder/tokenizer.js';
import { parse, ROOT } from '../hierarchy/invariants.js';
import { random } from '../random.js';

export const tokenizer = new Tokenizer(readFileSync(path.join(ROOT, 'models/tokenizer.json'), 'utf8'));

const LAYERS = 3;
const HEADS = 2;
const DIMENSION = 8;

/** `regrouped`: blocks, units and parts of random small sizes, so that a short text has several of each. */
export async function fakeDocument(
  text: string,
  fileName: string,
  options: { seed?: number; regrouped?: boolean; vectorOf?: (leafText: string) => readonly number[] } = {},
): Promise<EncodedDocument> {
  const draw = random(options.seed ?? 1);
  const uniform = (): number => draw(1_000_000) / 1_000_000;
  const tree = await parse(text, fileName);
  const packed = options.regrouped
    ? regroup(packDocument(text, tree, tokenizer), draw)
    : packDocument(text, tree, tokenizer);
  const states: Float32Array[] = [];
  const pieces = packed.pieceSizes.length;
  const pieceOwn = new Float32Array(pieces * DIMENSION);
  const pieceContext = new Float32Array(pieces * DIMENSION);
  for (let p = 0; p < pieces; p++) {
    const leaf = tree.nodes[packed.pieceLeaf[p]!]!;
    const given = options.vectorOf?.(text.slice(leaf.start, leaf.end));
    for (let t = 0; t < packed.pieceSizes[p]!; t++) {
      const state = Float32Array.from({ length: DIMENSION }, (_, d) => given?.[d] ?? (given ? 0 : uniform() - 0.3));
      state.forEach((x, d) => (pieceOwn[p * DIMENSION + d]! += x / packed.pieceSizes[p]!));
      states.push(state);
    }
    if (!given) for (let d = 0; d < DIMENSION; d++) pieceContext[p * DIMENSION + d] = 0.3 * (uniform() - 0.5);
  }
  const tables = new Map<string, Float32Array>();
  for (const level of TABLE_LEVELS)
    sizesAt(packed, level).forEach((size, family) => {
      for (let layer = 0; layer < LAYERS; layer++)
        for (let head = 0; head < HEADS; head++)
          tables.set([level, family, layer, head].join(), randomRows(size, uniform));
    });
  return {
    tree,
    packed,
    dimension: DIMENSION,
    pieceOwn,
    pieceContext,
    attention: {
      layers: LAYERS,
      heads: HEADS,
      family: (level, family, layer, head) => tables.get([level, family, layer, head].join())!,
    },
    // As the encoder keeps them: rounded.
    tokenState: (token) => states[token]!.map((x) => Math.round(x * 127) / 127),
    tokenDirection: (token) => Int8Array.from(states[token]!, (x) => Math.round(x * 127)),
    parts: new Map(),
  };
}

/** The same document, of which every token looks at every other as much. */
export function withEvenAttention(document: EncodedDocument): EncodedDocument {
  const index = new LevelIndex(document);
  return {
    ...document,
    attention: {
      layers: 1,
      heads: 1,
      // A family's members in proportion to their tokens.
      family: (level, family) => {
        const [first, last] = index.membersOf(level, family);
        const tokens = Array.from({ length: last - first }, (_, i) => index.size(index.piecesOf(level, first + i)));
        const all = tokens.reduce((a, b) => a + b, 0);
        return Float32Array.from(tokens.flatMap(() => tokens.map((t) => t / all)));
      },
    },
  };
}

function randomRows(size: number, uniform: () => number): Float32Array {
  const table = new Float32Array(size * size);
  for (let row = 0; row < size; row++) {
    const weights = Array.from({ length: size }, () => uniform() ** 3 + 1e-3);
    const sum = weights.reduce((a, b) => a + b, 0);
    weights.forEach((w, column) => (table[row * size + column] = w / sum));
  }
  return table;
}

function regroup(packed: PackedDocument, draw: (below: number) => number): PackedDocument {
  const group = (count: number): Int32Array => {
    const sizes: number[] = [];
    for (let left = count; left > 0; left -= sizes.at(-1)!) sizes.push(Math.min(left, 1 + draw(4)));
    return Int32Array.from(sizes);
  };
  const blockSizes = group(packed.pieceSizes.length);
  const unitSizes = group(blockSizes.length);
  const partSizes = group(unitSizes.length);
  return { ...packed, blockSizes, unitSizes, partSizes, fileSizes: Int32Array.of(partSizes.length) };
}
