/**
 * The encoder as its definition says it, in float64 and node by node: no padding, no slots, no batches, and attention as a full
 * matrix over tokens. Hundreds of times slower than the graph.
 */
import type { PackedDocument } from '../../../src/engine/encoder/index.js';
import { sizesAt } from '../../../src/engine/encoder/packed.js';
import type { Weight } from './onnx-weights.js';

type Vector = number[];
export type Weights = ReadonlyMap<string, Weight>;

/** A node of the packed tree: a range of the lowest level's nodes. */
interface Node {
  first: number;
  last: number;
  children: Node[];
}

const HEADS = 12;
const MOST_DISTANCE = 16;
const EPSILON = 1e-12;

/** The packed tree whose leaves are tokens (`lowest` 0) or pieces (1). */
function treeOf(packed: PackedDocument, lowest: 0 | 1): Node {
  let nodes: Node[] = Array.from({ length: lowest === 0 ? packed.ids.length : packed.pieceSizes.length }, (_, i) => ({
    first: i,
    last: i + 1,
    children: [],
  }));
  for (const level of lowest === 0 ? ([0, 1, 2, 3, 4] as const) : ([1, 2, 3, 4] as const)) {
    let at = 0;
    nodes = Array.from(sizesAt(packed, level), (size): Node => {
      const children = nodes.slice(at, (at += size));
      return { first: children[0]!.first, last: children.at(-1)!.last, children };
    });
  }
  return nodes[0]!;
}

const dot = (a: Vector, b: Vector): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

function linear(weights: Weights, name: string, x: Vector): Vector {
  const { dims, data } = weights.get(`${name}.weight`)!;
  const bias = weights.get(`${name}.bias`)!.data;
  const width = dims[1]!;
  const out = Array.from(bias);
  for (let row = 0; row < dims[0]!; row++) {
    let sum = 0;
    for (let column = 0; column < width; column++) sum += data[row * width + column]! * x[column]!;
    out[row]! += sum;
  }
  return out;
}

function layerNorm(weights: Weights, name: string, x: Vector): Vector {
  const mean = x.reduce((a, b) => a + b, 0) / x.length;
  const variance = x.reduce((a, b) => a + (b - mean) ** 2, 0) / x.length;
  const { data: gain } = weights.get(`${name}.weight`)!;
  const { data: offset } = weights.get(`${name}.bias`)!;
  return x.map((v, i) => ((v - mean) / Math.sqrt(variance + EPSILON)) * gain[i]! + offset[i]!);
}

/** erf by its series, and by its continued fraction where the series loses digits. */
function erf(x: number): number {
  const a = Math.abs(x);
  if (a > 6) return Math.sign(x);
  if (a < 2.5) {
    let term = a;
    let sum = a;
    for (let n = 1; n < 80; n++) {
      term *= (-a * a) / n;
      sum += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
  }
  let fraction = 0;
  for (let n = 80; n > 0; n--) fraction = n / 2 / (a + fraction);
  return Math.sign(x) * (1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + fraction));
}

const gelu = (x: number): number => 0.5 * x * (1 + erf(x / Math.SQRT2));

interface HeadResult {
  /** P of every family: `tables[level][family][row][column]`, level 0 = the families of the lowest level. */
  tables: number[][][][];
  /** matrix[i][j]: how much leaf i looks at leaf j; rows add up to 1. */
  matrix: number[][];
}

/** Hierarchical attention of one head. `count`: tokens of each leaf; `bias[level][distance + 16]`. */
function attendHead(root: Node, q: Vector[], k: Vector[], count: number[], bias: number[][]): HeadResult {
  const scale = Math.sqrt(q[0]!.length);
  const tables: number[][][][] = bias.map(() => []);
  const tableOf = new Map<Node, number[][]>();
  const tokens = (node: Node): number => count.slice(node.first, node.last).reduce((a, b) => a + b, 0);
  const mean = (vectors: Vector[], node: Node): Vector => {
    const sum = vectors[0]!.map(() => 0);
    for (let i = node.first; i < node.last; i++) vectors[i]!.forEach((x, d) => (sum[d]! += count[i]! * x));
    return sum.map((x) => x / tokens(node));
  };
  const height = (node: Node): number => (node.children.length === 0 ? 0 : 1 + height(node.children[0]!));

  /** Logit of a node at itself: of a leaf its own product, of a family the mean log-sum-exp of its rows. */
  const selfLogit = (node: Node): number => {
    if (node.children.length === 0) return dot(q[node.first]!, k[node.first]!) / scale + Math.log(count[node.first]!);
    const level = height(node) - 1;
    const own = node.children.map(selfLogit);
    const queries = node.children.map((child) => mean(q, child));
    const keys = node.children.map((child) => mean(k, child));
    const logits = node.children.map((_, a) =>
      node.children.map((other, b) => {
        if (a === b) return own[a]!;
        const distance = Math.max(-MOST_DISTANCE, Math.min(MOST_DISTANCE, b - a));
        return dot(queries[a]!, keys[b]!) / scale + Math.log(tokens(other)) + bias[level]![distance + MOST_DISTANCE]!;
      }),
    );
    const sums = logits.map((row) => row.reduce((sum, x) => sum + Math.exp(x), 0));
    const table = logits.map((row, a) => row.map((x) => Math.exp(x) / sums[a]!));
    tables[level]!.push(table);
    tableOf.set(node, table);
    return node.children.reduce((sum, child, a) => sum + tokens(child) * Math.log(sums[a]!), 0) / tokens(node);
  };
  selfLogit(root);

  const n = q.length;
  const matrix = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  const spread = (node: Node, mass: number): void => {
    if (node.children.length === 0) {
      matrix[node.first]![node.first]! += mass;
      return;
    }
    const table = tableOf.get(node)!;
    node.children.forEach((child, a) => {
      node.children.forEach((other, b) => {
        if (a === b) return;
        for (let i = child.first; i < child.last; i++)
          for (let j = other.first; j < other.last; j++)
            matrix[i]![j]! += (mass * table[a]![b]! * count[j]!) / tokens(other);
      });
      spread(child, mass * table[a]![a]!);
    });
  };
  spread(root, 1);
  return { tables, matrix };
}

