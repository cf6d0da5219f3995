/** Host of the “Scales” page: sends it the document's bands, answers with ladders, follows the editor. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { startOfContent, type TreeNode } from '../protocol/document.js';
import { encodedShare } from '../protocol/engine.js';
import { asStrataError, firstProblem, isCancelled } from '../protocol/errors.js';
import { type BandNode, type FromScales, fromScalesSchema, type ToScales } from '../protocol/scales.js';
import type { DocumentModel } from './document-model.js';
import { type Documents, fileName } from './documents.js';
import type { Engine } from './engine.js';
import { LADDER_TARGETS } from './explain.js';
import { firstWords } from './first-words.js';
import { COMMANDS, INTERNAL_COMMANDS, PANEL } from './ids.js';
import type { MovingRanges } from './moving-ranges.js';
import { scalesStrings } from './scales-strings.js';
import { isSame } from './shown.js';

const MOST_LABEL = 80;
const FOLLOW_MS = 120;

export class ScalesPanel implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private panel: vscode.WebviewPanel | undefined;
  private model: DocumentModel | undefined;
  /** What the page shows, but for `shownStale`. */
  private shown: readonly unknown[] = [];
  private shownStale = false;
  /** What is picked in the page, so that it stays picked when the tree is another one; undefined where nothing was. */
  private picked: { model: DocumentModel; ranges: MovingRanges; node: TreeNode } | undefined;
  private engineWasDown = false;
  private ladderAbort: AbortController | undefined;
  private followTimer: NodeJS.Timeout | undefined;
  private readonly subscriptions: { dispose(): unknown }[];

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly documents: Documents,
    private readonly engine: Engine,
  ) {
    this.subscriptions = [
      documents.onDidChange(() => {
        this.refresh();
      }),
      engine.onStatus(({ state }) => {
        const back = this.engineWasDown && state !== 'down';
        this.engineWasDown = state === 'down';
        // What was refused meanwhile is asked for again, or the page would go on saying so.
        if (back) this.refresh(true);
      }),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
        clearTimeout(this.followTimer);
        this.followTimer = setTimeout(() => {
          this.follow(textEditor);
        }, FOLLOW_MS);
      }),
      vscode.window.registerWebviewPanelSerializer(PANEL, this),
    ];
  }

  /** Opens the page beside the editor, or brings it to the front. */
  show(model: DocumentModel): void {
    this.model = model;
    if (this.panel) {
      this.panel.reveal(undefined, true);
      this.refresh(true);
      return;
    }
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    this.attach(vscode.window.createWebviewPanel(PANEL, vscode.l10n.t('Scales'), column, this.options));
  }

  /** Brings the page back after a restart of the editor; it shows whichever document is active. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel): Thenable<void> {
    panel.webview.options = this.options;
    this.model = this.documents.active;
    this.attach(panel);
    return Promise.resolve();
  }

  dispose(): void {
    clearTimeout(this.followTimer);
    this.ladderAbort?.abort();
    this.panel?.dispose();
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private get options(): vscode.WebviewOptions {
    return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(this.extensionUri, 'media', 'webview')] };
  }

  private attach(panel: vscode.WebviewPanel): void {
    // A tab that was restored in the background says so only when it is looked at; there may be another one by then.
    const former = this.panel;
    this.panel = panel;
    former?.dispose();
    this.shown = [];
    // A tab's icon is drawn as it is: `currentColor` would be black there in every theme.
    const icon = (theme: string): vscode.Uri => vscode.Uri.joinPath(this.extensionUri, 'media', `icon-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    panel.webview.onDidReceiveMessage((message: unknown) => {
      const parsed = fromScalesSchema.safeParse(message);
      if (parsed.success) this.receive(parsed.data);
      else this.engine.log.warn(`The Scales page sent a message that cannot be read: ${firstProblem(parsed.error)}`);
    });
    panel.onDidDispose(() => {
      if (this.panel !== panel) return;
      this.panel = undefined;
      this.ladderAbort?.abort();
    });
    panel.webview.html = this.html(panel.webview);
  }

  private receive(message: FromScales): void {
    const { model } = this;
    switch (message.type) {
      case 'ready':
        // Also a page that was hidden, which gets no messages meanwhile.
        this.refresh(true);
        break;
      case 'analyze':
        void vscode.commands.executeCommand(COMMANDS.analyze);
        break;
      case 'reveal':
        if (model) void vscode.commands.executeCommand(INTERNAL_COMMANDS.reveal, model.id, message.node);
        break;
      case 'pick':
        this.notePick(message.node);
        void this.sendLadder(message);
        break;
      case 'unreadable':
        this.engine.log.warn(`The Scales page could not read a message: ${message.problem}`);
        break;
    }
  }

  private async sendLadder(pick: Extract<FromScales, { type: 'pick' }>): Promise<void> {
    const { model } = this;
    if (!model?.analysis) return;
    this.ladderAbort?.abort();
    const abort = new AbortController();
    this.ladderAbort = abort;
    const { version } = model.analysis;
    try {
      const { node, layer, head } = pick;
      const params = {
        documentId: model.id,
        version,
        node,
        layer,
        head,
        targets: LADDER_TARGETS,
      };
      const ladder = await this.engine.request('attention', params, { signal: abort.signal });
      this.post({ type: 'ladder', ladder });
    } catch (error) {
      // The text is read again meanwhile: a new tree follows, and asks again.
      const overtaken = model.state === 'analysing' || model.analysis.version !== version;
      if (!isCancelled(error) && !overtaken) this.post({ type: 'error', message: asStrataError(error).message });
    }
  }

  private refresh(force = false): void {
    if (!this.panel) return;
    // The page follows the active document, and keeps its own while there is none, unless that was closed.
    const kept = this.model && this.documents.all.includes(this.model) ? this.model : undefined;
    this.model = this.documents.active ?? kept;
    const { model } = this;
    if (this.picked && !this.documents.all.includes(this.picked.model)) this.picked = undefined;
    if (model?.state === 'analysing' && !model.analysis) {
      const fraction = encodedShare(model.progress) ?? 0;
      this.shown = [];
      this.post({ type: 'progress', message: vscode.l10n.t('Reading the document…'), fraction });
      return;
    }
    const otherActive = this.otherActive();
    const shown = [model, model?.analysis, model?.heat, model?.analysis ? otherActive : model?.state];
    if (!force && isSame(this.shown, shown)) {
      if (model?.analysis && model.stale !== this.shownStale) {
        this.shownStale = model.stale;
        this.post({ type: 'stale', stale: model.stale });
      }
      return;
    }
    this.shown = shown;
    this.shownStale = model?.stale ?? false;
    const strings = scalesStrings();
    if (!model?.analysis) {
      const message =
        model?.state === 'failed' && model.error
          ? model.error.message
          : vscode.l10n.t('Analyse a document to see its scales.');
      this.post({ type: 'empty', message, strings });
      return;
    }
    this.post({
      type: 'state',
      document: model.document.uri.toString(),
      title: fileName(model.document),
      ...(otherActive === undefined ? {} : { otherActive }),
      ...(model.heat ? { question: model.heat.title } : {}),
      nodes: bandNodes(model),
      picked: this.pickedNow(model),
      stale: model.stale,
      strings,
    });
  }

  /** What the page says while it keeps a document that is not the active one. */
  private otherActive(): string | undefined {
    const active = this.documents.editor?.document;
    const kept = this.model?.document;
    if (!active || !kept || active === kept) return undefined;
    return vscode.l10n.t('{0} has not been analysed. These are the scales of {1}.', fileName(active), fileName(kept));
  }

  private notePick(id: number): void {
    const { model } = this;
    const node = model?.analysis?.tree.nodes[id];
    this.picked = model?.ranges && node ? { model, ranges: model.ranges, node } : undefined;
  }

  /** The node of the newest tree that is where the picked one was; in another document the one at its cursor. */
  private pickedNow(model: DocumentModel): number {
    const { editor } = this.documents;
    if (this.picked?.model !== model) {
      const cursor = editor?.document === model.document ? editor.document.offsetAt(editor.selection.active) : 0;
      return model.nodeAt(cursor)?.id ?? 0;
    }
    const { ranges, node } = this.picked;
    if (ranges === model.ranges) return node.id;
    // These ranges moved with the text until the new tree took their place.
    const at = ranges.start(node.id);
    const found =
      model.nodeAt(at, (n) => n.kind === node.kind && model.ranges!.start(n.id) === at) ??
      model.nodeAt(at, (n) => n.kind === node.kind) ??
      model.nodeAt(at);
    return found?.id ?? 0;
  }

  private follow(editor: vscode.TextEditor): void {
    const { model } = this;
    if (!this.panel?.visible || editor.document !== model?.document || !model.ranges) return;
    const offset = editor.document.offsetAt(editor.selection.active);
    // "Show in editor" has put the cursor there; it does not mean the first statement of what is picked.
    if (this.picked?.model === model && model.ranges.start(this.pickedNow(model)) === offset) return;
    const node = model.nodeAt(offset);
    if (node) this.post({ type: 'follow', node: node.id });
  }

  private post(message: ToScales): void {
    void this.panel?.webview.postMessage(message);
  }

  private html(webview: vscode.Webview): string {
    const nonce = randomBytes(16).toString('base64');
    const file = (name: string): string =>
      webview.asWebviewUri(vscode.Uri.joinPath(this.extensionUri, 'media', 'webview', name)).toString();
    return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${file('scales.css')}">
<title>Strata: Scales</title>
</head>
<body>
<div id="app"></div>
<script nonce="${nonce}" src="${file('scales.js')}"></script>
</body>
</html>`;
  }
}

/** What the page draws of each node; labels are short, because 20,000 of them are sent. */
function bandNodes(model: DocumentModel): BandNode[] {
  const { tree } = model.analysis!;
  const text = model.document.getText();
  const ranges = model.ranges!;
  const intensity = model.heat?.result.intensity;
  return tree.nodes.map((n): BandNode => {
    // A leaf is called by its comment, as it is among the hot spots.
    const from = ranges.start(n.id) + (n.children.length > 0 ? startOfContent(n) - n.start : 0);
    const words = text.slice(from, ranges.end(n.id));
    const label = n.parent < 0 ? fileName(model.document) : (n.name ?? firstWords(tree, n, words, MOST_LABEL));
    const { id, kind, startLine, endLine, start, end, parent } = n;
    return {
      id,
      kind,
      label,
      startLine,
      endLine,
      start,
      end,
      parent,
      ...(intensity ? { heat: Math.min(1, Math.max(0, intensity[id]!)) } : {}),
    };
  });
}
