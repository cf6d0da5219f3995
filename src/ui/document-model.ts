/** What Strata knows of one open document, and how it is kept up to date while the document is edited. */
import * as vscode from 'vscode';
import type { RequestOptions } from '../client/index.js';
import {
  type DocumentAnalysis,
  type HeatQuery,
  type HeatResult,
  type TreeNode,
  UNANSWERED,
} from '../protocol/document.js';
import type { Progress } from '../protocol/engine.js';
import { asStrataError, cancelled, isCancelled, type StrataError, throwIfCancelled } from '../protocol/errors.js';
import { AskedQuestion } from './asked-question.js';
import type { Engine } from './engine.js';
import { MovingRanges, type TextChange } from './moving-ranges.js';
import type { NewName } from './new-names.js';
import { settings } from './settings.js';
import { changesOf } from './text-changes.js';

/** Of a cell in a notebook editor; the file of a notebook, opened as text, has its own scheme. */
export const CELL = 'vscode-notebook-cell';

type ModelState = 'idle' | 'analysing' | 'ready' | 'failed';

interface ActiveHeat {
  result: HeatResult;
  /** The question as the user put it, or the beginning of the selected text. */
  title: string;
}

/** An analysis under way, and how many wait for it. */
interface Running {
  version: number;
  settings: string;
  abort: AbortController;
  done: Promise<DocumentAnalysis>;
  waiting: number;
  /** Another analysis, of a newer text or with other settings, has taken its place. */
  superseded: boolean;
}

/** A question that has no answer yet. */
interface Asking extends Pick<RequestOptions, 'onProgress'> {
  question: AskedQuestion;
  abort: AbortController;
}

/** What a model needs of the engine. */
export type ModelEngine = Pick<Engine, 'request' | 'close' | 'log'>;

let made = 0;

export class DocumentModel implements vscode.Disposable {
  state: ModelState = 'idle';
  analysis: DocumentAnalysis | undefined;
  /** Ranges of the analysed nodes in the text as it is now. */
  ranges: MovingRanges | undefined;
  /** Always about `analysis`: both change together. */
  heat: ActiveHeat | undefined;
  error: StrataError | undefined;
  progress: Progress | undefined;
  /** For the engine and for links. An address would not do: the document may move to another one, and a new one open at the old. */
  readonly id = String(++made);
  private analysedWith = '';
  /** The version of `document` that `analysis` speaks of. */
  private analysedVersion: number | undefined;
  private running: Running | undefined;
  /** The question that was answered last; it is asked again with each new analysis. */
  private question: AskedQuestion | undefined;
  private asking: Asking | undefined;
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly overtaken = new vscode.EventEmitter<void>();
  /** An analysis has arrived whose text was edited, or whose settings were changed, while it was under way. */
  readonly onDidFallBehind = this.overtaken.event;

  constructor(
    public document: vscode.TextDocument,
    private readonly engine: ModelEngine,
  ) {}

