/** Why a node has its heat: by scale, and for its own part by word. Both add up exactly. */
import type { HeatExplanation, HeatScale, TreeNode } from '../../protocol/document.js';
import { insideWord, wholeWords } from '../encoder/index.js';
import { nodeLabel } from './labels.js';
import { dot, type LevelIndex } from './levels.js';
import type { Heat, HeatTerm } from './relevance.js';
import { hasTokens, isRun, NEIGHBOURS, RUN, scaleOf } from './relevance.js';

/** More words than this are not listed one by one; the strongest are, and the rest is one entry. */
const MOST_WORDS = 400;

export function explainHeat(heat: Heat, text: string, node: TreeNode): HeatExplanation {
  const { tree } = heat.index.document;
  const { scores } = heat;
  const all = heat.terms(node);
  // A scale that the model does not use is no reason.
  const terms = all.filter((t) => t.weight !== 0);
  const peers = tree.nodes.filter(
    (n) => scaleOf(n.kind) === scaleOf(node.kind) && !n.trivial && hasTokens(heat.index, n),
  );
  const score = terms.reduce((sum, t) => sum + t.weight * t.cosine, 0);
  const { words, context } = ownWords(heat, text, all);
  const labels = scaleLabels(heat, text, terms, all[0]);
  return {
    node: node.id,
    score,
    rank: 1 + peers.filter((n) => scores[n.id]! > scores[node.id]!).length,
    ranked: peers.length,
    scales: terms.map((t, i) => ({
      scale: t.scale,
      label: labels[i]!,
      range: rangeOf(heat, t.pieces),
      contribution: t.weight * t.cosine,
      cosine: t.cosine,
    })),
    words,
    context,
    met: metWords(heat, text, terms),
    ledBy: [...heat.ledBy],
  };
}

function rangeOf(heat: Heat, pieces: readonly [number, number]): { start: number; end: number } {
  const { packed } = heat.index.document;
  const [first, last] = heat.index.tokensOf(pieces);
  return { start: packed.tokenStart[first]!, end: packed.tokenEnd[last - 1]! };
}

/** What a scale is called where its text has no name of its own. */
function scaleWords(scale: HeatScale, index: LevelIndex): string {
  const [before, after] = NEIGHBOURS[index.heatGenre];
  switch (scale) {
    case 'statement':
      return 'this statement';
    case 'ownWords':
      return 'itself, word by word';
    case 'words':
      return 'the words of the question, each where it is met best';
    case 'neighbours':
      return `with the ${before} statements before${after > 0 ? ` and the ${after} after` : ''} it`;
    case 'passage':
    case 'stretch':
      return `the best ${scale} of ${RUN[scale]} statements around it`;
    case 'block':
      return index.document.tree.genre === 'transcript' ? 'the turns around it' : 'its paragraph';
    case 'unit':
      return 'its function or section';
    case 'part':
      return 'its part of the document';
    case 'file':
      return 'the whole document';
  }
}

/** One label a term. A function is often nearly all of its part, and two rows must not read alike. */
function scaleLabels(heat: Heat, text: string, terms: readonly HeatTerm[], own: HeatTerm | undefined): string[] {
  const labels: string[] = [];
  for (const term of terms) {
    const label = term === own ? 'itself, as a whole' : scaleLabel(heat, text, term);
    labels.push(labels.includes(label) ? scaleWords(term.scale, heat.index) : label);
  }
  return labels;
}

/** The smallest tree node around the packed node, when it is one that has a name; else the scale's own word. */
function scaleLabel(heat: Heat, text: string, term: HeatTerm): string {
  const { tree, packed } = heat.index.document;
  // A paragraph that is nearly all of its function must not take the function's name away from it.
  if (
    term.scale === 'file' ||
    term.scale === 'block' ||
    term.scale === 'neighbours' ||
    term.scale === 'ownWords' ||
    term.scale === 'words' ||
    isRun(term.scale)
  )
    return scaleWords(term.scale, heat.index);
  const range = rangeOf(heat, term.pieces);
  let node = tree.nodes[packed.pieceLeaf[term.pieces[0]]!]!;
  while (node.parent >= 0 && (node.start > range.start || node.end < range.end)) node = tree.nodes[node.parent]!;
  const fits = node.end - node.start < 1.5 * (range.end - range.start) + 40;
  return fits && node.name ? nodeLabel(tree, text, node.id) : scaleWords(term.scale, heat.index);
}

