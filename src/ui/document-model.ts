/** What Strata knows of one open document, and how it is kept up to date while the document is edited. */
import * as vscode from 'vscode';
import {
  type DocumentAnalysis,
  type HeatQuery,
  type HeatResult,
  type TreeNode,
  UNANSWERED,
} from '../protocol/document.js';
import type { Progress } from '../protocol/engine.js';
import { isCancelled, StrataError } from '../protocol/errors.js';
import type { Engine } from './engine.js';
import { MovingRanges } from './heatmap/moving-ranges.js';
import { settings } from './settings.js';

export type ModelState = 'idle' | 'analysing' | 'ready' | 'failed';

export interface ActiveHeat {
  result: HeatResult;
  /** The question as the user put it, or the beginning of the selected text. */
  title: string;
}

/** An analysis under way, and how many wait for it. */
interface Running {
  version: number;
  abort: AbortController;
  done: Promise<DocumentAnalysis>;
  waiting: number;
}

export class DocumentModel implements vscode.Disposable {
  state: ModelState = 'idle';
  analysis: DocumentAnalysis | undefined;
  /** Ranges of the analysed nodes in the text as it is now. */
  ranges: MovingRanges | undefined;
  heat: ActiveHeat | undefined;
  error: StrataError | undefined;
  progress: Progress | undefined;
  private running: Running | undefined;
  private heatAbort: AbortController | undefined;
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;

  constructor(
    readonly document: vscode.TextDocument,
    private readonly engine: Engine,
  ) {}

  get id(): string {
    return this.document.uri.toString();
  }

  /** The analysis speaks of an older text. */
  get stale(): boolean {
    return this.analysis !== undefined && this.analysis.version !== this.document.version;
  }

  /** What to say where nothing in the document answers the question that is asked. */
  get unansweredNote(): string | undefined {
    if (!this.heat || this.heat.result.answered >= UNANSWERED) return undefined;
    return vscode.l10n.t('Nothing here seems to answer the question. What is warm is only the least cold.');
  }

  /** Range of a node in the text as it is now. */
  rangeOf(node: number): vscode.Range {
    const ranges = this.ranges;
    if (!ranges) return new vscode.Range(0, 0, 0, 0);
    return new vscode.Range(this.document.positionAt(ranges.start(node)), this.document.positionAt(ranges.end(node)));
  }

  /**
   * The smallest node at an offset of the text as it is now; `accept` may ask for larger ones. Where two touch, the one that begins
   * there is meant: that is where the cursor is put when a place is shown.
   */
  nodeAt(offset: number, accept: (node: TreeNode) => boolean = () => true): TreeNode | undefined {
    const { analysis, ranges } = this;
    if (!analysis || !ranges) return undefined;
    let found: TreeNode | undefined;
    for (let node = analysis.tree.nodes[0]; node;) {
      if (accept(node)) found = node;
      const next: number | undefined = node.children.findLast(
        (c) => ranges.start(c) <= offset && offset <= ranges.end(c),
      );
      node = next === undefined ? undefined : analysis.tree.nodes[next];
    }
    return found;
  }

  /** Analyses the text as it is now, unless that was done; a running analysis of the same text is shared. Throws StrataError. */
  async analyze(visible?: vscode.Range, signal?: AbortSignal): Promise<DocumentAnalysis> {
    if (this.analysis && !this.stale && this.state === 'ready') return this.analysis;
    let running = this.running;
    if (running?.version !== this.document.version || running.abort.signal.aborted) {
      running?.abort.abort();
      const abort = new AbortController();
      running = { version: this.document.version, abort, done: this.run(visible, abort), waiting: 0 };
      this.running = running;
    }
    return join(running, signal);
  }

  private async run(visible: vscode.Range | undefined, abort: AbortController): Promise<DocumentAnalysis> {
    const { document } = this;
    const version = document.version;
    const changes: { offset: number; length: number; inserted: number }[] = [];
    const during = vscode.workspace.onDidChangeTextDocument((e) => {
      if (e.document === document) changes.push(...changesOf(e));
    });
    this.update({ state: 'analysing', error: undefined, progress: undefined });
    try {
      const analysis = await this.engine.request(
        'analyze',
        {
          documentId: this.id,
          version,
          text: document.getText(),
          fileName: document.fileName,
          language: document.languageId,
          ...(visible
            ? { visible: { start: document.offsetAt(visible.start), end: document.offsetAt(visible.end) } }
            : {}),
          summaryWords: settings.summaryWords(),
        },
        {
          signal: abort.signal,
          onProgress: (progress) => {
            if (!abort.signal.aborted) this.update({ progress });
          },
        },
      );
      // Another analysis has taken over; its text is newer.
      if (abort.signal.aborted) throw new StrataError('cancelled', 'Cancelled.');
      const ranges = new MovingRanges(analysis.tree.nodes);
      for (const change of changes) ranges.apply(change);
      this.update({ state: 'ready', analysis, ranges, progress: undefined });
      return analysis;
    } catch (error) {
      const problem = asStrataError(error);
      if (this.running?.abort === abort || !this.running) {
        const state = isCancelled(problem) ? (this.analysis ? 'ready' : 'idle') : 'failed';
        this.update({ state, error: isCancelled(problem) ? undefined : problem, progress: undefined });
      }
      throw problem;
    } finally {
      during.dispose();
      if (this.running?.abort === abort) this.running = undefined;
    }
  }

