/**
 * Starts, supervises and calls the engine process. Plain Node; the extension and tests use it.
 *
 * The process starts with the first request. After a crash it starts again, with growing pauses, and everything that was asked and
 * not yet answered is asked again: every method can be repeated without harm. After the third crash in five minutes the client gives up until
 * `restart()`. A crash on a graphics processor makes the next start use the CPU.
 */
import type { DeviceReport } from '../protocol/document.js';
import type { FromEngine, Method, Params, Result } from '../protocol/engine.js';
import { METHODS } from '../protocol/engine.js';
import { errorText, StrataError, throwIfCancelled } from '../protocol/errors.js';
import { AnalysedDocuments } from './documents.js';
import { Emitter } from './emitter.js';
import { EngineProcess } from './engine-process.js';
import type { EngineCommand, EngineExit } from './engine-process.js';
import type { RequestOptions } from './requests.js';
import { OpenRequests } from './requests.js';
import type { ClientTiming, EngineState, EngineStatus, LogEvent } from './status.js';
import { DEFAULT_TIMING } from './status.js';

export interface EngineClientOptions {
  /** The engine's bundle, `dist/engine.js`. */
  modulePath: string;
  /** Model files; default: `models` beside the bundle's directory. */
  modelDir?: string;
  /** Grammar files; default: `grammars` beside the bundle. */
  grammarsDir?: string;
  /** Where the engine may remember which devices work; nothing is remembered without it. */
  stateDir?: string;
  env?: NodeJS.ProcessEnv;
  timing?: Partial<ClientTiming>;
}

/** The engine does not keep this document, or another version of it. */
const LOST: ReadonlySet<string> = new Set(['unknown-document', 'stale-document']);
const GAVE_UP =
  'The Strata engine stopped several times in a row and was not started again. "Strata: Show Log" says why; "Strata: Restart Engine" tries again.';
const RESTART = 'The Strata engine is ended and started again.';
const CRASH = 'The Strata engine stopped unexpectedly and is starting again.';
const GPU_CRASH =
  'The engine stopped while it used the graphics processor, so the CPU is used until it is restarted or another device is chosen.';

export class EngineClient {
  private readonly timing: ClientTiming;
  private readonly command: EngineCommand;
  private readonly statusEvents = new Emitter<EngineStatus>();
  private readonly logEvents = new Emitter<LogEvent>();
  private readonly requests: OpenRequests;
  private readonly documents: AnalysedDocuments;
  private engine: EngineProcess | undefined;
  /** The process has said `ready`. */
  private connected = false;
  /** The process has answered its first `initialize`: model and device are settled. */
  private initialized = false;
  private device: DeviceReport | undefined;
  /** Why there is no device. */
  private problem: string | undefined;
  private settings: Params<'initialize'> = { device: 'auto', threads: 0 };
  private cpuOnly = false;
  private startTimer: NodeJS.Timeout | undefined;
  private backoffTimer: NodeJS.Timeout | undefined;
  private crashes: number[] = [];
  private afterCrash = false;
  private down = false;
  private restarting = false;
  private disposed: Promise<void> | undefined;
  private onGone: (() => void) | undefined;
  private lastStatus = '';

  constructor(options: EngineClientOptions) {
    this.timing = { ...DEFAULT_TIMING, ...options.timing };
    this.documents = new AnalysedDocuments(this.timing.linger);
    const args = [
      ...(options.modelDir === undefined ? [] : ['--model-dir', options.modelDir]),
      ...(options.grammarsDir === undefined ? [] : ['--grammars-dir', options.grammarsDir]),
      ...(options.stateDir === undefined ? [] : ['--state-dir', options.stateDir]),
    ];
    this.command = { modulePath: options.modulePath, args, env: options.env };
    this.requests = new OpenRequests(this.timing, {
      onAbandoned: (id) => {
        this.engine?.send({ type: 'cancel', id });
      },
      onUnreadable: (problem) => {
        this.log('error', problem);
      },
      onStalled: (method, limit) => {
        this.log('error', `No sign of life for ${limit / 1000} s during "${method}"; the engine is stopped.`);
        this.engine?.kill();
      },
      onChange: () => {
        this.update();
      },
    });
  }

  /** Called when the status changes. */
  readonly onStatus = this.statusEvents.on;
  /** Called for each line that the engine or the client has for the log. */
  readonly onLog = this.logEvents.on;

