/** What each command does. Every one guards itself: the palette hides what makes no sense, but keybindings do not. */
import * as vscode from 'vscode';
import { type DocumentAnalysis, type TreeNode, UNANSWERED } from '../protocol/document.js';
import { StrataError } from '../protocol/errors.js';
import { DEVICE_CHOICES } from '../protocol/engine.js';
import { excerpt } from '../protocol/excerpt.js';
import type { DocumentModel } from './document-model.js';
import { type Documents, fileName, isReadable } from './documents.js';
import type { Engine } from './engine.js';
import { explanationRows, nodeText, showExplanation } from './explain.js';
import { COMMANDS, type CommandName, DISPLAY_SCALES, INTERNAL_COMMANDS, SETTINGS } from './ids.js';
import { hotSpot, hotSpots } from './navigation.js';
import { showForAMoment } from './passing-message.js';
import { Refusal, report, throwIfWithheld, withoutEditor } from './problems.js';
import { withProgress } from './progress.js';
import type { Questions } from './questions.js';
import { reveal } from './reveal.js';
import type { ScalesPanel } from './scales-panel.js';
import { settings, writeSetting } from './settings.js';
import { summaryMarkdown } from './summary-markdown.js';

interface CommandContext {
  documents: Documents;
  engine: Engine;
  questions: Questions;
  scales: ScalesPanel;
}

type Handler = (context: CommandContext, argument: unknown) => Promise<void> | void;

const { l10n } = vscode;

/** Registers all commands; problems become one notification that says what to do next. */
export function registerCommands(context: CommandContext): vscode.Disposable {
  const register = (id: string, run: (...parameters: unknown[]) => Promise<void> | void): vscode.Disposable =>
    vscode.commands.registerCommand(id, async (...parameters: unknown[]) => {
      try {
        await run(...parameters);
      } catch (error) {
        await report(context.engine, error);
      }
    });
  const names = Object.keys(COMMANDS) as CommandName[];
  return vscode.Disposable.from(
    ...names.map((name) => register(COMMANDS[name], (argument) => HANDLERS[name](context, argument))),
    register(INTERNAL_COMMANDS.reveal, (id, node) => reveal(context.documents, id, node)),
    register(INTERNAL_COMMANDS.explainNode, (id, version, node) => explainLinked(context, id, version, node)),
  );
}

const HANDLERS: Readonly<Record<CommandName, Handler>> = {
  async analyze(context) {
    await analysed(await current(context));
  },

  async showHeatmap(context, argument) {
    const { editor, model } = await current(context);
    const question = typeof argument === 'string' && argument.trim() ? argument.trim() : await context.questions.ask();
    if (question === undefined) return;
    await heat(context, editor, model, { text: question }, question);
  },

  async heatBySelection(context) {
    const { editor, model } = await currentAtCursor(context);
    const selected = editor.selection.isEmpty
      ? editor.document.lineAt(editor.selection.active.line).range
      : editor.selection;
    const text = editor.document.getText(selected).replace(/\s+/g, ' ').trim();
    if (!/[\p{L}\p{N}]/u.test(text))
      throw new Refusal(l10n.t('Select some words, or put the cursor into a line with words.'));
    const range = { start: editor.document.offsetAt(selected.start), end: editor.document.offsetAt(selected.end) };
    await heat(context, editor, model, { range }, l10n.t('like “{0}”', excerpt(text, 40)));
  },

  clearHeatmap(context) {
    context.documents.active?.clearHeat();
  },

  nextHotSpot(context) {
    goToHotSpot(context, 1);
  },
  previousHotSpot(context) {
    goToHotSpot(context, -1);
  },

  async chooseHeatScale() {
    const labels: Readonly<Record<(typeof DISPLAY_SCALES)[number], string>> = {
      token: l10n.t('Words'),
      statement: l10n.t('Statements and sentences'),
      function: l10n.t('Functions and sections'),
    };
    const now = settings.heatScale();
    const items = DISPLAY_SCALES.map((scale) => ({
      label: labels[scale],
      scale,
      ...(scale === now ? { description: l10n.t('now') } : {}),
    }));
    const picked = await vscode.window.showQuickPick(items, { title: l10n.t('Heat Scale') });
    if (picked) await writeSetting(SETTINGS.heatScale, picked.scale);
  },

  async openScales(context) {
    const place = await current(context);
    context.scales.show(place.model);
    await analysed(place);
  },

  async explainPlace(context) {
    const { editor, model } = await currentAtCursor(context);
    await analysed({ editor, model });
    // A brace or the line that tells what runs a script is no place; what it closes or opens is.
    const node = model.nodeAt(editor.document.offsetAt(editor.selection.active), (n) => !n.trivial);
    if (node) await explainNode(context, editor, model, node);
  },

  async copySummary(context) {
    const { active } = context.documents;
    // Then nothing newer can be had.
    if (active?.analysis && context.engine.status?.state === 'down') {
      await copySummaryOf(active.document, active.analysis);
      return;
    }
    const place = await current(context);
    await copySummaryOf(place.model.document, await analysed(place));
  },

  showLog({ engine }) {
    engine.log.show(true);
  },

  async selectDevice({ engine }) {
    const labels: Readonly<Record<(typeof DEVICE_CHOICES)[number], string>> = {
      auto: l10n.t('The graphics processor if it is faster, else the CPU (measured)'),
      cpu: l10n.t('Processor (CPU)'),
      webgpu: l10n.t('Graphics processor (WebGPU)'),
      dml: l10n.t('Graphics processor (DirectML, Windows)'),
      cuda: l10n.t('Graphics processor (CUDA, with a provider of your own)'),
    };
    const chosen = settings.device();
    const items = DEVICE_CHOICES.map((device) => ({
      label: labels[device],
      device,
      ...(device === chosen ? { description: l10n.t('now') } : {}),
    }));
    const reason = engine.status?.device?.reason;
    const picked = await vscode.window.showQuickPick(items, {
      title: l10n.t('Device for Strata'),
      ...(reason ? { placeHolder: reason } : {}),
    });
    if (picked) await writeSetting(SETTINGS.device, picked.device);
  },

  restartEngine({ engine }) {
    engine.restart();
    showForAMoment('sync', l10n.t('The Strata engine restarts'));
  },
};

