/** Tree + tokens → the encoder's tree of fixed depth with capped fan-out (docs/model-contract.md, "Levels"). */
import type { DocumentTree, TreeNode } from '../../protocol/document.js';
import type { PackedDocument } from './packed.js';
import { Paragraphs } from './paragraphs.js';
import type { Tokens, Tokenizer } from './tokenizer.js';

/** What a model must have been made for (manifest.ts): children of a piece, block, unit and part at most, tokens of a part, positions. */
export const GEOMETRY = { caps: [32, 32, 32, 32], partTokens: 2_048, positions: 512 } as const;

const [WHOLE_PIECE, BLOCK_PIECES, UNIT_BLOCKS, PART_UNITS] = GEOMETRY.caps;
const { partTokens: PART_TOKENS, positions: POSITIONS } = GEOMETRY;
/** `[CLS]` and `[SEP]` must fit, too. */
const PIECE_TOKENS = WHOLE_PIECE - 2;
const UNIT_TOKENS = PART_TOKENS - 2;
/** A block is about a paragraph: at most 16 statements, and neighbours are joined up to 10. */
const BLOCK_LEAVES = 16;
const BLOCK_TARGET = 10;
const PART_TARGET = 1_200;
const FLAT_TOKENS = 512;

/** A leaf, or a fragment of an overlong one: what blocks are made of. */
interface Item {
  leaf: number;
  tokens: Tokens;
  pieces: number;
  /** How strong the boundary before this item is: depth of the lowest common ancestor with the item before (small = strong). */
  boundary: number;
  blankBefore: boolean;
  unit: number;
  paragraph: number;
}

/** A run of items with what limits it. */
interface Size {
  count: number;
  weight: number;
}

/** Packs a document. Linear in tokens, apart from a factor of the tree's depth. */
export function packDocument(text: string, tree: DocumentTree, tokenizer: Tokenizer): PackedDocument {
  const items = makeItems(text, tree, tokenizer);
  const units: { blocks: Item[][]; boundary: number }[] = [];
  for (const run of runs(items)) {
    const blocks = group(
      run,
      (item) => ({ count: 1, weight: item.pieces }),
      { count: BLOCK_LEAVES, weight: BLOCK_PIECES },
      { count: BLOCK_TARGET, weight: BLOCK_PIECES },
    );
    const blockItems = blocks.map((block) => ({
      block,
      boundary: block[0]!.boundary,
      blankBefore: block[0]!.blankBefore,
      tokens: block.reduce((sum, item) => sum + item.tokens.ids.length, 0),
    }));
    const cap = { count: UNIT_BLOCKS, weight: UNIT_TOKENS };
    for (const unit of group(blockItems, (b) => ({ count: 1, weight: b.tokens }), cap, cap)) {
      units.push({ blocks: unit.map((b) => b.block), boundary: unit[0]!.boundary });
    }
  }
  const unitItems = units.map((unit) => ({
    unit,
    boundary: unit.boundary,
    blankBefore: false,
    tokens: unit.blocks.reduce((sum, b) => sum + b.reduce((s, item) => s + item.tokens.ids.length, 0), 2),
  }));
  const parts = group(
    unitItems,
    (u) => ({ count: 1, weight: u.tokens }),
    { count: PART_UNITS, weight: PART_TOKENS },
    { count: PART_UNITS, weight: PART_TARGET },
  );
  return emit(
    parts.map((part) => part.map((u) => u.unit.blocks)),
    tokenizer,
  );
}

/** The whole text as one piece of at most 512 tokens: ordinary softmax attention. */
export function packFlat(text: string, tokenizer: Tokenizer): PackedDocument {
  const tokens = tokenizer.tokenize(text);
  const n = Math.min(tokens.ids.length, FLAT_TOKENS - 2);
  const one = Int32Array.of(1);
  return {
    ids: Int32Array.of(tokenizer.cls, ...tokens.ids.slice(0, n), tokenizer.sep),
    positions: Int32Array.from({ length: n + 2 }, (_, i) => i),
    pieceSizes: Int32Array.of(n + 2),
    blockSizes: one,
    unitSizes: one,
    partSizes: one,
    fileSizes: one,
    pieceLeaf: Int32Array.of(-1),
    pieceParagraph: Int32Array.of(0),
    tokenStart: Uint32Array.of(0, ...tokens.starts.slice(0, n), tokens.ends[n - 1] ?? 0),
    tokenEnd: Uint32Array.of(0, ...tokens.ends.slice(0, n), tokens.ends[n - 1] ?? 0),
  };
}

