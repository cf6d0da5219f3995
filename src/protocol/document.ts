/**
 * The tree of a document and what the analyses say about its nodes. These are the types every part of Strata shares;
 * they cross the process boundary (engine → extension, CLI) and, in reduced form, the webview boundary.
 *
 * Offsets are UTF-16 code units into the text that was analysed (the unit of VS Code and of web-tree-sitter).
 * Lines are counted from 1.
 */
import * as z from 'zod';

/**
 * Kinds of tree nodes. `file` is the root of every document. `class` covers modules, namespaces, traits and interfaces;
 * `function` covers methods and notebook cells; `sentence` covers transcript turns and log lines.
 * Leaves are always `statement` or `sentence`. Tokens are below the leaves and are addressed by ranges.
 */
export const NODE_KINDS = [
  'file',
  'class',
  'function',
  'block',
  'section',
  'paragraph',
  'statement',
  'sentence',
] as const;
export const nodeKindSchema = z.enum(NODE_KINDS);
export type NodeKind = z.infer<typeof nodeKindSchema>;

/** How the text was read; decides the default heat weights and the words used for scales. */
const documentGenreSchema = z.enum(['code', 'prose', 'transcript', 'data']);
export type DocumentGenre = z.infer<typeof documentGenreSchema>;

/** Where a node's own text begins: after the comment before it that describes it, if there is more than that. */
export function startOfContent({ start, end, description }: TreeNode): number {
  return description?.start === start && description.end < end ? description.end : start;
}

/** What a document is outlined by: each of these has a line of summary and can have a topic and a colour of its own. */
export const OUTLINE_KINDS: readonly NodeKind[] = ['class', 'function', 'section'];

/** Whether the leaves of such documents are statements; else they are sentences, or turns of speakers. */
export function hasStatements(genre: DocumentGenre): boolean {
  return genre === 'code' || genre === 'data';
}

export const rangeSchema = z.object({ start: z.number().int().nonnegative(), end: z.number().int().nonnegative() });
export type TextRange = z.infer<typeof rangeSchema>;

/** One node. `id` is the index in `DocumentTree.nodes`, which is in preorder: a parent precedes its children. */
export const treeNodeSchema = z.object({
  id: z.number().int().nonnegative(),
  kind: nodeKindSchema,
  /** Declared name, heading text, speaker or cell label; absent where the text has none. */
  name: z.string().optional(),
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
  startLine: z.number().int().positive(),
  endLine: z.number().int().positive(),
  /** Id of the parent; -1 for the root. */
  parent: z.number().int().min(-1),
  children: z.array(z.number().int().positive()),
  /** The docstring or leading comment that describes this node, where it has one (inside `start`..`end`). */
  description: rangeSchema.optional(),
  /** A leaf that says nothing (a lone brace, `end`, `#!/bin/sh`): it is encoded, but never ranked, summarised or shown as hot. */
  trivial: z.literal(true).optional(),
  /** A trivial leaf that is no part of the text itself (times of a subtitle, the JSON around a notebook's cells): it is not encoded. */
  silent: z.literal(true).optional(),
});
export type TreeNode = z.infer<typeof treeNodeSchema>;

export const documentTreeSchema = z.object({
  /** VS Code language id of the language the text was parsed as, for example `python` or `plaintext`. */
  language: z.string(),
  genre: documentGenreSchema,
  /** Length of the text in UTF-16 code units. */
  length: z.number().int().nonnegative(),
  nodes: z.array(treeNodeSchema),
  /** Set when the grammar was not used or not trusted: what the structure was made from instead, for the user. */
  fallback: z.string().optional(),
});
export type DocumentTree = z.infer<typeof documentTreeSchema>;

/** A chosen passage: a node of the tree, its text, and how strongly it was chosen (comparable within one list). */
const gistSchema = z.object({ node: z.number().int(), text: z.string(), score: z.number(), range: rangeSchema });
export type Gist = z.infer<typeof gistSchema>;

/** Labels to choose topics from, each with a description that a matching text would resemble. */
export const topicLabelsSchema = z.array(z.object({ label: z.string().min(1), description: z.string().min(1) })).min(2);
export type TopicLabel = z.infer<typeof topicLabelsSchema>[number];

const topicSchema = z.object({
  label: z.string(),
  /** How far the label stands out from the others, in standard deviations; labels under the threshold are left out, so the list can be empty. */
  score: z.number(),
  /** How close the text is to the label's description; too far is left out as well. */
  cosine: z.number(),
  /** Leaves that earned the topic, strongest first. */
  evidence: z.array(z.number().int()),
});
export type Topic = z.infer<typeof topicSchema>;

/** The topic of one class, function or section. */
const sectionTopicSchema = topicSchema.extend({ node: z.number().int() });
export type SectionTopic = z.infer<typeof sectionTopicSchema>;

const summarySchema = z.object({
  /** The document's summary by attention flow with coverage, in reading order. */
  file: z.array(gistSchema),
  /** One line for each class, function and section, in document order. `node` is the described node itself. */
  sections: z.array(gistSchema),
});
export type Summary = z.infer<typeof summarySchema>;

export const deviceReportSchema = z.object({
  /** ONNX Runtime execution provider in use. */
  provider: z.string(),
  /** One sentence for the user: why this provider and not another. */
  reason: z.string(),
  /** Measured on the probe input, tokens per second; 0 when not measured yet. */
  tokensPerSecond: z.number(),
});
export type DeviceReport = z.infer<typeof deviceReportSchema>;

/** Milliseconds of each stage of one analysis; tokenizing is a part of `encode`. */
const timingsSchema = z.object({
  parse: z.number(),
  encode: z.number(),
  summarise: z.number(),
});

