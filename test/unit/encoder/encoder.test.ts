/** The shipped model through the encoder, on this repository's own files. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EncodedDocument, Encoder, type KnownParts, TABLE_LEVELS } from '../../../src/engine/encoder/index.js';
import { sizesAt } from '../../../src/engine/encoder/packed.js';
import type { DocumentTree } from '../../../src/protocol/document.js';
import { parse, ROOT } from '../hierarchy/invariants.js';

const MODELS = path.join(ROOT, 'models');
const text = readFileSync(path.join(ROOT, 'src/engine/hierarchy/code/code.ts'), 'utf8');
let tree: DocumentTree;
let encoder: Encoder;
const scratch = mkdtempSync(path.join(os.tmpdir(), 'strata-encoder-'));

const load = (modelDir = MODELS): Promise<Encoder> =>
  Encoder.load({ modelDir, device: 'cpu', threads: 2, log: () => undefined });

/** The same model with other segments. */
async function withSegments(segmentTokens: number): Promise<Encoder> {
  const dir = path.join(scratch, String(segmentTokens));
  cpSync(MODELS, dir, { recursive: true });
  const manifest = JSON.parse(readFileSync(path.join(dir, 'manifest.json'), 'utf8')) as { packing: object };
  manifest.packing = { ...manifest.packing, segmentTokens };
  writeFileSync(path.join(dir, 'manifest.json'), JSON.stringify(manifest));
  return load(dir);
}

beforeAll(async () => {
  tree = await parse(text, 'code.ts');
  encoder = await load();
});
afterAll(async () => {
  await encoder.close();
  rmSync(scratch, { recursive: true });
});

function cosine(a: Float32Array, b: Float32Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += a[i]! * b[i]!;
    aa += a[i]! * a[i]!;
    bb += b[i]! * b[i]!;
  }
  return ab / Math.sqrt(aa * bb);
}

/** Vector of one piece: its own words and its context. */
function piece(document: EncodedDocument, i: number): Float32Array {
  const d = document.dimension;
  return document.pieceOwn.slice(i * d, (i + 1) * d).map((x, k) => x + document.pieceContext[i * d + k]!);
}

function leastCosine(a: EncodedDocument, b: EncodedDocument): number {
  let least = 1;
  for (let i = 0; i < a.packed.pieceSizes.length; i++) least = Math.min(least, cosine(piece(a, i), piece(b, i)));
  return least;
}

describe('a document', () => {
  it('every family looks at itself with rows that add up to 1, in every layer and head', async () => {
    const document = await encoder.encodeDocument(text, tree);
    const { attention, packed } = document;
    for (const level of TABLE_LEVELS)
      sizesAt(packed, level).forEach((size, family) => {
        for (let layer = 0; layer < attention.layers; layer++)
          for (let head = 0; head < attention.heads; head++) {
            const table = attention.family(level, family, layer, head);
            expect(table).toHaveLength(size * size);
            for (let row = 0; row < size; row++) {
              let sum = 0;
              for (const share of table.subarray(row * size, (row + 1) * size)) {
                if (!(share >= 0)) throw new Error(`level ${level}, family ${family}: share ${share}`);
                sum += share;
              }
              if (Math.abs(sum - 1) > 1e-4) throw new Error(`level ${level}, family ${family}: row adds up to ${sum}`);
            }
          }
      });
  });

  it('is the same each time', async () => {
    const [a, b] = [await encoder.encodeDocument(text, tree), await encoder.encodeDocument(text, tree)];
    expect(a.pieceOwn).toEqual(b.pieceOwn);
    expect(a.pieceContext).toEqual(b.pieceContext);
  });

  it('the mean of its token states is what its pieces say of their own words', async () => {
    const document = await encoder.encodeDocument(text, tree);
    let token = 0;
    for (let i = 0; i < document.packed.pieceSizes.length; i++) {
      const mean = new Float32Array(document.dimension);
      for (let k = 0; k < document.packed.pieceSizes[i]!; k++, token++)
        document.tokenState(token).forEach((x, d) => (mean[d]! += x));
      // Token states are kept with 8 bits.
      expect(
        cosine(mean, document.pieceOwn.subarray(i * document.dimension, (i + 1) * document.dimension)),
      ).toBeGreaterThan(0.999);
    }
  });

  it('in segments stays close to the run over all of it', async () => {
    const joint = await withSegments(1_000_000);
    const single = await withSegments(1);
    const [whole, parts] = [await joint.encodeDocument(text, tree), await single.encodeDocument(text, tree)];
    expect(whole.packed.partSizes.length).toBeGreaterThan(2);
    expect(leastCosine(whole, parts)).toBeGreaterThan(0.9);
    expect(leastCosine(whole, parts)).toBeLessThan(1);
    await joint.close();
    await single.close();
  });

  it('can be cancelled between two segments, and read to its end from there as if it had not been', async () => {
    const single = await withSegments(1);
    const abort = new AbortController();
    const seen: number[] = [];
    let before: KnownParts = new Map();
    const running = single.encodeDocument(text, tree, {
      signal: abort.signal,
      onProgress: (done, total) => {
        seen.push(done / total);
        if (seen.length === 2) abort.abort();
      },
      onRead: (parts) => (before = parts),
    });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(seen).toHaveLength(2);
    expect(seen[1]).toBeLessThan(1);
    const onProgress = (done: number, total: number): unknown => seen.push(done / total);
    const resumed = await single.encodeDocument(text, tree, { before, onProgress });
    expect(seen[2]).toBe(seen[1]);
    const whole = await single.encodeDocument(text, tree);
    expect(resumed.pieceOwn).toEqual(whole.pieceOwn);
    expect(resumed.pieceContext).toEqual(whole.pieceContext);
    for (let layer = 0; layer < whole.attention.layers; layer++)
      for (let head = 0; head < whole.attention.heads; head++)
        expect(resumed.attention.family(4, 0, layer, head)).toEqual(whole.attention.family(4, 0, layer, head));
    await single.close();
  });
});