function makeItems(text: string, tree: DocumentTree, tokenizer: Tokenizer): Item[] {
  const { nodes } = tree;
  const depth = new Int32Array(nodes.length);
  const unitOf = new Int32Array(nodes.length);
  for (const node of nodes) {
    if (node.parent < 0) continue;
    depth[node.id] = depth[node.parent]! + 1;
    unitOf[node.id] = isUnit(node, tree) ? node.id : unitOf[node.parent]!;
  }
  const items: Item[] = [];
  const paragraphs = new Paragraphs(text, tree);
  let previous = -1;
  for (const node of nodes) {
    if (node.children.length > 0 || node.silent) continue;
    const tokens = tokenizer.tokenize(text, node.start, node.end);
    if (tokens.ids.length === 0) continue;
    const common = previous < 0 ? 0 : depthOfCommonAncestor(tree, depth, previous, node.id);
    const blank = previous >= 0 && /\n[ \t\r]*\n/.test(text.slice(nodes[previous]!.end, node.start));
    const paragraph = paragraphs.next(node, blank || previous < 0 || unitOf[previous] !== unitOf[node.id]);
    const most = PIECE_TOKENS * BLOCK_LEAVES;
    for (let at = 0; at < tokens.ids.length; at += most) {
      const fragment = {
        ids: tokens.ids.slice(at, at + most),
        starts: tokens.starts.slice(at, at + most),
        ends: tokens.ends.slice(at, at + most),
      };
      items.push({
        leaf: node.id,
        tokens: fragment,
        pieces: Math.ceil(fragment.ids.length / PIECE_TOKENS),
        boundary: at === 0 ? common : depth[node.id]! + 1,
        blankBefore: at === 0 && blank,
        unit: unitOf[node.id]!,
        paragraph,
      });
    }
    previous = node.id;
  }
  return items;
}

/**
 * Whether a node's text is read as one, with positions of its own: what the start model would have been given as a text. In a
 * transcript that is the turn: read together, turns lose what tells them apart (docs/experiments.md, 22).
 */
function isUnit(node: TreeNode, tree: DocumentTree): boolean {
  if (tree.genre === 'transcript') return node.kind === 'sentence';
  return node.kind === 'function' || node.kind === 'section' || node.kind === 'class';
}

function depthOfCommonAncestor(tree: DocumentTree, depth: Int32Array, a: number, b: number): number {
  let x = a;
  let y = b;
  while (x !== y) {
    if (depth[x]! >= depth[y]!) x = tree.nodes[x]!.parent;
    else y = tree.nodes[y]!.parent;
  }
  return depth[x]!;
}

/** Consecutive items of one unit. */
function runs(items: readonly Item[]): Item[][] {
  const all: Item[][] = [];
  for (const item of items) {
    const last = all.at(-1);
    if (last && last[0]!.unit === item.unit) last.push(item);
    else all.push([item]);
  }
  return all;
}

/**
 * Cuts a sequence into groups within `cap`, at the strongest boundaries first, and joins neighbours again while they stay
 * within `target`. Without boundaries it cuts evenly.
 */
function group<T extends { boundary: number; blankBefore: boolean }>(
  sequence: readonly T[],
  sizeOf: (item: T) => Size,
  cap: Size,
  target: Size,
): T[][] {
  const total = sequence.reduce((sum, item) => plus(sum, sizeOf(item)), { count: 0, weight: 0 });
  if (sequence.length <= 1 || fits(total, cap)) return [[...sequence]];
  let strongest = Infinity;
  let weakest = -Infinity;
  for (let i = 1; i < sequence.length; i++) {
    strongest = Math.min(strongest, sequence[i]!.boundary);
    weakest = Math.max(weakest, sequence[i]!.boundary);
  }
  let cuts: number[] = [];
  if (strongest < weakest)
    for (let i = 1; i < sequence.length; i++) if (sequence[i]!.boundary === strongest) cuts.push(i);
  if (cuts.length === 0) for (let i = 1; i < sequence.length; i++) if (sequence[i]!.blankBefore) cuts.push(i);
  if (cuts.length === 0) cuts = evenCuts(sequence, sizeOf, total, cap, target);
  const groups: T[][] = [];
  for (let i = 0; i <= cuts.length; i++) {
    // Inside a slice its first boundary no longer counts.
    const slice = sequence.slice(cuts[i - 1] ?? 0, cuts[i] ?? sequence.length);
    for (const items of group(slice, sizeOf, cap, target)) groups.push(items);
  }
  return joinNeighbours(groups, sizeOf, target);
}