  /** Heat for a question or a selection; a new question cancels the one before. Throws StrataError. */
  async ask(query: HeatQuery, title: string, visible?: vscode.Range, signal?: AbortSignal): Promise<HeatResult> {
    const before = this.heatAbort;
    const abort = new AbortController();
    this.heatAbort = abort;
    signal?.addEventListener('abort', () => {
      abort.abort();
    });
    const analysing = this.analyze(visible, abort.signal);
    // Only now: an analysis that the question before waited for goes on.
    before?.abort();
    const analysis = await analysing;
    const result = await this.engine.request(
      'heat',
      { documentId: this.id, version: analysis.version, query },
      { signal: abort.signal },
    );
    if (abort.signal.aborted) throw new StrataError('cancelled', 'Cancelled.');
    this.update({ heat: { result, title } });
    return result;
  }

  clearHeat(): void {
    this.heatAbort?.abort();
    if (this.heat) this.update({ heat: undefined });
  }

  cancel(): void {
    this.running?.abort.abort();
  }

  /** Moves what is shown with the text. */
  edited(event: vscode.TextDocumentChangeEvent): void {
    if (!this.ranges || event.contentChanges.length === 0) return;
    for (const change of changesOf(event)) this.ranges.apply(change);
    this.changed.fire();
  }

  /** Analyses again after an edit and asks the same question again; problems are only logged, because nobody asked. */
  async refresh(visible?: vscode.Range): Promise<void> {
    const { heat, ranges } = this;
    if (!this.analysis || !this.stale) return;
    try {
      if (!heat) {
        await this.analyze(visible);
        return;
      }
      const { query } = heat.result;
      if ('text' in query) {
        await this.ask(query, heat.title, visible);
        return;
      }
      // The selection has moved with the node that it lies in.
      const node = this.analysis.tree.nodes.findLast((n) => n.start <= query.range.start && n.end >= query.range.end);
      const by = node && ranges ? ranges.start(node.id) - node.start : 0;
      await this.ask({ range: { start: query.range.start + by, end: query.range.end + by } }, heat.title, visible);
    } catch (error) {
      if (!isCancelled(error)) this.engine.log.warn(`Analysing again after an edit: ${asStrataError(error).message}`);
    }
  }

  dispose(): void {
    this.running?.abort.abort();
    this.heatAbort?.abort();
    this.changed.dispose();
    // Only a running engine keeps anything.
    if (this.analysis && this.engine.pid !== undefined)
      this.engine.request('close', { documentId: this.id }).catch(() => undefined);
  }

  private update(
    values: Partial<Pick<DocumentModel, 'state' | 'analysis' | 'ranges' | 'heat' | 'error' | 'progress'>>,
  ): void {
    Object.assign(this, values);
    this.changed.fire();
  }
}

/** Waits for an analysis. It is given up when nobody waits for it any more. */
function join(running: Running, signal: AbortSignal | undefined): Promise<DocumentAnalysis> {
  running.waiting++;
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      running.waiting--;
      if (running.waiting === 0) running.abort.abort();
      else reject(new StrataError('cancelled', 'Cancelled.'));
    };
    if (signal?.aborted) leave();
    else signal?.addEventListener('abort', leave, { once: true });
    running.done.then(resolve, reject).finally(() => {
      signal?.removeEventListener('abort', leave);
    });
  });
}

export function asStrataError(error: unknown): StrataError {
  if (error instanceof StrataError) return error;
  return new StrataError('internal', error instanceof Error ? error.message : String(error), { cause: error });
}

/** Changes in an order in which each refers to the text after those before it. */
function changesOf(event: vscode.TextDocumentChangeEvent): { offset: number; length: number; inserted: number }[] {
  return [...event.contentChanges]
    .sort((a, b) => b.rangeOffset - a.rangeOffset)
    .map((c) => ({ offset: c.rangeOffset, length: c.rangeLength, inserted: c.text.length }));
}
