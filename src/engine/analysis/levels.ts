/**
 * The packed tree of an encoded document as index arithmetic: where nodes start, who their ancestors are, and the vector of
 * any run of pieces. Levels: 1 piece, 2 block, 3 unit, 4 part, 5 file (docs/model-contract.md).
 */
import type { DocumentGenre, NodeKind, TextRange } from '../../protocol/document.js';
import type { EncodedDocument, TableLevel } from '../encoder/index.js';
import { compose, offsetsOf } from '../encoder/index.js';

export type PackedLevel = TableLevel | 5;

/** The level of the families whose members are on a level. */
export const ABOVE = { 1: 2, 2: 3, 3: 4, 4: 5 } as const satisfies Readonly<Record<TableLevel, PackedLevel>>;

/** What a leaf counts to in the heat above itself (docs/model-contract.md, Heat). */
export type GroupScale = 'block' | 'unit' | 'part' | 'file';

/** Consecutive groups that cover all pieces. */
interface Groups {
  /** First piece of each group, and one entry for the end. */
  first: Int32Array;
  /** The group of each piece. */
  of: Int32Array;
}

export class LevelIndex {
  /** Number of pieces. */
  readonly pieces: number;
  /** First token of each piece, and one entry for the end. */
  readonly tokenOfPiece: Int32Array;
  /** For levels 2…5: first piece of each node, and one entry for the end. Level 1 is the identity. */
  private readonly firstPiece: Readonly<Record<2 | 3 | 4 | 5, Int32Array>>;
  /** For levels 2…5: the node above each piece. */
  private readonly above: Readonly<Record<2 | 3 | 4 | 5, Int32Array>>;
  /** What each piece counts to in the heat, scale by scale. */
  private readonly groups: Readonly<Record<GroupScale, Groups>>;
  /** [first, last) piece of each tree node; empty for a node without tokens. */
  private readonly nodePieces: Int32Array;
  /** Which leaf with pieces, counted from 0 in reading order, each piece belongs to. */
  private readonly leafOfPiece: Int32Array;
  /** First piece of each leaf with pieces, and one entry for the end. */
  private readonly firstPieceOfLeaf: Int32Array;
  /** Running sums of token-weighted piece vectors, [(pieces + 1) × dimension]. */
  private readonly sums: Float64Array;

  constructor(readonly document: EncodedDocument) {
    const { packed, tree, dimension } = document;
    this.pieces = packed.pieceSizes.length;
    this.tokenOfPiece = offsetsOf(packed.pieceSizes);
    const blocks = offsetsOf(packed.blockSizes);
    const units = compose(offsetsOf(packed.unitSizes), blocks);
    const parts = compose(offsetsOf(packed.partSizes), units);
    const files = compose(offsetsOf(packed.fileSizes), parts);
    this.firstPiece = { 2: blocks, 3: units, 4: parts, 5: files };
    this.above = { 2: spread(blocks), 3: spread(units), 4: spread(parts), 5: spread(files) };
    this.nodePieces = piecesOfNodes(tree.nodes, packed.pieceLeaf);
    this.groups = this.groupsOfHeat();
    this.firstPieceOfLeaf = Int32Array.from([...changes(packed.pieceLeaf), this.pieces]);
    this.leafOfPiece = spread(this.firstPieceOfLeaf);
    this.sums = new Float64Array((this.pieces + 1) * dimension);
    for (let p = 0; p < this.pieces; p++) {
      const n = packed.pieceSizes[p]!;
      for (let d = 0; d < dimension; d++) {
        const at = p * dimension + d;
        this.sums[at + dimension] = this.sums[at]! + n * (document.pieceOwn[at]! + document.pieceContext[at]!);
      }
    }
  }

  /**
   * The genre whose heat the document has. A log is read line by line as speech is, but one line of it answers, as in data, and not all that
   * was written around that time.
   */
  get heatGenre(): DocumentGenre {
    const { genre, language } = this.document.tree;
    return language === 'log' ? 'data' : genre;
  }

