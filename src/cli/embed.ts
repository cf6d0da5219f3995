/** `strata embed --jsonl`: texts in, unit-length vectors out, in the same order. */
import * as z from 'zod';
import { knownId } from '../engine/hierarchy/detect.js';
import type { EngineService } from '../engine/service.js';
import type { Failures } from './failures.js';
import type { Io } from './io.js';
import { jsonLines, progressLine } from './io.js';

/** A language by any of its names becomes its id. */
const languageSchema = z.string().transform((name, context) => {
  const id = knownId(name);
  if (id === undefined) context.addIssue(`Strata knows no language that is called “${name}”.`);
  return id;
});

const itemSchema = z.object({
  id: z.union([z.string(), z.number()]),
  text: z.string(),
  language: languageSchema.optional(),
  kind: z.enum(['query', 'document']),
});
type Item = z.infer<typeof itemSchema>;

/** Items that are encoded together: enough for the encoder to sort by length, few enough to keep the memory flat. */
const BATCH = 512;

export async function embed(io: Io, service: Pick<EngineService, 'embed'>, failures: Failures): Promise<void> {
  const progress = progressLine(io);
  let batch: Item[] = [];
  let done = 0;
  const flush = async (): Promise<void> => {
    const items = batch.map(({ text, language, kind }) => ({ text, language, kind }));
    const vectors = await service.embed(items, {
      onTruncated: (reason, item) => {
        io.err(`${batch[item]!.id}: ${reason}\n`);
      },
      onFailed: (error, item) => {
        failures.tell(String(batch[item]!.id), error);
      },
    });
    const lines = batch.map(({ id }, i) => JSON.stringify({ id, vector: Array.from(vectors[i]!, shortened) }));
    await io.out(lines.map((line) => `${line}\n`).join(''));
    done += batch.length;
    progress.show(`${done} of the texts embedded`);
    batch = [];
  };
  for await (const item of jsonLines(io.stdin, itemSchema, 'standard input')) {
    batch.push(item);
    if (batch.length >= BATCH) await flush();
  }
  if (batch.length > 0) await flush();
  progress.done();
}

/** A float32 in as few digits as tell it from its neighbours, for small files. */
function shortened(x: number): number {
  const short = Number(x.toPrecision(8));
  return Math.fround(short) === x ? short : Number(x.toPrecision(9));
}
