/**
 * Heat of every node for a question: a weighted sum of cosines over the node and its ancestors. For statements also over
 * runs of statements around them, because the borders of blocks and functions are not where a passage begins and ends.
 */
import {
  type DocumentGenre,
  type HeatQuery,
  type HeatResult,
  type HeatScale,
  type NodeKind,
  type TokenHeat,
  type TreeNode,
  VECTOR_SCALES,
  type VectorScale,
} from '../../protocol/document.js';
import { type HeatWeights, normalised, type Question } from '../encoder/index.js';
import { BestRuns, runCosines } from './best-runs.js';
import { dot, type GroupScale, type LevelIndex } from './levels.js';
import { literalMatches } from './literal.js';
import { forEachCosines } from './products.js';
import { WordMatches } from './words.js';

/**
 * The neighbours of a statement are so many leaves before and after it (docs/model-contract.md, Heat): a text is understood from what
 * stands before it, but people who talk come back to what they said, or are answered (docs/experiments.md, 35).
 */
export const NEIGHBOURS: Readonly<Record<DocumentGenre, readonly [before: number, after: number]>> = {
  code: [10, 0],
  prose: [10, 0],
  transcript: [7, 3],
  data: [10, 0],
};
/** Leaves of the runs of which each statement has the best that it is part of, wherever it begins. */
export const RUN = { passage: 20, stretch: 80 } as const;
type RunScale = keyof typeof RUN;

export const isRun = (scale: HeatScale): scale is RunScale => scale in RUN;

/** Of a node at `own` scale, finest first. */
function scalesFrom(own: VectorScale): readonly VectorScale[] {
  return VECTOR_SCALES.slice(VECTOR_SCALES.indexOf(own));
}

/** The scale at which a node's own vector counts; the scales above it are those of the groups that it belongs to. */
export function scaleOf(kind: NodeKind): VectorScale {
  switch (kind) {
    case 'statement':
    case 'sentence':
      return 'statement';
    case 'block':
    case 'paragraph':
      return 'block';
    case 'function':
    case 'section':
      return 'unit';
    case 'class':
      return 'part';
    case 'file':
      return 'file';
  }
}

/** One term of a node's heat. */
export interface HeatTerm {
  scale: HeatScale;
  pieces: readonly [number, number];
  weight: number;
  cosine: number;
}

/**
 * What a document that says nothing of a question reaches, and one that surely answers it: the heat of its hottest statement as a share of the
 * largest there can be (docs/experiments.md, 59). In a meeting, where much is said in passing, how well the words of the question are met
 * by the run that meets them best (30).
 */
const ANSWERED = { heat: [0.26, 0.4], words: [0.4, 0.55] } as const;

/** So many of the hottest leaves lead a question on. */
const FEEDBACK_LEAVES = 10;

/**
 * The heat of a question that the document itself leads on (Rocchio's relevance feedback without a reader): people ask in other
 * words than a meeting answers in, so the vectors of the leaves that the question finds first are added to it, and the sum asks again.
 * Still one pass over the tree, and still a sum of cosines. The less they have in common with the question, the less they lead it: one that
 * has no answer here must not be led to look as if it had. Its words stay its own.
 */
export function ledHeat(index: LevelIndex, weights: HeatWeights, question: Question): Heat {
  const heat = heatOf(index, weights, question);
  if (weights.feedback === 0) return heat;
  const hottest = leavesWithWords(index)
    .map((n) => ({ id: n.id, score: heat.score(n) }))
    .sort((a, b) => b.score - a.score || a.id - b.id)
    .slice(0, FEEDBACK_LEAVES);
  const { vector } = question;
  const found = new Float32Array(vector.length);
  for (const { id } of hottest)
    normalised(index.vector(index.piecesOfNode(id))).forEach((x, i) => {
      found[i]! += x;
    });
  const answer = normalised(found);
  const share = weights.feedback * Math.max(0, dot(vector, answer)) ** 2;
  if (share === 0) return heat;
  const led = normalised(vector.map((x, i) => x + share * answer[i]!));
  return new Heat(
    index,
    weights,
    led,
    heat.words,
    hottest.map(({ id }) => id),
    heat,
  );
}