export interface ReferenceResult {
  tokenStates: Vector[];
  pieceOwn: Vector[];
  pieceContext: Vector[];
  /** `tables[layer][head][level 0…4][family][row][column]`; the upper stage's level 0 is empty. */
  tables: number[][][][][][];
  /** Least and largest sum of a row of the matrices over tokens or pieces. */
  rowSums: [number, number];
}

export function encodeSlowly(
  packed: PackedDocument,
  weights: Weights,
  shape: { tokenLayers: number; upperLayers: number },
): ReferenceResult {
  const row = (name: string, index: number): Vector => {
    const { dims, data } = weights.get(name)!;
    return Array.from(data.subarray(index * dims[1]!, (index + 1) * dims[1]!));
  };
  const type = weights.get('encoder.token_type')!.data;
  const rowSums: [number, number] = [Infinity, -Infinity];
  const tables: ReferenceResult['tables'] = [];

  const layer = (name: string, x: Vector[], count: number[], lowest: 0 | 1): Vector[] => {
    const root = treeOf(packed, lowest);
    const [q, k, v] = ['query', 'key', 'value'].map((part) => x.map((row) => linear(weights, `${name}.${part}`, row)));
    const size = q![0]!.length / HEADS;
    const { dims, data } = weights.get(`${name}.bias`)!;
    const attended = x.map(() => [] as Vector);
    const ofHeads: number[][][][][] = [];
    for (let head = 0; head < HEADS; head++) {
      const part = (rows: Vector[]): Vector[] => rows.map((r) => r.slice(head * size, (head + 1) * size));
      const bias = Array.from({ length: dims[0]! }, (_, level) => {
        const start = (level * HEADS + head) * dims[2]!;
        return Array.from(data.subarray(start, start + dims[2]!));
      });
      const { tables: found, matrix } = attendHead(root, part(q!), part(k!), count, bias);
      ofHeads.push(lowest === 0 ? found : [[], ...found]);
      const values = part(v!);
      matrix.forEach((shares, i) => {
        const sum = shares.reduce((a, b) => a + b, 0);
        rowSums[0] = Math.min(rowSums[0], sum);
        rowSums[1] = Math.max(rowSums[1], sum);
        for (let d = 0; d < size; d++) attended[i]!.push(shares.reduce((s, share, j) => s + share * values[j]![d]!, 0));
      });
    }
    tables.push(ofHeads);
    return x.map((before, i) => {
      const projected = linear(weights, `${name}.output`, attended[i]!);
      const middle = layerNorm(
        weights,
        `${name}.attention_norm`,
        before.map((b, d) => b + projected[d]!),
      );
      const hidden = linear(weights, `${name}.expand`, middle).map(gelu);
      const contracted = linear(weights, `${name}.contract`, hidden);
      return layerNorm(
        weights,
        `${name}.output_norm`,
        middle.map((m, d) => m + contracted[d]!),
      );
    });
  };

  let states = Array.from(packed.ids, (id, i) => {
    const position = row('encoder.positions.weight', packed.positions[i]!);
    const sum = row('encoder.words.weight', id).map((w, d) => w + position[d]! + type[d]!);
    return layerNorm(weights, 'encoder.embedding_norm', sum);
  });
  for (let l = 0; l < shape.tokenLayers; l++)
    states = layer(
      `encoder.token_layers.${l}`,
      states,
      states.map(() => 1),
      0,
    );
  states = states.map((x) => linear(weights, 'encoder.token_output', x));
  let first = 0;
  const pieceOwn = Array.from(packed.pieceSizes, (size) => {
    const rows = states.slice(first, (first += size));
    return rows[0]!.map((_, d) => rows.reduce((sum, r) => sum + r[d]!, 0) / size);
  });
  let upper = pieceOwn;
  for (let l = 0; l < shape.upperLayers; l++)
    upper = layer(`encoder.upper_layers.${l}`, upper, Array.from(packed.pieceSizes), 1);
  return {
    tokenStates: states,
    pieceOwn,
    pieceContext: upper.map((x) => linear(weights, 'encoder.upper_output', x)),
    tables,
    rowSums,
  };
}
