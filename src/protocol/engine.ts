/**
 * Messages between the extension (or the CLI) and the engine process: one union each way, validated on arrival.
 *
 * Every request has an `id`; it is answered by exactly one `result` or `error` with that id, after any number of
 * `progress` messages. A `cancel` names the id of a request; that request is then answered by error code `cancelled`.
 * Transport is Node IPC with advanced serialization, so typed arrays travel as they are.
 */
import * as z from 'zod';
import {
  attentionLadderSchema,
  deviceReportSchema,
  documentAnalysisSchema,
  topicLabelsSchema,
  heatExplanationSchema,
  heatQuerySchema,
  heatResultSchema,
  layerOrHeadSchema,
  rangeSchema,
  tokenHeatSchema,
} from './document.js';
import { treeByColumnsSchema } from './tree-columns.js';

export const DEVICE_CHOICES = ['auto', 'cpu', 'webgpu', 'dml', 'cuda'] as const;
const deviceChoiceSchema = z.enum(DEVICE_CHOICES);
export type DeviceChoice = z.infer<typeof deviceChoiceSchema>;

/** More threads of the CPU nobody can ask for. */
export const MOST_THREADS = 64;

/** Error codes; each has one meaning for the user. `message` of the error says what to do next. */
const ERROR_CODES = [
  'cancelled', // the caller asked for it
  'unknown-document', // the engine was restarted or dropped it: analyse again
  'stale-document', // another version is loaded: analyse again
  'unreadable-text', // binary or otherwise not text
  'empty', // nothing to analyse
  'model', // model files missing, damaged or of another contract
  'device', // the requested device cannot be used
  'invalid-message', // the message broke the protocol
  'timeout', // no answer in time
  'engine-down', // the process is not running and will not be restarted
  'internal', // a defect; details are in the log
] as const;
const errorCodeSchema = z.enum(ERROR_CODES);
export type ErrorCode = z.infer<typeof errorCodeSchema>;

const documentRef = { documentId: z.string().min(1), version: z.number().int() };

/** Parameters and result of each method. Add a method here first; the compiler then names every place that must change. */
export const METHODS = {
  /** Loads model and tokenizer and chooses the device. Every other method does this by itself when needed. */
  initialize: {
    params: z.object({
      device: deviceChoiceSchema,
      threads: z.number().int().min(0),
      topics: topicLabelsSchema.optional(),
    }),
    result: z.object({ device: deviceReportSchema, model: z.object({ name: z.string(), version: z.string() }) }),
  },
  /** Text → tree, vectors, summary, topics. Keeps the encoded document for the methods below. */
  analyze: {
    params: z.object({
      ...documentRef,
      text: z.string(),
      fileName: z.string(),
      /** VS Code language id; the engine guesses from name and text when it is absent or `plaintext`. */
      language: z.string().optional(),
      summaryWords: z.number().int().positive(),
    }),
    /** Sent with the tree by columns (`columnsOf`). */
    result: documentAnalysisSchema.extend({ tree: treeByColumnsSchema }),
  },
  heat: { params: z.object({ ...documentRef, query: heatQuerySchema }), result: heatResultSchema },
  tokenHeat: {
    params: z.object({ ...documentRef, query: heatQuerySchema, range: rangeSchema }),
    result: tokenHeatSchema,
  },
  explainHeat: {
    params: z.object({ ...documentRef, query: heatQuerySchema, node: z.number().int().nonnegative() }),
    result: heatExplanationSchema,
  },
  attention: {
    params: z.object({
      ...documentRef,
      node: z.number().int().nonnegative(),
      layer: layerOrHeadSchema,
      head: layerOrHeadSchema,
      targets: z.number().int().positive(),
    }),
    result: attentionLadderSchema,
  },
  /** Frees what the engine keeps for a document. */
  close: { params: z.object({ documentId: z.string() }), result: z.object({}) },
} as const;

export type Method = keyof typeof METHODS;
export type Params<M extends Method> = z.infer<(typeof METHODS)[M]['params']>;
export type Result<M extends Method> = z.infer<(typeof METHODS)[M]['result']>;

const requestUnion = (Object.keys(METHODS) as Method[]).map((m) =>
  z.object({ type: z.literal('request'), id: z.number().int(), method: z.literal(m), params: METHODS[m].params }),
);
export const toEngineSchema = z.union([
  ...requestUnion,
  z.object({ type: z.literal('cancel'), id: z.number().int() }),
  z.object({ type: z.literal('shutdown') }),
]);
export type RequestMessage<M extends Method = Method> = {
  [K in M]: { type: 'request'; id: number; method: K; params: Params<K> };
}[M];
export type ToEngine = RequestMessage | { type: 'cancel'; id: number } | { type: 'shutdown' };

const progressSchema = z.object({
  phase: z.enum(['load', 'parse', 'encode', 'summarise']),
  done: z.number(),
  total: z.number(),
});
export type Progress = z.infer<typeof progressSchema>;

/** How much of a document is encoded, 0…1; undefined before and after that. */
export function encodedShare(progress: Progress | undefined): number | undefined {
  return progress?.phase === 'encode' && progress.total > 0 ? progress.done / progress.total : undefined;
}

export const fromEngineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), pid: z.number().int() }),
  z.object({ type: z.literal('result'), id: z.number().int(), result: z.unknown() }),
  z.object({ type: z.literal('error'), id: z.number().int(), code: errorCodeSchema, message: z.string() }),
  z.object({ type: z.literal('progress'), id: z.number().int(), progress: progressSchema }),
  /** Another device than the last result told: the one before failed. */
  z.object({ type: z.literal('device'), device: deviceReportSchema }),
  z.object({ type: z.literal('log'), level: z.enum(['debug', 'info', 'warn', 'error']), message: z.string() }),
]);
export type FromEngine = z.infer<typeof fromEngineSchema>;
