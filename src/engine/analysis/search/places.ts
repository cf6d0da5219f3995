/** Ranks the places of a file among those of others for a question: what the command line's `search` prints. */
import type { TreeNode } from '../../../protocol/document.js';
import type { HeatWeights, Question } from '../../encoder/index.js';
import { dot, type LevelIndex } from '../levels.js';
import { literalMatches } from '../literal.js';
import { type Heat, heatOf } from '../relevance.js';
import { definitionsIn, headOf, namedBy } from './definitions.js';
import { type Ruling, rulesFor } from './rules.js';

export const GRANULARITIES = ['auto', 'file', 'function', 'statement'] as const;
export type Granularity = (typeof GRANULARITIES)[number];

/** A question with what holds of it in every file. */
export interface Asked {
  query: string;
  question: Question;
  isNamed: ReturnType<typeof namedBy>;
  rulesIn: ReturnType<typeof rulesFor>;
}

interface SearchedFile {
  /** Relative to the folder that is searched, with forward slashes. */
  path: string;
  text: string;
  index: LevelIndex;
  weights: HeatWeights;
  /** What a file is for often stands in its name alone. */
  pathVector: Float32Array;
}

export interface Place {
  /** Where the granularity is `file`, the whole file, whatever place of it was found. */
  node: TreeNode;
  /** Its own name, or that of what it defines. */
  name: string | undefined;
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

/** The places of a file for one question, best first. */
interface FilePlaces {
  /** How surely the file answers the question at all, 0…1. */
  answered: number;
  places: Place[];
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

/** `question` is what the encoder made of the query. */
export function asked(query: string, question: Question): Asked {
  return { query, question, isNamed: namedBy(query), rulesIn: rulesFor(query) };
}

/** For each question at most `top` places, and one alone where the granularity is `auto` or `file`. */
export function placesOf(
  file: SearchedFile,
  questions: readonly Asked[],
  { granularity, top }: { granularity: Granularity; top: number },
): FilePlaces[] {
  const { path, text, index, weights, pathVector } = file;
  const { tree } = index.document;
  const onePerFile = granularity === 'auto' || granularity === 'file';
  const pathWeight = onePerFile ? PATH_WEIGHT.file : PATH_WEIGHT.place;
  const wholeWeight = 1 + pathWeight + FILE_WORDS_WEIGHT;
  const wanted = tree.nodes.filter((n) => KINDS[granularity].includes(n.kind) && n.trivial === undefined);
  // Asked for by its name, a definition is a place of every granularity: among functions a class and a line, too, among statements its head.
  const definitions = definitionsIn(tree, text);
  return questions.map(({ query, question, isNamed, rulesIn }) => {
    const heat = heatOf(index, weights, question);
    const ofPath = dot(heat.query, pathVector);
    const ofWords = heat.words.over([0, index.pieces]);
    const ofFile = pathWeight * ofPath + FILE_WORDS_WEIGHT * ofWords;
    const rules = rulesIn(path);
    const named = new Map(
      definitions.filter(isNamed).map((definition) => {
        const place = granularity === 'statement' ? headOf(definition, tree, text) : definition.node;
        return [place, definition.path.at(-1)!];
      }),
    );
    const candidates = new Set([...wanted, ...named.keys()]);
    const scored = [...(candidates.size > 0 ? candidates : tree.nodes.slice(0, 1))].map((node): Scored => {
      const rulings = named.has(node) ? rules.named : rules.others;
      const byRule = rulings.reduce((sum, { adds }) => sum + adds, 0) / wholeWeight;
      return { node, rulings, byRule, byVectors: (heat.meanCosine(node) + ofFile) / wholeWeight };
    });
    const best = onePerFile ? [placeOfFile(scored)] : scored.sort(bestFirst).slice(0, top);
    const places = best.map(({ node, rulings, byRule, byVectors }): Place => {
      const shown = granularity === 'file' ? tree.nodes[0]! : node;
      const why = reasons(heat, node, { ofPath, ofWords, rulings }, text, query);
      return { node: shown, name: shown.name ?? named.get(shown), score: byVectors + byRule, byRule, why };
    });
    return { answered: heat.answered, places };
  });
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
