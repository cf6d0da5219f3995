/** The encoder's public face: tree in, vectors and attention out. */
export { Encoder } from './encoder.js';
export type { EmbedItem, EncodeOptions } from './encoder.js';
export type { AttentionTables, EncodedDocument, TableLevel } from './encoded.js';
export { TABLE_LEVELS } from './encoded.js';
export type { HeatWeights, Manifest } from './manifest.js';
export type { PackedDocument } from './packed.js';
export { offsetsOf } from './packed.js';
export type { Log } from './session.js';
