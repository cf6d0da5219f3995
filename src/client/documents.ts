/**
 * Remembers how each document was last analysed, so that a question about it is answered even though the engine has forgotten it
 * (after a restart, or because it keeps only so many documents).
 */
import type { Params } from '../protocol/engine.js';

export class AnalysedDocuments {
  private readonly params = new Map<string, Params<'analyze'>>();
  private readonly running = new Map<string, Promise<void>>();
  /** Asked for, and not yet remembered or failed. */
  private readonly asked = new Set<Params<'analyze'>>();

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
   * Analyses the document again as it was analysed last; requests that come meanwhile share the work.
   * Returns undefined when this version is not the remembered one, for then only the caller has the text, and when another one is about to be
   * read, whose place in the engine it would take.
   */
  again(
    documentId: string,
    version: number,
    analyze: (params: Params<'analyze'>) => Promise<unknown>,
  ): Promise<void> | undefined {
    const params = this.params.get(documentId);
    const another = [...this.asked].some((next) => next.documentId === documentId && next.version !== version);
    if (params?.version !== version || another) return undefined;
    const key = `${version} ${documentId}`;
    const known = this.running.get(key);
    if (known) return known;
    const work = analyze(params)
      .then(() => undefined)
      .finally(() => this.running.delete(key));
    this.running.set(key, work);
    return work;
  }
}
