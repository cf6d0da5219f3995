/** What the rest of Strata uses to talk to the engine. */
export { unlessAborted } from './abortable.js';
export { EngineClient } from './client.js';
export type { EngineClientOptions } from './client.js';
export type { RequestOptions } from './requests.js';
export type { ClientTiming, EngineState, EngineStatus, LogEvent } from './status.js';
