/**
 * Remembers how each document was last analysed, so that a question about it is answered even though the engine has forgotten it
 * (after a restart, or because it keeps only so many documents).
 */
import type { Params, Progress } from '../protocol/engine.js';
import { unlessAborted } from './abortable.js';
import type { RequestOptions } from './requests.js';

type Analyze = (params: Params<'analyze'>, options: RequestOptions) => Promise<unknown>;

/** A document that is being analysed again, and those who wait for it. */
interface Reading {
  done: Promise<unknown>;
  abort: AbortController;
  waiting: Set<RequestOptions>;
}

export class AnalysedDocuments {
  private readonly params = new Map<string, Params<'analyze'>>();
  private readonly running = new Map<string, Reading>();
  /** Asked for, and not yet remembered or failed. */
  private readonly asked = new Set<Params<'analyze'>>();

  /** So many milliseconds after the last one who waited has left, a reading is ended. */
  constructor(private readonly linger: number) {}

  /** Remembers the analysis that `analyze` makes, if it succeeds. */
  async first<T>(params: Params<'analyze'>, analyze: () => Promise<T>): Promise<T> {
    this.asked.add(params);
    try {
      const result = await analyze();
      this.params.set(params.documentId, params);
      return result;
    } finally {
      this.asked.delete(params);
    }
  }

  forget(documentId: string): void {
    this.params.delete(documentId);
  }

  clear(): void {
    this.params.clear();
  }

  /**
   * Analyses the document again as it was analysed last; requests that come meanwhile share the work, and each hears of its progress.
   * Returns undefined when this version is not the remembered one, for then only the caller has the text, and when another one is about to be
   * read, whose place in the engine it would take.
   */
  again(documentId: string, version: number, options: RequestOptions, analyze: Analyze): Promise<void> | undefined {
    const params = this.params.get(documentId);
    const another = [...this.asked].some((next) => next.documentId === documentId && next.version !== version);
    if (params?.version !== version || another) return undefined;
    const key = `${version} ${documentId}`;
    const known = this.running.get(key);
    const reading = known && !known.abort.signal.aborted ? known : this.read(key, params, analyze);
    return this.follow(reading, options);
  }

  private read(key: string, params: Params<'analyze'>, analyze: Analyze): Reading {
    const abort = new AbortController();
    const waiting = new Set<RequestOptions>();
    const onProgress = (progress: Progress): void => {
      for (const waiter of waiting) waiter.onProgress?.(progress);
    };
    const done = analyze(params, { signal: abort.signal, onProgress }).finally(() => {
      if (this.running.get(key) === reading) this.running.delete(key);
    });
    const reading = { done, abort, waiting };
    this.running.set(key, reading);
    return reading;
  }

  private async follow({ done, abort, waiting }: Reading, options: RequestOptions): Promise<void> {
    waiting.add(options);
    try {
      await unlessAborted(done, options.signal);
    } finally {
      waiting.delete(options);
      // Who asks about one place after the other leaves each time just before the next request.
      if (waiting.size === 0)
        setTimeout(() => {
          if (waiting.size === 0) abort.abort();
        }, this.linger);
    }
  }
}
