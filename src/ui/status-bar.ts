/** Two items: the heat legend while a heatmap is shown, and the engine with its device once it was started. */
import * as vscode from 'vscode';
import type { EngineStatus } from '../client/index.js';
import type { DeviceReport } from '../protocol/document.js';
import { encodedShare } from '../protocol/engine.js';
import { excerpt } from '../protocol/excerpt.js';
import { bar } from '../protocol/heat-steps.js';
import { wholePercent } from '../protocol/percent.js';
import type { Documents } from './documents.js';
import type { Engine } from './engine.js';
import { withoutIcons } from './icons.js';
import { COMMANDS } from './ids.js';
import { hotSpots } from './navigation.js';
import { settings } from './settings.js';
import { isSame } from './shown.js';

/** The editor leaves out what has no room. */
const MOST_QUESTION = 18;

export class StatusBar implements vscode.Disposable {
  private readonly legend = vscode.window.createStatusBarItem('strata.legend', vscode.StatusBarAlignment.Right, 101);
  private readonly device = vscode.window.createStatusBarItem('strata.device', vscode.StatusBarAlignment.Right, 100);
  private readonly subscriptions: { dispose(): unknown }[];
  /** What the items show, so that a change that shows nothing new (a keystroke) sends nothing to the editor. */
  private shown: readonly unknown[] = [];

  constructor(
    private readonly documents: Documents,
    private readonly engine: Engine,
  ) {
    this.legend.name = vscode.l10n.t('Strata Heat Legend');
    this.device.name = vscode.l10n.t('Strata Engine');
    this.subscriptions = [
      this.legend,
      this.device,
      documents.onDidChange(() => {
        this.update();
      }),
      engine.onStatus(() => {
        this.update();
      }),
      vscode.workspace.onDidChangeConfiguration(() => {
        this.update();
      }),
    ];
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private update(): void {
    const { status } = this.engine;
    const model = this.documents.active;
    const shown = [model?.heat, model?.state, model?.progress, JSON.stringify(status), settings.heatScale()];
    if (isSame(this.shown, shown)) return;
    this.shown = shown;
    this.showLegend();
    if (status) this.showDevice(status);
    else this.device.hide();
  }

  private showLegend(): void {
    const { l10n } = vscode;
    const model = this.documents.active;
    if (!model?.heat) {
      this.legend.hide();
      return;
    }
    const { result, title } = model.heat;
    const top = result.ranking[0];
    const best = top === undefined ? 0 : result.scores[top]!;
    const scale = { token: l10n.t('words'), statement: l10n.t('statements'), function: l10n.t('functions') }[
      settings.heatScale()
    ];
    this.legend.text = `$(flame) ${withoutIcons(excerpt(title, MOST_QUESTION))} · ${scale}`;
    const tooltip = new vscode.MarkdownString();
    tooltip.appendMarkdown(`**${l10n.t('Heat for')}** ${escaped(title)}\n\n`);
    tooltip.appendMarkdown(`${[0.05, 0.35, 0.65, 1].map((i) => `${bar(i)} ${wholePercent(i)} %`).join(' · ')}\n\n`);
    tooltip.appendMarkdown(
      l10n.t(
        'Hottest value {0}; literal matches {1}. Click to change the scale.',
        best.toFixed(3),
        result.literal.length,
      ),
    );
    this.legend.tooltip = tooltip;
    this.legend.accessibilityInformation = {
      label: l10n.t(
        'Strata heat for {0}, hot spots: {1}, hottest value {2}, shown for {3}',
        title,
        hotSpots(model).length,
        best.toFixed(2),
        scale,
      ),
    };
    this.legend.command = COMMANDS.chooseHeatScale;
    this.legend.show();
  }

  private showDevice(status: EngineStatus): void {
    const { l10n } = vscode;
    const model = this.documents.active;
    const share = model?.state === 'analysing' ? encodedShare(model.progress) : undefined;
    const percent = share === undefined ? '' : ` ${Math.floor(100 * share)} %`;
    const provider = status.device?.provider.toUpperCase() ?? '';
    const ready = status.message === undefined ? '$(layers)' : '$(warning)';
    const texts: Record<EngineStatus['state'], string> = {
      stopped: '$(layers) Strata',
      starting: '$(sync~spin) Strata',
      ready: `${ready} Strata ${provider}`,
      busy: `$(sync~spin) Strata${percent}`,
      restarting: l10n.t('$(sync~spin) Strata restarts'),
      down: l10n.t('$(error) Strata stopped'),
    };
    this.device.text = texts[status.state].trimEnd();
    this.device.backgroundColor =
      status.state === 'down' ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    this.device.tooltip = status.message ?? (status.device ? deviceText(status.device) : withoutDevice(status.state));
    this.device.command = status.state === 'down' ? COMMANDS.restartEngine : COMMANDS.selectDevice;
    this.device.show();
  }
}

function deviceText({ reason, tokensPerSecond }: DeviceReport): string {
  // 0 is not measured yet.
  if (tokensPerSecond === 0) return reason;
  return `${reason} ${vscode.l10n.t('{0} tokens per second.', Math.round(tokensPerSecond))}`;
}

function withoutDevice(state: EngineStatus['state']): string {
  return state === 'stopped'
    ? vscode.l10n.t('The Strata engine is not running; it starts when it is needed.')
    : vscode.l10n.t('The Strata engine is starting.');
}

function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>]/g, '\\$&');
}
