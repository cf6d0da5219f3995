/** `strata search`: the places of a folder that answer a question. Everything is encoded afresh and kept in memory only. */
import path from 'node:path';
import type { TreeNode } from '../../protocol/document.js';
import { dot, LevelIndex } from '../../engine/analysis/levels.js';
import { literalMatches } from '../../engine/analysis/literal.js';
import { type Heat, heatOf } from '../../engine/analysis/relevance.js';
import type { Question } from '../../engine/encoder/index.js';
import type { EngineService } from '../../engine/service.js';
import type { Failures } from '../failures.js';
import { FolderReport, leaveOut, textFiles } from '../files.js';
import type { FoundFile, Report } from '../files.js';
import type { Io } from '../io.js';
import { progressLine } from '../io.js';
import { excerpt, oneLine, withoutControls } from '../../protocol/excerpt.js';
import { placeAsRead } from '../render.js';
import { type Found, printFound, type QueryLine } from '../questions.js';
import { definitionsIn, headOf, namedBy } from './definitions.js';
import { type Ruling, rulesFor } from './rules.js';

export const GRANULARITIES = ['auto', 'file', 'function', 'statement'] as const;
export type Granularity = (typeof GRANULARITIES)[number];

export interface SearchOptions {
  /** A file of JSON lines `{id, query}`; `-` is standard input. */
  queries?: string;
  root: string;
  top: number;
  granularity: Granularity;
  json?: boolean;
}

export interface SearchHit {
  path: string;
  startLine: number;
  endLine: number;
  name?: string;
  kind: TreeNode['kind'];
  /**
   * Composed heat over the sum of its weights, and two more scales: how well the file meets the words of the question, and the cosine of its
   * path. A weighted mean of cosines, comparable between kinds of nodes and files, and what rules add to it.
   */
  score: number;
  /** The part of the score that comes from rules about definitions and tests, from no vector. */
  byRule: number;
  /** For people: how much came from which scale, and which words of the question stand there. */
  why: string;
}

/** Of the path, beside a weight of 1 for all of the other scales together, where files are ranked (docs/experiments.md, 14) and single places (49). */
const PATH_WEIGHT = { file: 0.8, place: 0.2 };
/** Of how well the whole file meets the words of the question: what one place lacks another place of the same file may say (32). */
const FILE_WORDS_WEIGHT = 0.7;

const KINDS: Readonly<Record<Granularity, readonly TreeNode['kind'][]>> = {
  auto: ['function', 'class', 'section', 'block', 'paragraph'],
  file: ['function', 'class', 'section', 'block', 'paragraph'],
  function: ['function', 'section'],
  statement: ['statement', 'sentence'],
};

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
  const questions = queries.map(({ query }, i): Asked => {
    return { query, question: encoded[i]!, isNamed: namedBy(query), rulesIn: rulesFor(query) };
  });
  const progress = progressLine(io);
  const best = queries.map((): Found<SearchHit> => ({ answered: 0, places: [] }));
  const report = new FolderReport();
  const words = new WeakMap<SearchHit, string>();
  let done = 0;
  for await (const file of textFiles(options.root, report)) {
    progress.show(`file ${++done} … ${file.path}`);
    const searched = searchFile(service, file, questions, options, { report, words });
    const found = await failures.unless(file.path, searched.finally(progress.done));
    if (!found) continue;
    found.forEach(({ answered, places }, i) => {
      const all = best[i]!;
      all.answered = Math.max(all.answered, answered);
      all.places = [...all.places, ...places].sort((a, b) => b.score - a.score).slice(0, options.top);
    });
  }
  report.tell(io);
  if (done === 0) io.err(`No text files were found below ${path.resolve(options.root)}.\n`);
  await printFound(io, queries, best, options, { key: 'results', forPeople: (hits) => list(hits, words) });
}

/** A question with what holds of it in every file. */
interface Asked {
  query: string;
  question: Question;
  isNamed: ReturnType<typeof namedBy>;
  rulesIn: ReturnType<typeof rulesFor>;
}

