/** The attention between the parts of a document, level by level. */

/** Levels whose family tables are kept: pieces in a block, blocks in a unit, units in a part, parts in the file. */
export const TABLE_LEVELS = [1, 2, 3, 4] as const;
export type TableLevel = (typeof TABLE_LEVELS)[number];

/**
 * The exact attention of every family above the tokens (arXiv 2509.15448). Families are numbered in document order within a
 * level; a family's children are consecutive nodes of that level.
 */
export interface AttentionTables {
  readonly layers: number;
  readonly heads: number;
  /** P of one family, row-major [size × size]: rows look, columns are looked at. Rows add up to 1. A view, not a copy. */
  family(level: TableLevel, family: number, layer: number, head: number): Float32Array;
}
