/** Which document goes on as which: VS Code knows a file that is saved as another one, or renamed, as a new document. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { DocumentModel } from './document-model.js';
import { groupWithTab } from './tabs.js';

/** The document that another one goes on as. */
export interface NewName {
  document: vscode.TextDocument;
  /** The version that has the same text as the other one. */
  version: number;
  /** What has been done to it since, by a formatter for example. */
  edits: readonly vscode.TextDocumentChangeEvent[];
}

interface Saving extends NewName {
  model: DocumentModel;
  /** The version of the model's document that has the same text. */
  before: number;
  edits: vscode.TextDocumentChangeEvent[];
}

export class NewNames implements vscode.Disposable {
  private saving: Saving | undefined;
  /** Files and folders that are getting other names just now. */
  private renaming: readonly { oldUri: vscode.Uri; newUri: vscode.Uri }[] = [];
  private readonly renamed = new vscode.EventEmitter<void>();
  /** What was being renamed, and has not gone on, does not. */
  readonly onDidRename = this.renamed.event;
  private readonly subscriptions: vscode.Disposable;

  constructor(
    /** Those that may go on as another document, the likeliest first. */
    private readonly models: () => readonly DocumentModel[],
    private readonly goOn: (model: DocumentModel, name: NewName) => void,
  ) {
    const { workspace } = vscode;
    this.subscriptions = vscode.Disposable.from(
      this.renamed,
      workspace.onDidChangeTextDocument((event) => {
        if (event.document === this.saving?.document) this.saving.edits.push(event);
        else this.saveAs(event.document);
      }),
      workspace.onDidSaveTextDocument((document) => {
        this.saved(document);
      }),
      workspace.onWillRenameFiles(({ files }) => {
        this.renaming = files;
      }),
      workspace.onDidOpenTextDocument((document) => {
        const model = this.renamedTo(document);
        if (model) this.goOn(model, { document, version: document.version, edits: [] });
      }),
      workspace.onDidRenameFiles(() => {
        this.renaming = [];
        this.renamed.fire();
      }),
    );
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  /** Whether a document is closed because its file, or a folder above it, is getting another name. */
  isRenaming(document: vscode.TextDocument): boolean {
    return this.newUri(document) !== undefined;
  }

  private newUri({ uri }: vscode.TextDocument): vscode.Uri | undefined {
    for (const { oldUri, newUri } of this.renaming) {
      const inside = path.posix.relative(oldUri.path, uri.path);
      if (uri.scheme === oldUri.scheme && !inside.startsWith('..')) return vscode.Uri.joinPath(newUri, inside);
    }
    return undefined;
  }

  private renamedTo(document: vscode.TextDocument): DocumentModel | undefined {
    const address = document.uri.toString();
    return this.models().find(
      (model) => this.newUri(model.document)?.toString() === address && model.document.getText() === document.getText(),
    );
  }

  /** What is saved as another document is first written into that one, which gets its tab only when it is saved. */
  private saveAs(document: vscode.TextDocument): void {
    const models = this.models();
    if (isShown(document) || models.some((model) => model.document === document)) return;
    const { lineCount, version } = document;
    const model = models.find((m) => m.document.lineCount === lineCount && m.document.getText() === document.getText());
    if (model) this.saving = { model, before: model.document.version, document, version, edits: [] };
  }

  /** Comes before the editor turns to the new document, and empties an unsaved one. */
  private saved(document: vscode.TextDocument): void {
    const { saving } = this;
    if (document !== saving?.document) return;
    this.saving = undefined;
    const { model, before } = saving;
    if (model.document.version === before && !model.document.isClosed) this.goOn(model, saving);
  }
}

function isShown(document: vscode.TextDocument): boolean {
  const { visibleTextEditors } = vscode.window;
  return visibleTextEditors.some((editor) => editor.document === document) || groupWithTab(document.uri) !== undefined;
}
