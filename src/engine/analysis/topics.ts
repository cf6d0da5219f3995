/** Zero-shot topics: which of a list of described labels a document and its sections are about, and which statements earned that. */
import type { DocumentGenre, SectionTopic, Topic, TopicLabel } from '../../protocol/document.js';
import { hasStatements, OUTLINE_KINDS } from '../../protocol/document.js';
import builtIn from './topics.json';
import { leavesBelow } from './leaves.js';
import type { LevelIndex } from './levels.js';
import { dot } from './levels.js';
import { standardScores } from './statistics.js';

const MOST_TOPICS = 3;
const MOST_EVIDENCE = 5;
/** A topic must stand out from the other labels by this many of their standard deviations (docs/experiments.md, 20 and 50). */
const LEAST_DEVIATIONS = 1.4;
/** A section of fewer tokens says too little, and its one topic must stand out further than those of a whole file. */
const SECTION_TOKENS = 64;
const SECTION_DEVIATIONS = 1.8;
/** Among n labels none can stand out by more than √(n − 1): of fewer than five, so much of that is asked for. */
const OF_MOST = 0.8;
const SECTION_OF_MOST = 0.9;

/** Of two labels the one that is chosen must be closer by this much; chosen by eye. */
const LEAST_LEAD = 0.03;

/** The built-in labels, for code and for everything that is written to be read. */
export function defaultTopics(genre: DocumentGenre): readonly TopicLabel[] {
  return hasStatements(genre) ? builtIn.code : builtIn.prose;
}

/** How a label stands beside the others for one run of pieces. */
interface Standing {
  label: number;
  cosine: number;
  /** In standard deviations of the labels' closeness to this text. */
  score: number;
}

/** Finds topics among labels whose descriptions have the unit-length `vectors`. With fewer than two labels there is nothing to stand out from. */
export class TopicFinder {
  /** How much closer than the mean label each one is to all others: vague ones must not win for that. */
  private readonly vagueness: readonly number[];
  private readonly leastDeviations: { document: number; section: number };

  constructor(
    private readonly labels: readonly TopicLabel[],
    private readonly vectors: readonly Float32Array[],
    /** A topic's cosine must be this large at least; it belongs to the model whose cosines it cuts. */
    private readonly leastCosine: number,
  ) {
    const close = vectors.map(
      (v, i) => vectors.reduce((sum, w, j) => (i === j ? sum : sum + dot(v, w)), 0) / (vectors.length - 1),
    );
    const mean = close.reduce((a, b) => a + b, 0) / close.length;
    this.vagueness = close.map((c) => c - mean);
    const most = Math.sqrt(labels.length - 1);
    this.leastDeviations = {
      document: Math.min(LEAST_DEVIATIONS, OF_MOST * most),
      section: Math.min(SECTION_DEVIATIONS, SECTION_OF_MOST * most),
    };
  }

  /** At most three topics of the whole document, strongest first; none when no label stands out. */
  ofDocument(index: LevelIndex): Topic[] {
    return this.standings(index, [0, index.pieces])
      .filter((s) => s.score >= this.leastDeviations.document && s.cosine >= this.leastCosine)
      .slice(0, MOST_TOPICS)
      .map((s) => this.topic(index, s, 0));
  }

  /** The one topic of each class, function and section that has one, in document order. */
  ofSections(index: LevelIndex): SectionTopic[] {
    return index.document.tree.nodes.flatMap(({ id, kind }) => {
      const pieces = index.piecesOfNode(id);
      if (!OUTLINE_KINDS.includes(kind) || index.size(pieces) < SECTION_TOKENS) return [];
      const [best] = this.standings(index, pieces);
      if (!best || best.score < this.leastDeviations.section || best.cosine < this.leastCosine) return [];
      return [{ node: id, ...this.topic(index, best, id) }];
    });
  }

  /** All labels, the one that stands out most first; none where there is only one. */
  private standings(index: LevelIndex, pieces: readonly [number, number]): Standing[] {
    if (this.labels.length < 2) return [];
    const cosines = this.vectors.map((v) => index.cosine(v, pieces));
    const close = cosines.map((c, i) => c - this.vagueness[i]!);
    // One of two always stands out from both by the same deviation, however little it is ahead.
    if (close.length === 2 && Math.abs(close[0]! - close[1]!) < LEAST_LEAD) return [];
    return standardScores(close)
      .map((score, label) => ({ label, cosine: cosines[label]!, score }))
      .sort((a, b) => b.score - a.score);
  }

  private topic(index: LevelIndex, { label, score, cosine }: Standing, node: number): Topic {
    return { label: this.labels[label]!.label, score, cosine, evidence: evidence(index, this.vectors[label]!, node) };
  }
}

/** The leaves below a node that are closest to a topic. */
function evidence(index: LevelIndex, vector: Float32Array, node: number): number[] {
  return leavesBelow(index, index.document.tree.nodes[node]!)
    .filter((leaf) => leaf.trivial !== true)
    .map(({ id }) => ({ id, cosine: index.cosine(vector, index.piecesOfNode(id)) }))
    .sort((a, b) => b.cosine - a.cosine)
    .slice(0, MOST_EVIDENCE)
    .map(({ id }) => id);
}
