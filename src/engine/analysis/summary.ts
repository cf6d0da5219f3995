/**
 * The document's summary: passages that the rest of the document looks at and that stand for it, chosen so that they cover
 * it rather than repeat each other, in reading order.
 */
import type { DocumentGenre, DocumentTree, Gist, Summary, TreeNode } from '../../protocol/document.js';
import { inflow } from './flow.js';
import { isLicence } from './comments.js';
import { sectionGists } from './gists.js';
import { headingsOf, headOfTable, isTold, speakingLeaves } from './leaves.js';
import type { LevelIndex } from './levels.js';
import { normalised } from '../encoder/index.js';
import { oneOf, words } from '../patterns.js';
import { dot } from './levels.js';
import type { Passage } from './passage.js';
import { passages } from './passages.js';
import { standardScores } from './statistics.js';

/** How much closeness to the whole document counts against attention (both as standard scores); people who talk attend to what matters (docs/experiments.md, 51). */
const CENTRALITY = 1;
const ATTENTION: Readonly<Record<DocumentGenre, number>> = { code: 0.5, prose: 0.5, data: 0.5, transcript: 1 };
/** How much a passage loses for its closeness to a chosen one. */
const REPETITION = 6;
/** How much of that a passage of a transcript loses for standing beside a chosen one, however different its words. */
const CROWDING = 3;
/** A transcript's passages stand for this many words of the summary each: so far apart they do not crowd each other. */
const TURN_WORDS = 15;
/** What a file says of itself at its top. */
const FILE_BONUS = 4;
/** What the columns of a table are called is always said, however unlike all of its rows it is. */
const HEAD_BONUS = 1_000;
/** A described function or class says what it is for. */
const DESCRIPTION_BONUS = 2;
/** A sentence of prose that says what the text does. */
const PURPOSE_BONUS = 2;
/** A question, or what leads to something that is not quoted, says what comes and not what it is. */
const LEADING_LOSS = 1.5;
const INTRODUCING = /[?:,]\W*$/;
const UNFINISHED = /[\p{L}\p{N}]\s*$/u;
/** The first sentence below a title, which is hardly like the rest of a long text. */
const OPENING_BONUS = 6;
/** The first sentence of a section. */
const SECTION_BONUS = 0.5;
/** Sections that say what the rest is about, in their first sentence. */
const ABOUT =
  /^\W*(?:[\d.]+\s+)?(?:description|overview|introduction|abstract|summary|about\b|what (?:is|are)\b|purpose|motivation)/i;
/** An entry of a list says one thing of many. */
const ENTRY_LOSS = 0.75;
/** What is said beside the matter: sections about a text, its people and its surroundings, and what stands in brackets. */
const ASIDE_LOSS = 2;
const ASIDE =
  /^\W*(?:licen[cs]|copyright|contribut|authors?\b|credits?\b|acknowledg|thank|sponsor|backer|donat|support(?:ing)?\b|maintainers?\b|(?:the )?team\b|(?:table of )?contents\b|references$|bibliography|see also|related|links\b|community|install|development$|tests?$|change ?log|release notes|(?:\w+ )?history$)/i;
/** A sentence that stands in brackets as a whole. */
const BRACKETED = /^\([^()]*(?:\([^()]*\)[^()]*)*\)[.!?]?$/;
/** Records of a log by how bad it is what they tell of. */
const FAILURE_BONUS = 5;
const WARNING_BONUS = 2.5;
const FAILURE =
  /\b(?:ERROR|FATAL|SEVERE|CRITICAL)\b|\[(?:error|crit|alert|emerg)\]|\blevel="?(?:error|fatal)|Exception\b|\bTraceback\b|^[EF](?:\d{4}|\d{8}) \d\d:/;
const WARNING = /\bWARN(?:ING)?\b|\[warn(?:ing)?\]|\blevel="?warn|^W(?:\d{4}|\d{8}) \d\d:/;
/** Texts in which one row is like another but for its numbers. */
const OF_RECORDS: ReadonlySet<string> = new Set(['csv', 'log']);
const NUMBER = /(?<![\p{L}\p{N}_])\p{N}[\p{L}\p{N}_]*/gu;
/** Two records that are closer than this say the same. */
const SAME = 0.95;
/** A single passage may be this much longer than was asked for: whole sentences come in no other lengths. */
const STRETCH = 1.25;
/** What is left of the words when this few remain is not worth another passage. */
const LEAST_WORDS = 5;
/** Below this a passage of prose says less than the room that it takes. */
const LEAST_WORTH = -1;
const MOST_CANDIDATES = 2_000;

