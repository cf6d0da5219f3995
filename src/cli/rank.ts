/** `strata rank FILE`: all units of one file, best first, for one question or many. */
import { Readable } from 'node:stream';
import * as z from 'zod';
import type { RankedRange, RankUnit } from '../engine/analysis/ranking.js';
import type { EngineService } from '../engine/service.js';
import type { Io } from './io.js';
import type { TextFile } from './io.js';
import { jsonLines, progressLine, readText } from './io.js';

export interface RankOptions {
  query?: string;
  /** A file of JSON lines `{id, query}`; `-` is standard input. */
  queries?: string;
  language?: string;
  unit: RankUnit;
  json?: boolean;
}

const querySchema = z.object({ id: z.union([z.string(), z.number()]), query: z.string().min(1) });
export type QueryLine = z.infer<typeof querySchema>;

/** All questions of a `--queries` file. Throws InputError. */
export async function readQueries(io: Io, source: string): Promise<QueryLine[]> {
  const fromStdin = source === '-';
  const input = fromStdin ? io.stdin : Readable.from(await readText(source));
  const lines: QueryLine[] = [];
  for await (const line of jsonLines(input, querySchema, fromStdin ? 'standard input' : source)) lines.push(line);
  return lines;
}

/** Ranks a file for the questions of a `--queries` file, or for the one of `--query`. */
export async function rank(
  io: Io,
  service: EngineService,
  { file, text }: TextFile,
  queries: readonly QueryLine[],
  options: RankOptions,
): Promise<void> {
  const progress = progressLine(io);
  const ranked = await service
    .rank(
      { text, fileName: file, language: options.language },
      queries.map((q) => q.query),
      options.unit,
      { onProgress: progress.phase },
    )
    .finally(progress.done);
  if (options.queries === undefined) {
    await io.out(options.json === true ? `${JSON.stringify(ranked[0])}\n` : table(text, ranked[0]!));
    return;
  }
  for (const [i, { id }] of queries.entries()) await io.out(`${JSON.stringify({ id, ranked: ranked[i] })}\n`);
}

function table(text: string, ranked: readonly RankedRange[]): string {
  const lines = text.split('\n');
  return ranked
    .map(({ startLine, endLine, score }) => {
      const where = startLine === endLine ? String(startLine) : `${startLine}-${endLine}`;
      const words = lines
        .slice(startLine - 1, endLine)
        .join(' ')
        .replace(/\s+/g, ' ')
        .trim()
        .slice(0, 100);
      return `${score.toFixed(3).padStart(7)}  ${where.padEnd(11)}  ${words}\n`;
    })
    .join('');
}