interface Place {
  editor: vscode.TextEditor;
  model: DocumentModel;
}

async function current({ documents, engine }: CommandContext): Promise<Place> {
  if (engine.status?.state === 'down')
    throw new StrataError('engine-down', engine.status.message ?? l10n.t('The Strata engine is not running.'));
  throwIfWithheld(documents.editor);
  const editor = documents.editor ?? (await documents.showLast());
  if (!editor) throw withoutEditor();
  return { editor, model: documents.get(editor.document) };
}

/** For what is about the cursor or the selection: in a log these are no document's. */
async function currentAtCursor(context: CommandContext): Promise<Place> {
  const { activeTextEditor } = vscode.window;
  if (activeTextEditor && !isReadable(activeTextEditor.document))
    throw new Refusal(l10n.t('Strata does not read what the cursor is in now: click into a document.'));
  return current(context);
}

async function copySummaryOf(document: vscode.TextDocument, analysis: DocumentAnalysis): Promise<void> {
  await vscode.env.clipboard.writeText(summaryMarkdown(fileName(document), analysis));
  showForAMoment('check', l10n.t('Summary copied'));
}

function analysed({ editor, model }: Place): Promise<DocumentAnalysis> {
  return withProgress(l10n.t('Strata: reading {0}', fileName(editor.document)), model, ({ signal }) =>
    model.analyze(signal),
  );
}

async function heat(
  context: CommandContext,
  editor: vscode.TextEditor,
  model: DocumentModel,
  query: Parameters<DocumentModel['ask']>[0],
  title: string,
): Promise<void> {
  const result = await withProgress(l10n.t('Strata: looking for {0}', title), model, (options) =>
    model.ask(query, title, options),
  );
  // Somebody who has turned to another document meanwhile would take it for that one's.
  if (context.documents.active !== model) return;
  if (result.answered < UNANSWERED) {
    void vscode.window.showInformationMessage(l10n.t('Nothing here seems to answer this question.'));
    return;
  }
  // In a long document what is warm is mostly out of sight.
  const spots = hotSpots(model);
  if (spots.length === 0) return;
  const line = model.rangeOf(spots[0]!).start.line + 1;
  const message =
    spots.length === 1
      ? l10n.t('One hot spot, in line {0}', line)
      : l10n.t('{0} hot spots, the hottest in line {1}', spots.length, line);
  showForAMoment('flame', message, 5_000);
}

function goToHotSpot({ documents }: CommandContext, direction: 1 | -1): void {
  const { editor, active } = documents;
  if (!editor || !active?.heat)
    throw new Refusal(l10n.t('Show a heatmap first, with "Strata: Show Relevance Heatmap…".'));
  const next = hotSpot(active, editor.document.offsetAt(editor.selection.active), direction);
  if (next === undefined) throw new Refusal(l10n.t('There is no hot spot for this question.'));
  const range = active.rangeOf(next);
  editor.selection = new vscode.Selection(range.start, range.start);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** The link of a hover, which may be older than the document's analysis. */
async function explainLinked(context: CommandContext, id: unknown, version: unknown, node: unknown): Promise<void> {
  const model = context.documents.all.find((m) => m.id === id);
  const editor = model && context.documents.editorOf(model.document);
  if (!model?.analysis || !editor || typeof node !== 'number') return;
  if (model.analysis.version !== version)
    throw new StrataError(
      'stale-document',
      l10n.t('The text was read again meanwhile. Hover over the place once more.'),
    );
  const place = model.analysis.tree.nodes[node];
  if (place) await explainNode(context, editor, model, place);
}

async function explainNode(
  { engine }: CommandContext,
  editor: vscode.TextEditor,
  model: DocumentModel,
  node: TreeNode,
): Promise<void> {
  const title = nodeText(model, node.id);
  const rows = await withProgress(l10n.t('Strata: explaining a place'), model, (options) =>
    explanationRows(model, engine, node, options),
  );
  await showExplanation(editor, title, rows);
}
