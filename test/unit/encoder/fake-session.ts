/** A session without a graph: a run's vectors are told by its tokens alone, and every run is remembered. */
import type { GraphInputs, Tensor } from '../../../src/engine/encoder/inputs.js';
import type { Outputs } from '../../../src/engine/encoder/session.js';

export const RUNTIME_VERSION = 'fake';
/** What a model must say of itself to be played by this session. */
export const SHAPE = { dimension: 4, heads: 1, tokenLayers: 1, upperLayers: 0 } as const;
/** What the upper stage adds to each piece. */
export const CONTEXT = [2, 0, 0, 0] as const;

interface Run {
  /** Tokens of each piece. */
  pieces: number[];
  documents: number;
  parts: number;
  /** Place in the document of the first part. */
  firstPart: number;
  /** Parts that are known from earlier runs. */
  known: number;
  outputs: readonly string[];
}
export const runs: Run[] = [];
export const sessions = { opened: 0, closed: 0 };

/** Last-layer state of a token. */
export const stateOf = (id: number): number[] =>
  Array.from({ length: SHAPE.dimension }, (_, d) => Math.sin(id * (d + 1)));

export class EncoderSession {
  readonly device = { provider: 'cpu', reason: 'Nothing else is there.', tokensPerSecond: 1 };

  static open(): Promise<EncoderSession> {
    sessions.opened++;
    return Promise.resolve(new EncoderSession());
  }

  run(inputs: GraphInputs, outputs: readonly string[]): Promise<Outputs> {
    const at = (name: string): Tensor => inputs[name]!;
    const [families, width] = at('children_0').dims as [number, number];
    const pieces = Array.from({ length: families }, (_, f) =>
      [...at('children_0').data.subarray(f * width, (f + 1) * width)].filter(
        (__, c) => at('mask_0').data[f * width + c],
      ),
    );
    const [parts, documents] = [at('children_3').dims[0]!, at('children_4').dims[0]!];
    runs.push({
      pieces: pieces.map((p) => p.length),
      documents,
      parts,
      firstPart: at('order_4').data[0]!,
      known: at('children_4').dims[1]! - parts,
      outputs,
    });
    const states = Array.from(at('input_ids').data, stateOf);
    const mean = (tokens: readonly number[]): number[] =>
      CONTEXT.map((_, d) => tokens.reduce((sum, t) => sum + states[t]![d]! / tokens.length, 0));
    const ofParts = Array.from({ length: parts }, () => [...CONTEXT]);
    const vectors = new Map([
      ['token_states', states],
      ['piece_own', pieces.map(mean)],
      ['piece_context', pieces.map(() => [...CONTEXT])],
      ['part_keys', ofParts],
      ['part_values', ofParts],
    ]);
    const found = outputs.map((name) => {
      const rows = vectors.get(name);
      if (rows) return [name, { data: Float32Array.from(rows.flat()), dims: [rows.length, SHAPE.dimension] }] as const;
      const [count, size] = at(`children_${name.at(-1)!}`).dims as [number, number];
      return [
        name,
        { data: new Float32Array(count * size * size).fill(1 / size), dims: [count, 1, size, size] },
      ] as const;
    });
    return Promise.resolve(Object.fromEntries(found));
  }

  close(): Promise<void> {
    sessions.closed++;
    return Promise.resolve();
  }
}
