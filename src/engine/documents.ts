/** The documents that the engine keeps encoded, or in part: bounded by number and by tokens, least recently used out first. */
import { StrataError } from '../protocol/errors.js';
import type { LevelIndex } from './analysis/levels.js';
import type { Heat } from './analysis/relevance.js';
import type { EncodedDocument, KnownParts } from './encoder/index.js';

export interface KeptDocument {
  version: number;
  text: string;
  encoded: EncodedDocument;
  index: LevelIndex;
  /** The last question, as JSON, and its heat. */
  heat?: { key: string; heat: Heat };
}

const MOST_DOCUMENTS = 12;
/** The one that is being read, and one whose reading was cancelled before. */
const MOST_UNFINISHED = 2;
/** About 1.5 kB a token are kept (states, vectors, attention tables). */
const MOST_TOKENS = 600_000;

export class DocumentStore {
  private readonly documents = new Map<string, KeptDocument>();
  /** Parts of documents whose newest version was not read to its end. */
  private readonly unfinished = new Map<string, KnownParts>();

  /** Throws StrataError `unknown-document` or `stale-document`. */
  get(documentId: string, version: number): KeptDocument {
    const kept = this.documents.get(documentId);
    if (!kept)
      throw new StrataError(
        'unknown-document',
        'This document has not been analysed yet. Run "Strata: Analyse This Document".',
      );
    if (kept.version !== version) {
      throw new StrataError('stale-document', 'The document has changed since it was analysed. Analyse it again.');
    }
    this.documents.delete(documentId);
    this.documents.set(documentId, kept);
    return kept;
  }

  /** The parts of the version under this id that was read last, finished or not. */
  partsOf(documentId: string): KnownParts | undefined {
    return this.unfinished.get(documentId) ?? this.documents.get(documentId)?.encoded.parts;
  }

  set(documentId: string, document: KeptDocument): void {
    this.delete(documentId);
    this.documents.set(documentId, document);
    forgetOldest(this.documents, MOST_DOCUMENTS, ({ encoded }) => encoded.packed.ids.length);
  }

  /** Keeps what was read of a version so far, for the next one. Questions are still answered from the version before. */
  setUnfinished(documentId: string, parts: KnownParts): void {
    this.unfinished.delete(documentId);
    this.unfinished.set(documentId, parts);
    forgetOldest(this.unfinished, MOST_UNFINISHED, tokensRead);
  }

  delete(documentId: string): void {
    this.documents.delete(documentId);
    this.unfinished.delete(documentId);
  }

  clear(): void {
    this.documents.clear();
    this.unfinished.clear();
  }
}

/** Keeps `most` entries with MOST_TOKENS together, and the last one in any case. */
function forgetOldest<T>(kept: Map<string, T>, most: number, tokensOf: (entry: T) => number): void {
  let tokens = 0;
  for (const entry of kept.values()) tokens += tokensOf(entry);
  for (const [id, entry] of kept) {
    if (kept.size === 1 || (kept.size <= most && tokens <= MOST_TOKENS)) break;
    kept.delete(id);
    tokens -= tokensOf(entry);
  }
}

function tokensRead(parts: KnownParts): number {
  let tokens = 0;
  for (const part of parts.values()) tokens += part?.tokens ?? 0;
  return tokens;
}
