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

/** All float32 and int8 weights by name; `x.int8` with `x.scale` becomes `x`, multiplied as float32 like the graph does. */
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
      if (tensor.type !== FLOAT && tensor.type !== INT8) continue;
      const numbers = tensor.type === FLOAT ? new Float32Array(tensor.raw.buffer) : new Int8Array(tensor.raw.buffer);
      weights.set(tensor.name, { dims: tensor.dims, data: Float64Array.from(numbers) });
    }
  }
  for (const [name, { dims, data }] of [...weights]) {
    if (!name.endsWith('.int8')) continue;
    const whole = name.slice(0, -'.int8'.length);
    const scale = weights.get(`${whole}.scale`)!;
    const columns = dims[1]!;
    const [rowStep, columnStep] = [scale.dims[0] === 1 ? 0 : scale.dims[1]!, scale.dims[1] === 1 ? 0 : 1];
    weights.set(whole, {
      dims,
      data: data.map((x, i) =>
        Math.fround(x * scale.data[Math.floor(i / columns) * rowStep + (i % columns) * columnStep]!),
      ),
    });
  }
  return weights;
}