const KINDS_OF_TEXT = words`
  paper work article report document guide manual page chapter study thesis specification
  project package library module tool
`;
const PURPOSES = words`
  present introduc describ report show demonstrat explain cover defin provid offer suggest propos argu aim address
  design develop devis formulat prove establish investigat stud(?:y|ies) explor analy[sz] examin find specif
`;
/** "We present …", "This guide describes …": where a text says what it is for (Edmundson's cue phrases). */
const PURPOSE = new RegExp(
  String.raw`\b(?:we|I|(?:this|the(?: present)?|our) ${oneOf(KINDS_OF_TEXT)})\b[^.;:]{0,40}?\b${oneOf(PURPOSES)}`,
  'i',
);

interface Candidate extends Passage {
  worth: number;
  /** What another must not say again: its text, of a record only the words. */
  said: string;
}

/** Summary of about `words` words (at least one passage), and the gists of all classes, functions and sections. */
export function summarise(index: LevelIndex, text: string, words: number): Summary {
  const flow = inflow(index);
  const pool = weighed(index, text, passages(index, text, flow));
  return { file: choose(pool, words, index.document.tree), sections: sectionGists(index, text, flow) };
}

/** The passages with their worth, best first. */
function weighed(index: LevelIndex, text: string, pool: readonly Passage[]): Candidate[] {
  const whole = middle(index, pool);
  const central = standardScores(pool.map((c) => dot(c.vector, whole)));
  const attended = standardScores(pool.map((c) => c.attended));
  const bonus = bonuses(index, text, pool);
  const told = isTold(index.document.tree);
  const attention = ATTENTION[index.document.tree.genre];
  const ofRecords = OF_RECORDS.has(index.document.tree.language);
  return pool
    .map((c, i) => ({
      ...c,
      worth: CENTRALITY * central[i]! + attention * attended[i]! + bonus(c),
      said: ofRecords ? c.text.replace(NUMBER, '').replace(/[^\p{L}\p{N}]+/gu, ' ') : c.text,
    }))
    .sort((a, b) => b.worth - a.worth)
    .filter((c, i) => i === 0 || !told || c.worth >= LEAST_WORTH)
    .slice(0, MOST_CANDIDATES);
}

/** The direction of the whole document; of a transcript only what is worth quoting, because half of its turns are assent. */
function middle(index: LevelIndex, pool: readonly Passage[]): Float32Array {
  if (index.document.tree.genre !== 'transcript') return normalised(index.vector([0, index.pieces]));
  const sum = new Float32Array(index.document.dimension);
  for (const { vector, words } of pool) vector.forEach((x, d) => (sum[d]! += x * Math.sqrt(words)));
  return normalised(sum);
}

/** What a passage is worth for its role, by genre. */
function bonuses(index: LevelIndex, text: string, pool: readonly Passage[]): (passage: Passage) => number {
  const { genre, language } = index.document.tree;
  if (language === 'log') return (passage) => bonusOfRecord(passage.text);
  if (genre === 'transcript') return ({ words }) => Math.min(1, Math.log2(words / 8) / 2);
  if (isTold(index.document.tree)) return proseBonuses(index, pool);
  const leaves = speakingLeaves(index.document.tree);
  const quoted = new Set(pool.map(({ node }) => node.id));
  // Where a file says what it is, if it does: its first leaf that says more than a licence.
  const opening = leaves.find((n) => quoted.has(n.id) || !isLicence(text.slice(n.start, n.end)))?.id;
  const head = headOfTable(index.document.tree);
  return ({ node, worded }) => {
    if (node === head) return HEAD_BONUS;
    if (node.id === opening && worded) return FILE_BONUS;
    return node.children.length > 0 ? DESCRIPTION_BONUS : 0;
  };
}

/** What went wrong is what a log is read for. */
function bonusOfRecord(record: string): number {
  if (FAILURE.test(record)) return FAILURE_BONUS;
  return WARNING.test(record) ? WARNING_BONUS : 0;
}