export const documentAnalysisSchema = z.object({
  /** As in the request. In the editor it is no address, because a document may go on under another name. */
  documentId: z.string(),
  version: z.number().int(),
  tree: documentTreeSchema,
  tokens: z.number().int().nonnegative(),
  summary: summarySchema,
  topics: z.array(topicSchema),
  /** Of the classes, functions and sections that one topic stands out in, in document order. */
  sectionTopics: z.array(sectionTopicSchema),
  timings: timingsSchema,
  device: deviceReportSchema,
  /** Set when only a part of the text was analysed (size limit): the first offset that was left out, and why. */
  truncated: z.object({ at: z.number().int(), reason: z.string() }).optional(),
});
export type DocumentAnalysis = z.infer<typeof documentAnalysisSchema>;

/** Scales at which the vectors of a document are compared with that of a question (docs/model-contract.md, Heat), finest first. */
export const VECTOR_SCALES = [
  'statement',
  'neighbours',
  'passage',
  'stretch',
  'block',
  'unit',
  'part',
  'file',
] as const;
export type VectorScale = (typeof VECTOR_SCALES)[number];

/** Scales over which heat is composed: also the words of a question, in a statement itself and around it. */
export const HEAT_SCALES = ['ownWords', 'words', ...VECTOR_SCALES] as const;
const heatScaleSchema = z.enum(HEAT_SCALES);
export type HeatScale = z.infer<typeof heatScaleSchema>;

/** A question, or a place whose likes are sought. */
export const heatQuerySchema = z.union([z.object({ text: z.string().min(1) }), z.object({ range: rangeSchema })]);
export type HeatQuery = z.infer<typeof heatQuerySchema>;

export const heatResultSchema = z.object({
  query: heatQuerySchema,
  /** How surely the document answers the question at all, 0..1; what colours are weakened by. */
  answered: z.number(),
  /** Composed heat of every node, indexed by node id: cosine units times the model's level weights. */
  scores: z.instanceof(Float32Array),
  /** The same as the mean cosine of every node, −1..1: comparable between nodes of all sizes, and between documents. */
  meanCosines: z.instanceof(Float32Array),
  /** `scores` mapped to 0..1 within each display scale (statement; function), for colour. 0 = not notable. */
  intensity: z.instanceof(Float32Array),
  /** Leaves, hottest first. Trivial leaves are absent. */
  ranking: z.array(z.number().int()),
  /** Words of the query that occur literally, and where: shown beside the heat, never mixed into it. */
  literal: z.array(rangeSchema),
});
export type HeatResult = z.infer<typeof heatResultSchema>;

/** Below this nothing in a document answers a question: its hottest places are only the least cold ones. */
export const UNANSWERED = 0.15;

export const tokenHeatSchema = z.object({
  /** start0, end0, start1, end1, … of the tokens in the requested range. */
  offsets: z.instanceof(Uint32Array),
  scores: z.instanceof(Float32Array),
  intensity: z.instanceof(Float32Array),
});
export type TokenHeat = z.infer<typeof tokenHeatSchema>;

/** Why a node has its heat. `scales` add up to `score`; so do `words` + `context` to what the node itself gives (docs/model-contract.md). */
export const heatExplanationSchema = z.object({
  node: z.number().int(),
  score: z.number(),
  /** Rank among nodes of the same display scale, from 1, and how many were ranked. */
  rank: z.number().int(),
  ranked: z.number().int(),
  scales: z.array(
    z.object({
      scale: heatScaleSchema,
      label: z.string(),
      range: rangeSchema,
      contribution: z.number(),
      cosine: z.number(),
    }),
  ),
  /** Contribution of each token of the node to the terms of the node itself (its vector, and `ownWords`), in reading order. */
  words: z.array(z.object({ range: rangeSchema, text: z.string(), contribution: z.number() })),
  /** The part of the vector's term that the statement's neighbours lent it (the encoder's upper stage). */
  context: z.number(),
  /** What each word of the question meets best at the scale of words, in the order of the question; of a selection its own first words. */
  met: z.array(z.object({ asked: z.string(), range: rangeSchema, text: z.string(), cosine: z.number() })),
  /** The leaves that led the question on, hottest first; none where the question was taken as it is. */
  ledBy: z.array(z.number().int()),
});
export type HeatExplanation = z.infer<typeof heatExplanationSchema>;

/** Which layer or head of the encoder: one, counted from 0, or the mean over all. */
export const layerOrHeadSchema = z.union([z.literal('mean'), z.number().int().nonnegative()]);
export type LayerOrHead = z.infer<typeof layerOrHeadSchema>;

/** One rung of the ladder of scales: where a share of a node's attention goes (docs/model-contract.md). */
const ladderRungSchema = z.object({
  /** The ancestor this rung covers without what lies on the rungs below; for the first rung the node itself. */
  node: z.number().int(),
  label: z.string(),
  /** Share of the node's whole attention; the rungs of one ladder add up to 1. */
  share: z.number(),
  /** The most attended nodes on this rung, strongest first; shares are of the whole attention. */
  targets: z.array(z.object({ node: z.number().int(), share: z.number() })),
});
export const attentionLadderSchema = z.object({
  node: z.number().int(),
  layer: layerOrHeadSchema,
  head: layerOrHeadSchema,
  rungs: z.array(ladderRungSchema),
  /** Nodes outside this one that look at it most: `share` of *their* attention, strongest first. */
  lookers: z.array(z.object({ node: z.number().int(), share: z.number() })),
  layers: z.number().int(),
  heads: z.number().int(),
});
export type AttentionLadder = z.infer<typeof attentionLadderSchema>;
