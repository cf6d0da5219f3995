/** How much attention stays where it comes from: what flow and ladder give out from the top down. */
import { TABLE_LEVELS } from '../encoder/index.js';
import { ABOVE, type LevelIndex, type PackedLevel } from './levels.js';

/** Share of each node's attention that stays inside it, for one layer and head; all of the whole document's does. */
export function masses(index: LevelIndex, layer: number, head: number): Readonly<Record<PackedLevel, Float64Array>> {
  const zeros = (level: PackedLevel): Float64Array => new Float64Array(index.count(level));
  const all = { 1: zeros(1), 2: zeros(2), 3: zeros(3), 4: zeros(4), 5: zeros(5).fill(1) };
  for (const level of TABLE_LEVELS.toReversed()) {
    for (let f = 0; f < index.families(level); f++) {
      const [first, last] = index.membersOf(level, f);
      const p = index.document.attention.family(level, f, layer, head);
      const size = last - first;
      const above = all[ABOVE[level]][f]!;
      for (let i = 0; i < size; i++) all[level][first + i] = above * p[i * size + i]!;
    }
  }
  return all;
}
