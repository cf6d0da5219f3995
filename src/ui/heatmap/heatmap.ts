/** Draws heat into the editors: few decoration types made once, few ranges, the visible text first. */
import * as vscode from 'vscode';
import { isCancelled } from '../../protocol/errors.js';
import type { TokenHeat } from '../../protocol/document.js';
import type { DocumentModel } from '../document-model.js';
import type { Documents } from '../documents.js';
import type { Engine } from '../engine.js';
import { HEAT_STEPS, HOT_STEP, stepOf, WARM_STEP } from '../../protocol/heat-steps.js';
import { COLOURS } from '../ids.js';
import { settings } from '../settings.js';
import { colouredBy } from './coloured-by.js';
import { type HeatBand, limitBands, mergeBands, rulerBands } from './bands.js';

/** The editor slows down with more ranges than this. */
const MOST_RANGES = 1_000;
const MARGIN_LINES = 200;
const REDRAW_MS = 60;

export class Heatmap implements vscode.Disposable {
  private readonly steps: readonly vscode.TextEditorDecorationType[];
  private readonly ruler: vscode.TextEditorDecorationType;
  private readonly rulerWarm: vscode.TextEditorDecorationType;
  private readonly stale: vscode.TextEditorDecorationType;
  private readonly drawn = new WeakSet<vscode.TextEditor>();
  private readonly subscriptions: { dispose(): unknown }[];
  private readonly waiting = new Map<vscode.TextEditor, NodeJS.Timeout>();
  private readonly tokens = new WeakMap<vscode.TextEditor, { key: string; heat: TokenHeat }>();
  /** Drawings under way; the next one of an editor replaces them. */
  private readonly drawing = new Map<vscode.TextEditor, AbortController>();
  /** What was drawn last by editor, for tests. */
  readonly bandsDrawn = new WeakMap<vscode.TextEditor, readonly HeatBand[]>();