  /** Number of nodes on a level. */
  count(level: PackedLevel): number {
    return level === 1 ? this.pieces : this.firstPiece[level].length - 1;
  }

  /** The node of `level` above a piece. */
  ancestor(piece: number, level: PackedLevel): number {
    return level === 1 ? piece : this.above[level][piece]!;
  }

  /** [first, last) piece of a packed node. */
  piecesOf(level: PackedLevel, node: number): readonly [number, number] {
    return level === 1 ? [node, node + 1] : [this.firstPiece[level][node]!, this.firstPiece[level][node + 1]!];
  }

  /** [first, last) piece of each group at a scale of the heat, in order. */
  runsAt(scale: GroupScale): (readonly [number, number])[] {
    const { first } = this.groups[scale];
    return Array.from({ length: first.length - 1 }, (_, i) => [first[i]!, first[i + 1]!] as const);
  }

  /** The group of a piece at a scale of the heat. */
  groupOf(piece: number, scale: GroupScale): number {
    return this.groups[scale].of[piece]!;
  }

  /**
   * Blocks are the paragraphs of the text, whatever the encoder's families are; units, parts and the file the packed levels. A turn of a
   * transcript, a unit there, is too small to be read for more: runs of turns are its blocks and units.
   */
  private groupsOfHeat(): Record<GroupScale, Groups> {
    const { nodes, genre } = this.document.tree;
    const { pieceParagraph } = this.document.packed;
    const packed = (level: 3 | 4 | 5): Groups => ({ first: this.firstPiece[level], of: this.above[level] });
    const turns = (kind: NodeKind): Groups => {
      const runs = nodes.filter((n) => n.kind === kind).map((n) => this.piecesOfNode(n.id));
      return groupsFrom(
        runs.filter(([a, b]) => b > a).map(([a]) => a),
        this.pieces,
      );
    };
    const spoken = genre === 'transcript';
    return {
      block: spoken ? turns('block') : groupsFrom(changes(pieceParagraph), this.pieces),
      unit: spoken ? turns('section') : packed(3),
      part: packed(4),
      file: packed(5),
    };
  }

  /** Number of families whose members are on a level. */
  families(level: TableLevel): number {
    return this.count(ABOVE[level]);
  }

  /** The family of the node of `level` above a piece. */
  familyOf(piece: number, level: TableLevel): number {
    return this.ancestor(piece, ABOVE[level]);
  }

  /** [first, last) member, a node of `level`, of a family. */
  membersOf(level: TableLevel, family: number): readonly [number, number] {
    const [first, last] = this.piecesOf(ABOVE[level], family);
    return [this.ancestor(first, level), this.ancestor(last - 1, level) + 1];
  }

  /** [first, last) piece of a tree node; first === last where it has no tokens. */
  piecesOfNode(node: number): readonly [number, number] {
    return [this.nodePieces[2 * node]!, this.nodePieces[2 * node + 1]!];
  }

  /** Number of leaves with pieces. */
  get leaves(): number {
    return this.firstPieceOfLeaf.length - 1;
  }

  /** Which leaf, counted among those with pieces in reading order, a piece belongs to. */
  leafOf(piece: number): number {
    return this.leafOfPiece[piece]!;
  }

  /** [first, last) piece of the leaves [first, last). */
  piecesOfLeaves(first: number, last: number): readonly [number, number] {
    return [this.firstPieceOfLeaf[first]!, this.firstPieceOfLeaf[last]!];
  }

  /** A run of pieces together with so many leaves before and after it, as far as there are so many. */
  around([first, last]: readonly [number, number], before: number, after: number): readonly [number, number] {
    const from = Math.max(0, this.leafOf(first) - before);
    return this.piecesOfLeaves(from, Math.min(this.leaves, this.leafOf(last - 1) + 1 + after));
  }

  /** [first, last) token of a run of pieces. */
  tokensOf([first, last]: readonly [number, number]): readonly [number, number] {
    return [this.tokenOfPiece[first]!, this.tokenOfPiece[last]!];
  }