/** The heat of a question as it is. */
export function heatOf(index: LevelIndex, weights: HeatWeights, question: Question): Heat {
  return new Heat(index, weights, question.vector, new WordMatches(index, question.words));
}

/** A question against one document, with the cosines of everything above the leaves at hand. */
export class Heat {
  private readonly groups: Readonly<
    Record<GroupScale, readonly { pieces: readonly [number, number]; cosine: number }[]>
  >;
  private readonly runs: Readonly<Record<RunScale, BestRuns>>;
  /** NaN where not yet known: what leads a question on, whether it is answered, the colours and each hover ask for the same nodes. */
  private readonly scored: Float64Array;
  private surely: number | undefined;
  private tokens: ReturnType<typeof tokenScores> | undefined;

  constructor(
    readonly index: LevelIndex,
    readonly weights: HeatWeights,
    /** Of unit length. */
    readonly query: Float32Array,
    readonly words: WordMatches,
    /** The leaves that led the question on, hottest first. */
    readonly ledBy: readonly number[] = [],
    /** The heat of the question before they did. */
    private readonly unled?: Heat,
  ) {
    this.scored = new Float64Array(index.document.tree.nodes.length).fill(NaN);
    const all = (scale: GroupScale): { pieces: readonly [number, number]; cosine: number }[] =>
      index.runsAt(scale).map((pieces) => ({ pieces, cosine: index.cosine(query, pieces) }));
    this.groups = { block: all('block'), unit: all('unit'), part: all('part'), file: all('file') };
    const best = (scale: RunScale): BestRuns => BestRuns.containing(index, runCosines(index, query, RUN[scale]));
    this.runs = { passage: best('passage'), stretch: best('stretch') };
  }

  /**
   * The terms whose weighted sum is the node's heat: its own vector, the words of the question in it and around it, then the scales above it;
   * empty for a node without tokens.
   */
  terms(node: TreeNode): HeatTerm[] {
    const pieces = this.index.piecesOfNode(node.id);
    if (pieces[0] === pieces[1]) return [];
    const own = scaleOf(node.kind);
    const [first, ...above] = scalesFrom(own).map((scale): HeatTerm => {
      const weight = this.weights[scale];
      const over = (run: readonly [number, number]): HeatTerm => ({
        scale,
        pieces: run,
        weight,
        cosine: this.index.cosine(this.query, run),
      });
      if (scale === own) return over(pieces);
      if (scale === 'neighbours') return over(this.index.around(pieces, ...NEIGHBOURS[this.index.heatGenre]));
      if (isRun(scale)) return { scale, weight, ...this.runs[scale].around(pieces[0]) };
      const group = scale as GroupScale;
      return { scale, weight, ...this.groups[group][this.index.groupOf(pieces[0], group)]! };
    });
    return [first!, ...this.ownWordsOf(own, pieces), this.wordsOf(own, pieces), ...above];
  }

  /** The words' weight beside vectors that weigh so much together: the same share at every scale. */
  wordsBeside(vectors: number): number {
    return (this.weights.words * vectors) / (this.weightFrom('statement') || 1);
  }

  /**
   * The words that a statement itself meets: the best run around it is shared by all statements in it, and does not tell which of them
   * answers (docs/experiments.md, 58).
   */
  private ownWordsOf(own: VectorScale, pieces: readonly [number, number]): HeatTerm[] {
    if (own !== 'statement') return [];
    return [{ scale: 'ownWords', weight: this.weights.ownWords, pieces, cosine: this.words.over(pieces) }];
  }