  get status(): EngineStatus {
    const state = this.state();
    return {
      state,
      ...(state === 'down' ? { message: GAVE_UP } : {}),
      ...(state === 'restarting' ? { message: this.restarting ? RESTART : CRASH } : {}),
      ...(state === 'ready' && this.problem !== undefined ? { message: this.problem } : {}),
      ...(this.device ? { device: this.device } : {}),
    };
  }

  /** Process id of the engine, while there is one. */
  get pid(): number | undefined {
    return this.engine?.pid;
  }

  /**
   * Asks the engine. Rejects with StrataError only: the engine's own codes, `cancelled` at once when `signal` is aborted, `timeout`, or
   * `engine-down`. A question about the version of a document that was analysed last, which the engine has forgotten or replaced, makes the
   * client analyse it again first.
   */
  async request<M extends Method>(method: M, params: Params<M>, options: RequestOptions = {}): Promise<Result<M>> {
    if (method === 'initialize') {
      const settings = params as Params<'initialize'>;
      // The user has chosen afresh: the graphics processor gets another chance.
      if (settings.device !== this.settings.device) this.cpuOnly = false;
      this.settings = settings;
    }
    if (method === 'close') {
      this.documents.forget((params as Params<'close'>).documentId);
      // Where no process runs, nothing else is kept.
      if (!this.engine) return {} as Result<M>;
    }
    try {
      const ask = (): Promise<Result<M>> => this.ask(method, params, options);
      return await (method === 'analyze' ? this.documents.first(params as Params<'analyze'>, ask) : ask());
    } catch (error) {
      if (!(error instanceof StrataError) || !LOST.has(error.code)) throw error;
      if (!('documentId' in params && 'version' in params)) throw error;
      const analysis = this.documents.again(params.documentId, params.version, options, (last, shared) =>
        this.ask('analyze', last, shared),
      );
      if (!analysis) throw error;
      await analysis;
      return this.ask(method, params, options);
    }
  }

  /** Ends the process, if there is one, and starts a new one. What was asked is asked again; earlier crashes are forgiven. */
  restart(): void {
    if (this.disposed) return;
    this.crashes = [];
    this.cpuOnly = false;
    this.afterCrash = false;
    this.down = false;
    clearTimeout(this.backoffTimer);
    this.backoffTimer = undefined;
    if (this.engine) {
      this.restarting = true;
      this.engine.shutdown(this.timing.grace);
    } else this.start();
    this.update();
  }

  /** Ends the process and rejects what is open as `cancelled`. Resolves when nothing is left. */
  dispose(): Promise<void> {
    this.disposed ??= new Promise((resolve) => {
      clearTimeout(this.backoffTimer);
      this.backoffTimer = undefined;
      clearTimeout(this.startTimer);
      this.requests.rejectAll('cancelled', 'Strata is closing.');
      this.documents.clear();
      const gone = (): void => {
        this.update();
        this.statusEvents.clear();
        this.logEvents.clear();
        resolve();
      };
      if (!this.engine) {
        gone();
        return;
      }
      this.onGone = gone;
      this.engine.shutdown(this.timing.grace);
    });
    return this.disposed;
  }

  private async ask<M extends Method>(method: M, params: Params<M>, options: RequestOptions): Promise<Result<M>> {
    throwIfCancelled(options.signal);
    if (this.disposed) throw new StrataError('engine-down', 'Strata is closing.');
    if (this.down) throw new StrataError('engine-down', GAVE_UP);
    const { id, answer } = this.requests.add(method, params, options);
    if (this.connected) this.send(id);
    else if (!this.engine && this.backoffTimer === undefined) this.start();
    this.update();
    return answer;
  }

  private start(): void {
    let engine: EngineProcess;
    try {
      engine = new EngineProcess(this.command, {
        onMessage: (message) => {
          this.receive(message);
        },
        onGarbage: (problem) => {
          this.log('warn', problem);
        },
        onExit: (exit) => {
          this.ended(exit);
        },
      });
    } catch (error) {
      this.ended({ code: null, signal: null, stderr: errorText(error) });
      return;
    }
    this.engine = engine;
    this.startTimer = setTimeout(() => {
      this.log('error', `The engine gave no sign of life within ${this.timing.start / 1000} s.`);
      engine.kill();
    }, this.timing.start);
  }

