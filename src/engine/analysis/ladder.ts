/**
 * Exact cross-scale attention between any two places of a document (docs/model-contract.md), read off the family tables.
 *
 * A token's attention flows: to itself and its own piece with the piece's mass, to each sibling at every level with
 * mass(parent) · P(A→B), spread evenly over the tokens of B (rows are tied by block). So every share can be split over any
 * token interval, and the shares of one node add up to 1.
 */
import type { AttentionLadder, LayerOrHead } from '../../protocol/document.js';
import { StrataError } from '../../protocol/errors.js';
import { type AttentionTables, TABLE_LEVELS, type TableLevel } from '../encoder/index.js';
import { nodeLabel } from './labels.js';
import { leavesBelow } from './leaves.js';
import { ABOVE, type LevelIndex } from './levels.js';
import { masses } from './masses.js';

export interface LadderChoice {
  layer: LayerOrHead;
  head: LayerOrHead;
  /** Most targets and lookers listed. */
  targets: number;
}

/** Every (layer, head) that the choice averages over. Throws StrataError `invalid-message` for one that the model does not have. */
export function chosen(
  { layers, heads }: Pick<AttentionTables, 'layers' | 'heads'>,
  choice: Pick<LadderChoice, 'layer' | 'head'>,
): [number, number][] {
  const pick = (what: 'layer' | 'head', count: number): number[] => {
    const chosen = choice[what];
    if (chosen === 'mean') return Array.from({ length: count }, (_, i) => i);
    if (chosen < count) return [chosen];
    throw new StrataError('invalid-message', `The model has no ${what} ${chosen}: its ${what}s are 0 to ${count - 1}.`);
  };
  const inLayer = pick('head', heads);
  return pick('layer', layers).flatMap((l) => inLayer.map((h): [number, number] => [l, h]));
}

/** Where a run of pieces looks: its attention per token of the document, averaged over its tokens. Adds up to 1. */
export function attentionFrom(
  index: LevelIndex,
  pieces: readonly [number, number],
  pairs: readonly (readonly [number, number])[],
): Float64Array {
  const total = index.size(pieces);
  const tokens = index.tokenOfPiece.at(-1)!;
  const steps = new Float64Array(tokens + 1);
  const give = (level: TableLevel, node: number, share: number): void => {
    const [from, to] = index.tokensOf(index.piecesOf(level, node));
    steps[from]! += share / (to - from);
    steps[to]! -= share / (to - from);
  };
  for (const [layer, head] of pairs) {
    const mass = masses(index, layer, head);
    for (const level of TABLE_LEVELS) {
      const [first, last] = [index.ancestor(pieces[0], level), index.ancestor(pieces[1] - 1, level)];
      for (let family = index.familyOf(pieces[0], level); family <= index.familyOf(pieces[1] - 1, level); family++) {
        const [begin, end] = index.membersOf(level, family);
        const p = index.document.attention.family(level, family, layer, head);
        const size = end - begin;
        const given = new Float64Array(size);
        for (let node = Math.max(begin, first); node < Math.min(end, last + 1); node++) {
          const [a, b] = index.piecesOf(level, node);
          // Share of the looking tokens that lie under this node.
          const weight = index.size([Math.max(a, pieces[0]), Math.min(b, pieces[1])]) / total;
          const row = (node - begin) * size;
          for (let i = 0; i < size; i++) if (begin + i !== node) given[i]! += weight * p[row + i]!;
          if (level === 1) give(1, node, weight * mass[1][node]!);
        }
        const above = mass[ABOVE[level]][family]!;
        given.forEach((share, i) => {
          give(level, begin + i, above * share);
        });
      }
    }
  }
  const density = new Float64Array(tokens);
  let sum = 0;
  for (let t = 0; t < tokens; t++) {
    sum += steps[t]!;
    density[t] = Math.max(0, sum) / pairs.length;
  }
  return density;
}