  /** Tokens of a run of pieces. */
  size(pieces: readonly [number, number]): number {
    return this.tokenOfPiece[pieces[1]]! - this.tokenOfPiece[pieces[0]]!;
  }

  /** Token-weighted mean vector of a run of pieces, not normalised; zeros for an empty run. */
  vector([first, last]: readonly [number, number]): Float32Array {
    const { dimension } = this.document;
    const n = this.size([first, last]) || 1;
    const vector = new Float32Array(dimension);
    for (let d = 0; d < dimension; d++)
      vector[d] = (this.sums[last * dimension + d]! - this.sums[first * dimension + d]!) / n;
    return vector;
  }

  /** Mean over the tokens of a run of pieces of what each piece has; 0 for an empty run. */
  mean(perPiece: Float64Array, [first, last]: readonly [number, number]): number {
    let sum = 0;
    for (let p = first; p < last; p++) sum += perPiece[p]! * this.document.packed.pieceSizes[p]!;
    return sum / (this.size([first, last]) || 1);
  }

  /** cos(query, vector of the run); 0 for an empty run. `query` has unit length. */
  cosine(query: Float32Array, [first, last]: readonly [number, number]): number {
    const { dimension } = this.document;
    let dot = 0;
    let norm = 0;
    const a = first * dimension;
    const b = last * dimension;
    for (let d = 0; d < dimension; d++) {
      const x = this.sums[b + d]! - this.sums[a + d]!;
      dot += query[d]! * x;
      norm += x * x;
    }
    return norm > 0 ? dot / Math.sqrt(norm) : 0;
  }

  /** The pieces that touch a text range, as [first, last); `within` narrows the search. */
  piecesInRange(range: TextRange, within: readonly [number, number] = [0, this.pieces]): readonly [number, number] {
    const { tokenStart, tokenEnd } = this.document.packed;
    let first = this.pieces;
    let last = 0;
    for (let p = within[0]; p < within[1]; p++) {
      const from = this.tokenOfPiece[p]!;
      const to = this.tokenOfPiece[p + 1]! - 1;
      if (tokenEnd[to]! > range.start && tokenStart[from]! < range.end) {
        first = Math.min(first, p);
        last = p + 1;
      }
    }
    return first < last ? [first, last] : [0, 0];
  }
}

export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Indices at which a run of equal values begins. */
function changes(values: Int32Array): number[] {
  return Array.from(values.keys()).filter((i) => values[i] !== values[i - 1]);
}

/** Groups that begin at these pieces. */
function groupsFrom(starts: readonly number[], pieces: number): Groups {
  const first = Int32Array.from([...starts, pieces]);
  return { first, of: spread(first) };
}

function spread(offsets: Int32Array): Int32Array {
  const of = new Int32Array(offsets.at(-1)!);
  for (let i = 0; i + 1 < offsets.length; i++) of.fill(i, offsets[i], offsets[i + 1]);
  return of;
}

/** Pieces of a node are those of its leaves, which are consecutive because ids are in preorder. */
function piecesOfNodes(nodes: readonly { id: number; parent: number }[], pieceLeaf: Int32Array): Int32Array {
  const ranges = new Int32Array(2 * nodes.length);
  for (let i = 0; i < nodes.length; i++) ranges[2 * i] = -1;
  pieceLeaf.forEach((leaf, piece) => {
    if (ranges[2 * leaf]! < 0) ranges[2 * leaf] = piece;
    ranges[2 * leaf + 1] = piece + 1;
  });
  for (let i = nodes.length - 1; i > 0; i--) {
    const parent = nodes[i]!.parent;
    if (ranges[2 * i]! < 0) continue;
    ranges[2 * parent] = ranges[2 * parent]! < 0 ? ranges[2 * i]! : Math.min(ranges[2 * parent]!, ranges[2 * i]!);
    ranges[2 * parent + 1] = Math.max(ranges[2 * parent + 1]!, ranges[2 * i + 1]!);
  }
  for (let i = 0; i < nodes.length; i++) if (ranges[2 * i]! < 0) ranges[2 * i] = ranges[2 * i + 1] = 0;
  return ranges;
}