  private receive(message: FromEngine): void {
    this.requests.heard();
    switch (message.type) {
      case 'ready':
        this.greet();
        break;
      case 'log':
        this.logEvents.emit({ level: message.level, message: message.message });
        break;
      case 'device':
        this.noteDevice(message);
        break;
      case 'progress':
        this.requests.progress(message.id, message.progress);
        break;
      case 'error':
        if (this.requests.method(message.id) === 'initialize') this.withoutDevice(message.message);
        this.answered(message.id);
        this.requests.reject(message.id, new StrataError(message.code, message.message));
        break;
      case 'result':
        this.noteDevice(message.result);
        this.answered(message.id);
        this.requests.resolve(message.id, message.result);
        break;
    }
    this.update();
  }

  /** First messages to a new process: settings before anything else, then all that is still open, in its order. */
  private greet(): void {
    clearTimeout(this.startTimer);
    this.connected = true;
    const open = this.requests.messages();
    const first = open.find((message) => message.method === 'initialize');
    if (first) this.send(first.id);
    else {
      this.ask('initialize', this.settings, {}).catch((error: unknown) => {
        // The requests behind it fail for the same reason, and their callers tell the user.
        this.log('warn', errorText(error));
      });
    }
    for (const { id } of open) if (id !== first?.id) this.send(id);
  }

  private send(id: number): void {
    const message = this.requests.sent(id);
    this.engine!.send(
      message.method === 'initialize' && this.cpuOnly
        ? { ...message, params: { ...message.params, device: 'cpu' } }
        : message,
    );
  }

  /** The engine has closed the device that it had and could not open another one. */
  private withoutDevice(why: string): void {
    this.device = undefined;
    this.problem = why;
  }

  private answered(id: number): void {
    if (this.requests.method(id) === 'initialize') this.initialized = true;
  }

  /** Results of `initialize` and `analyze`, and a message when it changes, tell the device; the reason is corrected where the client chose it. */
  private noteDevice(result: unknown): void {
    if (typeof result !== 'object' || result === null || !('device' in result)) return;
    const parsed = METHODS.initialize.result.shape.device.safeParse(result.device);
    if (!parsed.success) return;
    this.device = this.cpuOnly ? { ...parsed.data, reason: GPU_CRASH } : parsed.data;
    this.problem = undefined;
    result.device = this.device;
  }

  private ended(exit: EngineExit): void {
    clearTimeout(this.startTimer);
    const wasUsing = this.device?.provider;
    const { restarting } = this;
    this.restarting = false;
    this.engine = undefined;
    this.connected = false;
    this.initialized = false;
    this.device = undefined;
    this.problem = undefined;
    this.requests.processGone();
    if (this.onGone) {
      this.onGone();
      return;
    }
    if (restarting) this.start();
    else this.crashed(exit, wasUsing);
    this.update();
  }

  private crashed(exit: EngineExit, wasUsing: string | undefined): void {
    const how = exit.signal ? `signal ${exit.signal}` : `exit code ${exit.code ?? 'unknown'}`;
    this.log('error', `The engine stopped unexpectedly (${how}).${exit.stderr ? `\n${exit.stderr}` : ''}`);
    const now = performance.now();
    this.crashes = [...this.crashes.filter((at) => now - at < this.timing.crashWindow), now];
    const onGpu = wasUsing === undefined ? this.settings.device !== 'cpu' : wasUsing !== 'cpu';
    if (onGpu && !this.cpuOnly) {
      this.cpuOnly = true;
      this.log('warn', 'The next start uses the CPU only.');
    }
    if (this.crashes.length >= this.timing.crashLimit) {
      this.down = true;
      this.requests.rejectAll('engine-down', GAVE_UP);
      return;
    }
    this.afterCrash = true;
    if (this.requests.size === 0) return;
    const { backoff } = this.timing;
    this.backoffTimer = setTimeout(
      () => {
        this.backoffTimer = undefined;
        if (this.requests.size > 0) this.start();
        this.update();
      },
      backoff[Math.min(this.crashes.length, backoff.length) - 1],
    );
  }

  private state(): EngineState {
    if (this.down) return 'down';
    if (this.restarting || this.backoffTimer !== undefined) return 'restarting';
    if (!this.engine) return 'stopped';
    if (!this.initialized) return this.afterCrash ? 'restarting' : 'starting';
    return this.requests.size > 0 ? 'busy' : 'ready';
  }

  private update(): void {
    if (this.initialized) this.afterCrash = false;
    const status = this.status;
    const text = JSON.stringify(status);
    if (text === this.lastStatus) return;
    this.lastStatus = text;
    this.statusEvents.emit(status);
  }

  private log(level: LogEvent['level'], message: string): void {
    this.logEvents.emit({ level, message });
  }
}
