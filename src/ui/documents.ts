/** All document models; which one is active; how they follow edits, changes of settings, and files that get other names. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { EngineStatus } from '../client/index.js';
import { CELL, DocumentModel } from './document-model.js';
import type { Engine } from './engine.js';
import { CONTEXT_KEYS, UNREAD_SCHEMES } from './ids.js';
import { type NewName, NewNames } from './new-names.js';
import { settings } from './settings.js';
import { groupWithTab, isNewSide } from './tabs.js';

/** Pause in typing after which an analysed document is analysed again. */
const PAUSE_MS = 1_500;
/** From one tab to the next the editor tells of a moment without any. */
const BETWEEN_TABS_MS = 150;

export class Documents implements vscode.Disposable {
  private readonly models = new Map<string, DocumentModel>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly changed = new vscode.EventEmitter<DocumentModel | undefined>();
  /** A model changed, or another one became active (then with the active model, which may be undefined). */
  readonly onDidChange = this.changed.event;
  private readonly subscriptions: { dispose(): unknown }[];
  private readonly names: NewNames;
  /** Models of documents that were closed because their files are being renamed. What has no tab is not opened again. */
  private readonly leaving = new Set<DocumentModel>();
  private lastEditor: vscode.TextEditor | undefined;
  private turning: NodeJS.Timeout | undefined;
  /** The context keys as the editor knows them: each message to it costs something, and a keystroke changes none. */
  private readonly context = new Map<string, boolean>();
  private engineStatus: EngineStatus | undefined;