  /** A statement says too little to meet all words of a question: the best run around it does. A larger node is a run of its own. */
  private wordsOf(own: VectorScale, pieces: readonly [number, number]): HeatTerm {
    const found = own === 'statement' ? this.words.around(pieces[0]) : { pieces, cosine: this.words.over(pieces) };
    return { scale: 'words', weight: this.wordsBeside(this.weightFrom(own)), ...found };
  }

  /** Heat of a node: Σ weight · cosine. */
  score(node: TreeNode): number {
    if (Number.isNaN(this.scored[node.id]!))
      this.scored[node.id] = this.terms(node).reduce((sum, t) => sum + t.weight * t.cosine, 0);
    return this.scored[node.id]!;
  }

  /** Mean of the cosines of a node's terms by weight, −1…1: comparable between documents, of whatever genre. */
  meanCosine(node: TreeNode): number {
    return this.score(node) / (this.largestScore(scaleOf(node.kind)) || 1);
  }

  /**
   * How surely the document answers the question at all, 0…1: colours are relative to the document, and something is always hottest. What a
   * question is led on by is like it, whether or not it answers; so that counts nothing here.
   */
  get answered(): number {
    if (this.unled) return this.unled.answered;
    if (this.surely === undefined) {
      const measure = this.index.heatGenre === 'transcript' ? 'words' : 'heat';
      const [none, sure] = ANSWERED[measure];
      const reached = measure === 'words' ? this.words.largest : this.hottest / this.largestScore('statement');
      this.surely = Math.min(1, Math.max(0, (reached - none) / (sure - none)));
    }
    return this.surely;
  }

  /** Heat of the hottest leaf; 0 without leaves. */
  private get hottest(): number {
    return leavesWithWords(this.index).reduce((most, leaf) => Math.max(most, this.score(leaf)), 0);
  }

  /** Heat of every node, indexed by node id. */
  get scores(): Float32Array<ArrayBuffer> {
    return Float32Array.from(this.index.document.tree.nodes, (n) => this.score(n));
  }

  /** The heat of tokens: asked for screen by screen, compared over the whole document. */
  get ofTokens(): ReturnType<typeof tokenScores> {
    return (this.tokens ??= tokenScores(this));
  }

  /** The score that a node of this scale would have if it and all its ancestors were the question itself. */
  largestScore(scale: VectorScale): number {
    const vectors = this.weightFrom(scale);
    return vectors + this.wordsBeside(vectors) + (scale === 'statement' ? this.weights.ownWords : 0);
  }

  /** Of the vectors at a scale and above. */
  private weightFrom(scale: VectorScale): number {
    return scalesFrom(scale).reduce((sum, s) => sum + this.weights[s], 0);
  }
}

/** Heat of the whole document. `text` is the analysed text; `asked` is given back with the result. */
export function heatOfDocument(heat: Heat, text: string, asked: HeatQuery): HeatResult {
  const { nodes } = heat.index.document.tree;
  const { scores, answered } = heat;
  const leaves = leavesWithWords(heat.index);
  const larger = nodes.filter((n) => n.children.length > 0 && hasTokens(heat.index, n));
  const intensity = new Float32Array(nodes.length);
  // Colours compare like with like: the scores of larger places have fewer terms and are lower.
  for (const scale of VECTOR_SCALES) {
    const alike = [...leaves, ...larger].filter((n) => scaleOf(n.kind) === scale);
    const values = intensities(
      alike.map((n) => scores[n.id]!),
      answered,
      heat.largestScore(scale),
    );
    alike.forEach((n, i) => (intensity[n.id] = values[i]!));
  }
  return {
    query: asked,
    answered,
    scores,
    meanCosines: Float32Array.from(nodes, (n) => heat.meanCosine(n)),
    intensity,
    ranking: leaves.map((n) => n.id).sort((a, b) => scores[b]! - scores[a]! || a - b),
    literal: 'text' in asked ? literalMatches(text, asked.text) : [],
  };
}

