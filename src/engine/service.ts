/** The methods of the engine protocol: hierarchy → encoder → analysis for one document after another. Knows no process. */
import type { DeviceReport, DocumentAnalysis, DocumentTree, HeatQuery, TopicLabel } from '../protocol/document.js';
import type { DeviceChoice, Params, Progress, Result } from '../protocol/engine.js';
import { StrataError, throwIfCancelled } from '../protocol/errors.js';
import { explainHeat } from './analysis/explanation.js';
import { attentionLadder } from './analysis/ladder.js';
import { LevelIndex } from './analysis/levels.js';
import { placeAsQuestion } from './analysis/place.js';
import type { AttentionLevel } from './analysis/tables.js';
import { attentionTables } from './analysis/tables.js';
import type { Ranking, RankUnit } from './analysis/ranking.js';
import { heatToRank, rankUnits } from './analysis/ranking.js';
import { type Heat, heatOfDocument, heatOfTokens, ledHeat } from './analysis/relevance.js';
import { summarise } from './analysis/summary.js';
import { defaultTopics, TopicFinder } from './analysis/topics.js';
import type { KeptDocument } from './documents.js';
import { DocumentStore } from './documents.js';
import { Encoder, graphShape } from './encoder/index.js';
import type { EncodedDocument, Log, Question } from './encoder/index.js';
import { initHierarchy, parseDocument } from './hierarchy/index.js';
import { countLines } from './hierarchy/text.js';
import { limited } from './limit.js';

interface ServiceOptions {
  modelDir: string;
  grammarsDir: string;
  /** Where device verdicts are remembered; nothing is written without it. */
  stateDir?: string | undefined;
  log: Log;
  /** Called when the device was given up for the CPU, which may be in the middle of a question. */
  onDevice?: ((device: DeviceReport) => void) | undefined;
}

export interface CallOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Called when a text was too long and is read in part, with a sentence for the user. */
  onTruncated?: ((reason: string) => void) | undefined;
}

/** A text to be read, and what is known of it. */
interface TextInput {
  text: string;
  fileName: string;
  language?: string | undefined;
}

const SIGN_OF_LIFE_MS = 10_000;

export class EngineService {
  private readonly documents = new DocumentStore();
  private encoder: Promise<Encoder> | undefined;
  /** Checksum of the model that has read the documents. */
  private model: string | undefined;
  private device: DeviceChoice = 'auto';
  private threads = 0;
  private topics: readonly TopicLabel[] | undefined;

  constructor(private readonly options: ServiceOptions) {
    initHierarchy({ grammarsDir: options.grammarsDir });
  }

  /** Another device or thread count opens the model anew; documents stay, because a model's vectors are the same on every device. */
  async initialize(params: Params<'initialize'>, { onProgress }: CallOptions = {}): Promise<Result<'initialize'>> {
    this.topics = params.topics;
    if (this.encoder && (params.device !== this.device || params.threads !== this.threads)) {
      const old = this.encoder;
      this.encoder = undefined;
      await old.then((encoder) => encoder.close()).catch(() => undefined);
    }
    this.device = params.device;
    this.threads = params.threads;
    onProgress?.({ phase: 'load', done: 0, total: 1 });
    const encoder = await this.load();
    onProgress?.({ phase: 'load', done: 1, total: 1 });
    return { device: encoder.device, model: { name: encoder.manifest.name, version: encoder.manifest.version } };
  }

