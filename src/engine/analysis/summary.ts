/**
 * The document's summary: passages that the rest of the document looks at and that stand for it, chosen so that they cover
 * it rather than repeat each other, in reading order (design §1).
 */
import type { DocumentGenre, Gist, Summary, TreeNode } from '../../protocol/document.js';
import { inflow } from './flow.js';
import {
  cleanDescription,
  isBoilerplate,
  isCommented,
  isLicence,
  leavesBelow,
  nodeFlow,
  sectionGists,
} from './gists.js';
import type { LevelIndex } from './levels.js';
import { dot, normalised } from './levels.js';

/** How much closeness to the whole document counts against attention (both as standard scores). */
const CENTRALITY = 1;
const ATTENTION = 0.5;
/** How much a passage loses for repeating a chosen one. */
const REPETITION = 1.5;
/** What a file says of itself at its top. */
const FILE_BONUS = 4;
/** A described function or class says what it is for. */
const DESCRIPTION_BONUS = 2;
/** With fewer passages in words than this, plain statements speak for code too. */
const ENOUGH_WORDS = 3;
const LEAST_WORDS = 5;
const MOST_CANDIDATES = 2_000;

interface Candidate {
  node: TreeNode;
  range: { start: number; end: number };
  text: string;
  words: number;
  vector: Float32Array;
  /** In words: prose, or a comment; not bare code. */
  worded: boolean;
  worth: number;
}

/** Summary within `words` words (at least one passage), and the gists of all classes, functions and sections. */
export function summarise(index: LevelIndex, text: string, words: number): Summary {
  const flow = inflow(index);
  let found = candidates(index, text, flow, LEAST_WORDS);
  // A file of short lines only (settings, a list) is made of these.
  if (found.length === 0) found = candidates(index, text, flow, 1);
  return { file: choose(found, words), sections: sectionGists(index, text, flow) };
}

function candidates(index: LevelIndex, text: string, flow: Float64Array, leastWords: number): Candidate[] {
  const { tree } = index.document;
  const code = tree.genre === 'code' || tree.genre === 'data';
  const whole = normalised(index.vector([0, index.pieces]));
  const described = new Map<number, TreeNode>();
  if (code) {
    for (const node of tree.nodes) {
      if (!node.description || node.children.length === 0) continue;
      const { start, end } = node.description;
      for (const leaf of leavesBelow(index, node))
        if (leaf.start < end && leaf.end > start) described.set(leaf.id, node);
    }
  }
  const headings = new Set(tree.nodes.filter((n) => n.kind === 'section').map((n) => n.children[0]));
  const found: Candidate[] = [];
  const taken = new Set<number>();
  for (const leaf of tree.nodes) {
    if (leaf.children.length > 0 || leaf.trivial || headings.has(leaf.id)) continue;
    const pieces = index.piecesOfNode(leaf.id);
    if (pieces[0] === pieces[1]) continue;
    const owner = described.get(leaf.id);
    if (owner && taken.has(owner.id)) continue;
    const range = owner?.description ?? { start: leaf.start, end: leaf.end };
    const raw = text.slice(range.start, range.end);
    const worded = owner !== undefined || !code || isCommented(raw);
    const spoken = code && worded ? cleanDescription(raw) : raw.replace(/\s+/g, ' ').trim();
    const count = spoken.split(/\s+/).length;
    if (isBoilerplate(raw) || (count < leastWords && !owner) || !/\p{L}{3}/u.test(spoken)) continue;
    if (owner) taken.add(owner.id);
    found.push({
      node: owner ?? leaf,
      range,
      text: spoken,
      words: count,
      vector: normalised(index.vector(pieces)),
      worded,
      worth: 0,
    });
  }
  const inWords = found.filter((c) => c.worded);
  const pool = code && inWords.length >= ENOUGH_WORDS ? inWords : found;
  const opening = openingLeaf(index, text);
  const central = standardScores(pool.map((c) => dot(c.vector, whole)));
  const attended = standardScores(pool.map((c) => nodeFlow(index, flow, c.node.id)));
  pool.forEach((c, i) => {
    c.worth = CENTRALITY * central[i]! + ATTENTION * attended[i]! + bonus(c, tree.genre, opening);
  });
  return pool.sort((a, b) => b.worth - a.worth).slice(0, MOST_CANDIDATES);
}

/** The first leaf that is no licence: where a file says what it is, if it does. */
function openingLeaf(index: LevelIndex, text: string): number {
  const leaf = index.document.tree.nodes.find(
    (n) => n.children.length === 0 && !n.trivial && !isLicence(text.slice(n.start, n.end)),
  );
  return leaf?.id ?? -1;
}

function bonus(candidate: Candidate, genre: DocumentGenre, opening: number): number {
  if (genre === 'transcript') return spokenBonus(candidate);
  if (genre === 'prose') return 0;
  const { node, worded } = candidate;
  if (node.id === opening && worded) return FILE_BONUS;
  return node.children.length > 0 ? DESCRIPTION_BONUS : 0;
}

/** Turns that carry a thought: not a few words, not a question of procedure. */
function spokenBonus(candidate: Candidate): number {
  return Math.min(1, Math.log2(candidate.words / 8) / 2);
}

/** Greedy choice by worth less repetition; returned in reading order. */
function choose(pool: Candidate[], words: number): Gist[] {
  const chosen: Candidate[] = [];
  const repeats = new Float64Array(pool.length);
  let left = words;
  for (;;) {
    let best = -1;
    let bestWorth = -Infinity;
    pool.forEach((c, i) => {
      const worth = c.worth - REPETITION * repeats[i]!;
      const fits = c.words <= left || chosen.length === 0;
      if (fits && !chosen.includes(c) && worth > bestWorth) {
        best = i;
        bestWorth = worth;
      }
    });
    const pick = pool[best];
    if (!pick) break;
    chosen.push(pick);
    left -= pick.words;
    pool.forEach((c, i) => (repeats[i] = Math.max(repeats[i]!, Math.max(0, dot(c.vector, pick.vector)) * 2)));
    if (left < LEAST_WORDS) break;
  }
  return chosen
    .sort((a, b) => a.range.start - b.range.start)
    .map((c) => ({ node: c.node.id, text: c.text, score: c.worth, range: c.range }));
}

/** (x − mean) / deviation; zeros where all are equal. */
function standardScores(values: readonly number[]): number[] {
  const mean = values.reduce((a, b) => a + b, 0) / (values.length || 1);
  const deviation = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length || 1));
  return values.map((x) => (deviation > 1e-9 ? (x - mean) / deviation : 0));
}
