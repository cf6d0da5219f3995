/** The weights inside an ONNX file, read from its protocol buffer: ModelProto.graph (7) → GraphProto.initializer (5) → TensorProto. */

export interface Weight {
  dims: number[];
  data: Float64Array;
}

/** Fields of one message, in order: number and, by wire type, a value or the bytes of a nested message. */
function* fields(bytes: Uint8Array): Generator<{ field: number; value: number; bytes: Uint8Array }> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  const none = bytes.subarray(0, 0);
  while (at < bytes.length) {
    const tag = varint();
    const field = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0:
        yield { field, value: varint(), bytes: none };
        break;
      case 1:
        at += 8;
        break;
      case 2: {
        const length = varint();
        yield { field, value: 0, bytes: bytes.subarray(at, at + length) };
        at += length;
        break;
      }
      case 5:
        at += 4;
        break;
      default:
        throw new Error(`Wire type ${tag % 8} at ${at}.`);
    }
  }
}

const FLOAT = 1;
const INT8 = 3;
const FLOAT16 = 10;

/** Numbers of a tensor's bytes; none of a kind that holds no weights. */
function numbersOf(type: number, { buffer }: Uint8Array<ArrayBuffer>): ArrayLike<number> | undefined {
  if (type === FLOAT) return new Float32Array(buffer);
  if (type === INT8) return new Int8Array(buffer);
  return type === FLOAT16 ? Array.from(new Uint16Array(buffer), half) : undefined;
}

/** The number that 16 bits of IEEE 754 stand for. Weights are finite. */
function half(bits: number): number {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

/**
 * All weights by name. `x.int8` with `x.scale` becomes `x`, multiplied as float32 like the graph does; where there are `x.up` and `x.down`,
 * their product is added.
 */
export function readWeights(model: Uint8Array): Map<string, Weight> {
  const weights = new Map<string, Weight>();
  for (const graph of fields(model)) {
    if (graph.field !== 7) continue;
    for (const { field, bytes } of fields(graph.bytes)) {
      if (field !== 5) continue;
      const tensor = { dims: [] as number[], type: 0, name: '', raw: new Uint8Array() };
      for (const part of fields(bytes)) {
        if (part.field === 1 && part.bytes.length > 0)
          throw new Error('Packed dims are not expected from this exporter.');
        if (part.field === 1) tensor.dims.push(part.value);
        if (part.field === 2) tensor.type = part.value;
        if (part.field === 8) tensor.name = Buffer.from(part.bytes).toString('utf8');
        if (part.field === 9) tensor.raw = Uint8Array.from(part.bytes);
      }
      const numbers = numbersOf(tensor.type, tensor.raw);
      if (numbers) weights.set(tensor.name, { dims: tensor.dims, data: Float64Array.from(numbers) });
    }
  }
  for (const [name, { dims, data }] of [...weights]) {
    if (!name.endsWith('.int8')) continue;
    const whole = name.slice(0, -'.int8'.length);
    const scale = weights.get(`${whole}.scale`)!;
    const columns = dims[1]!;
    const [rowStep, columnStep] = [scale.dims[0] === 1 ? 0 : scale.dims[1]!, scale.dims[1] === 1 ? 0 : 1];
    const change = changeOf(weights.get(`${whole}.up`), weights.get(`${whole}.down`));
    weights.set(whole, {
      dims,
      data: data.map((x, i) => {
        const [row, column] = [Math.floor(i / columns), i % columns];
        return Math.fround(x * scale.data[row * rowStep + column * columnStep]!) + change(row, column);
      }),
    });
  }
  return weights;
}

/** The product of two factors, element by element; zero where there are none. */
function changeOf(up: Weight | undefined, down: Weight | undefined): (row: number, column: number) => number {
  if (!up || !down) return () => 0;
  const [rank, columns] = [up.dims[1]!, down.dims[1]!];
  return (row, column) => {
    let sum = 0;
    for (let r = 0; r < rank; r++) sum += up.data[row * rank + r]! * down.data[r * columns + column]!;
    return sum;
  };
}
