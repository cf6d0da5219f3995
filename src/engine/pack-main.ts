/** Entry of `dist/pack.mjs`, behind `scripts/pack.mjs`: packs texts for training exactly as the engine packs them. */
import { createReadStream, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import type { DocumentTree } from '../protocol/document.js';
import { isUnreadable } from '../protocol/errors.js';
import { CONTRACT } from './encoder/manifest.js';
import type { PackedDocument } from './encoder/packed.js';
import { packDocument } from './encoder/packing.js';
import { Tokenizer } from './encoder/tokenizer.js';
import { initHierarchy, parseDocument } from './hierarchy/index.js';
import { streamedLines } from './streamed-lines.js';

const lineSchema = z.object({
  id: z.string(),
  text: z.string(),
  fileName: z.string().optional(),
  language: z.string().optional(),
});

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { tokenizer: { type: 'string' } },
  });
  if (values.tokenizer === undefined) {
    process.stderr.write('usage: pack.mjs --tokenizer tokenizer.json [FILE.jsonl]\n');
    process.exitCode = 2;
    return;
  }
  initHierarchy({ grammarsDir: path.join(import.meta.dirname, 'grammars') });
  const tokenizer = new Tokenizer(readFileSync(values.tokenizer, 'utf8'));
  const input = positionals[0] === undefined ? process.stdin : createReadStream(positionals[0]);
  for await (const line of streamedLines(input)) {
    if (!line.trim()) continue;
    const { id, text, fileName, language } = lineSchema.parse(JSON.parse(line));
    try {
      const tree = await parseDocument({ text, fileName: fileName ?? 'untitled.txt', language });
      const packed = packDocument(text, tree, tokenizer);
      if (!process.stdout.write(`${JSON.stringify(record(id, tree, packed))}\n`)) {
        await new Promise((resolve) => process.stdout.once('drain', resolve));
      }
    } catch (error) {
      // The output is kept for whole: only what holds no text may be missing from it.
      if (!isUnreadable(error)) throw new Error(`${id} cannot be packed.`, { cause: error });
      process.stderr.write(`${id}: ${error.message}\n`);
    }
  }
}

function record(id: string, tree: DocumentTree, packed: PackedDocument): object {
  const leaves = tree.nodes.filter((n) => n.children.length === 0);
  const order = new Map(leaves.map((leaf, i) => [leaf.id, i]));
  return {
    id,
    contract: CONTRACT,
    genre: tree.genre,
    language: tree.language,
    ids: [...packed.ids],
    positions: [...packed.positions],
    piece_sizes: [...packed.pieceSizes],
    block_sizes: [...packed.blockSizes],
    unit_sizes: [...packed.unitSizes],
    part_sizes: [...packed.partSizes],
    // Index into the leaf_* lists, not a tree node id: training knows leaves only.
    piece_leaf: [...packed.pieceLeaf].map((leaf) => order.get(leaf) ?? -1),
    piece_paragraph: [...packed.pieceParagraph],
    leaf_lines: leaves.map((n) => [n.startLine, n.endLine]),
    leaf_ranges: leaves.map((n) => [n.start, n.end]),
    leaf_trivial: leaves.map((n) => n.trivial ?? false),
    nodes: tree.nodes.map((n) => [
      n.kind,
      n.name ?? '',
      n.start,
      n.end,
      n.parent,
      n.description?.start ?? -1,
      n.description?.end ?? -1,
    ]),
  };
}

await main();
