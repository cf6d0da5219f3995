/** What was asked of the engine and is not answered yet: answers are checked, cancellation kept, silence noticed. */
import type { Method, Params, Progress, RequestMessage, Result } from '../protocol/engine.js';
import { METHODS } from '../protocol/engine.js';
import { cancelled, firstProblem, StrataError } from '../protocol/errors.js';
import type { ClientTiming } from './status.js';

export interface RequestOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
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

interface RequestEvents {
  /** Its caller gave up on a request that the engine has been sent. */
  onAbandoned: (id: number) => void;
  /** An answer did not follow the protocol. */
  onUnreadable: (problem: string) => void;
  /** The engine was silent for `limit` ms; the request that it is busy with was rejected. */
  onStalled: (method: Method, limit: number) => void;
  /** A request has gone otherwise than by an answer. */
  onChange: () => void;
}

export class OpenRequests {
  private readonly open = new Map<number, Pending>();
  private nextId = 1;
  /** When the engine last said anything. */
  private heardAt = 0;

  constructor(
    private readonly timing: ClientTiming,
    private readonly events: RequestEvents,
  ) {}

  get size(): number {
    return this.open.size;
  }

  /** In the order in which they were asked. */
  messages(): RequestMessage[] {
    return [...this.open.values()].map((p) => p.message);
  }

  method(id: number): Method | undefined {
    return this.open.get(id)?.message.method;
  }

  /** Adds a request. The answer rejects with StrataError: `cancelled`, `timeout`, or what `reject` is given. */
  add<M extends Method>(
    method: M,
    params: Params<M>,
    { signal, onProgress }: RequestOptions,
  ): { id: number; answer: Promise<Result<M>> } {
    const id = this.nextId++;
    const answer = new Promise<Result<M>>((resolve, reject) => {
      const onAbort = (): void => {
        const sent = this.open.get(id)?.sentAt !== undefined;
        if (!this.reject(id, cancelled())) return;
        if (sent) this.events.onAbandoned(id);
        this.events.onChange();
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      const settle = (): void => {
        signal?.removeEventListener('abort', onAbort);
      };
      this.open.set(id, {
        // The one place where method and parameters become one message; the signature above ties them together.
        message: { type: 'request', id, method, params } as RequestMessage,
        resolve: (raw) => {
          settle();
          const parsed = METHODS[method].result.safeParse(raw);
          if (parsed.success) resolve(parsed.data as Result<M>);
          else {
            this.events.onUnreadable(`The engine's answer to "${method}" is not valid: ${firstProblem(parsed.error)}`);
            reject(
              new StrataError(
                'internal',
                'The engine gave an answer that cannot be read. "Strata: Show Log" says more.',
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
    });
    return { id, answer };
  }

  /** Notes that a request goes to the engine now, and starts to watch for its silence. */
  sent(id: number): RequestMessage {
    const pending = this.open.get(id)!;
    pending.sentAt = performance.now();
    this.watch(pending, this.stallLimit(pending.message.method));
    return pending.message;
  }

  /** The engine has said something. */
  heard(): void {
    this.heardAt = performance.now();
  }

  progress(id: number, progress: Progress): void {
    this.open.get(id)?.onProgress?.(progress);
  }

  resolve(id: number, result: unknown): void {
    this.take(id)?.resolve(result);
  }

  /** Whether there was such a request. */
  reject(id: number, error: StrataError): boolean {
    const pending = this.take(id);
    pending?.reject(error);
    return pending !== undefined;
  }

  rejectAll(code: StrataError['code'], message: string): void {
    for (const id of [...this.open.keys()]) this.reject(id, new StrataError(code, message));
  }

  /** The process is gone: what it was sent waits for the next one. */
  processGone(): void {
    for (const pending of this.open.values()) {
      clearTimeout(pending.stallTimer);
      pending.sentAt = undefined;
    }
  }

  private take(id: number): Pending | undefined {
    const pending = this.open.get(id);
    clearTimeout(pending?.stallTimer);
    this.open.delete(id);
    return pending;
  }

  /** Notices an engine that has been silent for too long; the request that it was busy with fails, the others stay open. */
  private watch(pending: Pending, wait: number): void {
    clearTimeout(pending.stallTimer);
    pending.stallTimer = setTimeout(() => {
      // A quick request may wait behind a slow one, for instance behind the loading of the model.
      const limit = Math.max(...this.messages().map((message) => this.stallLimit(message.method)));
      const silent = performance.now() - Math.max(pending.sentAt!, this.heardAt);
      if (silent < limit) {
        this.watch(pending, limit - silent);
        return;
      }
      // Whichever timer is first: the engine is busy with what it was asked first.
      const stuck = [...this.open.values()].reduce((a, b) =>
        (b.sentAt ?? Infinity) < (a.sentAt ?? Infinity) ? b : a,
      ).message;
      this.reject(
        stuck.id,
        new StrataError('timeout', 'The Strata engine did not answer in time and is restarted. Try again.'),
      );
      // The others notice the same silence in the next moment; they wait for the next process instead.
      for (const other of this.open.values()) clearTimeout(other.stallTimer);
      this.events.onStalled(stuck.method, limit);
    }, wait);
  }

  private stallLimit(method: Method): number {
    if (method === 'initialize') return this.timing.stallInitialize;
    return method === 'analyze' ? this.timing.stallAnalyze : this.timing.stall;
  }
}
