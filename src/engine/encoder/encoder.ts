/** Tree → vectors and attention. Owns the tokenizer and the session; knows no language and no editor. */
import type { DeviceReport, DocumentTree } from '../../protocol/document.js';
import type { DeviceChoice } from '../../protocol/engine.js';
import { StrataError, throwIfCancelled } from '../../protocol/errors.js';
import type { AskedWord, EncodedDocument, Question } from './encoded.js';
import { graphInputs } from './inputs.js';
import type { Manifest } from './manifest.js';
import { loadModelFiles } from './manifest.js';
import type { PackedDocument } from './packed.js';
import { concat, forest, offsetsOf, partOffsets, sliceParts } from './packed.js';
import { normalised } from './normalised.js';
import { packDocument, packFlat } from './packing.js';
import type { KnownParts, ModelShape, PartResult } from './parts.js';
import { contextOf, documentOutputs, graphShape, inSuccession, partKeys, PartTables, splitByPart } from './parts.js';
import { planSegments } from './segments.js';
import type { Log } from './session.js';
import { EncoderSession, RUNTIME_VERSION } from './session.js';
import { Tokenizer } from './tokenizer.js';
import { VerdictStore } from './verdicts.js';
import { insideWord } from './word-borders.js';

interface EncodeOptions {
  /** The parts of an earlier encoding of the same document, finished or not, on whatever device: what is unchanged is taken over. */
  before?: KnownParts | undefined;
  signal?: AbortSignal | undefined;
  /** Tokens done and in all; called after each segment. */
  onProgress?: ((done: number, total: number) => void) | undefined;
  /** Called after each segment with all that is known by then: another encoding can go on from there when this one is cancelled. */
  onRead?: ((parts: KnownParts) => void) | undefined;
}

interface EmbedItem {
  text: string;
  /** Needed for documents; a query is always read flat. */
  tree?: DocumentTree;
  kind: 'query' | 'document';
}

const EMBED_TOKENS = 4_096;
const REMEMBERED_QUERIES = 1_024;
/** More words of a question are not met one by one; training cuts questions there. */
const QUESTION_WORDS = 62;
/** So many texts like the probe tell the speed of a device. */
const LOAD_PROBES = 40;
const PROBE_TEXT =
  'Strata reads long documents and code at every scale at once. Which device is the fastest one for this text?';

export class Encoder {
  private readonly shape: ModelShape;
  private readonly queries = new Map<string, Question>();

  private constructor(
    readonly manifest: Manifest,
    private readonly tokenizer: Tokenizer,
    private readonly session: EncoderSession,
    private readonly log: Log,
  ) {
    this.shape = manifest;
  }

  /** Loads and verifies the model and chooses the device. Throws StrataError `model` or `device`. */
  static async load(options: {
    modelDir: string;
    device: DeviceChoice;
    threads: number;
    stateDir?: string | undefined;
    log: Log;
    /** Called when the device was given up for the CPU. */
    onDevice?: ((device: DeviceReport) => void) | undefined;
  }): Promise<Encoder> {
    const { manifest, modelPath, tokenizerJson } = await loadModelFiles(options.modelDir);
    const tokenizer = openTokenizer(tokenizerJson, manifest);
    const probe = packFlat(PROBE_TEXT, tokenizer);
    const load = forest(new Array<PackedDocument>(LOAD_PROBES).fill(probe));
    const session = await EncoderSession.open({
      modelPath,
      manifest,
      device: options.device,
      threads: options.threads,
      probe: { inputs: graphInputs(probe, graphShape(manifest)), tokens: probe.ids.length },
      load: { inputs: graphInputs(load, graphShape(manifest)), tokens: load.ids.length },
      verdicts: new VerdictStore(options.stateDir, manifest.files['encoder.onnx'], RUNTIME_VERSION, options.threads),
      log: options.log,
      onDevice: options.onDevice,
    });
    return new Encoder(manifest, tokenizer, session, options.log);
  }

  get device(): DeviceReport {
    return this.session.device;
  }

  /** Number of tokens of a text, markers not counted. */
  countTokens(text: string): number {
    return this.tokenizer.tokenize(text).ids.length;
  }

  /**
   * Encodes a document segment by segment. Throws StrataError `cancelled` between two segments when `signal` is aborted and
   * `empty` for a text without a single token.
   */
  async encodeDocument(text: string, tree: DocumentTree, options: EncodeOptions = {}): Promise<EncodedDocument> {
    return this.encodePacked(packDocument(text, tree, this.tokenizer), tree, options);
  }

