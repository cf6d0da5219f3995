/** An encoded document with a real tree and real tokens, but with random vectors and tables: only arithmetic is under test. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { AttentionTables, EncodedDocument, TableLevel } from '../../../src/engine/encoder/index.js';
import { TABLE_LEVELS } from '../../../src/engine/encoder/encoded.js';
import { sizesAt } from '../../../src/engine/encoder/packed.js';
import { packDocument } from '../../../src/engine/encoder/packing.js';
import { Tokenizer } from '../../../src/engine/encoder/tokenizer.js';
import { parse, ROOT } from '../hierarchy/invariants.js';
import { random } from '../random.js';

const DIMENSION = 6;
export const LAYERS = 2;
export const HEADS = 2;
const tokenizer = new Tokenizer(readFileSync(path.join(ROOT, 'models/tokenizer.json'), 'utf8'));

export async function fakeDocument(text: string, name: string, seed = 1): Promise<EncodedDocument> {
  const draw = random(seed);
  const real = (): number => draw(20_001) / 10_000 - 1;
  const tree = await parse(text, name);
  const packed = packDocument(text, tree, tokenizer);
  const pieces = packed.pieceSizes.length;
  const states = Float32Array.from({ length: packed.ids.length * DIMENSION }, real);
  const pieceOwn = new Float32Array(pieces * DIMENSION);
  let token = 0;
  packed.pieceSizes.forEach((size, piece) => {
    for (let i = 0; i < size; i++, token++)
      for (let d = 0; d < DIMENSION; d++) pieceOwn[piece * DIMENSION + d]! += states[token * DIMENSION + d]! / size;
  });
  return {
    tree,
    packed,
    dimension: DIMENSION,
    pieceOwn,
    pieceContext: Float32Array.from({ length: pieces * DIMENSION }, () => real() / 4),
    attention: fakeTables(packed, draw),
    tokenState: (i) => states.slice(i * DIMENSION, (i + 1) * DIMENSION),
  };
}

function fakeTables(packed: EncodedDocument['packed'], draw: (below: number) => number): AttentionTables {
  const tables = {} as Record<TableLevel, Float32Array[][]>;
  for (const level of TABLE_LEVELS)
    tables[level] = Array.from(sizesAt(packed, level), (size) =>
      Array.from({ length: LAYERS * HEADS }, () => {
        const table = new Float32Array(size * size);
        for (let row = 0; row < size; row++) {
          const weights = Array.from({ length: size }, () => 1 + draw(100));
          const sum = weights.reduce((a, b) => a + b, 0);
          weights.forEach((w, column) => (table[row * size + column] = w / sum));
        }
        return table;
      }),
    );
  return {
    layers: LAYERS,
    heads: HEADS,
    family: (level, family, layer, head) => tables[level][family]![layer * HEADS + head]!,
  };
}

export function randomUnit(seed: number): Float32Array {
  const draw = random(seed);
  const vector = Float32Array.from({ length: DIMENSION }, () => draw(2001) / 1000 - 1);
  const norm = Math.hypot(...vector);
  return vector.map((x) => x / norm);
}