  /** The analysis speaks of an older text. */
  get stale(): boolean {
    return this.analysis !== undefined && this.analysedVersion !== this.document.version;
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

  /** A range of the analysed text, where it is in the text as it is now. */
  rangeNow({ start, end }: { start: number; end: number }): vscode.Range {
    const from = this.now(start);
    return new vscode.Range(this.document.positionAt(from), this.document.positionAt(Math.max(from, this.now(end))));
  }

  private now(offset: number): number {
    const { analysis, ranges } = this;
    if (!analysis || !ranges) return offset;
    const { nodes } = analysis.tree;
    let node = nodes[0]!;
    for (let next: number | undefined = 0; next !== undefined;) {
      node = nodes[next]!;
      next = node.children.find((c) => nodes[c]!.start <= offset && offset <= nodes[c]!.end);
    }
    return Math.min(ranges.start(node.id) + offset - node.start, ranges.end(node.id));
  }

  /**
   * Analyses the text as it is now, unless that was done with the settings as they are now. An analysis under way is shared, and who
   * waits for one that a newer one replaces gets the newer. Throws StrataError.
   */
  async analyze(signal?: AbortSignal): Promise<DocumentAnalysis> {
    const analysedWith = this.basis();
    if (this.analysis && this.isCurrent && this.state === 'ready') return this.analysis;
    const { running } = this;
    if (
      running?.version === this.document.version &&
      running.settings === analysedWith &&
      !running.abort.signal.aborted
    )
      return this.follow(running, signal);
    const abort = new AbortController();
    const begun: Running = {
      version: this.document.version,
      settings: analysedWith,
      abort,
      done: this.run(abort, analysedWith),
      waiting: 0,
      superseded: false,
    };
    this.running = begun;
    if (running) {
      running.superseded = true;
      running.abort.abort();
    }
    return this.follow(begun, signal);
  }

  /** What an analysis depends on besides the text. */
  private basis(): string {
    const { document } = this;
    const { languageId, uri } = document;
    return JSON.stringify([uri.toString(), languageId, settings.summaryWords(document), settings.topics()]);
  }

  /** The analysis was made with other settings, as another language, or under another name. */
  get outdated(): boolean {
    return this.analysis !== undefined && this.analysedWith !== this.basis();
  }

  /** The analysis is that of the text, the language and the settings as they are now. */
  private get isCurrent(): boolean {
    return !this.stale && !this.outdated;
  }

  private async follow(running: Running, signal: AbortSignal | undefined): Promise<DocumentAnalysis> {
    try {
      return await join(running, signal);
    } catch (error) {
      if (!running.superseded || signal?.aborted) throw error;
      if (this.running) return this.follow(this.running, signal);
      if (this.analysis && this.state === 'ready') return this.analysis;
      throw this.error ?? error;
    }
  }

  private async run(abort: AbortController, analysedWith: string): Promise<DocumentAnalysis> {
    const { document } = this;
    const version = document.version;
    const edits: TextChange[][] = [];
    const during = vscode.workspace.onDidChangeTextDocument((e) => {
      if (e.document === document) edits.push(changesOf(e));
    });
    this.question?.note(version);
    this.asking?.question.note(version);
    this.update({ state: 'analysing', error: undefined, progress: undefined });
    try {
      const analysis = await this.engine.request(
        'analyze',
        {
          documentId: this.id,
          version,
          text: document.getText(),
          // The cells of a notebook have its name, whose extension says nothing of what is in them.
          fileName: document.uri.scheme === CELL ? '' : document.fileName,
          language: document.languageId,
          summaryWords: settings.summaryWords(document),
        },
        {
          signal: abort.signal,
          onProgress: (progress) => {
            if (!abort.signal.aborted) this.update({ progress });
          },
        },
      );
      const heat = await this.heatAgain(analysis, abort.signal);
      // Another analysis has taken over; its text is newer.
      throwIfCancelled(abort.signal);
      const ranges = new MovingRanges(analysis.tree.nodes);
      for (const edit of edits) ranges.apply(edit);
      this.analysedWith = analysedWith;
      this.analysedVersion = version;
      this.update({ state: 'ready', analysis, ranges, heat, progress: undefined });
      if (!this.isCurrent) this.overtaken.fire();
      return analysis;
    } catch (error) {
      const problem = asStrataError(error);
      if (this.running?.abort === abort || !this.running) {
        if (isCancelled(problem)) this.rest();
        else this.update({ state: 'failed', error: problem, progress: undefined });
      }
      throw problem;
    } finally {
      during.dispose();
      if (this.running?.abort === abort) this.running = undefined;
    }
  }

  /** The heat of the standing question about a new analysis. Throws StrataError `cancelled`; other problems end the heat, and are logged. */
  private async heatAgain(analysis: DocumentAnalysis, signal: AbortSignal): Promise<ActiveHeat | undefined> {
    // Another question may be answered meanwhile; then that one is asked.
    for (let asked = this.question; asked && !signal.aborted; asked = this.question) {
      try {
        const result = await this.requestHeat(analysis, asked, { signal });
        if (asked === this.question) return { result, title: asked.title };
      } catch (error) {
        if (isCancelled(error)) throw error;
        this.engine.log.warn(`Asking again after an edit: ${asStrataError(error).message}`);
        if (asked === this.question) this.question = undefined;
      }
    }
    return undefined;
  }

  /** Heat for a question or a selection; a new question cancels one that has no answer yet. Throws StrataError. */
  async ask(query: HeatQuery, title: string, { signal, onProgress }: RequestOptions = {}): Promise<HeatResult> {
    const before = this.asking;
    const abort = new AbortController();
    const { document } = this;
    const question = new AskedQuestion(query, title, document.version, document.getText().length);
    const asking: Asking = { question, abort, onProgress };
    this.asking = asking;
    const cancel = (): void => {
      abort.abort();
    };
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted) cancel();
    const analysing = this.analyze(abort.signal);
    // Only now: an analysis that the question before waited for goes on.
    before?.abort.abort();
    try {
      return await this.answer(asking, await analysing);
    } finally {
      signal?.removeEventListener('abort', cancel);
      if (this.asking === asking) this.asking = undefined;
    }
  }

