/** The sidebar's Summary view: the document's summary to be read, each sentence a link to its place. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { DocumentAnalysis } from '../protocol/document.js';
import { type Documents, fileName } from './documents.js';
import { INTERNAL_COMMANDS, VIEWS } from './ids.js';
import { summaryHtml, type SummarySentence } from './summary-html.js';

/** The editor tells a moment late that it has removed the view with its document; whatever is set until then is an error in its console. */
const SETTLE_MS = 100;

export class SummaryView implements vscode.WebviewViewProvider, vscode.Disposable {
  private view: vscode.WebviewView | undefined;
  private shown: DocumentAnalysis | undefined;
  /** A page that is set anew is scrolled to its top, so one that says the same, after an edit, is not set. */
  private said = '';
  private timer: NodeJS.Timeout | undefined;
  private readonly subscriptions: vscode.Disposable;

  constructor(private readonly documents: Documents) {
    this.subscriptions = vscode.Disposable.from(
      documents.onDidChange(() => {
        if (documents.active?.analysis) this.refreshSoon();
      }),
      vscode.window.registerWebviewViewProvider(VIEWS.summary, this),
    );
  }

  /** The editor calls this whenever the view comes up: it exists only while the active document has a summary. */
  resolveWebviewView(view: vscode.WebviewView): void {
    view.webview.options = { enableCommandUris: [INTERNAL_COMMANDS.reveal] };
    view.onDidDispose(() => {
      if (this.view === view) this.view = undefined;
    });
    this.view = view;
    this.shown = undefined;
    this.said = '';
    this.refresh();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscriptions.dispose();
  }

  private refreshSoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.refresh();
    }, SETTLE_MS);
  }

  private refresh(): void {
    const model = this.documents.active;
    const analysis = model?.analysis;
    if (!this.view || !analysis || analysis === this.shown) return;
    this.shown = analysis;
    this.view.description = fileName(model.document);
    const sentences = analysis.summary.file.map(({ text, node }): SummarySentence => ({
      text,
      place: vscode.l10n.t('line {0}', analysis.tree.nodes[node]!.startLine),
      href: `command:${INTERNAL_COMMANDS.reveal}?${encodeURIComponent(JSON.stringify([model.id, node]))}`,
    }));
    const said = JSON.stringify(sentences);
    if (said === this.said) return;
    this.said = said;
    this.view.webview.html = summaryHtml({
      language: vscode.env.language,
      title: vscode.l10n.t('Summary'),
      nonce: randomBytes(16).toString('base64'),
      sentences,
    });
  }
}
