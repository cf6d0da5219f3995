import type { DeviceReport } from '../protocol/document.js';
import type { FromEngine } from '../protocol/engine.js';

/**
 * `stopped`: no process, the next request starts one. `starting`: process or model is loading. `restarting`: the same after a
 * crash, or an old process is being ended by `restart()`. `down`: given up after repeated crashes; only `restart()` helps.
 */
export type EngineState = 'stopped' | 'starting' | 'ready' | 'busy' | 'restarting' | 'down';

export interface EngineStatus {
  state: EngineState;
  /** One sentence for the user: in states `restarting` and `down`, and in `ready` where no device could be opened. */
  message?: string;
  /** The device in use, once it is known. */
  device?: DeviceReport;
}

export type LogEvent = Pick<Extract<FromEngine, { type: 'log' }>, 'level' | 'message'>;

/** All times in milliseconds. */
export interface ClientTiming {
  /** From the start of the process to its first message. */
  start: number;
  /** Silence of the engine after which a request counts as lost: loading a model on a graphics processor takes long. */
  stallInitialize: number;
  /** The same for an analysis, which reports progress after each segment, and now and then while the text is parsed. */
  stallAnalyze: number;
  /** The same for all other requests. */
  stall: number;
  /** Wait before the first, second, … restart. */
  backoff: readonly number[];
  /** So many crashes within the window, and the client gives up. */
  crashLimit: number;
  crashWindow: number;
  /** How long a document goes on being analysed again after the last one who waited for it has left: the next may come. */
  linger: number;
  /** From the polite request to end until the process is killed. */
  grace: number;
}

export const DEFAULT_TIMING: ClientTiming = {
  start: 30_000,
  stallInitialize: 180_000,
  stallAnalyze: 120_000,
  stall: 60_000,
  backoff: [250, 1000, 4000],
  crashLimit: 3,
  crashWindow: 5 * 60_000,
  linger: 1000,
  grace: 1000,
};