/** For each piece, the share of its attention that falls on a run of pieces. */
export function attentionTo(
  index: LevelIndex,
  pieces: readonly [number, number],
  pairs: readonly (readonly [number, number])[],
): Float64Array {
  const shares = new Float64Array(index.pieces);
  const overlap = (level: TableLevel, node: number): number => {
    const [a, b] = index.piecesOf(level, node);
    const from = Math.max(a, pieces[0]);
    const to = Math.min(b, pieces[1]);
    return to > from ? index.size([from, to]) / index.size([a, b]) : 0;
  };
  for (const [layer, head] of pairs) {
    const mass = masses(index, layer, head);
    for (const level of TABLE_LEVELS) {
      // Only families that hold a part of the target can give it anything on this level.
      const firstFamily = index.familyOf(pieces[0], level);
      const lastFamily = index.familyOf(pieces[1] - 1, level);
      for (let family = firstFamily; family <= lastFamily; family++) {
        const [begin, end] = index.membersOf(level, family);
        const size = end - begin;
        const p = index.document.attention.family(level, family, layer, head);
        const above = mass[ABOVE[level]][family]!;
        const parts = Array.from({ length: size }, (_, i) => overlap(level, begin + i));
        for (let row = 0; row < size; row++) {
          let share = 0;
          for (let i = 0; i < size; i++) if (i !== row && parts[i]! > 0) share += p[row * size + i]! * parts[i]!;
          if (share === 0) continue;
          const [a, b] = index.piecesOf(level, begin + row);
          for (let piece = a; piece < b; piece++) shares[piece]! += above * share;
        }
      }
    }
    for (let piece = pieces[0]; piece < pieces[1]; piece++) shares[piece]! += mass[1][piece]!;
  }
  return shares.map((s) => s / pairs.length);
}

/** The ladder of scales of one tree node, and who looks at it. A node without tokens has no rungs. */
export function attentionLadder(index: LevelIndex, text: string, node: number, choice: LadderChoice): AttentionLadder {
  const { tree, attention } = index.document;
  const pieces = index.piecesOfNode(node);
  const head = { node, layer: choice.layer, head: choice.head, layers: attention.layers, heads: attention.heads };
  if (pieces[0] === pieces[1]) return { ...head, rungs: [], lookers: [] };
  const pairs = chosen(index.document.attention, choice);
  const density = attentionFrom(index, pieces, pairs);
  const running = new Float64Array(density.length + 1);
  for (let t = 0; t < density.length; t++) running[t + 1] = running[t]! + density[t]!;
  const shareOf = (id: number): number => {
    const [from, to] = index.tokensOf(index.piecesOfNode(id));
    return running[to]! - running[from]!;
  };
  const whole = running.at(-1)!;
  const rungs: AttentionLadder['rungs'] = [];
  let below = 0;
  let inside = -1;
  for (let at = node; at >= 0; inside = at, at = tree.nodes[at]!.parent) {
    const share = shareOf(at);
    const targets = tree.nodes[at]!.children.filter((c) => c !== inside && !tree.nodes[c]!.trivial && shareOf(c) > 0)
      .map((c) => ({ node: c, share: shareOf(c) / whole }))
      .sort((a, b) => b.share - a.share)
      .slice(0, choice.targets);
    // A parent that adds no text adds no rung.
    if (at === node || index.size(index.piecesOfNode(at)) > index.size(index.piecesOfNode(inside))) {
      rungs.push({
        node: at,
        label: at === node ? 'itself' : `elsewhere in ${nodeLabel(tree, text, at)}`,
        share: (share - below) / whole,
        targets,
      });
      below = share;
    }
  }
  const toward = attentionTo(index, pieces, pairs);
  const lookers = rungs
    .slice(1)
    .flatMap((r) => tree.nodes[r.node]!.children.map((c) => tree.nodes[c]!))
    .filter((child) => !contains(child, tree.nodes[node]!))
    .flatMap((child) => [child, ...leavesBelow(index, child)])
    .filter((n) => !n.trivial)
    .map(({ id }) => ({ node: id, share: index.mean(toward, index.piecesOfNode(id)) }))
    .filter((l) => l.share > 0)
    .sort((a, b) => b.share - a.share);
  return { ...head, rungs, lookers: distinct(lookers).slice(0, choice.targets) };
}

function contains(outer: { start: number; end: number }, inner: { start: number; end: number }): boolean {
  return outer.start <= inner.start && outer.end >= inner.end;
}

function distinct(list: { node: number; share: number }[]): { node: number; share: number }[] {
  const seen = new Set<number>();
  return list.filter((l) => !seen.has(l.node) && seen.add(l.node));
}
