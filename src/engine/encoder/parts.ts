/**
 * Results are kept part by part: a part is the unit of reuse after an edit and of context between segments.
 */
import { createHash } from 'node:crypto';
import type { AttentionTables, TableLevel } from './attention-tables.js';
import { TABLE_LEVELS } from './attention-tables.js';
import type { ContextParts } from './inputs.js';
import type { PackedDocument } from './packed.js';
import { type PartOffsets, partOffsets, rangesOfParts, sliceParts } from './packed.js';
import type { Outputs } from './session.js';

export interface ModelShape {
  tokenLayers: number;
  upperLayers: number;
  heads: number;
  dimension: number;
}

/** What the graph's inputs depend on. */
export function graphShape({ tokenLayers, upperLayers, dimension }: ModelShape): { layers: number; dimension: number } {
  return { layers: tokenLayers + upperLayers, dimension };
}

/** Everything the encoder found out about one part. */
export interface PartResult {
  /** Equal keys mean equal tokens in an equal structure. */
  key: string;
  tokens: number;
  pieceOwn: Float32Array;
  pieceContext: Float32Array;
  /** [tokens × dimension], and the factor of each token. */
  states: Int8Array;
  scales: Float32Array;
  /** [layers × dimension] k̄ and v̄ of the part. */
  keys: Float32Array;
  values: Float32Array;
  /** Tables of the families inside the part at levels 1…3: [layers × heads × size × size] each. */
  tables: Readonly<Record<1 | 2 | 3, Float32Array[]>>;
  /** Its row of the root's family: for every part it saw (by key) [layers × heads] shares. */
  rootRow: ReadonlyMap<string, Float32Array>;
}

/** The parts of one version of a document by their keys, in order; undefined for those that were not read. */
export type KnownParts = ReadonlyMap<string, PartResult | undefined>;

/**
 * Keys of a document's parts. Equal parts in one document get different keys, and keep those that they had `before`: which of them is which is
 * told by all that is unchanged at the beginning and at the end, and by their order between.
 */
export function partKeys(packed: PackedDocument, offsets: PartOffsets, before: readonly string[]): string[] {
  const digests = partDigests(packed, offsets);
  const isKeyOf = (part: number, key: string): boolean => key.startsWith(digests[part]!);
  const most = Math.min(before.length, digests.length);
  let head = 0;
  while (head < most && isKeyOf(head, before[head]!)) head++;
  let tail = 0;
  while (tail < most - head && isKeyOf(digests.length - 1 - tail, before[before.length - 1 - tail]!)) tail++;
  // Of parts that were edited, moved or removed.
  const left = before.slice(head, before.length - tail);
  const taken = new Set(before);
  const between = digests.slice(head, digests.length - tail).map((digest) => {
    const at = left.findIndex((key) => key.startsWith(digest));
    if (at >= 0) return left.splice(at, 1)[0]!;
    let count = 0;
    while (taken.has(`${digest}${count}`)) count++;
    taken.add(`${digest}${count}`);
    return `${digest}${count}`;
  });
  return [...before.slice(0, head), ...between, ...before.slice(before.length - tail)];
}

/** Equal parts have equal digests; all are equally long. */
function partDigests(packed: PackedDocument, offsets: PartOffsets): string[] {
  return Array.from(packed.partSizes, (_, i) => {
    const part = sliceParts(packed, i, i + 1, offsets);
    const hash = createHash('sha1');
    for (const array of [part.ids, part.positions, part.pieceSizes, part.blockSizes, part.unitSizes, part.partSizes]) {
      hash.update(Buffer.from(array.buffer, array.byteOffset, array.byteLength));
    }
    return hash.digest('base64');
  });
}

/**
 * The parts [now] that are taken over from a version of the document with the parts `before`, told what has become of those that they looked at:
 * the share of a part that was edited goes to what stands in its place, by tokens. A part that had been there for nobody to see stays unseen.
 * @param now keys of the document's parts, in order
 * @param tokens of these parts
 */
