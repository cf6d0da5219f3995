/** What a leaf counts to in the heat above itself: its block, its unit, its part and the file (docs/model-contract.md, Heat). */
import type { NodeKind } from '../../protocol/document.js';
import type { LevelIndex, PackedLevel } from './levels.js';

export type GroupScale = 'block' | 'unit' | 'part' | 'file';

const LEVEL = { block: 2, unit: 3, part: 4, file: 5 } as const satisfies Record<GroupScale, PackedLevel>;
/** In a transcript a turn is a unit of the packed tree, too small to be read for more: runs of turns are blocks and units here. */
const TRANSCRIPT: Partial<Record<GroupScale, NodeKind>> = { block: 'block', unit: 'section' };

/** Consecutive runs of pieces that cover a document at one scale. */
export class ScaleGroups {
  /** [first, last) piece of each group, in order. */
  readonly runs: readonly (readonly [number, number])[];
  private readonly above: Int32Array;

  constructor(index: LevelIndex, scale: GroupScale) {
    const { tree } = index.document;
    const kind = tree.genre === 'transcript' ? TRANSCRIPT[scale] : undefined;
    const level = LEVEL[scale];
    const all =
      kind === undefined
        ? Array.from({ length: index.count(level) }, (_, i) => index.piecesOf(level, i))
        : tree.nodes.filter((n) => n.kind === kind).map((n) => index.piecesOfNode(n.id));
    this.runs = all.filter(([first, last]) => last > first);
    this.above = new Int32Array(index.pieces);
    this.runs.forEach(([first, last], i) => this.above.fill(i, first, last));
  }

  /** The group of a piece. */
  of(piece: number): number {
    return this.above[piece]!;
  }
}
