/**
 * Messages between the extension and the "Scales" webview: one union each way, validated on arrival.
 *
 * The page says `ready`; the host answers with the whole `state`. The page keeps only small view state of its own (pageStateSchema), through which a
 * page that was hidden comes back as it was.
 * Webview → host messages are plain JSON.
 */
import * as z from 'zod';
import { attentionLadderSchema, layerOrHeadSchema, nodeKindSchema } from './document.js';
import { SCALES_STRING_KEYS } from './scales-strings.js';

/** A node as the page draws it: no text, only what the bands and tables need. */
const bandNodeSchema = z.object({
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

/** Translated texts by key, all of them. */
const stringsSchema = z.record(z.enum(SCALES_STRING_KEYS), z.string());

export const toScalesSchema = z.discriminatedUnion('type', [
  /** Everything the page shows; replaces what it showed before. */
  z.object({
    type: z.literal('state'),
    /** Whose bands these are. */
    document: z.string(),
    title: z.string(),
    /** That another document is active, of which there is nothing to show yet. */
    otherActive: z.string().optional(),
    question: z.string().optional(),
    nodes: z.array(bandNodeSchema),
    /** The node that is picked: the place that was picked before, wherever it is in these nodes. */
    picked: z.number().int().nonnegative(),
    stale: z.boolean(),
    strings: stringsSchema,
  }),
  /** Nothing to show yet: says what to do. */
  z.object({ type: z.literal('empty'), message: z.string(), strings: stringsSchema }),
  /** Whether the text was edited since it was read: all that changes with a keystroke. */
  z.object({ type: z.literal('stale'), stale: z.boolean() }),
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
  z.object({
    type: z.literal('pick'),
    node: z.number().int().nonnegative(),
    layer: layerOrHeadSchema,
    head: layerOrHeadSchema,
  }),
  /** Show the node in the editor. */
  z.object({ type: z.literal('reveal'), node: z.number().int().nonnegative() }),
  /** The user asked for analysis from the empty state. */
  z.object({ type: z.literal('analyze') }),
  /** A message of the host could not be read. */
  z.object({ type: z.literal('unreadable'), problem: z.string() }),
]);
export type FromScales = z.infer<typeof fromScalesSchema>;

/** What the page remembers of itself while it is hidden. */
export const pageStateSchema = z.object({
  document: z.string(),
  layer: layerOrHeadSchema,
  head: layerOrHeadSchema,
  /** Text offsets at the top and bottom of the picture; absent while it shows the whole text. */
  view: z.object({ from: z.number(), to: z.number() }).optional(),
  /** Whether the table is open. */
  table: z.boolean(),
});
export type PageState = z.infer<typeof pageStateSchema>;
