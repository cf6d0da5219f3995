/** The encoder's copy of a document: tokens and the sizes of every family, level by level (docs/model-contract.md). */

export interface PackedDocument {
  /** WordPiece ids, `[CLS]` and `[SEP]` of each unit included; length N. */
  ids: Int32Array;
  /** Position of each token in its unit, modulo the model's positions. */
  positions: Int32Array;
  /** Tokens of each piece; adds up to N. */
  pieceSizes: Int32Array;
  /** Pieces of each block. */
  blockSizes: Int32Array;
  /** Blocks of each unit. */
  unitSizes: Int32Array;
  /** Units of each part. */
  partSizes: Int32Array;
  /** Parts of each document: one entry for each document of a forest. */
  fileSizes: Int32Array;
  /** Tree node id of the leaf that each piece was cut from; -1 where there is no tree. */
  pieceLeaf: Int32Array;
  /** Paragraph that each piece belongs to, counted from 0: statements or sentences that stand together in the text. */
  pieceParagraph: Int32Array;
  /** UTF-16 offsets of each token; equal for `[CLS]` and `[SEP]`. */
  tokenStart: Uint32Array;
  tokenEnd: Uint32Array;
}

/** Exclusive prefix sums: `offsets[i]` is where family i's children start; one entry more than `sizes`. */
export function offsetsOf(sizes: Int32Array): Int32Array {
  const offsets = new Int32Array(sizes.length + 1);
  for (let i = 0; i < sizes.length; i++) offsets[i + 1] = offsets[i]! + sizes[i]!;
  return offsets;
}

/** Sizes of the families whose children are at `level` 0…4. */
export function sizesAt(packed: PackedDocument, level: 0 | 1 | 2 | 3 | 4): Int32Array {
  switch (level) {
    case 0:
      return packed.pieceSizes;
    case 1:
      return packed.blockSizes;
    case 2:
      return packed.unitSizes;
    case 3:
      return packed.partSizes;
    case 4:
      return packed.fileSizes;
  }
}

/** For offsets into a level and those of that level into the next: the outer ones into the next. */
export function compose(outer: Int32Array, inner: Int32Array): Int32Array {
  return outer.map((i) => inner[i]!);
}

/** Where the units, blocks, pieces and tokens of each part start, and an entry for the end. */
export type PartOffsets = Readonly<Record<'units' | 'blocks' | 'pieces' | 'tokens', Int32Array>>;

export function partOffsets(packed: PackedDocument): PartOffsets {
  const units = offsetsOf(packed.partSizes);
  const blocks = compose(units, offsetsOf(packed.unitSizes));
  const pieces = compose(blocks, offsetsOf(packed.blockSizes));
  return { units, blocks, pieces, tokens: compose(pieces, offsetsOf(packed.pieceSizes)) };
}

/** [first, last) unit, block, piece and token of the parts [from, to). */
export function rangesOfParts(
  offsets: PartOffsets,
  from: number,
  to: number,
): Record<keyof PartOffsets, readonly [number, number]> {
  const range = (level: keyof PartOffsets): readonly [number, number] => [offsets[level][from]!, offsets[level][to]!];
  return { units: range('units'), blocks: range('blocks'), pieces: range('pieces'), tokens: range('tokens') };
}

/** Consecutive parts of one document as a document of their own. Token offsets and leaves keep their meaning. */
export function sliceParts(packed: PackedDocument, from: number, to: number, offsets: PartOffsets): PackedDocument {
  const { units, blocks, pieces, tokens } = rangesOfParts(offsets, from, to);
  return {
    ids: packed.ids.slice(...tokens),
    positions: packed.positions.slice(...tokens),
    pieceSizes: packed.pieceSizes.slice(...pieces),
    blockSizes: packed.blockSizes.slice(...blocks),
    unitSizes: packed.unitSizes.slice(...units),
    partSizes: packed.partSizes.slice(from, to),
    fileSizes: Int32Array.of(to - from),
    pieceLeaf: packed.pieceLeaf.slice(...pieces),
    pieceParagraph: packed.pieceParagraph.slice(...pieces),
    tokenStart: packed.tokenStart.slice(...tokens),
    tokenEnd: packed.tokenEnd.slice(...tokens),
  };
}

/** Several documents as one forest. `pieceLeaf`, `pieceParagraph` and offsets stay relative to each document's own text. */
export function forest(documents: readonly PackedDocument[]): PackedDocument {
  const join = (pick: (d: PackedDocument) => Int32Array): Int32Array => concat(documents.map(pick), Int32Array);
  return {
    ids: join((d) => d.ids),
    positions: join((d) => d.positions),
    pieceSizes: join((d) => d.pieceSizes),
    blockSizes: join((d) => d.blockSizes),
    unitSizes: join((d) => d.unitSizes),
    partSizes: join((d) => d.partSizes),
    fileSizes: join((d) => d.fileSizes),
    pieceLeaf: join((d) => d.pieceLeaf),
    pieceParagraph: join((d) => d.pieceParagraph),
    tokenStart: concat(
      documents.map((d) => d.tokenStart),
      Uint32Array,
    ),
    tokenEnd: concat(
      documents.map((d) => d.tokenEnd),
      Uint32Array,
    ),
  };
}

/** The arrays one after the other. */
export function concat<T extends Int32Array | Uint32Array | Float32Array>(
  arrays: readonly T[],
  type: new (length: number) => T,
): T {
  const whole = new type(arrays.reduce((sum, a) => sum + a.length, 0));
  let at = 0;
  for (const a of arrays) {
    whole.set(a, at);
    at += a.length;
  }
  return whole;
}
