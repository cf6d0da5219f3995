/** `strata search`: the places of a folder that answer a question. Everything is encoded afresh and kept in memory only. */
import path from 'node:path';
import { LevelIndex } from '../engine/analysis/levels.js';
import { type Asked, asked, type Granularity, type Place, placesOf } from '../engine/analysis/search/places.js';
import type { EngineService } from '../engine/service.js';
import type { TreeNode } from '../protocol/document.js';
import { excerpt, oneLine } from '../protocol/excerpt.js';
import { withoutLineBreaks } from './columns.js';
import type { Failures } from './failures.js';
import type { FoundFile, Report } from './files.js';
import { FolderReport, leaveOut, textFiles } from './files.js';
import type { Io } from './io.js';
import { progressLine } from './io.js';
import { BestPlaces, type Found, printFound, type QueryLine } from './questions.js';
import { placeAsRead } from './render.js';

export interface SearchOptions {
  /** A file of JSON lines `{id, query}`; `-` is standard input. */
  queries?: string;
  root: string;
  top: number;
  granularity: Granularity;
  json?: boolean;
}

/** A place as it is printed. */
export interface SearchHit extends Pick<Place, 'score' | 'byRule' | 'why'> {
  path: string;
  startLine: number;
  endLine: number;
  name?: string;
  kind: TreeNode['kind'];
}

/** Of a place without a name so much is shown to people. */
const MOST_CHARS = 80;

/** What a search needs of the engine. */
export type SearchService = Pick<EngineService, 'encodeQuestions' | 'encode'>;

/** Ranks the places below a folder for each question and prints the best, one for each file where the granularity is `auto` or `file`. */
export async function search(
  io: Io,
  service: SearchService,
  queries: readonly QueryLine[],
  options: SearchOptions,
  failures: Failures,
): Promise<void> {
  const encoded = await service.encodeQuestions(queries.map(({ query }) => query));
  const questions = queries.map(({ query }, i) => asked(query, encoded[i]!));
  const progress = progressLine(io);
  const best = new BestPlaces<SearchHit>(queries, options.top);
  const report = new FolderReport();
  const words = new WeakMap<SearchHit, string>();
  let done = 0;
  for await (const file of textFiles(options.root, report)) {
    progress.show(`file ${++done} … ${file.path}`);
    const searched = searchFile(service, file, questions, options, { report, words });
    const found = await failures.unless(file.path, searched.finally(progress.done));
    if (found) best.add(found);
  }
  report.tell(io);
  if (done === 0) io.err(`No text files were found below ${path.resolve(options.root)}.\n`);
  await printFound(io, queries, best.found(), options, { key: 'results', forPeople: (hits) => list(hits, words) });
}

/** The hits of one file for each question, and how surely it answers it; none where the text cannot be read. `words` gets the beginning of those without a name. */
async function searchFile(
  service: SearchService,
  file: FoundFile,
  questions: readonly Asked[],
  options: SearchOptions,
  { report, words }: { report: Report; words: WeakMap<SearchHit, string> },
): Promise<Found<SearchHit>[]> {
  let encoding: Awaited<ReturnType<SearchService['encode']>>;
  try {
    encoding = await service.encode({ text: file.text, fileName: file.path });
  } catch (error) {
    leaveOut(error, file.path, file.text, report);
    return questions.map(() => ({ answered: 0, places: [] }));
  }
  const { encoder, encoded } = encoding;
  const index = new LevelIndex(encoded);
  const weights = encoder.manifest.heat.weights[index.heatGenre];
  // Not by `encodeQuery`, which would remember paths.
  const [pathVector] = await encoder.embed([{ text: file.path, kind: 'query' }]);
  const found = placesOf({ ...file, index, weights, pathVector: pathVector! }, questions, options);
  return found.map(({ answered, places }) => ({
    answered,
    places: places.map(({ node, name, score, byRule, why }): SearchHit => {
      const { startLine, endLine, kind } = node;
      const named = name === undefined ? {} : { name };
      const hit: SearchHit = { path: file.path, startLine, endLine, ...named, kind, score, byRule, why };
      if (name === undefined) words.set(hit, excerpt(placeAsRead(file.text, encoded.tree, node), MOST_CHARS));
      return hit;
    }),
  }));
}

function list(hits: readonly SearchHit[], words: WeakMap<SearchHit, string>): string {
  return hits
    .map((hit) => {
      const { path: file, startLine, name, kind, score, why } = hit;
      return (
        `${score.toFixed(3)}  ${withoutLineBreaks(file)}:${startLine}  ${kind}${name === undefined ? `  ${words.get(hit) ?? ''}` : ` ${oneLine(name)}`}`.trimEnd() +
        `\n       ${why}\n`
      );
    })
    .join('');
}
