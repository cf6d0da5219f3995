/** Attention flow into each piece: how much the rest of the document looks at it (what a summary is made of). */
import { TABLE_LEVELS } from '../encoder/index.js';
import { ABOVE, type LevelIndex } from './levels.js';
import { masses } from './masses.js';

/**
 * Attention that arrives at each piece from outside it, per token of the piece, averaged over layers and heads. 1 means as
 * much as under even attention over the whole document. Self-attention does not count, and length gives no advantage.
 */
export function inflow(index: LevelIndex): Float64Array {
  const { attention } = index.document;
  const perPiece = new Float64Array(index.pieces);
  const pairs = attention.layers * attention.heads;
  for (let layer = 0; layer < attention.layers; layer++) {
    for (let head = 0; head < attention.heads; head++) {
      const mass = masses(index, layer, head);
      let densityAbove = new Float64Array([0]);
      for (const level of TABLE_LEVELS.toReversed()) {
        const density = new Float64Array(index.count(level));
        for (let family = 0; family < index.families(level); family++) {
          const [first, last] = index.membersOf(level, family);
          const p = attention.family(level, family, layer, head);
          const sizes = Array.from({ length: last - first }, (_, i) => index.size(index.piecesOf(level, first + i)));
          const arriving = new Float64Array(sizes.length);
          sizes.forEach((size, row) => {
            for (let column = 0; column < sizes.length; column++)
              if (row !== column) arriving[column]! += size * p[row * sizes.length + column]!;
          });
          // What is given out among the members.
          const above = mass[ABOVE[level]][family]!;
          sizes.forEach((size, column) => {
            density[first + column] = densityAbove[family]! + (above * arriving[column]!) / size;
          });
        }
        densityAbove = density;
      }
      for (let piece = 0; piece < index.pieces; piece++) perPiece[piece]! += densityAbove[piece]! / pairs;
    }
  }
  return perPiece;
}
