/** `strata rank FILE…`: all units of a file, or of several files together, best first, for one question or many. */
import type { RankedRange, RankUnit } from '../engine/analysis/ranking.js';
import type { EngineService } from '../engine/service.js';
import { excerpt } from '../protocol/excerpt.js';
import { withoutLineBreaks } from './columns.js';
import type { Failures } from './failures.js';
import { leaveOut, type Report } from './files.js';
import type { Io, TextFile } from './io.js';
import { progressLine } from './io.js';
import { BestPlaces, printFound, type QueryLine } from './questions.js';

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

/** A unit, and of which file it is where several were named. */
interface Ranked extends RankedRange {
  file?: string;
}

/** Ranks the units of all files together for the questions of a `--queries` file, or for the one of `--query`. `several`: more than one file was named. */
export async function rank(
  io: Io,
  service: Pick<EngineService, 'encodeQuestions' | 'rank'>,
  files: AsyncIterable<TextFile> | Iterable<TextFile>,
  queries: readonly QueryLine[],
  options: RankOptions,
  { failures, report, several }: { failures: Failures; report: Report; several: boolean },
): Promise<void> {
  const questions = await service.encodeQuestions(queries.map((q) => q.query));
  const best = new BestPlaces<Ranked>(queries, options.top);
  const forPeople = options.json !== true && options.queries === undefined;
  // Not the texts, which of a large folder are more than the memory holds.
  const words = new WeakMap<Ranked, string>();
  let read = 0;
  for await (const { file, text, found: optional } of files) {
    const progress = progressLine(io);
    const ranking = service
      .rank({ text, fileName: file, language: options.language }, questions, options.unit, {
        onProgress: progress.phase,
        onTruncated: (reason) => {
          io.err(`${file}: ${reason}\n`);
        },
      })
      .finally(progress.done)
      .catch((error: unknown) => {
        if (!optional) throw error;
        leaveOut(error, file, text, report);
        return [];
      });
    const rankings = await failures.unless(file, ranking);
    if (!rankings) continue;
    read++;
    // Best first: what comes behind so many of its own file is not printed.
    const found = rankings.map(({ answered, ranked }) => ({
      answered,
      places: ranked.slice(0, options.top).map((unit): Ranked => (several ? { file, ...unit } : unit)),
    }));
    if (forPeople) {
      const lines = text.split('\n');
      for (const { places } of found) for (const place of places) words.set(place, wordsOf(lines, place));
    }
    best.add(found);
  }
  // What is wrong was said; an empty list would look like an answer.
  if (read === 0 && failures.count > 0) return;
  const found = best.found();
  if (queries.length > 0 && found.every(({ places }) => places.length === 0)) io.err(`${nothingOf(options.unit)}\n`);
  await printFound(io, queries, found, options, { key: 'ranked', forPeople: (places) => table(places, words) });
}

function nothingOf(unit: RankUnit): string {
  return unit === 'function' || unit === 'section'
    ? `There is no ${unit} to rank; --unit statement ranks all that is there.`
    : 'There is nothing to rank.';
}

function wordsOf(lines: readonly string[], { startLine, endLine }: RankedRange): string {
  return excerpt(lines.slice(startLine - 1, endLine).join(' '), MOST_CHARS);
}

function table(ranked: readonly Ranked[], words: WeakMap<Ranked, string>): string {
  return ranked
    .map((unit) => {
      const { file, startLine, endLine, score } = unit;
      const range = startLine === endLine ? String(startLine) : `${startLine}-${endLine}`;
      const where = file === undefined ? range.padEnd(11) : `${withoutLineBreaks(file)}:${range}`;
      return `${score.toFixed(3).padStart(7)}  ${where}  ${words.get(unit) ?? ''}\n`;
    })
    .join('');
}
