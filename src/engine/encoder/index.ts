/** The encoder's public face: tree in, vectors and attention out. */
export { normalised } from './normalised.js';
export { askedWords, Encoder } from './encoder.js';
export type { AttentionTables, TableLevel } from './attention-tables.js';
export { TABLE_LEVELS } from './attention-tables.js';
export type { AskedWord, EncodedDocument, Question } from './encoded.js';
export type { HeatWeights, Manifest } from './manifest.js';
export type { PackedDocument } from './packed.js';
export type { KnownParts } from './parts.js';
export { graphShape } from './parts.js';
export { compose, offsetsOf } from './packed.js';
export type { Log } from './session.js';
export { insideWord, wholeWords } from './word-borders.js';
