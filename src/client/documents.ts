/**
 * Remembers how each document was last analysed, so that a question about it is answered even though the engine has forgotten it
 * (after a restart, or because it keeps only so many documents).
 */
import type { Params } from '../protocol/engine.js';

export class AnalysedDocuments {
  private readonly params = new Map<string, Params<'analyze'>>();
  private readonly running = new Map<string, Promise<void>>();

  remember(params: Params<'analyze'>): void {
    this.params.set(params.documentId, params);
  }

  forget(documentId: string): void {
    this.params.delete(documentId);
  }

  clear(): void {
    this.params.clear();
  }

  /**
   * Analyses the document again as it was analysed last; requests that come meanwhile share the work.
   * Returns undefined when this version is not the remembered one: then only the caller has the text.
   */
  again(
    documentId: string,
    version: number,
    analyze: (params: Params<'analyze'>) => Promise<unknown>,
  ): Promise<void> | undefined {
    const params = this.params.get(documentId);
    if (params?.version !== version) return undefined;
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
