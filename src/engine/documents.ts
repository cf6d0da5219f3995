/** The documents that the engine keeps encoded: bounded by number and by tokens, least recently used out first. */
import { StrataError } from '../protocol/errors.js';
import type { LevelIndex } from './analysis/levels.js';
import type { Heat } from './analysis/relevance.js';
import type { EncodedDocument } from './encoder/index.js';

export interface KeptDocument {
  version: number;
  text: string;
  encoded: EncodedDocument;
  index: LevelIndex;
  /** The last question, as JSON, and its heat. */
  heat?: { key: string; heat: Heat };
}

const MOST_DOCUMENTS = 12;
/** About 1.5 kB a token are kept (states, vectors, attention tables). */
const MOST_TOKENS = 600_000;

export class DocumentStore {
  private readonly documents = new Map<string, KeptDocument>();

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

  /** What was kept under this id, of any version. */
  peek(documentId: string): KeptDocument | undefined {
    return this.documents.get(documentId);
  }

  set(documentId: string, document: KeptDocument): void {
    this.documents.delete(documentId);
    this.documents.set(documentId, document);
    let tokens = 0;
    for (const d of this.documents.values()) tokens += d.encoded.packed.ids.length;
    for (const [id, d] of this.documents) {
      if (id === documentId || (this.documents.size <= MOST_DOCUMENTS && tokens <= MOST_TOKENS)) break;
      this.documents.delete(id);
      tokens -= d.encoded.packed.ids.length;
    }
  }

  delete(documentId: string): void {
    this.documents.delete(documentId);
  }

  clear(): void {
    this.documents.clear();
  }
}
