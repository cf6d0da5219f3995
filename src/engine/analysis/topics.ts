/** Zero-shot topics: which of a list of described labels a document is about, and which statements earned that. */
import type { DocumentGenre, Topic } from '../../protocol/document.js';
import type { LevelIndex } from './levels.js';
import { dot, normalised } from './levels.js';

export interface TopicLabel {
  label: string;
  description: string;
}

/** Default labels for code. */
export const CODE_TOPICS: readonly TopicLabel[] = [
  { label: 'tests', description: 'unit tests that check expected results with assertions, fixtures and mocks' },
  { label: 'configuration', description: 'configuration options, settings, defaults and environment variables' },
  { label: 'user interface', description: 'user interface widgets, windows, buttons, rendering components and layout' },
  { label: 'parsing', description: 'a parser that reads text or source code into tokens and a syntax tree' },
  {
    label: 'networking',
    description: 'network connections, HTTP requests and responses, sockets, servers and clients',
  },
  { label: 'database', description: 'database queries, SQL statements, tables, columns, joins and transactions' },
  { label: 'file system', description: 'reading and writing files, directories, paths and file handles' },
  { label: 'build', description: 'build scripts, compiling, packaging, installing versions and dependencies' },
  { label: 'command line', description: 'command line arguments, flags, subcommands, shell usage and help text' },
  { label: 'serialization', description: 'serialising and deserialising data, JSON, schemas, encoding and decoding' },
  { label: 'security', description: 'authentication, passwords, permissions, tokens, encryption and signatures' },
  { label: 'concurrency', description: 'threads, locks, asynchronous tasks, futures, queues and scheduling' },
  { label: 'logging and errors', description: 'logging messages, error handling, exceptions and diagnostics' },
  {
    label: 'text processing',
    description: 'string manipulation: splitting, replacing, trimming, formatting and comparing text',
  },
  {
    label: 'data structures',
    description: 'collections such as arrays, lists, maps, sets and utility functions over them',
  },
  { label: 'mathematics', description: 'numerical computation, statistics, linear algebra and algorithms' },
  { label: 'graphics', description: 'drawing graphics, images, shaders, cameras and geometry' },
];

/** Default labels for prose and transcripts. */
export const PROSE_TOPICS: readonly TopicLabel[] = [
  { label: 'research', description: 'a scientific paper with methods, experiments and results' },
  {
    label: 'specification',
    description: 'a technical specification that says what an implementation must or should do',
  },
  {
    label: 'reference',
    description: 'reference documentation of an application programming interface with parameters and return values',
  },
  { label: 'tutorial', description: 'a tutorial or guide with steps and examples for beginners' },
  { label: 'coding style', description: 'a style guide with rules and recommendations for writing good code' },
  { label: 'release notes', description: 'release notes and a changelog of new features and fixed bugs' },
  { label: 'legal', description: 'a legal text, contract, licence terms and liability' },
  { label: 'product design', description: 'a meeting about the design of a product, its market, cost and users' },
  { label: 'politics', description: 'politics, government, legislation, committees and public policy' },
  { label: 'education', description: 'schools, teachers, students and education' },
  { label: 'health', description: 'health, medicine, hospitals, patients and disease' },
  { label: 'finance', description: 'finance, budgets, markets, money and companies' },
  { label: 'story', description: 'a story or novel with characters, dialogue and events' },
  { label: 'news', description: 'a news report about recent events' },
];

const MOST_TOPICS = 3;
const MOST_EVIDENCE = 5;
/** A topic must stand out from the other labels by this many of their standard deviations, and be this close at least. */
const LEAST_DEVIATIONS = 1.4;
const LEAST_COSINE = 0.12;

export function defaultTopics(genre: DocumentGenre): readonly TopicLabel[] {
  return genre === 'code' || genre === 'data' ? CODE_TOPICS : PROSE_TOPICS;
}

/**
 * At most three topics, strongest first; none when no label stands out. `vectors` are those of the labels' descriptions, of
 * unit length. Each label is compared after its own mean closeness to all labels is taken off, so that vague ones do not win.
 */
export function findTopics(
  index: LevelIndex,
  labels: readonly TopicLabel[],
  vectors: readonly Float32Array[],
): Topic[] {
  if (labels.length < 2) return [];
  const whole = normalised(index.vector([0, index.pieces]));
  const vague = vectors.map(
    (v, i) => vectors.reduce((sum, w, j) => (i === j ? sum : sum + dot(v, w)), 0) / (vectors.length - 1),
  );
  const meanVague = vague.reduce((a, b) => a + b, 0) / vague.length;
  const cosines = vectors.map((v) => dot(whole, v));
  const scores = cosines.map((c, i) => c - (vague[i]! - meanVague));
  const mean = scores.reduce((a, b) => a + b, 0) / scores.length;
  const deviation = Math.sqrt(scores.reduce((a, b) => a + (b - mean) ** 2, 0) / scores.length);
  if (deviation < 1e-6) return [];
  return scores
    .map((s, i) => ({ i, score: (s - mean) / deviation }))
    .filter(({ i, score }) => score >= LEAST_DEVIATIONS && cosines[i]! >= LEAST_COSINE)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST_TOPICS)
    .map(({ i, score }) => ({ label: labels[i]!.label, score, evidence: evidence(index, vectors[i]!) }));
}

function evidence(index: LevelIndex, vector: Float32Array): number[] {
  return index.document.tree.nodes
    .filter((n) => n.children.length === 0 && !n.trivial)
    .map((n) => ({ id: n.id, cosine: index.cosine(vector, index.piecesOfNode(n.id)) }))
    .sort((a, b) => b.cosine - a.cosine)
    .slice(0, MOST_EVIDENCE)
    .map((n) => n.id);
}
