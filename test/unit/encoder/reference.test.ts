/** The graph, its inputs and what is cut from its outputs, against the definition computed slowly. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AttentionTables, Encoder, type PackedDocument, TABLE_LEVELS } from '../../../src/engine/encoder/index.js';
import { graphInputs } from '../../../src/engine/encoder/inputs.js';
import { loadModelFiles, type Manifest } from '../../../src/engine/encoder/manifest.js';
import { partOffsets, sizesAt, sliceParts } from '../../../src/engine/encoder/packed.js';
import { packDocument } from '../../../src/engine/encoder/packing.js';
import {
  contextOf,
  documentOutputs,
  partKeys,
  type PartResult,
  PartTables,
  splitByPart,
} from '../../../src/engine/encoder/parts.js';
import { EncoderSession } from '../../../src/engine/encoder/session.js';
import { Tokenizer } from '../../../src/engine/encoder/tokenizer.js';
import { VerdictStore } from '../../../src/engine/encoder/verdicts.js';
import { parse, ROOT } from '../hierarchy/invariants.js';
import { readWeights } from './onnx-weights.js';
import { encodeSlowly, type ReferenceResult } from './reference.js';

const MODELS = path.join(ROOT, 'models');
/** Of float32 sums over eight layers; values are of the order of 1. */
const CLOSE = 2e-4;
const weights = readWeights(readFileSync(path.join(MODELS, 'encoder.onnx')));
const text = 'import os\n\n\ndef size(path):\n    return os.stat(path).st_size\n\n\nprint(size("a"), "bytes")\n';

let packed: PackedDocument;
/** The same pieces in other families: several parts in a text that is short enough for the reference. */
let regrouped: PackedDocument;
let manifest: Manifest;
let session: EncoderSession;

beforeAll(async () => {
  const files = await loadModelFiles(MODELS);
  manifest = files.manifest;
  packed = packDocument(text, await parse(text, 'a.py'), new Tokenizer(files.tokenizerJson));
  const pieces = packed.pieceSizes.length;
  expect(pieces).toBeGreaterThanOrEqual(4);
  regrouped = {
    ...packed,
    blockSizes: Int32Array.of(1, 2, pieces - 3),
    unitSizes: Int32Array.of(1, 1, 1),
    partSizes: Int32Array.of(1, 1, 1),
    fileSizes: Int32Array.of(3),
  };
  session = await EncoderSession.open({
    modelPath: files.modelPath,
    manifest,
    device: 'cpu',
    threads: 1,
    probe: { inputs: graphInputs(packed, shape()), tokens: packed.ids.length },
    load: { inputs: graphInputs(packed, shape()), tokens: packed.ids.length },
    verdicts: new VerdictStore(undefined, '', '', 0),
    log: () => undefined,
  });
});
afterAll(async () => {
  await session.close();
});

const shape = (): { layers: number; dimension: number } => ({
  layers: manifest.tokenLayers + manifest.upperLayers,
  dimension: manifest.dimension,
});

function largestDifference(found: ArrayLike<number>, expected: readonly number[]): number {
  expect(found).toHaveLength(expected.length);
  return expected.reduce((worst, x, i) => {
    const difference = Math.abs(x - found[i]!);
    return difference <= worst ? worst : difference;
  }, 0);
}

function expectTables(tables: AttentionTables, document: PackedDocument, reference: ReferenceResult): void {
  for (const level of TABLE_LEVELS)
    sizesAt(document, level).forEach((_, family) => {
      for (let layer = 0; layer < tables.layers; layer++)
        for (let head = 0; head < tables.heads; head++)
          expect(
            largestDifference(
              tables.family(level, family, layer, head),
              reference.tables[layer]![head]![level]![family]!.flat(),
            ),
            `layer ${layer}, head ${head}, level ${level}, family ${family}`,
          ).toBeLessThan(CLOSE);
    });
}

/** One run over parts [from, to) with what is known of the others. */
async function run(from: number, to: number, known: readonly (PartResult | undefined)[]): Promise<PartResult[]> {
  const offsets = partOffsets(regrouped);
  const own = sliceParts(regrouped, from, to, offsets);
  const context = contextOf(known, from, to, manifest);
  const outputs = await session.run(graphInputs(own, shape(), context, from), documentOutputs(manifest));
  return splitByPart(own, outputs, manifest, partKeys(regrouped, offsets, []), from, context.order);
}

describe('the definition of hierarchical attention', () => {
  it('is what a document gets', async () => {
    const encoder = await Encoder.load({ modelDir: MODELS, device: 'cpu', threads: 1, log: () => undefined });
    const document = await encoder.encodeDocument(text, await parse(text, 'a.py'));
    const reference = encodeSlowly(packed, weights, manifest);
    expect(reference.rowSums[0]).toBeCloseTo(1, 9);
    expect(reference.rowSums[1]).toBeCloseTo(1, 9);
    expect(largestDifference(document.pieceOwn, reference.pieceOwn.flat())).toBeLessThan(CLOSE);
    expect(largestDifference(document.pieceContext, reference.pieceContext.flat())).toBeLessThan(CLOSE);
    expectTables(document.attention, packed, reference);
    reference.tokenStates.forEach((state, token) => {
      // Kept with 8 bits a number.
      const step = Math.max(...state.map(Math.abs)) / 127;
      expect(largestDifference(document.tokenState(token), state)).toBeLessThan(step / 2 + CLOSE);
    });
    await encoder.close();
  });

  it('holds for any families, and for several parts', async () => {
    const parts = await run(0, 3, []);
    const reference = encodeSlowly(regrouped, weights, manifest);
    const own = parts.flatMap((p) => Array.from(p.pieceOwn));
    expect(largestDifference(own, reference.pieceOwn.flat())).toBeLessThan(CLOSE);
    expectTables(new PartTables(parts, manifest), regrouped, reference);
  });
});

describe('a part alone, with the cached keys and values of the others', () => {
  it.each([0, 1, 2])('part %i is the same as in the run over all of them', async (i) => {
    const joint = await run(0, 3, []);
    const [alone] = await run(i, i + 1, joint);
    const there = joint[i]!;
    expect(alone!.key).toBe(there.key);
    for (const name of ['pieceOwn', 'pieceContext', 'keys', 'values'] as const)
      expect(largestDifference(alone![name], Array.from(there[name])), name).toBeLessThan(CLOSE);
    for (const [key, shares] of there.rootRow)
      expect(largestDifference(alone!.rootRow.get(key)!, Array.from(shares))).toBeLessThan(CLOSE);
  });

  it('differs from a part that knows of no others', async () => {
    const joint = await run(0, 3, []);
    const [alone] = await run(1, 2, []);
    expect(largestDifference(alone!.pieceOwn, Array.from(joint[1]!.pieceOwn))).toBeGreaterThan(CLOSE);
  });
});
