/**
 * Cosines of the words of a question with every token of a document: the one loop over all numbers of all tokens that each question costs.
 * It runs as WebAssembly with vector instructions (products.wat), on the tokens' 8-bit numbers and the words in 16 bits.
 */
import bytes from './products.wat';

/** Tokens that are compared in one call. */
const BATCH = 256;
const PAGE = 65536;

interface Kernel {
  memory: WebAssembly.Memory;
  products: (wide: number, wideEnd: number, narrow: number, narrowEnd: number, row: number, out: number) => void;
}

/** Opened with the program: V8 compiles well only what is opened before the first grammar (hierarchy/code/grammars.ts). */
const { memory, products } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as unknown as Kernel;

/** A word's state in 16 bits; a product with it is that much larger. */
interface WideState {
  numbers: Int16Array;
  scale: number;
}

/** Kept, because a question is asked of thousands of documents. */
const wideStates = new WeakMap<Float32Array, WideState>();

/** As large as 16 bits allow and as no product with 8-bit numbers exceeds 32: of unit length, it is at most `scale` times the other's length. */
function wideOf(state: Float32Array): WideState {
  let wide = wideStates.get(state);
  if (!wide) {
    const largest = state.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    const scale = Math.min(0x7fff / largest, 0x7f000000 / (128 * Math.sqrt(state.length)));
    wide = { numbers: Int16Array.from(state, (x) => Math.round(x * scale)), scale };
    wideStates.set(state, wide);
  }
  return wide;
}

/**
 * Calls `found` with each of the tokens [from, to), in order, and its cosines with all words [words]; the array is used again for the next.
 * @param states of the words, each of unit length
 * @param directionOf 8-bit numbers of a token; one of zeros has the cosine 0 with everything
 */
export function forEachCosines(
  states: readonly Float32Array[],
  [from, to]: readonly [number, number],
  directionOf: (token: number) => Int8Array,
  found: (token: number, cosines: Float32Array) => void,
): void {
  if (states.length === 0 || from >= to) return;
  const row = Math.ceil(states[0]!.length / 8) * 8;
  const narrow = states.length * row * 2;
  const out = narrow + BATCH * row;
  const missing = out + BATCH * (states.length + 1) * 4 - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  const wide = new Int16Array(memory.buffer, 0, states.length * row);
  const tokens = new Int8Array(memory.buffer, narrow, BATCH * row);
  // What pads the words counts nothing beside zeros.
  if (row > states[0]!.length) tokens.fill(0);
  const scales = states.map((state, w) => {
    const { numbers, scale } = wideOf(state);
    wide.set(numbers, w * row);
    return scale;
  });
  const results = new Int32Array(memory.buffer, out, BATCH * (states.length + 1));
  const rowCosines = new Float32Array(states.length);
  for (let first = from; first < to; first += BATCH) {
    const count = Math.min(BATCH, to - first);
    for (let i = 0; i < count; i++) tokens.set(directionOf(first + i), i * row);
    products(0, narrow, narrow, narrow + count * row, row, out);
    for (let i = 0, at = 0; i < count; i++, at++) {
      const length = Math.sqrt(results[at + states.length]!) || 1;
      for (let w = 0; w < states.length; w++) rowCosines[w] = results[at++]! / (length * scales[w]!);
      found(first + i, rowCosines);
    }
  }
}