function proseBonuses({ document: { tree } }: LevelIndex, pool: readonly Passage[]): (passage: Passage) => number {
  const headings = headingsOf(tree);
  const leaves = speakingLeaves(tree);
  const openings = new Map(
    leaves.flatMap((n, i): [number, number][] => {
      const next = leaves[i + 1];
      if (!headings.has(n.id) || !next) return [];
      return [[next.id, ABOUT.test(tree.nodes[n.parent]!.name ?? '') ? PURPOSE_BONUS : SECTION_BONUS]];
    }),
  );
  const first = headings.size > 0 ? pool[0] : undefined;
  // What most of a text is like counts against none of it, and a text that is about nothing else is no aside.
  const unlessMost = (loss: number, is: (passage: Passage) => boolean): number =>
    2 * pool.filter(is).length < pool.length ? loss : 0;
  const isUnfinished = ({ text }: Passage): boolean => UNFINISHED.test(text);
  const isEntry = ({ node }: Passage): boolean => ancestorsOf(tree, node).some((n) => n.kind === 'block');
  const asides = new Set(
    tree.nodes.filter((n) => n.kind === 'section' && 2 * (n.end - n.start) < tree.length && ASIDE.test(n.name ?? '')),
  );
  const unfinishedLoss = unlessMost(LEADING_LOSS, isUnfinished);
  const entryLoss = unlessMost(ENTRY_LOSS, isEntry);
  return (passage) => {
    const { text, node } = passage;
    const opens = passage === first;
    return (
      (opens ? OPENING_BONUS : (openings.get(node.id) ?? 0)) +
      (PURPOSE.test(text) && !isUnfinished(passage) ? PURPOSE_BONUS : 0) -
      (INTRODUCING.test(text) ? LEADING_LOSS : 0) -
      // What stands below the title needs no full stop.
      (!opens && isUnfinished(passage) ? unfinishedLoss : 0) -
      (isEntry(passage) ? entryLoss : 0) -
      (BRACKETED.test(text) || ancestorsOf(tree, node).some((n) => asides.has(n)) ? ASIDE_LOSS : 0)
    );
  };
}

function ancestorsOf({ nodes }: DocumentTree, node: TreeNode): TreeNode[] {
  const above: TreeNode[] = [];
  for (let at = nodes[node.parent]; at; at = nodes[at.parent]) above.push(at);
  return above;
}

/** Greedy choice by worth less repetition; returned in reading order. */
function choose(pool: readonly Candidate[], words: number, { genre, language }: DocumentTree): Gist[] {
  const chosen = new Set<Candidate>();
  const repeats = new Float64Array(pool.length);
  const same = OF_RECORDS.has(language) ? SAME : Infinity;
  const reach = TURN_WORDS / words;
  let left = words;
  while (chosen.size === 0 || left >= LEAST_WORDS) {
    const room = chosen.size === 0 ? left * STRETCH : left;
    const pick = bestOf(pool, (c, i) => (c.words <= room && !chosen.has(c) ? c.worth - repeats[i]! : undefined));
    // Where all are longer than asked for, the shortest is nearest.
    const taken = pick ?? (chosen.size === 0 ? bestOf(pool, (c) => -c.words) : undefined);
    if (!taken) break;
    chosen.add(taken);
    left -= taken.words;
    pool.forEach((c, i) => {
      const beside = Math.max(0, 1 - Math.abs(c.place - taken.place) / reach);
      const crowding = genre === 'transcript' ? CROWDING * beside : 0;
      const close = dot(c.vector, taken.vector);
      const repeated = c.said === taken.said || close > same ? Infinity : Math.max(0, close);
      repeats[i] = Math.max(repeats[i]!, REPETITION * repeated + crowding);
    });
  }
  return [...chosen]
    .sort((a, b) => a.range.start - b.range.start)
    .map((c) => ({ node: c.node.id, text: c.text, score: c.worth, range: c.range }));
}

function bestOf(
  pool: readonly Candidate[],
  value: (candidate: Candidate, i: number) => number | undefined,
): Candidate | undefined {
  let best: Candidate | undefined;
  let most = -Infinity;
  pool.forEach((candidate, i) => {
    const own = value(candidate, i);
    if (own !== undefined && own > most) {
      best = candidate;
      most = own;
    }
  });
  return best;
}
