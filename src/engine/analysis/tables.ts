/** The family tables of a document as plain numbers: what the command line's `analyze --attention` prints. */
import type { TextRange } from '../../protocol/document.js';
import { TABLE_LEVELS, type TableLevel } from '../encoder/index.js';
import type { LadderChoice } from './ladder.js';
import { chosen } from './ladder.js';
import type { LevelIndex } from './levels.js';
import { masses } from './masses.js';

const LEVEL_NAMES = { 1: 'piece', 2: 'block', 3: 'unit', 4: 'part' } as const;

export interface AttentionLevel {
  /** What the members of the families are. */
  level: (typeof LEVEL_NAMES)[TableLevel];
  families: {
    /** The members in order; `mass` is the share of the attention of the member's tokens that stays inside it. */
    members: (TextRange & { tokens: number; mass: number })[];
    /** One row for each member: how it spreads its attention over the members (itself included). Rows add up to 1. */
    table: number[][];
  }[];
}

/** Tables and masses of the levels above the tokens, finest first, averaged over the chosen layers and heads. */
export function attentionTables(index: LevelIndex, choice: Pick<LadderChoice, 'layer' | 'head'>): AttentionLevel[] {
  const { attention, packed } = index.document;
  const pairs = chosen(attention, choice);
  const mass = TABLE_LEVELS.map((level) => new Float64Array(index.count(level)));
  for (const [layer, head] of pairs) {
    const of = masses(index, layer, head);
    TABLE_LEVELS.forEach((level, l) => {
      of[level].forEach((m, node) => (mass[l]![node]! += m / pairs.length));
    });
  }
  return TABLE_LEVELS.map((level, l) => {
    const families = Array.from({ length: index.families(level) }, (_, family) => {
      const [first, last] = index.membersOf(level, family);
      const size = last - first;
      const sum = new Float64Array(size * size);
      for (const [layer, head] of pairs)
        attention.family(level, family, layer, head).forEach((p, i) => (sum[i]! += p / pairs.length));
      return {
        members: Array.from({ length: size }, (_, i) => {
          const pieces = index.piecesOf(level, first + i);
          const [from, to] = index.tokensOf(pieces);
          return {
            start: packed.tokenStart[from]!,
            end: packed.tokenEnd[to - 1]!,
            tokens: to - from,
            mass: mass[l]![first + i]!,
          };
        }),
        table: Array.from({ length: size }, (_, row) => [...sum.subarray(row * size, (row + 1) * size)]),
      };
    });
    return { level: LEVEL_NAMES[level], families };
  });
}