/** The hits of one file for each question, and how surely it answers it; none where the text cannot be read. `words` gets the beginning of those without a name. */
async function searchFile(
  service: SearchService,
  file: FoundFile,
  questions: readonly Asked[],
  { granularity, top }: SearchOptions,
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
  const { nodes } = encoded.tree;
  const onePerFile = granularity === 'auto' || granularity === 'file';
  const pathWeight = onePerFile ? PATH_WEIGHT.file : PATH_WEIGHT.place;
  const wholeWeight = 1 + pathWeight + FILE_WORDS_WEIGHT;
  const wanted = nodes.filter((n) => KINDS[granularity].includes(n.kind) && n.trivial === undefined);
  // Asked for by its name, a definition is a place of every granularity: among functions a class and a line, too, among statements its head.
  const definitions = definitionsIn(encoded.tree, file.text);
  // What a file is for often stands in its name alone. Not by `encodeQuery`, which would remember paths.
  const [pathVector] = await encoder.embed([{ text: file.path, kind: 'query' }]);
  const found: Found<SearchHit>[] = [];
  for (const { query, question, isNamed, rulesIn } of questions) {
    const heat = heatOf(index, encoder.manifest.heat.weights[index.heatGenre], question);
    const ofPath = dot(heat.query, pathVector!);
    const ofWords = heat.words.over([0, index.pieces]);
    const ofFile = pathWeight * ofPath + FILE_WORDS_WEIGHT * ofWords;
    const rules = rulesIn(file.path);
    const named = new Map(
      definitions.filter(isNamed).map((definition) => {
        const place = granularity === 'statement' ? headOf(definition, encoded.tree, file.text) : definition.node;
        return [place, definition.path.at(-1)!];
      }),
    );
    const candidates = new Set([...wanted, ...named.keys()]);
    const scored = [...(candidates.size > 0 ? candidates : nodes.slice(0, 1))].map((node): Scored => {
      const rulings = named.has(node) ? rules.named : rules.others;
      const byRule = rulings.reduce((sum, { adds }) => sum + adds, 0) / wholeWeight;
      return { node, rulings, byRule, byVectors: (heat.meanCosine(node) + ofFile) / wholeWeight };
    });
    const best = onePerFile ? [placeOfFile(scored)] : scored.sort(bestFirst).slice(0, top);
    const places = best.map(({ node, rulings, byRule, byVectors }): SearchHit => {
      const shown = granularity === 'file' ? nodes[0]! : node;
      const name = shown.name ?? named.get(shown);
      const hit: SearchHit = {
        path: file.path,
        startLine: shown.startLine,
        endLine: shown.endLine,
        ...(name === undefined ? {} : { name }),
        kind: shown.kind,
        score: byVectors + byRule,
        byRule,
        why: reasons(heat, node, { ofPath, ofWords, rulings }, file.text, query),
      };
      if (name === undefined) words.set(hit, excerpt(placeAsRead(file.text, encoded.tree, shown), MOST_CHARS));
      return hit;
    });
    found.push({ answered: heat.answered, places });
  }
  return found;
}

/** A node as a place that may answer; its score is the sum of both parts. */
interface Scored {
  node: TreeNode;
  rulings: readonly Ruling[];
  byRule: number;
  byVectors: number;
}

function bestFirst(a: Scored, b: Scored): number {
  return b.byVectors + b.byRule - (a.byVectors + a.byRule) || a.node.id - b.node.id;
}

/** The place to show of a file. By vectors the file is as good as the best of its places, also where a rule has another one shown. */
function placeOfFile(scored: readonly Scored[]): Scored {
  const shown = scored.reduce((best, place) => (bestFirst(place, best) < 0 ? place : best));
  return { ...shown, byVectors: scored.reduce((most, place) => Math.max(most, place.byVectors), -Infinity) };
}

function reasons(
  heat: Heat,
  node: TreeNode,
  { ofPath, ofWords, rulings }: { ofPath: number; ofWords: number; rulings: readonly Ruling[] },
  text: string,
  query: string,
): string {
  const scales = heat.terms(node).map((t, i) => `${i === 0 ? 'itself' : t.scale} ${t.cosine.toFixed(2)}`);
  const words = literalMatches(text, query)
    .filter(({ start, end }) => start >= node.start && end <= node.end)
    .map(({ start, end }) => text.slice(start, end).toLowerCase());
  const said = [...new Set(words)].slice(0, 6);
  const ofFile = [
    `words in the file ${ofWords.toFixed(2)}`,
    `path ${ofPath.toFixed(2)}`,
    ...rulings.map(({ because }) => because),
  ];
  return `${[...scales, ...ofFile].join(', ')}${said.length > 0 ? `; says ${said.map((w) => `“${w}”`).join(', ')}` : ''}`;
}

function list(hits: readonly SearchHit[], words: WeakMap<SearchHit, string>): string {
  return hits
    .map((hit) => {
      const { path: file, startLine, name, kind, score, why } = hit;
      return (
        `${score.toFixed(3)}  ${withoutControls(file)}:${startLine}  ${kind}${name === undefined ? `  ${words.get(hit) ?? ''}` : ` ${oneLine(name)}`}`.trimEnd() +
        `\n       ${why}\n`
      );
    })
    .join('');
}
