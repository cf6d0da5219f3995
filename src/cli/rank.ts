/** `strata rank FILE…`: all units of a file, or of several files together, best first, for one question or many. */
import { Readable } from 'node:stream';
import * as z from 'zod';
import type { RankedRange, RankUnit } from '../engine/analysis/ranking.js';
import type { EngineService } from '../engine/service.js';
import { UNANSWERED } from '../protocol/document.js';
import { excerpt } from '../protocol/excerpt.js';
import type { Io, TextFile } from './io.js';
import { isUnreadable, jsonLines, progressLine, readText } from './io.js';
import { NOTHING_ANSWERS } from './render.js';

const MOST_CHARS = 100;

export interface RankOptions {
  query?: string;
  /** A file of JSON lines `{id, query}`; `-` is standard input. */
  queries?: string;
  language?: string;
  unit: RankUnit;
  /** So many of the best units for each question; all without it. */
  top?: number;
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

/** A unit, and of which file it is where several were named. */
interface Ranked extends RankedRange {
  file?: string;
}

/** Ranks the units of all files together for the questions of a `--queries` file, or for the one of `--query`. */
export async function rank(
  io: Io,
  service: EngineService,
  files: readonly TextFile[],
  queries: readonly QueryLine[],
  options: RankOptions,
): Promise<void> {
  const questions = queries.map((q) => q.query);
  const ranked: Ranked[][] = queries.map(() => []);
  const answered = queries.map(() => 0);
  const several = files.length > 1 || files[0]?.found === true;
  for (const { file, text, found: optional } of files) {
    const progress = progressLine(io);
    const rankings = await service
      .rank({ text, fileName: file, language: options.language }, questions, options.unit, {
        onProgress: progress.phase,
      })
      .catch((error: unknown) => {
        if (optional && isUnreadable(error)) return [];
        throw error;
      })
      .finally(progress.done);
    rankings.forEach(({ ranked: found, answered: here }, i) => {
      answered[i] = Math.max(answered[i]!, here);
      const named = several ? found.map((unit) => ({ file, ...unit })) : found;
      ranked[i] = ranked[i]!.length === 0 ? named : ranked[i]!.concat(named);
      // Of thousands of files only what can still be printed is kept.
      if (options.top !== undefined) ranked[i] = bestFirst(ranked[i]).slice(0, options.top);
    });
  }
  if (several) ranked.forEach(bestFirst);
  if (options.queries === undefined) {
    if (options.json === true) await io.out(`${JSON.stringify(ranked[0])}\n`);
    else {
      warnUnanswered(io, answered[0]!, ranked[0]!);
      await io.out(table(files, ranked[0]!));
    }
    return;
  }
  for (const [i, { id }] of queries.entries())
    await io.out(`${JSON.stringify({ id, answered: answered[i], ranked: ranked[i] })}\n`);
}

/** Tells people beside the output, where there is any, that the best places are no answers. */
export function warnUnanswered(io: Io, answered: number, places: readonly unknown[]): void {
  if (answered < UNANSWERED && places.length > 0) io.err(`${NOTHING_ANSWERS}\n`);
}

function bestFirst(units: Ranked[]): Ranked[] {
  return units.sort((a, b) => b.score - a.score);
}

function table(files: readonly TextFile[], ranked: readonly Ranked[]): string {
  const lines = new Map(files.map(({ file, text }) => [file, text.split('\n')]));
  return ranked
    .map(({ file, startLine, endLine, score }) => {
      const range = startLine === endLine ? String(startLine) : `${startLine}-${endLine}`;
      const where = file === undefined ? range.padEnd(11) : `${file}:${range}`;
      const words = excerpt(
        lines
          .get(file ?? files[0]!.file)!
          .slice(startLine - 1, endLine)
          .join(' '),
        MOST_CHARS,
      );
      return `${score.toFixed(3).padStart(7)}  ${where}  ${words}\n`;
    })
    .join('');
}
