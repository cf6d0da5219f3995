/** What the encoder knows of one document, as the analyses see it. */
import type { DocumentTree } from '../../protocol/document.js';
import type { AttentionTables } from './attention-tables.js';
import type { PackedDocument } from './packed.js';
import type { KnownParts } from './parts.js';

export interface EncodedDocument {
  readonly tree: DocumentTree;
  readonly packed: PackedDocument;
  /** Length of all vectors. */
  readonly dimension: number;
  /** [pieces × dimension] mean of each piece's token states. */
  readonly pieceOwn: Float32Array;
  /** [pieces × dimension] what the upper stage adds to it. */
  readonly pieceContext: Float32Array;
  readonly attention: AttentionTables;
  /** Last-layer state of one token; kept with 8 bits a number. */
  tokenState(token: number): Float32Array;
  /** The same without its size: a view of the 8-bit numbers, for whoever compares all tokens. */
  tokenDirection(token: number): Int8Array;
  /** What the encoding of a later version takes over. */
  readonly parts: KnownParts;
}

/** A question, or a place whose likes are sought, as it is compared with documents. */
export interface Question {
  /** Of unit length. */
  readonly vector: Float32Array;
  /** Its first words; markers left out. */
  readonly words: readonly AskedWord[];
}

/** One token of a question. */
export interface AskedWord {
  /** As it stands in the question. */
  readonly text: string;
  /** True where it goes on with the word of the token before it. */
  readonly continues: boolean;
  /** Last-layer state, of unit length. */
  readonly state: Float32Array;
}