  /** Throws StrataError `empty`, `unreadable-text`, `model`, `device` or `cancelled`. */
  async analyze(params: Params<'analyze'>, { signal, onProgress }: CallOptions = {}): Promise<DocumentAnalysis> {
    const { documentId, version, fileName, language, summaryWords } = params;
    onProgress?.({ phase: 'load', done: 0, total: 1 });
    const encoder = await this.load();
    throwIfCancelled(signal);
    const { text, truncated } = limited(params);
    const start = performance.now();
    const signOfLife = (): void => onProgress?.({ phase: 'parse', done: 0, total: 1 });
    signOfLife();
    // A grammar may work for longer, slice by slice, than an engine may be silent.
    const signs = setInterval(signOfLife, SIGN_OF_LIFE_MS);
    const tree = await parseDocument({ text, fileName, language }, signal).finally(() => {
      clearInterval(signs);
    });
    const parsed = performance.now();
    const encoded = await encoder.encodeDocument(text, tree, {
      before: this.documents.partsOf(documentId),
      signal,
      onProgress: (done, total) => onProgress?.({ phase: 'encode', done, total }),
      onRead: (parts) => {
        this.documents.setUnfinished(documentId, parts);
      },
    });
    const encodedAt = performance.now();
    onProgress?.({ phase: 'summarise', done: 0, total: 1 });
    const index = new LevelIndex(encoded);
    const summary = summarise(index, text, summaryWords);
    const labels = this.topics ?? defaultTopics(tree.genre);
    const described = await Promise.all(labels.map(async (l) => (await encoder.encodeQuery(l.description)).vector));
    const finder = new TopicFinder(labels, described, encoder.manifest.topics.leastCosine);
    throwIfCancelled(signal);
    const analysis: DocumentAnalysis = {
      documentId,
      version,
      tree,
      tokens: encoded.packed.ids.length,
      summary,
      topics: finder.ofDocument(index),
      sectionTopics: finder.ofSections(index),
      timings: {
        parse: parsed - start,
        encode: encodedAt - parsed,
        summarise: performance.now() - encodedAt,
      },
      device: encoder.device,
      ...(truncated ? { truncated } : {}),
    };
    this.documents.set(documentId, { version, text, encoded, index });
    return analysis;
  }

  async heat(params: Params<'heat'>): Promise<Result<'heat'>> {
    const document = this.documents.get(params.documentId, params.version);
    return heatOfDocument(await this.heatFor(document, params.query), document.text, params.query);
  }

  async tokenHeat(params: Params<'tokenHeat'>): Promise<Result<'tokenHeat'>> {
    const document = this.documents.get(params.documentId, params.version);
    return heatOfTokens(await this.heatFor(document, params.query), params.range);
  }

  async explainHeat(params: Params<'explainHeat'>): Promise<Result<'explainHeat'>> {
    const document = this.documents.get(params.documentId, params.version);
    const heat = await this.heatFor(document, params.query);
    const node = nodeOf(document, params.node);
    return explainHeat(heat, document.text, node);
  }

  attention(params: Params<'attention'>): Promise<Result<'attention'>> {
    const document = this.documents.get(params.documentId, params.version);
    const node = nodeOf(document, params.node);
    const { layer, head, targets } = params;
    return Promise.resolve(attentionLadder(document.index, document.text, node.id, { layer, head, targets }));
  }

  /** The family tables of an analysed document (`strata analyze --attention`). */
  attentionTables(params: Pick<Params<'attention'>, 'documentId' | 'version' | 'layer' | 'head'>): AttentionLevel[] {
    return attentionTables(this.documents.get(params.documentId, params.version).index, params);
  }

  /** How many layers and heads the model's attention has. */
  async layersAndHeads(): Promise<{ layers: number; heads: number }> {
    const { manifest } = await this.load();
    return { layers: graphShape(manifest).layers, heads: manifest.heads };
  }

  close(params: Params<'close'>): Promise<Result<'close'>> {
    this.documents.delete(params.documentId);
    return Promise.resolve({});
  }

  /** Questions, encoded once for however many texts they are asked of. */
  async encodeQuestions(queries: readonly string[]): Promise<Question[]> {
    const encoder = await this.load();
    const questions: Question[] = [];
    for (const query of queries) questions.push(await encoder.encodeQuery(query));
    return questions;
  }

  /** Ranks the units of a text for each question, encoding it once (`strata rank`). */
  async rank(
    input: TextInput,
    questions: readonly Question[],
    unit: RankUnit,
    options: CallOptions = {},
  ): Promise<Ranking[]> {
    const { encoder, encoded } = await this.encode(input, options);
    const index = new LevelIndex(encoded);
    const weights = encoder.manifest.heat.weights[index.heatGenre];
    const lines = countLines(input.text);
    return questions.map((question) => {
      const heat = heatToRank(index, weights, question, unit);
      return { answered: heat.answered, ranked: rankUnits(heat, unit, lines) };
    });
  }