function evenCuts<T>(
  sequence: readonly T[],
  sizeOf: (item: T) => Size,
  total: Size,
  cap: Size,
  target: Size,
): number[] {
  const pieces = Math.max(
    2,
    Math.ceil(total.count / Math.min(cap.count, target.count)),
    Math.ceil(total.weight / cap.weight),
  );
  // Cut by what is over its limit.
  const byWeight = total.weight / cap.weight > total.count / cap.count;
  const whole = byWeight ? total.weight : total.count;
  const cuts: number[] = [];
  let sum = 0;
  for (let i = 0; i < sequence.length - 1; i++) {
    const size = sizeOf(sequence[i]!);
    sum += byWeight ? size.weight : size.count;
    if (sum >= ((cuts.length + 1) * whole) / pieces) cuts.push(i + 1);
  }
  return cuts.length > 0 ? cuts : [sequence.length >> 1];
}

function joinNeighbours<T>(groups: T[][], sizeOf: (item: T) => Size, target: Size): T[][] {
  const joined: { items: T[]; size: Size }[] = [];
  for (const items of groups) {
    const size = items.reduce((sum, item) => plus(sum, sizeOf(item)), { count: 0, weight: 0 });
    const last = joined.at(-1);
    const both = last ? plus(last.size, size) : size;
    if (last && fits(both, target)) {
      last.items.push(...items);
      last.size = both;
    } else joined.push({ items: [...items], size });
  }
  return joined.map((g) => g.items);
}

function plus(a: Size, b: Size): Size {
  return { count: a.count + b.count, weight: a.weight + b.weight };
}

function fits(size: Size, cap: Size): boolean {
  return size.count <= cap.count && size.weight <= cap.weight;
}

/** Writes the arrays: markers at the ends of each unit, leaves cut evenly into pieces. */
function emit(parts: readonly Item[][][][], tokenizer: Tokenizer): PackedDocument {
  const ids: number[] = [];
  const positions: number[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const pieceSizes: number[] = [];
  const blockSizes: number[] = [];
  const pieceLeaf: number[] = [];
  const pieceParagraph: number[] = [];
  let position = 0;
  const push = (id: number, start: number, end: number): void => {
    ids.push(id);
    positions.push(position++ % POSITIONS);
    starts.push(start);
    ends.push(end);
  };
  for (const part of parts) {
    for (const unit of part) {
      position = 0;
      unit.forEach((block, b) => {
        let pieces = 0;
        block.forEach((item, i) => {
          const n = item.tokens.ids.length;
          for (let p = 0; p < item.pieces; p++) {
            const from = Math.round((p * n) / item.pieces);
            const to = Math.round(((p + 1) * n) / item.pieces);
            let size = to - from;
            if (b === 0 && i === 0 && p === 0) {
              push(tokenizer.cls, item.tokens.starts[0]!, item.tokens.starts[0]!);
              size++;
            }
            for (let t = from; t < to; t++) push(item.tokens.ids[t]!, item.tokens.starts[t]!, item.tokens.ends[t]!);
            if (b === unit.length - 1 && i === block.length - 1 && p === item.pieces - 1) {
              push(tokenizer.sep, item.tokens.ends[n - 1]!, item.tokens.ends[n - 1]!);
              size++;
            }
            pieceSizes.push(size);
            pieceLeaf.push(item.leaf);
            pieceParagraph.push(item.paragraph);
            pieces++;
          }
        });
        blockSizes.push(pieces);
      });
    }
  }
  return {
    ids: Int32Array.from(ids),
    positions: Int32Array.from(positions),
    pieceSizes: Int32Array.from(pieceSizes),
    blockSizes: Int32Array.from(blockSizes),
    unitSizes: Int32Array.from(parts.flat().map((unit) => unit.length)),
    partSizes: Int32Array.from(parts.map((part) => part.length)),
    fileSizes: Int32Array.of(parts.length),
    pieceLeaf: Int32Array.from(pieceLeaf),
    pieceParagraph: Int32Array.from(pieceParagraph),
    tokenStart: Uint32Array.from(starts),
    tokenEnd: Uint32Array.from(ends),
  };
}
