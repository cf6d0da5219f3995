/** Packed documents → the graph's inputs (docs/model-contract.md, "Graph"; the twin of training's packed.py). */
import type { PackedDocument } from './packed.js';
import { sizesAt } from './packed.js';

const LEVELS = [0, 1, 2, 3, 4] as const;

/** A tensor as the session wants it. */
export interface Tensor {
  data: Int32Array | Float32Array;
  dims: readonly number[];
}
export type GraphInputs = Readonly<Record<string, Tensor>>;

/** Cached k̄ and v̄ of parts outside the run, in document order. Layout of keys and values: [layers, parts, dimension]. */
export interface ContextParts {
  keys: Float32Array;
  values: Float32Array;
  counts: Float32Array;
  /** Index in the document of each context part. */
  order: Int32Array;
}

interface LevelArrays {
  families: number;
  width: number;
  children: Int32Array;
  mask: Float32Array;
  slot: Int32Array;
}

/** Families of consecutive children with these sizes, padded to the largest. */
export function levelArrays(sizes: Int32Array): LevelArrays {
  const families = sizes.length;
  let width = 1;
  let total = 0;
  for (const size of sizes) {
    width = Math.max(width, size);
    total += size;
  }
  const children = new Int32Array(families * width);
  const mask = new Float32Array(families * width);
  const slot = new Int32Array(total);
  let child = 0;
  for (let f = 0; f < families; f++) {
    for (let c = 0; c < sizes[f]!; c++) {
      children[f * width + c] = child;
      mask[f * width + c] = 1;
      slot[child++] = f * width + c;
    }
  }
  return { families, width, children, mask, slot };
}

/**
 * Inputs of one run. `packed` is a forest, or the consecutive parts of one document from part `firstPart` on; `context`
 * (one document only) adds its other parts as siblings.
 */
export function graphInputs(
  packed: PackedDocument,
  shape: { layers: number; dimension: number },
  context?: ContextParts,
  firstPart = 0,
): GraphInputs {
  const inputs: Record<string, Tensor> = {
    input_ids: { data: packed.ids, dims: [packed.ids.length] },
    position_ids: { data: packed.positions, dims: [packed.positions.length] },
  };
  for (const level of LEVELS) {
    const arrays = level === 4 ? rootArrays(packed, context) : levelArrays(sizesAt(packed, level));
    const dims = [arrays.families, arrays.width];
    inputs[`children_${level}`] = { data: arrays.children, dims };
    inputs[`mask_${level}`] = { data: arrays.mask, dims };
    inputs[`slot_${level}`] = { data: arrays.slot, dims: [arrays.slot.length] };
    if (level === 4) inputs['order_4'] = { data: rootOrder(arrays, packed.partSizes.length, firstPart, context), dims };
  }
  const { layers, dimension } = shape;
  // The graph needs at least one context entry; an unused one is addressed by no root.
  const parts = Math.max(1, context?.counts.length ?? 0);
  const used = context !== undefined && context.counts.length > 0;
  inputs['context_keys'] = {
    data: used ? context.keys : new Float32Array(layers * dimension),
    dims: [layers, parts, dimension],
  };
  inputs['context_values'] = {
    data: used ? context.values : new Float32Array(layers * dimension),
    dims: [layers, parts, dimension],
  };
  inputs['context_counts'] = { data: used ? context.counts : Float32Array.of(1), dims: [parts] };
  return inputs;
}

/** The roots' families; context parts follow the document's own, addressed by indices from the number of own parts on. */
function rootArrays(packed: PackedDocument, context?: ContextParts): LevelArrays {
  const own = levelArrays(packed.fileSizes);
  const extra = context?.counts.length ?? 0;
  if (extra === 0) return own;
  if (packed.fileSizes.length !== 1) throw new Error('Context parts belong to one document, not to a forest.');
  const parts = packed.partSizes.length;
  return {
    families: 1,
    width: parts + extra,
    children: Int32Array.from({ length: parts + extra }, (_, i) => i),
    mask: new Float32Array(parts + extra).fill(1),
    slot: Int32Array.from({ length: parts }, (_, i) => i),
  };
}

function rootOrder(arrays: LevelArrays, parts: number, firstPart: number, context?: ContextParts): Int32Array {
  return Int32Array.from(arrays.children, (_, i) => {
    const column = i % arrays.width;
    return column < parts || !context ? firstPart + column : (context.order[column - parts] ?? 0);
  });
}