/** Word by word what the question meets; a word of several tokens by the one that is met best. */
function metWords(heat: Heat, text: string, terms: readonly HeatTerm[]): HeatExplanation['met'] {
  const term = terms.find((t) => t.scale === 'words');
  if (!term) return [];
  const { tokenStart, tokenEnd } = heat.index.document.packed;
  const met: HeatExplanation['met'] = [];
  for (const { asked, token, cosine } of heat.words.met(term.pieces)) {
    const range = wholeWords(text, tokenStart[token]!, tokenEnd[token]!);
    const found = { range, text: text.slice(range.start, range.end), cosine };
    const last = met.at(-1);
    if (!last || !asked.continues) met.push({ asked: asked.text, ...found });
    else met[met.length - 1] = { ...(cosine > last.cosine ? found : last), asked: last.asked + asked.text };
  }
  return met;
}

/**
 * The terms of the node itself split over its tokens: of its vector each token's share, of the words of the question that it meets each one's,
 * for the token that met it. What the neighbours lent (and the unit's markers) is `context`.
 */
function ownWords(
  heat: Heat,
  text: string,
  terms: readonly HeatTerm[],
): { words: HeatExplanation['words']; context: number } {
  const own = terms[0];
  if (!own) return { words: [], context: 0 };
  const { index, query } = heat;
  const { packed, pieceOwn, dimension } = index.document;
  const vector = index.vector(own.pieces);
  const norm = Math.hypot(...vector) || 1;
  const n = index.size(own.pieces);
  const words: HeatExplanation['words'] = [];
  const said = terms.find((t) => t.scale === 'ownWords');
  const meetings = said ? heat.words.met(said.pieces) : [];
  const ofMeetings = new Map<number, number>();
  for (const { token, cosine } of meetings)
    ofMeetings.set(token, (ofMeetings.get(token) ?? 0) + (said!.weight * cosine) / meetings.length);
  for (let piece = own.pieces[0]; piece < own.pieces[1]; piece++) {
    const [from, to] = index.tokensOf([piece, piece + 1]);
    const exact = (to - from) * dot(query, pieceOwn.subarray(piece * dimension, (piece + 1) * dimension));
    const dots = Array.from({ length: to - from }, (_, i) => dot(query, index.document.tokenState(from + i)));
    // Token states are kept with 8 bits; what rounding takes from the exact sum is shared out evenly.
    const missing = (exact - dots.reduce((a, b) => a + b, 0)) / (to - from);
    dots.forEach((value, i) => {
      const start = packed.tokenStart[from + i]!;
      const end = packed.tokenEnd[from + i]!;
      if (start === end) return;
      const contribution = (own.weight * (value + missing)) / (n * norm) + (ofMeetings.get(from + i) ?? 0);
      const last = words.at(-1);
      if (last?.range.end === start && insideWord(text, start)) {
        last.range = { start: last.range.start, end };
        last.text += text.slice(start, end);
        last.contribution += contribution;
      } else words.push({ range: { start, end }, text: text.slice(start, end), contribution });
    });
  }
  const spoken = words.reduce((sum, w) => sum + w.contribution, 0);
  const context = own.weight * own.cosine + (said ? said.weight * said.cosine : 0) - spoken;
  if (words.length <= MOST_WORDS) return { words, context };
  const strongest = new Set(
    [...words].sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)).slice(0, MOST_WORDS),
  );
  const kept = words.filter((w) => strongest.has(w));
  const rest = spoken - kept.reduce((sum, w) => sum + w.contribution, 0);
  kept.push({ range: { start: kept.at(-1)!.range.end, end: kept.at(-1)!.range.end }, text: '…', contribution: rest });
  return { words: kept, context };
}
