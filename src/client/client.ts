/**
 * Starts, supervises and calls the engine process (design §3). Plain Node; the extension and tests use it.
 *
 * The process starts with the first request. After a crash it starts again, with growing pauses, and everything that was asked and
 * not yet answered is asked again: every method can be repeated without harm. After the third crash in five minutes the client gives up until
 * `restart()`. A crash on a graphics processor makes the next start use the CPU.
 */
import type { DeviceReport } from '../protocol/document.js';
import type { FromEngine, Method, Params, Progress, RequestMessage, Result } from '../protocol/engine.js';
import { METHODS } from '../protocol/engine.js';
import { StrataError } from '../protocol/errors.js';
import { AnalysedDocuments } from './documents.js';
import { Emitter } from './emitter.js';
import { EngineProcess } from './engine-process.js';
import type { EngineCommand, EngineExit } from './engine-process.js';
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

export interface RequestOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Longest time to the answer. Without it a request fails only when the engine falls silent. */
  timeoutMs?: number | undefined;
}

interface Pending {
  message: RequestMessage;
  resolve: (result: unknown) => void;
  reject: (error: StrataError) => void;
  onProgress: ((progress: Progress) => void) | undefined;
  /** When it was last sent, by `performance.now()`; undefined while it waits for the process. */
  sentAt: number | undefined;
  stallTimer: NodeJS.Timeout | undefined;
}

const GAVE_UP =
  'The Strata engine stopped several times in a row and was not started again. "Strata: Show Log" says why; "Strata: Restart Engine" tries again.';
const GPU_CRASH = 'The engine stopped while it used the graphics processor, so the CPU is used until it is restarted.';

export class EngineClient {
  private readonly timing: ClientTiming;
  private readonly command: EngineCommand;
  private readonly statusEvents = new Emitter<EngineStatus>();
  private readonly logEvents = new Emitter<LogEvent>();
  private readonly pending = new Map<number, Pending>();
  private readonly documents = new AnalysedDocuments();
  private nextId = 1;
  private engine: EngineProcess | undefined;
  /** The process has said `ready`. */
  private connected = false;
  /** The process has answered its first `initialize`: model and device are settled. */
  private initialized = false;
  private device: DeviceReport | undefined;
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
  private lastMessageAt = 0;
  private lastStatus = '';

