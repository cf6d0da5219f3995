/**
 * Messages between the extension and the "Scales" webview: one union each way, validated on arrival.
 *
 * The page says `ready`; the host answers with the whole `state`. The page keeps only small view state of its own.
 * Webview → host messages are plain JSON.
 */
import * as z from 'zod';
import { attentionLadderSchema, nodeKindSchema } from './document.js';

/** A node as the page draws it: no text, only what the bands and tables need. */
export const bandNodeSchema = z.object({
  id: z.number().int(),
  kind: nodeKindSchema,
  label: z.string(),
  startLine: z.number().int(),
  endLine: z.number().int(),
  start: z.number().int(),
  end: z.number().int(),
  parent: z.number().int(),
  /** Heat intensity 0..1; absent while no question is asked. */
  heat: z.number().optional(),
});
export type BandNode = z.infer<typeof bandNodeSchema>;

const layerOrHead = z.union([z.literal('mean'), z.number().int().nonnegative()]);

export const toScalesSchema = z.discriminatedUnion('type', [
  /** Everything the page shows; replaces what it showed before. */
  z.object({
    type: z.literal('state'),
    title: z.string(),
    language: z.string(),
    question: z.string().optional(),
    nodes: z.array(bandNodeSchema),
    stale: z.boolean(),
    /** Translated strings by key. */
    strings: z.record(z.string(), z.string()),
  }),
  /** Nothing to show yet: says what to do. */
  z.object({ type: z.literal('empty'), message: z.string(), strings: z.record(z.string(), z.string()) }),
  z.object({ type: z.literal('progress'), message: z.string(), fraction: z.number().min(0).max(1) }),
  z.object({ type: z.literal('ladder'), ladder: attentionLadderSchema }),
  /** The editor's cursor moved to this node. */
  z.object({ type: z.literal('follow'), node: z.number().int() }),
  z.object({ type: z.literal('error'), message: z.string() }),
]);
export type ToScales = z.infer<typeof toScalesSchema>;

export const fromScalesSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  /** The user picked a node: answer with its ladder for this layer and head. */
  z.object({ type: z.literal('pick'), node: z.number().int().nonnegative(), layer: layerOrHead, head: layerOrHead }),
  /** Show the node in the editor. */
  z.object({ type: z.literal('reveal'), node: z.number().int().nonnegative() }),
  /** The user asked for analysis from the empty state. */
  z.object({ type: z.literal('analyze') }),
]);
export type FromScales = z.infer<typeof fromScalesSchema>;