export function inSuccession(
  before: KnownParts,
  now: readonly string[],
  tokens: readonly number[],
): (PartResult | undefined)[] {
  const successors = successorsOf([...before.keys()], now, tokens);
  return now.map((key) => {
    const part = before.get(key);
    if (!part || ![...part.rootRow.keys()].some((seen) => successors.has(seen))) return part;
    const rootRow = new Map<string, Float32Array>();
    const add = (to: string, shares: Float32Array, factor: number): void => {
      const known = rootRow.get(to);
      rootRow.set(
        to,
        shares.map((share, lh) => share * factor + (known?.[lh] ?? 0)),
      );
    };
    for (const [seen, shares] of part.rootRow) {
      for (const [to, factor] of successors.get(seen) ?? [[seen, 1] as const]) add(to, shares, factor);
    }
    return { ...part, rootRow };
  });
}

/** For each part that is gone, what stands between the same neighbours now, with its share of their tokens. */
function successorsOf(
  before: readonly string[],
  now: readonly string[],
  tokens: readonly number[],
): Map<string, (readonly [key: string, share: number])[]> {
  const place = new Map(now.map((key, i) => [key, i]));
  const known = new Set(before);
  const successors = new Map<string, (readonly [string, number])[]>();
  let gone: string[] = [];
  let from = 0;
  for (const key of [...before, undefined]) {
    const to = key === undefined ? now.length : place.get(key);
    if (to === undefined) {
      gone.push(key!);
      continue;
    }
    const fresh = now.slice(from, to).flatMap((k, i) => (known.has(k) ? [] : [[k, tokens[from + i]!] as const]));
    const total = fresh.reduce((sum, [, n]) => sum + n, 0);
    for (const lost of gone)
      successors.set(
        lost,
        fresh.map(([k, n]) => [k, n / total]),
      );
    gone = [];
    // Parts that have changed places leave nothing between them.
    from = Math.max(from, to + 1);
  }
  return successors;
}

/** Cached keys and values of all parts that are known and not among [from, to), in document order. */
export function contextOf(
  parts: readonly (PartResult | undefined)[],
  from: number,
  to: number,
  shape: ModelShape,
): ContextParts {
  const known = parts.flatMap((p, i) => (p && (i < from || i >= to) ? [{ p, i }] : []));
  const { layers, dimension } = graphShape(shape);
  const join = (pick: (p: PartResult) => Float32Array): Float32Array => {
    const joined = new Float32Array(layers * known.length * dimension);
    for (let l = 0; l < layers; l++) {
      known.forEach(({ p }, x) => {
        joined.set(pick(p).subarray(l * dimension, (l + 1) * dimension), (l * known.length + x) * dimension);
      });
    }
    return joined;
  };
  return {
    keys: join((p) => p.keys),
    values: join((p) => p.values),
    counts: Float32Array.from(known, ({ p }) => p.tokens),
    order: Int32Array.from(known, ({ i }) => i),
  };
}

/** Names of the outputs that a document's run fetches. */
export function documentOutputs(shape: ModelShape): string[] {
  const { layers } = graphShape(shape);
  const tables = TABLE_LEVELS.flatMap((level) =>
    Array.from({ length: layers }, (_, layer) => `attention_${layer}_${level}`),
  );
  return ['token_states', 'piece_own', 'piece_context', 'part_keys', 'part_values', ...tables];
}

/** Cuts the outputs of a run over parts `keys[from…to)` of `packed` (already sliced to them) into results by part. */
export function splitByPart(
  packed: PackedDocument,
  outputs: Outputs,
  shape: ModelShape,
  keys: readonly string[],
  from: number,
  contextOrder: Int32Array,
): PartResult[] {
  const { heads } = shape;
  const { layers, dimension } = graphShape(shape);
  const count = packed.partSizes.length;
  const offsets = partOffsets(packed);
  return Array.from({ length: count }, (_, i): PartResult => {
    const { units, blocks, pieces, tokens } = rangesOfParts(offsets, i, i + 1);
    const [first, last] = tokens;
    const slice = (name: string, range: readonly [number, number]): Float32Array =>
      outputs[name]!.data.slice(range[0] * dimension, range[1] * dimension);
    const states = quantise(outputs['token_states']!.data, first, last, dimension);
    const ofPart = (name: string): Float32Array => {
      const data = outputs[name]!.data;
      const own = new Float32Array(layers * dimension);
      for (let l = 0; l < layers; l++)
        own.set(data.subarray((l * count + i) * dimension, (l * count + i + 1) * dimension), l * dimension);
      return own;
    };
    const families = (level: TableLevel, range: readonly [number, number], sizes: Int32Array): Float32Array[] =>
      Array.from({ length: range[1] - range[0] }, (__, f) =>
        compact(outputs, level, range[0] + f, sizes[range[0] + f]!, layers, heads),
      );
    const root = outputs['attention_0_4']!.dims[2]!;
    const rootRow = new Map<string, Float32Array>();
    for (let column = 0; column < root; column++) {
      const part = column < count ? from + column : contextOrder[column - count]!;
      const shares = new Float32Array(layers * heads);
      for (let l = 0; l < layers; l++) {
        const table = outputs[`attention_${l}_4`]!.data;
        for (let h = 0; h < heads; h++) shares[l * heads + h] = table[(h * root + i) * root + column]!;
      }
      rootRow.set(keys[part]!, shares);
    }
    return {
      key: keys[from + i]!,
      tokens: last - first,
      pieceOwn: slice('piece_own', pieces),
      pieceContext: slice('piece_context', pieces),
      ...states,
      keys: ofPart('part_keys'),
      values: ofPart('part_values'),
      tables: {
        1: families(1, blocks, packed.blockSizes),
        2: families(2, units, packed.unitSizes),
        3: families(3, [i, i + 1], packed.partSizes),
      },
      rootRow,
    };
  });
}