  constructor(
    private readonly documents: Documents,
    private readonly engine: Engine,
  ) {
    const type = (options: vscode.DecorationRenderOptions): vscode.TextEditorDecorationType =>
      vscode.window.createTextEditorDecorationType({
        rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
        ...options,
      });
    const colour = (id: string): vscode.ThemeColor => new vscode.ThemeColor(id);
    this.steps = COLOURS.heat.map((id, i) =>
      type({
        backgroundColor: colour(id),
        ...(i + 1 >= WARM_STEP
          ? { border: i + 1 >= HOT_STEP ? '2px solid' : '1px dotted', borderColor: colour(COLOURS.border) }
          : {}),
      }),
    );
    this.ruler = type({ overviewRulerColor: colour(COLOURS.ruler), overviewRulerLane: vscode.OverviewRulerLane.Full });
    this.rulerWarm = type({
      overviewRulerColor: colour(COLOURS.rulerWarm),
      overviewRulerLane: vscode.OverviewRulerLane.Right,
    });
    this.stale = type({ border: '1px dashed', borderColor: colour(COLOURS.stale), opacity: '0.75' });
    this.subscriptions = [
      ...this.steps,
      this.ruler,
      this.rulerWarm,
      this.stale,
      documents.onDidChange(() => {
        this.redrawAll();
      }),
      vscode.window.onDidChangeVisibleTextEditors((visible) => {
        this.giveUpHidden(visible);
        this.redrawAll();
      }),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
        this.redrawSoon(textEditor);
      }),
      vscode.workspace.onDidChangeConfiguration((e) => {
        if (e.affectsConfiguration('strata')) this.redrawAll();
      }),
    ];
  }

  dispose(): void {
    for (const timer of this.waiting.values()) clearTimeout(timer);
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private redrawAll(): void {
    for (const editor of vscode.window.visibleTextEditors) this.redrawSoon(editor);
  }

  /** For what has left the screen an engine that does not keep the document any more would read all of it again. */
  private giveUpHidden(visible: readonly vscode.TextEditor[]): void {
    for (const [editor, timer] of this.waiting)
      if (!visible.includes(editor)) {
        clearTimeout(timer);
        this.waiting.delete(editor);
      }
    for (const [editor, abort] of this.drawing) if (!visible.includes(editor)) abort.abort();
  }

  private redrawSoon(editor: vscode.TextEditor): void {
    clearTimeout(this.waiting.get(editor));
    this.waiting.set(
      editor,
      setTimeout(() => {
        this.waiting.delete(editor);
        this.redraw(editor).catch((error: unknown) => {
          if (!isCancelled(error)) this.engine.log.warn(`Drawing the heatmap: ${String(error)}`);
        });
      }, REDRAW_MS),
    );
  }

  private async redraw(editor: vscode.TextEditor): Promise<void> {
    this.drawing.get(editor)?.abort();
    const model = this.documents.find(editor.document);
    if (!model?.heat || !model.analysis || !model.ranges) {
      if (this.drawn.has(editor)) this.draw(editor, [], []);
      this.drawn.delete(editor);
      return;
    }
    const { heat } = model;
    const scale = settings.heatScale();
    let fine: HeatBand[] | undefined;
    if (scale === 'token' && !model.stale) {
      const abort = new AbortController();
      this.drawing.set(editor, abort);
      try {
        fine = await this.tokenBands(model, editor, abort.signal);
      } catch (error) {
        if (isCancelled(error)) throw error;
        this.engine.log.warn(`Heat of single words, so statements are drawn: ${String(error)}`);
      } finally {
        if (this.drawing.get(editor) === abort) this.drawing.delete(editor);
      }
      // Meanwhile another drawing has begun, or will: the heat was cleared or replaced, or the text edited.
      const now = this.documents.find(editor.document);
      if (abort.signal.aborted || now?.heat !== heat || now.stale) return;
    }
    const { bands, stale } = nodeBands(model, scale === 'function' ? 'function' : 'leaf');
    this.draw(editor, fine ?? bands, stale, fine ? bands : undefined);
    this.drawn.add(editor);
  }

  private draw(
    editor: vscode.TextEditor,
    bands: readonly HeatBand[],
    stale: readonly HeatBand[],
    forRuler = bands,
  ): void {
    const { document } = editor;
    const text = document.getText();
    const blankBetween = (end: number, start: number): boolean =>
      start - end < 400 && text.slice(end, start).trim() === '';
    const visible = visibleOffsets(editor);
    const merged = mergeBands(bands, blankBetween);
    const limited = limitBands(merged, visible, MOST_RANGES);
    const range = (b: HeatBand): vscode.Range =>
      new vscode.Range(document.positionAt(b.start), document.positionAt(b.end));
    for (let step = 1; step <= HEAT_STEPS; step++) {
      editor.setDecorations(this.steps[step - 1]!, limited.filter((b) => b.step === step).map(range));
    }
    const { hot, warm } = rulerBands(forRuler, text.length, MOST_RANGES / 2);
    editor.setDecorations(this.ruler, hot.map(range));
    editor.setDecorations(this.rulerWarm, warm.map(range));
    editor.setDecorations(this.stale, limitBands(stale, visible, MOST_RANGES / 4).map(range));
    this.bandsDrawn.set(editor, limited);
  }

  /** Heat of the tokens on screen and a little around them. */
  private async tokenBands(model: DocumentModel, editor: vscode.TextEditor, signal: AbortSignal): Promise<HeatBand[]> {
    const range = visibleOffsets(editor);
    const query = model.heat!.result.query;
    const version = model.analysis!.version;
    const key = JSON.stringify([query, version, range]);
    let known = this.tokens.get(editor);
    if (known?.key !== key) {
      const params = { documentId: model.id, version, query, range };
      known = { key, heat: await this.engine.request('tokenHeat', params, { signal }) };
      this.tokens.set(editor, known);
    }
    const { offsets, intensity } = known.heat;
    return Array.from(intensity, (value, i): HeatBand => ({
      start: offsets[2 * i]!,
      end: offsets[2 * i + 1]!,
      step: stepOf(value),
    }));
  }
}

/** Bands of all leaves with their own heat or that of their functions and sections, in the text as it is now; stale ones apart. */
function nodeBands(model: DocumentModel, scale: 'leaf' | 'function'): { bands: HeatBand[]; stale: HeatBand[] } {
  const { nodes } = model.analysis!.tree;
  const { intensity } = model.heat!.result;
  const ranges = model.ranges!;
  const sources = scale === 'function' ? colouredBy(nodes) : undefined;
  const bands: HeatBand[] = [];
  const stale: HeatBand[] = [];
  for (const node of nodes) {
    if (node.children.length > 0 || node.trivial) continue;
    const source = sources?.[node.id] ?? node.id;
    const band = { start: ranges.start(node.id), end: ranges.end(node.id), step: stepOf(intensity[source]!) };
    if (band.end <= band.start) continue;
    if (ranges.touched(node.id)) stale.push({ ...band, step: 1 });
    else if (band.step > 0) bands.push(band);
  }
  return { bands, stale };
}

function visibleOffsets(editor: vscode.TextEditor): { start: number; end: number } {
  const first = editor.visibleRanges[0]?.start.line ?? 0;
  const last = editor.visibleRanges.at(-1)?.end.line ?? 0;
  const { document } = editor;
  const end = Math.min(document.lineCount - 1, last + MARGIN_LINES);
  return {
    start: document.offsetAt(new vscode.Position(Math.max(0, first - MARGIN_LINES), 0)),
    end: document.offsetAt(document.lineAt(end).range.end),
  };
}