  private async answer(asking: Asking, analysis: DocumentAnalysis): Promise<HeatResult> {
    const { question, onProgress } = asking;
    const { signal } = asking.abort;
    try {
      const result = await this.requestHeat(analysis, question, { signal, onProgress });
      throwIfCancelled(signal);
      if (this.analysis === analysis) {
        this.question = question;
        this.update({ heat: { result, title: question.title } });
        return result;
      }
    } catch (error) {
      // The engine has read a newer text meanwhile and knows the older one no more.
      const overtaken = ['stale-document', 'unknown-document'].includes(asStrataError(error).code);
      if (!overtaken || signal.aborted || (this.analysis === analysis && !this.running)) throw error;
    }
    return this.answer(asking, this.analysis === analysis ? await this.follow(this.running!, signal) : this.analysis!);
  }

  private requestHeat(
    { version }: DocumentAnalysis,
    question: AskedQuestion,
    options: RequestOptions,
  ): Promise<HeatResult> {
    return this.engine.request('heat', { documentId: this.id, version, query: question.in(version) }, options);
  }

  clearHeat(): void {
    this.asking?.abort.abort();
    this.question = undefined;
    if (this.heat) this.update({ heat: undefined });
  }

  /** Moves what is shown with the text. */
  edited(event: vscode.TextDocumentChangeEvent): void {
    const edit = changesOf(event);
    if (edit.length === 0) return;
    this.question?.edited(edit);
    this.asking?.question.edited(edit);
    this.ranges?.apply(edit);
    if (this.state === 'failed') this.rest();
    else if (this.ranges) this.changed.fire();
  }

  /** What made the analysis fail is over: who asks again may be answered. */
  forgetFailure(): void {
    if (this.state === 'failed') this.rest();
  }

  /** What is shown stays, and is read again as its new name says; the engine keeps the parts that it knows. */
  moveTo({ document, version, edits }: NewName): void {
    // Versions of the one document have nothing to do with those of the other.
    this.analysedVersion = this.stale ? undefined : version;
    this.document = document;
    for (const edit of edits) this.edited(edit);
    this.forgetFailure();
    // Who waits for the document as it was called before gets it under its new name.
    if (this.analysis || this.running) void this.readAgain();
  }

  /** Analyses again after an edit, with other settings, or as another language, where that is needed. */
  async refresh(): Promise<void> {
    if (this.analysis && !this.isCurrent) await this.readAgain();
  }

  /** Problems are only logged, because nobody asked. */
  private async readAgain(): Promise<void> {
    try {
      await this.analyze();
    } catch (error) {
      if (!isCancelled(error)) this.engine.log.warn(`Analysing again: ${asStrataError(error).message}`);
    }
  }

  dispose(): void {
    this.running?.abort.abort();
    this.asking?.abort.abort();
    this.changed.dispose();
    this.overtaken.dispose();
    this.engine.close(this.id);
  }

  /** Nothing is being read, and nothing is wrong. */
  private rest(): void {
    this.update({ state: this.analysis ? 'ready' : 'idle', error: undefined, progress: undefined });
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
      else reject(cancelled());
    };
    if (signal?.aborted) leave();
    else signal?.addEventListener('abort', leave, { once: true });
    running.done.then(resolve, reject).finally(() => {
      signal?.removeEventListener('abort', leave);
    });
  });
}
