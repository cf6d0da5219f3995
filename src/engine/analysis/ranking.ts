/** Ranks all units of one document for a question: what the command line's `rank` prints. */
import type { TreeNode } from '../../protocol/document.js';
import type { HeatWeights, Question } from '../encoder/index.js';
import type { LevelIndex } from './levels.js';
import { type Heat, heatOf, ledHeat } from './relevance.js';

export type RankUnit = 'statement' | 'function' | 'section' | 'file' | { lines: number };

export interface RankedRange {
  startLine: number;
  endLine: number;
  /** −1…1: of units of the same size comparable between documents, whatever their genre. */
  score: number;
}

/** The units of a document for one question, best first. */
export interface Ranking {
  /** How surely the document answers the question at all, 0…1. */
  answered: number;
  ranked: RankedRange[];
}

/** What a block's most similar statement adds to the block's own vector, as a share of it (docs/experiments.md, 13). */
const BEST_STATEMENT = 0.6;
/** How much more the words of the question count for a block than beside other vectors (docs/experiments.md, 27). */
const BLOCK_WORDS = 2;

/** The heat that ranks these units. Only single statements gain from a question that is led on; blocks lose (docs/experiments.md, 13). */
export function heatToRank(index: LevelIndex, weights: HeatWeights, question: Question, unit: RankUnit): Heat {
  const fine = typeof unit === 'object' ? unit.lines === 1 : unit === 'statement';
  return fine ? ledHeat(index, weights, question) : heatOf(index, weights, question);
}

/**
 * Best first, covering the whole text. `lines` is the number of lines in it. Scores are means of cosines by
 * weight: the weights of the genres differ in sum, and documents of several genres are ranked together.
 */
export function rankUnits(heat: Heat, unit: RankUnit, lines: number): RankedRange[] {
  const ranked = typeof unit === 'object' ? rankLines(heat, unit.lines, lines) : rankNodes(heat, unit);
  return ranked.sort((a, b) => b.score - a.score || a.startLine - b.startLine);
}

function rankNodes(heat: Heat, unit: Exclude<RankUnit, object>): RankedRange[] {
  const { nodes } = heat.index.document.tree;
  const wanted = (n: TreeNode): boolean =>
    unit === 'statement' ? n.children.length === 0 && !n.trivial : n.kind === unit;
  return nodes.filter(wanted).map((n) => ({
    startLine: n.startLine,
    endLine: n.endLine,
    score: heat.meanCosine(n),
  }));
}

/**
 * Blocks of `size` consecutive lines. A block's score is the mean heat of the statements in it, by tokens, plus (for more than
 * one line) the cosine of the block's own vector and a share of that of its most similar statement, under the weights of all
 * scales up to the block, and how well the block meets the words of the question.
 */
function rankLines(heat: Heat, size: number, lines: number): RankedRange[] {
  const { index } = heat;
  const blocks = Math.ceil(lines / size);
  const sum = new Float64Array(blocks);
  const tokens = new Float64Array(blocks);
  const first = new Int32Array(blocks).fill(-1);
  const last = new Int32Array(blocks);
  const best = new Float64Array(blocks).fill(-1);
  for (const node of index.document.tree.nodes) {
    if (node.children.length > 0) continue;
    const pieces = index.piecesOfNode(node.id);
    if (pieces[0] === pieces[1]) continue;
    const score = heat.score(node);
    const alone = index.cosine(heat.query, pieces);
    const from = Math.floor((node.startLine - 1) / size);
    const to = Math.min(blocks - 1, Math.floor((node.endLine - 1) / size));
    for (let b = from; b <= to; b++) {
      const weight = index.size(pieces) / (to - from + 1);
      sum[b]! += score * weight;
      tokens[b]! += weight;
      best[b] = Math.max(best[b]!, alone);
      if (first[b]! < 0) first[b] = pieces[0];
      last[b] = pieces[1];
    }
  }
  const { statement, neighbours, passage, stretch, block } = heat.weights;
  const ownWeight = statement + neighbours + passage + stretch + block;
  const wordsWeight = BLOCK_WORDS * heat.wordsBeside(ownWeight);
  const largestMean = heat.largestScore('statement');
  const largest = largestMean + ownWeight * (1 + BEST_STATEMENT) + wordsWeight;
  return Array.from({ length: blocks }, (_, b): RankedRange => {
    const range = { startLine: b * size + 1, endLine: Math.min(lines, (b + 1) * size) };
    if (tokens[b] === 0) return { ...range, score: -1 };
    const mean = sum[b]! / tokens[b]!;
    if (size === 1) return { ...range, score: mean / largestMean };
    const pieces = [first[b]!, last[b]!] as const;
    const words = wordsWeight * heat.words.over(pieces);
    const own = heat.index.cosine(heat.query, pieces);
    return { ...range, score: (mean + ownWeight * (own + BEST_STATEMENT * best[b]!) + words) / largest };
  });
}