  private async encodePacked(
    packed: PackedDocument,
    tree: DocumentTree,
    options: EncodeOptions,
  ): Promise<EncodedDocument> {
    if (packed.ids.length === 0) throw new StrataError('empty', 'There is nothing to read: the document has no words.');
    const offsets = partOffsets(packed);
    const before: KnownParts = options.before ?? new Map();
    const keys = partKeys(packed, offsets, [...before.keys()]);
    const tokens = keys.map((_, part) => offsets.tokens[part + 1]! - offsets.tokens[part]!);
    const parts = inSuccession(before, keys, tokens);
    const segments = planSegments(
      tokens,
      parts.map((p) => p === undefined),
      this.manifest.packing.segmentTokens,
    );
    const total = packed.ids.length;
    let done = total - segments.reduce((sum, s) => sum + sumOf(tokens.slice(s.from, s.to)), 0);
    options.onProgress?.(done, total);
    for (const { from, to } of segments) {
      // A run cannot be interrupted: this is where messages arrive and cancellation takes effect.
      await new Promise<void>((resolve) => setImmediate(resolve));
      throwIfCancelled(options.signal);
      const own = sliceParts(packed, from, to, offsets);
      const context = contextOf(parts, from, to, this.shape);
      const outputs = await this.session.run(
        graphInputs(own, graphShape(this.shape), context, from),
        documentOutputs(this.shape),
      );
      splitByPart(own, outputs, this.shape, keys, from, context.order).forEach((result, i) => {
        parts[from + i] = result;
      });
      options.onRead?.(new Map(keys.map((key, i) => [key, parts[i]])));
      done += own.ids.length;
      options.onProgress?.(done, total);
    }
    return this.assemble(tree, packed, parts as PartResult[]);
  }

  /** A question and its words. Remembered: the same question is asked again for heat, hover and search. */
  async encodeQuery(text: string): Promise<Question> {
    const known = this.queries.get(text);
    if (known) return known;
    const { dimension } = this.manifest;
    const packed = this.packQuestion(text);
    const outputs = await this.session.run(graphInputs(packed, graphShape(this.shape)), ['piece_own', 'token_states']);
    const states = outputs['token_states']!.data;
    const question: Question = {
      vector: normalised(outputs['piece_own']!.data),
      words: askedWords(packed, text, (token) => states.subarray(token * dimension, (token + 1) * dimension)),
    };
    if (this.queries.size >= REMEMBERED_QUERIES) this.queries.delete(this.queries.keys().next().value!);
    this.queries.set(text, question);
    return question;
  }

  /** Vectors of unit length, one for each item, in order. Small items share runs; what is longer than a segment is read like a document. */
  async embed(items: readonly EmbedItem[], signal?: AbortSignal): Promise<Float32Array[]> {
    const packed = items.map((item) =>
      item.kind === 'document' && item.tree && this.manifest.packing.policy === 'tree'
        ? packDocument(item.text, item.tree, this.tokenizer)
        : item.kind === 'query'
          ? this.packQuestion(item.text)
          : packFlat(item.text, this.tokenizer),
    );
    const vectors = new Array<Float32Array>(items.length);
    const { dimension, packing } = this.manifest;
    const long = new Set(items.flatMap((_, i) => (packed[i]!.ids.length > packing.segmentTokens ? [i] : [])));
    for (const i of long) {
      const { pieceOwn, pieceContext } = await this.encodePacked(packed[i]!, items[i]!.tree!, { signal });
      [vectors[i]] = documentMeans([packed[i]!], [pieceOwn, pieceContext], dimension) as [Float32Array];
    }
    // Equal lengths pad least; queries leave the upper stage out, so they run apart.
    const order = items.map((_, i) => i).sort((a, b) => packed[a]!.ids.length - packed[b]!.ids.length);
    for (const kind of ['query', 'document'] as const) {
      const indices = order.filter((i) => items[i]!.kind === kind && packed[i]!.ids.length > 0 && !long.has(i));
      for (let at = 0; at < indices.length;) {
        const batch = [indices[at++]!];
        let tokens = packed[batch[0]!]!.ids.length;
        while (at < indices.length && tokens + packed[indices[at]!]!.ids.length <= EMBED_TOKENS) {
          tokens += packed[indices[at]!]!.ids.length;
          batch.push(indices[at++]!);
        }
        await new Promise<void>((resolve) => setImmediate(resolve));
        throwIfCancelled(signal);
        const documents = batch.map((i) => packed[i]!);
        const names = kind === 'query' ? ['piece_own'] : ['piece_own', 'piece_context'];
        const outputs = await this.session.run(graphInputs(forest(documents), graphShape(this.shape)), names);
        documentMeans(
          documents,
          names.map((n) => outputs[n]!.data),
          dimension,
        ).forEach((vector, i) => {
          vectors[batch[i]!] = vector;
        });
      }
    }
    for (let i = 0; i < items.length; i++) vectors[i] ??= new Float32Array(dimension);
    return vectors;
  }

