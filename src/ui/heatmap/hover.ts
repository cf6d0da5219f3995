/** The hover over hot text: score, rank, how much came from which scale, and which words carry it. All adds up. */
import * as vscode from 'vscode';
import type { HeatExplanation, TreeNode } from '../../protocol/document.js';
import { isCancelled } from '../../protocol/errors.js';
import { bar } from '../../protocol/heat-steps.js';
import type { DocumentModel } from '../document-model.js';
import type { Documents } from '../documents.js';
import type { Engine } from '../engine.js';
import { explain, number } from '../heat-explanation.js';
import { INTERNAL_COMMANDS } from '../ids.js';

const MOST_WORDS = 8;
const MOST_MET = 5;

/** Offers hovers only while a heatmap is shown. */
export class HeatHover implements vscode.Disposable {
  private registration: vscode.Disposable | undefined;
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly documents: Documents,
    private readonly engine: Engine,
  ) {
    this.subscription = documents.onDidChange(() => {
      const needed = documents.all.some((m) => m.heat);
      if (needed && !this.registration) {
        this.registration = vscode.languages.registerHoverProvider(
          { pattern: '**' },
          { provideHover: (d, p, t) => this.provide(d, p, t) },
        );
      } else if (!needed) {
        this.registration?.dispose();
        this.registration = undefined;
      }
    });
  }

  dispose(): void {
    this.registration?.dispose();
    this.subscription.dispose();
  }

  private async provide(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const model = this.documents.find(document);
    const node = model?.nodeAt(document.offsetAt(position));
    if (!model?.heat || !node || node.children.length > 0 || node.trivial) return undefined;
    const { heat } = model;
    const range = model.rangeOf(node.id);
    if (model.ranges!.touched(node.id)) {
      return new vscode.Hover(
        vscode.l10n.t('Strata: this text was changed after the analysis; its heat is out of date.'),
        range,
      );
    }
    const abort = new AbortController();
    token.onCancellationRequested(() => {
      abort.abort();
    });
    try {
      const explanation = await explain(model, this.engine, node, { signal: abort.signal });
      // It was cleared meanwhile, or the text was read again.
      if (model.heat !== heat) return undefined;
      return new vscode.Hover(hoverText(model, node, explanation), range);
    } catch (error) {
      if (!isCancelled(error)) this.engine.log.debug(`Hover: ${String(error)}`);
      return undefined;
    }
  }
}

/** What an explanation says, as a hover: how the score adds up, and the words that carry it. */
function hoverText(model: DocumentModel, node: TreeNode, explanation: HeatExplanation): vscode.MarkdownString {
  // Without icons: the name of a section may read like one.
  const text = new vscode.MarkdownString();
  text.isTrusted = { enabledCommands: [INTERNAL_COMMANDS.explainNode] };
  const { l10n } = vscode;
  const intensity = model.heat!.result.intensity[node.id]!;
  text.appendMarkdown(
    `**${l10n.t('Heat {0}', number(explanation.score))}** ${bar(intensity)} · ${l10n.t('rank {0} of {1}', explanation.rank, explanation.ranked)}\n\n`,
  );
  if (model.unansweredNote) text.appendMarkdown(`${model.unansweredNote}\n\n`);
  text.appendMarkdown(`| ${l10n.t('scale')} | ${l10n.t('heat')} |\n|:--|--:|\n`);
  for (const scale of explanation.scales)
    text.appendMarkdown(`| ${escapeCell(scale.label)} | ${number(scale.contribution)} |\n`);
  text.appendMarkdown(`| **${l10n.t('sum')}** | **${number(explanation.score)}** |\n\n`);
  const words = strongest(explanation);
  const sum = (some: HeatExplanation['words']): number => some.reduce((total, w) => total + w.contribution, 0);
  const rest = sum(explanation.words) + explanation.context - sum(words);
  const own = [
    ...words.map((w) => `${code(w.text)} ${number(w.contribution)}`),
    l10n.t('others and context {0}', number(rest)),
  ];
  text.appendMarkdown(`${l10n.t('Its own words:')} ${own.join(', ')}\n\n`);
  const met = bestMet(explanation);
  if (met.length > 0)
    text.appendMarkdown(
      `${l10n.t('Words of the question meet:')} ${met.map((m) => `${code(m.asked)} → ${code(m.text)} ${number(m.cosine)}`).join(', ')}\n\n`,
    );
  const literal = model.heat!.result.literal.filter((r) => r.start >= node.start && r.end <= node.end);
  if (literal.length > 0)
    text.appendMarkdown(`${l10n.t('Words of the question that stand here: {0}', literal.length)}\n\n`);
  const link = vscode.Uri.parse(
    `command:${INTERNAL_COMMANDS.explainNode}?${encodeURIComponent(JSON.stringify([model.id, model.analysis!.version, node.id]))}`,
  );
  text.appendMarkdown(`[${l10n.t('Explain this place')}](${link.toString()})`);
  return text;
}

function strongest(explanation: HeatExplanation): HeatExplanation['words'] {
  return [...explanation.words]
    .filter((w) => /[\p{L}\p{N}]/u.test(w.text))
    .sort((a, b) => b.contribution - a.contribution)
    .slice(0, MOST_WORDS);
}

/** The words of the question that are met best, in the order of the question. */
function bestMet({ met }: HeatExplanation): HeatExplanation['met'] {
  const spoken = met.filter((m) => /[\p{L}\p{N}]/u.test(m.asked));
  const best = new Set([...spoken].sort((a, b) => b.cosine - a.cosine).slice(0, MOST_MET));
  return spoken.filter((m) => best.has(m));
}

function escapeCell(value: string): string {
  return value.replace(/[\\|`*_[\]<>]/g, '\\$&');
}

function code(value: string): string {
  return `\`${value.replace(/`/g, 'ˋ')}\``;
}