describe('an edit', () => {
  it('encodes one part again and takes over the others', async () => {
    const before = await encoder.encodeDocument(text, tree);
    const edited = text.replace('return drafts;', 'return drafts.concat(others);');
    const editedTree = await parse(edited, 'code.ts');
    const progress: number[] = [];
    const after = await encoder.encodeDocument(edited, editedTree, {
      before: before.parts,
      onProgress: (done) => progress.push(done),
    });
    const total = after.packed.ids.length;
    expect(progress.at(-1)).toBe(total);
    expect(total - progress[0]!).toBeLessThan(total * 0.6);
    expect(total - progress[0]!).toBeGreaterThan(0);
    const fresh = await encoder.encodeDocument(edited, editedTree);
    expect(leastCosine(after, fresh)).toBeGreaterThan(0.9);
  });

  it('of nothing encodes nothing', async () => {
    const before = await encoder.encodeDocument(text, tree);
    const progress: number[] = [];
    const again = await encoder.encodeDocument(text, tree, {
      before: before.parts,
      onProgress: (done) => progress.push(done),
    });
    expect(progress).toEqual([before.packed.ids.length]);
    expect(again.pieceOwn).toEqual(before.pieceOwn);
  });
});

describe('vectors of texts', () => {
  it('have unit length and do not depend on what else is in the run', async () => {
    const texts = ['how to read a file', 'sort a list of numbers', 'x'.repeat(50), 'close the connection when done'];
    const items = texts.map((t) => ({ text: t, kind: 'query' as const }));
    const together = await encoder.embed(items);
    for (const [i, item] of items.entries()) {
      const [alone] = await encoder.embed([item]);
      expect(Math.hypot(...together[i]!)).toBeCloseTo(1, 5);
      expect(cosine(alone!, together[i]!)).toBeGreaterThan(0.99999);
      expect(cosine((await encoder.encodeQuery(item.text)).vector, alone!)).toBeGreaterThan(0.99999);
    }
  });

  it('a function is closest to the question that it answers', async () => {
    const functions = [
      'def read(path):\n    with open(path) as file:\n        return file.read()\n',
      'def total(numbers):\n    result = 0\n    for n in numbers:\n        result += n\n    return result\n',
      'def connect(host, port):\n    s = socket.socket()\n    s.connect((host, port))\n    return s\n',
    ];
    const questions = ['read a text file', 'sum of a list', 'open a network connection'];
    const documents = await encoder.embed(
      await Promise.all(
        functions.map(async (t) => ({ text: t, tree: await parse(t, 'a.py'), kind: 'document' as const })),
      ),
    );
    for (const [q, question] of questions.entries()) {
      const { vector } = await encoder.encodeQuery(question);
      const scores = documents.map((d) => cosine(d, vector));
      expect(scores.indexOf(Math.max(...scores)), question).toBe(q);
    }
  });

  it('a text that is longer than a segment is read in segments, like a document', async () => {
    const segmented = await withSegments(1_024);
    const document = await segmented.encodeDocument(text, tree);
    const mean = new Float32Array(document.dimension);
    document.packed.pieceSizes.forEach((size, i) => {
      piece(document, i).forEach((x, d) => {
        mean[d]! += size * x;
      });
    });
    expect(document.packed.ids.length).toBeGreaterThan(2 * 1_024);
    const items = [{ text, tree, kind: 'document' as const }];
    const [[inSegments], [whole]] = [await segmented.embed(items), await encoder.embed(items)];
    expect(cosine(inSegments!, mean)).toBeGreaterThan(0.99999);
    expect(Math.hypot(...inSegments!)).toBeCloseTo(1, 5);
    expect(cosine(inSegments!, whole!)).toBeGreaterThan(0.99);
    await segmented.close();
  });

  it('an empty text has the vector of nothing', async () => {
    const [vector] = await encoder.embed([{ text: '', kind: 'query' }]);
    expect(vector).toHaveLength(encoder.manifest.dimension);
    expect(vector!.some(Number.isNaN)).toBe(false);
  });
});