  constructor(options: EngineClientOptions) {
    this.timing = { ...DEFAULT_TIMING, ...options.timing };
    const args = [
      ...(options.modelDir === undefined ? [] : ['--model-dir', options.modelDir]),
      ...(options.grammarsDir === undefined ? [] : ['--grammars-dir', options.grammarsDir]),
      ...(options.stateDir === undefined ? [] : ['--state-dir', options.stateDir]),
    ];
    this.command = { modulePath: options.modulePath, args, env: options.env };
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
      ...(state === 'restarting' ? { message: 'The Strata engine stopped unexpectedly and is starting again.' } : {}),
      ...(this.device ? { device: this.device } : {}),
    };
  }

  /** Process id of the engine, while there is one. */
  get pid(): number | undefined {
    return this.engine?.pid;
  }

  /**
   * Asks the engine. Rejects with StrataError only: the engine's own codes, `cancelled` at once when `signal` is aborted, `timeout`, or
   * `engine-down`. A question about a document that the engine has forgotten makes the client analyse it again first.
   */
  async request<M extends Method>(method: M, params: Params<M>, options: RequestOptions = {}): Promise<Result<M>> {
    if (method === 'initialize') {
      this.settings = params as Params<'initialize'>;
      // The user has chosen afresh: the graphics processor gets another chance.
      this.cpuOnly = false;
    }
    try {
      const result = await this.ask(method, params, options);
      if (method === 'analyze') this.documents.remember(params as Params<'analyze'>);
      if (method === 'close') this.documents.forget((params as Params<'close'>).documentId);
      return result;
    } catch (error) {
      if (!(error instanceof StrataError) || error.code !== 'unknown-document') throw error;
      if (!('documentId' in params && 'version' in params)) throw error;
      const { onProgress } = options;
      const analysis = this.documents.again(params.documentId, params.version, (last) =>
        this.ask('analyze', last, { onProgress }),
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
      clearTimeout(this.startTimer);
      for (const [id, pending] of this.pending) {
        this.take(id);
        pending.reject(new StrataError('cancelled', 'Strata is closing.'));
      }
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

  private ask<M extends Method>(method: M, params: Params<M>, options: RequestOptions): Promise<Result<M>> {
    const { signal, onProgress, timeoutMs } = options;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(new StrataError('cancelled', 'Cancelled.'));
        return;
      }
      if (this.disposed) {
        reject(new StrataError('engine-down', 'Strata is closing.'));
        return;
      }
      if (this.down) {
        reject(new StrataError('engine-down', GAVE_UP));
        return;
      }
      const id = this.nextId++;
      const abandon = (error: StrataError): void => {
        const pending = this.take(id);
        if (!pending) return;
        if (pending.sentAt !== undefined) this.engine?.send({ type: 'cancel', id });
        pending.reject(error);
        this.update();
      };
      const onAbort = (): void => {
        abandon(new StrataError('cancelled', 'Cancelled.'));
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      const deadline =
        timeoutMs === undefined
          ? undefined
          : setTimeout(() => {
              abandon(new StrataError('timeout', `No answer within ${timeoutMs} ms. Try again.`));
            }, timeoutMs);
      const settle = (): void => {
        signal?.removeEventListener('abort', onAbort);
        clearTimeout(deadline);
      };
      this.pending.set(id, {
        // The one place where method and parameters become one message; the signature above ties them together.
        message: { type: 'request', id, method, params } as RequestMessage,
        resolve: (raw) => {
          settle();
          const parsed = METHODS[method].result.safeParse(raw);
          if (parsed.success) resolve(parsed.data as Result<M>);
          else {
            const where = parsed.error.issues[0]?.path.join('.') ?? '';
            this.log('error', `The engine's answer to "${method}" is not valid at "${where}".`);
            reject(
              new StrataError(
                'internal',
                `The engine gave an answer that cannot be read. "Strata: Show Log" says more.`,
              ),
            );
          }
        },
        reject: (error) => {
          settle();
          reject(error);
        },
        onProgress,
        sentAt: undefined,
        stallTimer: undefined,
      });
      if (this.connected) this.send(id);
      else if (!this.engine && this.backoffTimer === undefined) this.start();
      this.update();
    });
  }

  /** Removes a request from the table; its caller settles it. */
  private take(id: number): Pending | undefined {
    const pending = this.pending.get(id);
    clearTimeout(pending?.stallTimer);
    this.pending.delete(id);
    return pending;
  }

  private start(): void {
    const engine = new EngineProcess(this.command, {
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
    this.engine = engine;
    this.startTimer = setTimeout(() => {
      this.log('error', `The engine gave no sign of life within ${this.timing.start / 1000} s.`);
      engine.kill();
    }, this.timing.start);
  }

  private receive(message: FromEngine): void {
    this.lastMessageAt = performance.now();
    switch (message.type) {
      case 'ready':
        this.greet();
        break;
      case 'log':
        this.logEvents.emit({ level: message.level, message: message.message });
        break;
      case 'progress':
        this.pending.get(message.id)?.onProgress?.(message.progress);
        break;
      case 'error':
        this.answered(message.id);
        this.take(message.id)?.reject(new StrataError(message.code, message.message));
        break;
      case 'result':
        this.noteDevice(message.result);
        this.answered(message.id);
        this.take(message.id)?.resolve(message.result);
        break;
    }
    this.update();
  }

  /** First messages to a new process: settings before anything else, then all that is still open, in its order. */
  private greet(): void {
    clearTimeout(this.startTimer);
    this.connected = true;
    const open = [...this.pending.values()].map((p) => p.message);
    const first = open.find((message) => message.method === 'initialize');
    if (first) this.send(first.id);
    else {
      this.ask('initialize', this.settings, {}).catch((error: unknown) => {
        // The requests behind it fail for the same reason, and their callers tell the user.
        this.log('warn', error instanceof Error ? error.message : String(error));
      });
    }
    for (const { id } of open) if (id !== first?.id) this.send(id);
  }

  private send(id: number): void {
    const pending = this.pending.get(id)!;
    pending.sentAt = performance.now();
    const { message } = pending;
    this.engine!.send(
      message.method === 'initialize' && this.cpuOnly
        ? { ...message, params: { ...message.params, device: 'cpu' } }
        : message,
    );
    this.watch(pending, this.stallLimit(message.method));
  }

  /** Kills an engine that has been silent for too long; the request that it was busy with fails, the others are asked again. */
  private watch(pending: Pending, wait: number): void {
    clearTimeout(pending.stallTimer);
    pending.stallTimer = setTimeout(() => {
      // A quick request may wait behind a slow one, for instance behind the loading of the model.
      const limit = Math.max(...[...this.pending.values()].map((p) => this.stallLimit(p.message.method)));
      const silent = performance.now() - Math.max(pending.sentAt!, this.lastMessageAt);
      if (silent < limit) {
        this.watch(pending, limit - silent);
        return;
      }
      // Whichever timer is first: the engine is busy with what it was asked first.
      const stuck = [...this.pending.values()].reduce((a, b) =>
        (b.sentAt ?? Infinity) < (a.sentAt ?? Infinity) ? b : a,
      );
      const { id, method } = stuck.message;
      this.log('error', `No sign of life for ${limit / 1000} s during "${method}"; the engine is stopped.`);
      this.take(id);
      stuck.reject(new StrataError('timeout', 'The Strata engine did not answer in time and is restarted. Try again.'));
      // The others notice the same silence in the next moment; they wait for the next process instead.
      for (const other of this.pending.values()) clearTimeout(other.stallTimer);
      this.engine?.kill();
    }, wait);
  }

  private stallLimit(method: Method): number {
    if (method === 'initialize') return this.timing.stallInitialize;
    return method === 'analyze' ? this.timing.stallAnalyze : this.timing.stall;
  }

  private answered(id: number): void {
    if (this.pending.get(id)?.message.method === 'initialize') this.initialized = true;
  }

  /** Results of `initialize` and `analyze` tell the device; the reason is corrected where the client chose it. */
  private noteDevice(result: unknown): void {
    if (typeof result !== 'object' || result === null || !('device' in result)) return;
    const parsed = METHODS.initialize.result.shape.device.safeParse(result.device);
    if (!parsed.success) return;
    this.device = this.cpuOnly ? { ...parsed.data, reason: GPU_CRASH } : parsed.data;
    result.device = this.device;
  }

  private ended(exit: EngineExit): void {
    clearTimeout(this.startTimer);
    const wasUsing = this.device?.provider;
    this.engine = undefined;
    this.connected = false;
    this.initialized = false;
    this.device = undefined;
    for (const pending of this.pending.values()) {
      clearTimeout(pending.stallTimer);
      pending.sentAt = undefined;
    }
    if (this.onGone) {
      this.onGone();
      return;
    }
    if (this.restarting) {
      this.restarting = false;
      this.start();
    } else this.crashed(exit, wasUsing);
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
      for (const [id, pending] of this.pending) {
        this.take(id);
        pending.reject(new StrataError('engine-down', GAVE_UP));
      }
      return;
    }
    this.afterCrash = true;
    if (this.pending.size === 0) return;
    const { backoff } = this.timing;
    this.backoffTimer = setTimeout(
      () => {
        this.backoffTimer = undefined;
        if (this.pending.size > 0) this.start();
        this.update();
      },
      backoff[Math.min(this.crashes.length, backoff.length) - 1],
    );
  }

  private state(): EngineState {
    if (this.down) return 'down';
    if (this.backoffTimer !== undefined) return 'restarting';
    if (!this.engine) return 'stopped';
    if (!this.initialized) return this.afterCrash ? 'restarting' : 'starting';
    return this.pending.size > 0 ? 'busy' : 'ready';
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