/** One family's tables without padding: [layers × heads × size × size]. */
function compact(
  outputs: Outputs,
  level: TableLevel,
  family: number,
  size: number,
  layers: number,
  heads: number,
): Float32Array {
  const out = new Float32Array(layers * heads * size * size);
  let at = 0;
  for (let l = 0; l < layers; l++) {
    const { data, dims } = outputs[`attention_${l}_${level}`]!;
    const width = dims[2]!;
    for (let h = 0; h < heads; h++) {
      for (let row = 0; row < size; row++) {
        const start = ((family * heads + h) * width + row) * width;
        out.set(data.subarray(start, start + size), at);
        at += size;
      }
    }
  }
  return out;
}

function quantise(
  data: Float32Array,
  first: number,
  last: number,
  dimension: number,
): { states: Int8Array; scales: Float32Array } {
  const states = new Int8Array((last - first) * dimension);
  const scales = new Float32Array(last - first);
  for (let t = first; t < last; t++) {
    let largest = 1e-12;
    for (let d = 0; d < dimension; d++) largest = Math.max(largest, Math.abs(data[t * dimension + d]!));
    const factor = 127 / largest;
    for (let d = 0; d < dimension; d++)
      states[(t - first) * dimension + d] = Math.round(data[t * dimension + d]! * factor);
    scales[t - first] = largest / 127;
  }
  return { states, scales };
}

/** The tables of a whole document, put together from its parts. */
export class PartTables implements AttentionTables {
  readonly layers: number;
  readonly heads: number;
  private readonly families: Readonly<Record<1 | 2 | 3, Float32Array[]>>;
  private readonly root: Float32Array;

  constructor(parts: readonly PartResult[], shape: ModelShape) {
    this.layers = graphShape(shape).layers;
    this.heads = shape.heads;
    this.families = {
      1: parts.flatMap((p) => p.tables[1]),
      2: parts.flatMap((p) => p.tables[2]),
      3: parts.flatMap((p) => p.tables[3]),
    };
    this.root = this.rootTables(parts);
  }

  family(level: TableLevel, family: number, layer: number, head: number): Float32Array {
    const table = level === 4 ? this.root : this.families[level][family]!;
    const size = table.length / (this.layers * this.heads);
    const start = (layer * this.heads + head) * size;
    return table.subarray(start, start + size);
  }

  /** Rows of parts as they were encoded; what a part had not seen counts 0 and the rest makes 1. */
  private rootTables(parts: readonly PartResult[]): Float32Array {
    const n = parts.length;
    const tables = new Float32Array(this.layers * this.heads * n * n);
    parts.forEach((part, row) => {
      const shares = parts.map((other) => part.rootRow.get(other.key));
      for (let lh = 0; lh < this.layers * this.heads; lh++) {
        let sum = 0;
        for (const share of shares) sum += share?.[lh] ?? 0;
        const start = lh * n * n + row * n;
        for (let column = 0; column < n; column++) tables[start + column] = (shares[column]?.[lh] ?? 0) / sum;
      }
    });
    return tables;
  }
}
