/** Reads and checks `models/manifest.json` (docs/model-contract.md). A mismatch is refused with what to do about it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { HEAT_SCALES, type HeatScale } from '../../protocol/document.js';
import { firstProblem, StrataError } from '../../protocol/errors.js';
import { GEOMETRY } from './packing.js';

/** The contract that this program understands. */
export const CONTRACT = 9;
const MODEL_FILE = 'encoder.onnx';
const TOKENIZER_FILE = 'tokenizer.json';

const ofEachScale = Object.fromEntries(HEAT_SCALES.map((scale) => [scale, z.number()])) as Record<
  HeatScale,
  z.ZodNumber
>;
const weightsSchema = z.object({
  ...ofEachScale,
  token: z.number(),
  /** How far the question is led on by the places that it finds first; 0: not at all. */
  feedback: z.number().nonnegative(),
});
export type HeatWeights = z.infer<typeof weightsSchema>;

const manifestSchema = z.object({
  contract: z.literal(CONTRACT),
  name: z.string(),
  version: z.string(),
  trainingCommit: z.string(),
  files: z.object({ [MODEL_FILE]: z.string().length(64), [TOKENIZER_FILE]: z.string().length(64) }),
  dimension: z.number().int().positive(),
  heads: z.number().int().positive(),
  tokenLayers: z.number().int().positive(),
  upperLayers: z.number().int().nonnegative(),
  packing: z.object({
    policy: z.enum(['tree', 'flat']),
    caps: z.array(z.number().int()),
    partTokens: z.number().int(),
    positions: z.number().int(),
    segmentTokens: z.number().int().positive(),
  }),
  inputs: z.record(z.string(), z.string()),
  outputs: z.record(z.string(), z.string()),
  heat: z.object({
    weights: z.object({ code: weightsSchema, prose: weightsSchema, transcript: weightsSchema, data: weightsSchema }),
  }),
  topics: z.object({ leastCosine: z.number() }),
});
export type Manifest = z.infer<typeof manifestSchema>;

interface ModelFiles {
  manifest: Manifest;
  modelPath: string;
  tokenizerJson: string;
}

const REINSTALL = 'Reinstall the Strata extension, or restore the models folder.';
const OTHER_MODEL = 'Use the model that came with this version.';

/** Loads and verifies a model directory. Throws StrataError `model` when a file is missing, damaged or of another contract. */
export async function loadModelFiles(modelDir: string): Promise<ModelFiles> {
  const read = async (name: string): Promise<Buffer> => {
    try {
      return await readFile(path.join(modelDir, name));
    } catch (cause) {
      throw new StrataError('model', `The model file ${name} cannot be read in ${modelDir}. ${REINSTALL}`, { cause });
    }
  };
  const manifest = parseManifest((await read('manifest.json')).toString('utf8'), modelDir);
  const files = { [MODEL_FILE]: await read(MODEL_FILE), [TOKENIZER_FILE]: await read(TOKENIZER_FILE) };
  for (const [name, bytes] of Object.entries(files)) {
    const digest = createHash('sha256').update(bytes).digest('hex');
    if (digest !== manifest.files[name as keyof typeof files]) {
      throw new StrataError(
        'model',
        `The model file ${name} in ${modelDir} is damaged (its checksum differs from the manifest). ${REINSTALL}`,
      );
    }
  }
  return {
    manifest,
    modelPath: path.join(modelDir, MODEL_FILE),
    tokenizerJson: files[TOKENIZER_FILE].toString('utf8'),
  };
}

function parseManifest(json: string, modelDir: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new StrataError('model', `manifest.json in ${modelDir} is not valid JSON. ${REINSTALL}`, { cause });
  }
  const contract = z.object({ contract: z.number() }).safeParse(value);
  if (contract.success && contract.data.contract !== CONTRACT) {
    throw new StrataError(
      'model',
      `The model in ${modelDir} follows contract ${contract.data.contract}; this version of Strata understands contract ${CONTRACT}. ${OTHER_MODEL}`,
    );
  }
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) {
    throw new StrataError(
      'model',
      `manifest.json in ${modelDir} is not a Strata manifest (${firstProblem(parsed.error)}). ${REINSTALL}`,
    );
  }
  const { packing } = parsed.data;
  for (const what of ['caps', 'partTokens', 'positions'] as const) {
    const [theirs, ours] = [packing[what], GEOMETRY[what]].map(String);
    if (theirs === ours) continue;
    throw new StrataError(
      'model',
      `The model in ${modelDir} was made for documents that are packed in another way (packing.${what}: ${theirs}, not ${ours}). ${OTHER_MODEL}`,
    );
  }
  return parsed.data;
}