/** Heat of the tokens in a range, of places that are ranked: heat of their leaf plus their own words' part. Colours are those of the whole document. */
export function heatOfTokens(heat: Heat, range: { start: number; end: number }): TokenHeat {
  const { packed } = heat.index.document;
  const { scores: all, intensityOf } = heat.ofTokens;
  const [from, to] = heat.index.tokensOf(heat.index.piecesInRange(range));
  const tokens: number[] = [];
  for (let token = from; token < to; token++) if (!Number.isNaN(all[token])) tokens.push(token);
  const scores = Float32Array.from(tokens, (token) => all[token]!);
  return {
    offsets: Uint32Array.from(tokens.flatMap((token) => [packed.tokenStart[token]!, packed.tokenEnd[token]!])),
    scores,
    intensity: scores.map(intensityOf),
  };
}

/** Heat of every token, NaN for markers and for leaves that are not ranked, and the colours that belong to it. */
function tokenScores(heat: Heat): { scores: Float32Array; intensityOf: (score: number) => number } {
  const { index, weights } = heat;
  const { packed, tree } = index.document;
  const scores = new Float32Array(packed.ids.length).fill(NaN);
  const cosines = new Float32Array(scores.length);
  forEachCosines(
    [heat.query],
    [0, cosines.length],
    (token) => index.document.tokenDirection(token),
    (token, [cosine]) => (cosines[token] = cosine!),
  );
  packed.pieceLeaf.forEach((id, piece) => {
    const leaf = tree.nodes[id]!;
    const [from, to] = index.tokensOf([piece, piece + 1]);
    for (let token = from; token < to && !leaf.trivial; token++)
      if (packed.tokenStart[token] !== packed.tokenEnd[token])
        scores[token] = heat.score(leaf) + weights.token * cosines[token]!;
  });
  const largest = weights.token + heat.largestScore('statement');
  const ranked = scores.filter((score) => !Number.isNaN(score));
  return { scores, intensityOf: colouring(ranked, heat.answered, largest) };
}

/** The leaves that are ranked, in order. */
function leavesWithWords(index: LevelIndex): TreeNode[] {
  return index.document.tree.nodes.filter((n) => n.children.length === 0 && !n.trivial && hasTokens(index, n));
}

/** Whether a node has words to compare. */
export function hasTokens(index: LevelIndex, node: TreeNode): boolean {
  const [first, last] = index.piecesOfNode(node.id);
  return last > first;
}

/** The colour starts above this quantile: most of a document is not hot. */
const COLD_QUANTILE = 0.7;
const FEW = 12;
/** What is left of the colours where nothing seems to answer: the question may only be asked in other words. */
const TRACE = 0.1;
/** Where scores differ by less than this share of the largest there can be, colours stay weak: lines that are all alike have no best one. */
const FULL_SPREAD = 0.03;

/**
 * Scores → 0…1 for colour. 0 up to the 70 % quantile, `answered` at the best, so that a question that has no answer here leaves a trace at most.
 * Among few scores (the functions of a small file) the colour starts at the median. `largest`: the score of a perfect match.
 */
export function intensities(scores: readonly number[], answered: number, largest: number): number[] {
  return scores.map(colouring(Float64Array.from(scores), answered, largest));
}

/** The same as a function of one of these scores; they are not changed. */
function colouring(scores: Float32Array | Float64Array, answered: number, largest: number): (score: number) => number {
  if (scores.length === 0) return () => 0;
  const sorted = scores.slice().sort();
  // Of two, the lower one is the middle, or neither could have a colour.
  const at = (q: number): number => sorted[sorted.length === 2 ? 0 : Math.floor(q * sorted.length)]!;
  const low = at(scores.length < FEW ? 0.5 : COLD_QUANTILE);
  const top = sorted.at(-1)!;
  if (top <= low) return () => 0;
  const strength = Math.max(TRACE, answered) * Math.min(1, (top - at(0.5)) / (FULL_SPREAD * largest));
  return (score) => strength * Math.max(0, (score - low) / (top - low));
}