  constructor(private readonly engine: Engine) {
    this.lastEditor = activeEditor();
    this.names = new NewNames(
      () => [...(this.active ? [this.active] : []), ...this.all, ...this.leaving],
      (model, name) => {
        this.goOn(model, name);
      },
    );
    this.subscriptions = [
      this.changed,
      this.names,
      this.names.onDidRename(() => {
        for (const model of this.leaving) this.forget(model);
      }),
      // Another language is told as a close and an open of the same document.
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (document.isClosed) this.closed(document);
      }),
      vscode.workspace.onDidOpenTextDocument((document) => {
        void this.find(document)?.refresh();
      }),
      vscode.workspace.onDidChangeTextDocument((event) => {
        this.edited(event);
      }),
      vscode.window.onDidChangeActiveTextEditor(() => {
        // While a webview or the sidebar has the focus there is no active editor: the last one stays meant.
        this.lastEditor = activeEditor() ?? this.lastEditor;
        this.turn();
      }),
      vscode.window.onDidChangeVisibleTextEditors(() => {
        this.renewShown();
        // Where the one that was meant is hidden, another one is.
        this.turn();
      }),
      vscode.workspace.onDidChangeConfiguration(() => {
        this.renewShown();
      }),
      engine.onStatus((status) => {
        this.noteEngine(status);
      }),
    ];
    this.announce(this.active);
  }

  /** The editor that commands mean. */
  get editor(): vscode.TextEditor | undefined {
    const active = activeEditor();
    if (active) return active;
    const last = this.lastEditor;
    const { visibleTextEditors } = vscode.window;
    return (
      // The document may be in several groups.
      visibleTextEditors.find((e) => e === last) ??
      visibleTextEditors.find((e) => e.document === last?.document) ??
      // After a reload with the focus elsewhere there is no last one. A cell of a notebook has no column; none of them is meant more.
      visibleTextEditors.find((e) => e.viewColumn !== undefined && isReadable(e.document)) ??
      visibleTextEditors.find((e) => isNewSide(e.document) && isReadable(e.document))
    );
  }

  /** Shows the document that was meant last where a page, a walkthrough for example, hides it; nothing where it has no tab any more. */
  showLast(): Thenable<vscode.TextEditor> | undefined {
    const last = this.lastEditor?.document;
    const group = last && groupWithTab(last.uri);
    return group && vscode.window.showTextDocument(last, { viewColumn: group.viewColumn });
  }

  /** The editor in which a document is shown: of several the one that commands mean. */
  editorOf(document: vscode.TextDocument): vscode.TextEditor | undefined {
    const { editor } = this;
    if (editor?.document === document) return editor;
    return vscode.window.visibleTextEditors.find((e) => e.document === document);
  }

  get active(): DocumentModel | undefined {
    const document = this.editor?.document;
    return document && this.find(document);
  }

  find(document: vscode.TextDocument): DocumentModel | undefined {
    return this.models.get(document.uri.toString());
  }

  /** The model of a document, made when there is none. */
  get(document: vscode.TextDocument): DocumentModel {
    const known = this.find(document);
    if (known) return known;
    const model = new DocumentModel(document, this.engine);
    model.onDidChange(() => {
      this.announce(model);
    });
    model.onDidFallBehind(() => {
      // Settings are followed also where edits are not.
      if (model.outdated) void model.refresh();
      else this.refreshLater(model);
    });
    this.models.set(document.uri.toString(), model);
    return model;
  }

  get all(): readonly DocumentModel[] {
    return [...this.models.values()];
  }

  dispose(): void {
    clearTimeout(this.turning);
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const model of [...this.models.values(), ...this.leaving]) model.dispose();
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  /**
   * Announces the document that is meant now. Where that is none, or another one for want of it, the next tab may be on its way: views
   * would be emptied, and filled again.
   */
  private turn(): void {
    clearTimeout(this.turning);
    const announce = (): void => {
      this.announce(this.active);
    };
    if (activeEditor()) announce();
    else this.turning = setTimeout(announce, BETWEEN_TABS_MS);
  }

  private announce(model: DocumentModel | undefined): void {
    const active = this.active;
    const set = (key: string, value: boolean): void => {
      if (this.context.get(key) === value) return;
      this.context.set(key, value);
      void vscode.commands.executeCommand('setContext', key, value);
    };
    set(CONTEXT_KEYS.nothingToRead, this.editor === undefined);
    set(CONTEXT_KEYS.analysed, active?.analysis !== undefined);
    set(CONTEXT_KEYS.summarised, (active?.analysis?.summary.file.length ?? 0) > 0);
    set(CONTEXT_KEYS.heat, active?.heat !== undefined);
    set(CONTEXT_KEYS.analysing, active?.state === 'analysing');
    this.changed.fire(model);
  }

  /** What an engine that had given up, or had no device, refused is not refused any more once it is back. */
  private noteEngine(status: EngineStatus): void {
    const before = this.engineStatus;
    this.engineStatus = status;
    const restarted = before?.state === 'down' && status.state !== 'down';
    if (restarted || (!before?.device && status.device)) for (const model of this.all) model.forgetFailure();
  }

  /**
   * Analyses again what is shown and was analysed with other settings, or was edited while edits were not to be followed; the rest
   * follows when it is shown, for the engine may have to read all of it. Topics have reached the engine by then: it was made before,
   * and hears of a change first.
   */
  private renewShown(): void {
    for (const { document } of vscode.window.visibleTextEditors) {
      const model = this.find(document);
      if (model?.outdated || (model?.stale && settings.reanalyzeOnEdit(document))) void model.refresh();
    }
  }

  private edited(event: vscode.TextDocumentChangeEvent): void {
    const model = this.find(event.document);
    if (!model || event.contentChanges.length === 0) return;
    model.edited(event);
    if (model.analysis) this.refreshLater(model);
  }

  /** Analyses again when the typing has paused, if the user wants that. */
  private refreshLater(model: DocumentModel): void {
    clearTimeout(this.timers.get(model.id));
    if (!settings.reanalyzeOnEdit(model.document)) return;
    const timer = setTimeout(() => {
      void model.refresh();
    }, PAUSE_MS);
    this.timers.set(model.id, timer);
  }

  private closed(document: vscode.TextDocument): void {
    const model = this.find(document);
    if (!model) return;
    this.models.delete(document.uri.toString());
    if (this.names.isRenaming(document)) this.leaving.add(model);
    else this.forget(model);
    this.turn();
  }

  private forget(model: DocumentModel): void {
    this.leaving.delete(model);
    clearTimeout(this.timers.get(model.id));
    this.timers.delete(model.id);
    model.dispose();
  }

  private goOn(model: DocumentModel, name: NewName): void {
    this.leaving.delete(model);
    this.models.delete(model.document.uri.toString());
    this.models.set(name.document.uri.toString(), model);
    model.moveTo(name);
  }
}

/** The one that has the focus, or had it last, unless nobody reads what is in it. */
function activeEditor(): vscode.TextEditor | undefined {
  const { activeTextEditor } = vscode.window;
  return activeTextEditor && isReadable(activeTextEditor.document) ? activeTextEditor : undefined;
}

export function isReadable(document: vscode.TextDocument): boolean {
  return !UNREAD_SCHEMES.includes(document.uri.scheme);
}

/** The last part of a document's path, or the name of an untitled one; of a cell also which of its notebook it is. */
export function fileName(document: vscode.TextDocument): string {
  const name = path.posix.basename(document.uri.path);
  if (document.uri.scheme !== CELL) return name;
  const cells = vscode.workspace.notebookDocuments.flatMap((notebook) => notebook.getCells());
  const cell = cells.find((c) => c.document === document);
  return cell ? vscode.l10n.t('{0}, cell {1}', name, cell.index + 1) : name;
}
