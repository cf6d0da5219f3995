/** The engine as the user interface sees it: started on first use, settings passed on, its log in the output channel. */
import * as vscode from 'vscode';
import { EngineClient, type EngineStatus, type RequestOptions, unlessAborted } from '../client/index.js';
import type { Method, Params, Result } from '../protocol/engine.js';
import { errorText, StrataError } from '../protocol/errors.js';
import { COMMANDS, CONTEXT_KEYS, SETTINGS } from './ids.js';
import { settings } from './settings.js';

export class Engine implements vscode.Disposable {
  readonly log: vscode.LogOutputChannel;
  private client: EngineClient | undefined;
  private configured: Promise<unknown> | undefined;
  private readonly statusEvents = new vscode.EventEmitter<EngineStatus>();
  private readonly subscriptions: { dispose(): unknown }[] = [];
  readonly onStatus = this.statusEvents.event;

  constructor(private readonly context: vscode.ExtensionContext) {
    this.log = vscode.window.createOutputChannel('Strata', { log: true });
    this.subscriptions.push(
      this.log,
      this.statusEvents,
      vscode.workspace.onDidChangeConfiguration((e) => {
        if ([SETTINGS.device, SETTINGS.threads, SETTINGS.topics].some((s) => e.affectsConfiguration(s)))
          void this.reconfigure().catch((error: unknown) => this.reportDevice(error));
      }),
    );
  }

  /** Undefined until the engine was needed for the first time. */
  get status(): EngineStatus | undefined {
    return this.client?.status;
  }

  get pid(): number | undefined {
    return this.client?.pid;
  }

  /** Asks the engine and starts it when needed. Rejects with StrataError only. */
  async request<M extends Method>(method: M, params: Params<M>, options: RequestOptions = {}): Promise<Result<M>> {
    const client = this.start();
    // A wrong device setting is reported by the request itself, in the words of the engine.
    if (this.configured)
      await unlessAborted(
        this.configured.catch(() => undefined),
        options.signal,
      );
    return client.request(method, params, options);
  }

  /** Lets client and engine forget a document. Starts nothing. */
  close(documentId: string): void {
    this.client?.request('close', { documentId }).catch(() => undefined);
  }

  restart(): void {
    if (this.client) this.client.restart();
    else this.start();
  }

  async dispose(): Promise<void> {
    vscode.Disposable.from(...this.subscriptions).dispose();
    await this.client?.dispose();
  }

  private start(): EngineClient {
    if (this.client) return this.client;
    const at = (...parts: string[]): string => vscode.Uri.joinPath(this.context.extensionUri, ...parts).fsPath;
    const client = new EngineClient({
      modulePath: at('dist', 'engine.js'),
      modelDir: at('models'),
      grammarsDir: at('dist', 'grammars'),
      stateDir: this.context.globalStorageUri.fsPath,
    });
    client.onLog(({ level, message }) => {
      this.log[level](message);
    });
    client.onStatus((status) => {
      void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.engineDown, status.state === 'down');
      this.statusEvents.fire(status);
    });
    this.client = client;
    // What goes wrong is told by the request that is behind this.
    this.reconfigure().catch(() => undefined);
    return client;
  }

  /** Rejects with StrataError. */
  private async reconfigure(): Promise<void> {
    if (!this.client) return;
    if (settings.topicsAreWrong()) void this.reportTopics();
    const configured = this.client.request('initialize', settings.engine());
    this.configured = configured;
    try {
      const { device } = await configured;
      this.log.info(`Device: ${device.provider}. ${device.reason}`);
    } catch (error) {
      this.log.error(errorText(error));
      throw error;
    }
  }

  /** Nothing was asked, so nothing else would say that what was chosen cannot be used. */
  private async reportDevice(error: unknown): Promise<void> {
    if (!(error instanceof StrataError) || error.code !== 'device') return;
    const select = vscode.l10n.t('Select Device');
    if ((await vscode.window.showErrorMessage(error.message, select)) === select)
      await vscode.commands.executeCommand(COMMANDS.selectDevice);
  }

  private async reportTopics(): Promise<void> {
    const { l10n, window, commands } = vscode;
    const message = l10n.t(
      'Strata: the setting "{0}" needs at least two topics, each with a label and a description. The built-in topics are used.',
      SETTINGS.topics,
    );
    this.log.warn(message);
    const open = l10n.t('Open Settings');
    if ((await window.showWarningMessage(message, open)) === open)
      await commands.executeCommand('workbench.action.openSettings', SETTINGS.topics);
  }
}
