/** Attention flow into each piece: how much the rest of the document looks at it (what a summary is made of). */
import { TABLE_LEVELS } from '../encoder/index.js';
import type { LevelIndex } from './levels.js';

/**
 * Attention that arrives at each piece from outside it, per token of the piece, averaged over layers and heads. 1 means as
 * much as under even attention over the whole document. Self-attention does not count, and length gives no advantage.
 */
export function inflow(index: LevelIndex): Float64Array {
  const { attention } = index.document;
  const tokens = index.tokenOfPiece.at(-1)!;
  const perPiece = new Float64Array(index.pieces);
  const pairs = attention.layers * attention.heads;
  for (let layer = 0; layer < attention.layers; layer++) {
    for (let head = 0; head < attention.heads; head++) {
      // Attention of all tokens under a parent that is still to be given out among its children.
      let massAbove = new Float64Array([1]);
      let densityAbove = new Float64Array([0]);
      for (const level of TABLE_LEVELS.toReversed()) {
        const count = index.count(level);
        const mass = new Float64Array(count);
        const density = new Float64Array(count);
        for (let family = 0; family < massAbove.length; family++) {
          const [first, last] = index.membersOf(level, family);
          const p = attention.family(level, family, layer, head);
          const size = last - first;
          const above = massAbove[family]!;
          for (let column = 0; column < size; column++) {
            let arriving = 0;
            for (let row = 0; row < size; row++) {
              if (row !== column) arriving += index.size(index.piecesOf(level, first + row)) * p[row * size + column]!;
            }
            mass[first + column] = above * p[column * size + column]!;
            density[first + column] =
              densityAbove[family]! + (above * arriving) / index.size(index.piecesOf(level, first + column));
          }
        }
        massAbove = mass;
        densityAbove = density;
      }
      for (let piece = 0; piece < index.pieces; piece++) perPiece[piece]! += densityAbove[piece]! / pairs;
    }
  }
  return tokens > 0 ? perPiece : perPiece.fill(0);
}