  /**
   * Unit-length vectors of texts (`strata embed`). Blank texts have zero vectors, and so have those that cannot be read, of which `onFailed`
   * is told; `onTruncated` is told which text was too long.
   */
  async embed(
    items: readonly { text: string; language?: string | undefined; kind: 'query' | 'document' }[],
    {
      signal,
      onTruncated,
      onFailed,
    }: {
      signal?: AbortSignal;
      onTruncated?: (reason: string, item: number) => void;
      onFailed: (error: unknown, item: number) => void;
    },
  ): Promise<Float32Array[]> {
    const encoder = await this.load();
    const prepared: { text: string; kind: 'query' | 'document'; tree?: DocumentTree }[] = [];
    for (const [i, { text: whole, language, kind }] of items.entries()) {
      const { text, truncated } = limited({ text: whole, fileName: '', language });
      if (truncated) onTruncated?.(truncated.reason, i);
      if (kind === 'query' || !/\S/.test(text)) {
        prepared.push({ text, kind });
        continue;
      }
      try {
        prepared.push({ text, kind, tree: await parseDocument({ text, fileName: '', language }, signal) });
      } catch (error) {
        onFailed(error, i);
        prepared.push({ text: '', kind });
      }
    }
    const vectors = await encoder.embed(prepared, signal);
    // Their two markers alone would make all blank texts alike, and like everything else a little.
    return vectors.map((vector, i) => (/\S/.test(prepared[i]!.text) ? vector : vector.fill(0)));
  }

  /** Parses and encodes a text without keeping it. */
  async encode(
    input: TextInput,
    { signal, onProgress, onTruncated }: CallOptions = {},
  ): Promise<{ encoder: Encoder; encoded: EncodedDocument }> {
    const encoder = await this.load();
    const { text, truncated } = limited(input);
    if (truncated) onTruncated?.(truncated.reason);
    const tree = await parseDocument({ ...input, text }, signal);
    const report = (done: number, total: number): void => onProgress?.({ phase: 'encode', done, total });
    return { encoder, encoded: await encoder.encodeDocument(text, tree, { signal, onProgress: report }) };
  }

  /** Frees the model; the service can be used again and then loads it anew. */
  async dispose(): Promise<void> {
    const encoder = this.encoder;
    this.encoder = undefined;
    this.documents.clear();
    await encoder?.then((e) => e.close()).catch(() => undefined);
  }

  /** The encoder, loaded once; a failure is not remembered, so that a mended file or another device works at once. */
  private load(): Promise<Encoder> {
    if (!this.encoder) {
      const loading = this.open();
      this.encoder = loading;
      loading.catch(() => {
        if (this.encoder === loading) this.encoder = undefined;
      });
    }
    return this.encoder;
  }

  private async open(): Promise<Encoder> {
    const { modelDir, stateDir, log, onDevice } = this.options;
    const { device, threads } = this;
    const encoder = await Encoder.load({ modelDir, device, threads, stateDir, log, onDevice });
    // The files may have been replaced meanwhile, and vectors of two models cannot be compared.
    const model = encoder.manifest.files['encoder.onnx'];
    if (model !== this.model) this.documents.clear();
    this.model = model;
    return encoder;
  }

  /** The heat of a question. The last one of a document is kept, because each hover and each scrolled screen of tokens asks for it again. */
  private async heatFor(document: KeptDocument, query: HeatQuery): Promise<Heat> {
    const key = JSON.stringify(query);
    if (document.heat?.key !== key) document.heat = { key, heat: await this.newHeat(document, query) };
    return document.heat.heat;
  }

  private async newHeat(document: KeptDocument, query: HeatQuery): Promise<Heat> {
    const encoder = await this.load();
    const weights = encoder.manifest.heat.weights[document.index.heatGenre];
    if ('text' in query) return ledHeat(document.index, weights, await encoder.encodeQuery(query.text));
    return ledHeat(document.index, weights, placeAsQuestion(document.index, document.text, query.range));
  }
}

function nodeOf(document: KeptDocument, id: number): DocumentTree['nodes'][number] {
  const node = document.encoded.tree.nodes[id];
  if (!node)
    throw new StrataError('stale-document', 'This place is not in the analysed document any more. Analyse it again.');
  return node;
}