  async close(): Promise<void> {
    await this.session.close();
  }

  /** A question as one piece. What the model does not read of a long one is left out, which the log says. */
  private packQuestion(text: string): PackedDocument {
    const packed = packFlat(text, this.tokenizer);
    const read = text.slice(0, packed.tokenEnd.at(-1));
    if (/[\p{L}\p{N}]/u.test(text.slice(read.length))) {
      const tokens = packed.ids.length - 2;
      this.log(
        'warn',
        `Of a long question only the first ${tokens} tokens are asked, up to “${read.slice(-40).trim()}”.`,
      );
    }
    return packed;
  }

  private assemble(tree: DocumentTree, packed: PackedDocument, parts: readonly PartResult[]): EncodedDocument {
    const dimension = this.manifest.dimension;
    const firstToken = offsetsOf(Int32Array.from(parts, (p) => p.tokens));
    const partOf = new Int32Array(packed.ids.length);
    parts.forEach((p, i) => partOf.fill(i, firstToken[i], firstToken[i]! + p.tokens));
    return {
      tree,
      packed,
      dimension,
      pieceOwn: concat(
        parts.map((p) => p.pieceOwn),
        Float32Array,
      ),
      pieceContext: concat(
        parts.map((p) => p.pieceContext),
        Float32Array,
      ),
      attention: new PartTables(parts, this.shape),
      tokenState(token) {
        const part = parts[partOf[token]!]!;
        const local = token - firstToken[partOf[token]!]!;
        const scale = part.scales[local]!;
        return Float32Array.from(part.states.subarray(local * dimension, (local + 1) * dimension), (x) => x * scale);
      },
      tokenDirection(token) {
        const part = parts[partOf[token]!]!;
        const local = token - firstToken[partOf[token]!]!;
        return part.states.subarray(local * dimension, (local + 1) * dimension);
      },
      parts: new Map(parts.map((part) => [part.key, part])),
    };
  }
}

function openTokenizer(json: string, { packing }: Manifest): Tokenizer {
  try {
    return new Tokenizer(json, packing.policy === 'flat' ? 'whole' : 'words');
  } catch (cause) {
    throw new StrataError(
      'model',
      'tokenizer.json is not a tokenizer that Strata can use. Reinstall the Strata extension.',
      {
        cause,
      },
    );
  }
}

/** Unit-length means over the tokens of each document of a forest; `piecesOf` are summands of the pieces' vectors. */
function documentMeans(
  documents: readonly PackedDocument[],
  piecesOf: readonly Float32Array[],
  dimension: number,
): Float32Array[] {
  let piece = 0;
  return documents.map((document) => {
    const vector = new Float32Array(dimension);
    for (const size of document.pieceSizes) {
      for (const pieces of piecesOf)
        for (let d = 0; d < dimension; d++) vector[d]! += size * pieces[piece * dimension + d]!;
      piece++;
    }
    return normalised(vector);
  });
}

/** The first words among the tokens [from, to) of a packed text, markers left out. */
export function askedWords(
  { tokenStart, tokenEnd }: PackedDocument,
  text: string,
  stateOf: (token: number) => Float32Array,
  [from, to]: readonly [number, number] = [0, tokenStart.length],
): AskedWord[] {
  const words: AskedWord[] = [];
  let end = -1;
  for (let token = from; token < to && words.length < QUESTION_WORDS; token++) {
    if (tokenStart[token] === tokenEnd[token]) continue;
    const word = text.slice(tokenStart[token], tokenEnd[token]);
    const continues = tokenStart[token] === end && insideWord(text, end);
    words.push({ text: word, continues, state: normalised(stateOf(token)) });
    end = tokenEnd[token]!;
  }
  return words;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, x) => sum + x, 0);
}
