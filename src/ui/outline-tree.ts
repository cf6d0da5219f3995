/** The sidebar's Outline view: the hottest places, the document's topics, then its classes, functions and sections with a line each. */
import * as vscode from 'vscode';
import {
  type DocumentAnalysis,
  type Gist,
  type SectionTopic,
  type Topic,
  type TreeNode,
} from '../protocol/document.js';
import { encodedShare } from '../protocol/engine.js';
import { bar, HOT_STEP, stepOf, WARM_STEP } from '../protocol/heat-steps.js';
import { wholePercent } from '../protocol/percent.js';
import type { DocumentModel } from './document-model.js';
import type { Documents } from './documents.js';
import { wordsOf } from './first-words.js';
import { COLOURS, COMMANDS, INTERNAL_COMMANDS, VIEWS } from './ids.js';
import { hotSpots } from './navigation.js';
import { type OutlineEntry, outlineEntries } from './outline-entries.js';
import { settings } from './settings.js';
import { isSame } from './shown.js';

interface Spots {
  type: 'spots';
  nodes: number[];
}

interface Spot {
  type: 'spot';
  node: number;
}

type Element =
  | Spots
  | Spot
  | { type: 'topics' }
  | { type: 'topic'; label: string; ofDocument: Topic | undefined; sections: SectionTopic[] }
  | { type: 'place'; section: SectionTopic }
  | { type: 'note'; text: string }
  | { type: 'retry'; reason: string }
  | OutlineEntry;

const FOLLOW_MS = 150;
const MOST_EVIDENCE = 100;
/** More hot spots would push the outline out of sight. */
const MOST_SPOTS = 10;
/** Of the text of a hot spot so much is shown. */
const MOST_SPOT = 120;
const ICONS: Readonly<Record<string, string>> = {
  class: 'symbol-class',
  function: 'symbol-method',
  section: 'symbol-string',
};

export class OutlineTree implements vscode.TreeDataProvider<Element>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<Element>;
  private readonly subscriptions: { dispose(): unknown }[];
  private model: DocumentModel | undefined;
  /** What is shown, so that a change that shows nothing new (a progress step, a keystroke) redraws nothing. */
  private shown: readonly unknown[] = [];
  private entries = new Map<number, OutlineEntry>();
  /** The entries that no other one holds. */
  private roots: OutlineEntry[] = [];
  private spots: Spots = { type: 'spots', nodes: [] };
  private spotRows: Spot[] = [];
  private gists = new Map<number, Gist>();
  private topics: Element[] = [];
  private topicOfNode = new Map<number, SectionTopic>();
  private followTimer: NodeJS.Timeout | undefined;

  constructor(private readonly documents: Documents) {
    this.view = vscode.window.createTreeView(VIEWS.outline, { treeDataProvider: this, showCollapseAll: true });
    this.subscriptions = [
      this.changed,
      this.view,
      documents.onDidChange(() => {
        this.refresh();
      }),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
        clearTimeout(this.followTimer);
        this.followTimer = setTimeout(() => void this.follow(textEditor), FOLLOW_MS);
      }),
    ];
  }

  dispose(): void {
    clearTimeout(this.followTimer);
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  getChildren(element?: Element): Element[] {
    const { model } = this;
    const analysis = model?.analysis;
    if (!analysis) {
      const reason = messageOfFailure(model);
      if (element || reason === undefined) return [];
      // What is empty stays so until somebody writes into it.
      return [isEmpty(model) ? { type: 'note', text: reason } : { type: 'retry', reason }];
    }
    if (!element) {
      const notes = [analysis.tree.fallback, analysis.truncated?.reason].filter((t) => t !== undefined);
      // An empty view would look as if nothing had been done.
      if (this.roots.length === 0)
        notes.push(vscode.l10n.t('There are no classes, functions or sections here to list.'));
      return [
        ...notes.map((text): Element => ({ type: 'note', text })),
        ...(this.spots.nodes.length > 0 ? [this.spots] : []),
        ...(this.topics.length > 0 ? [{ type: 'topics' as const }] : []),
        ...this.roots,
      ];
    }
    switch (element.type) {
      case 'spots':
        return this.spotRows;
      case 'topics':
        return this.topics;
      case 'topic':
        return element.sections.map((section): Element => ({ type: 'place', section }));
      case 'node':
        return element.below;
      case 'spot':
      case 'place':
      case 'note':
      case 'retry':
        return [];
    }
  }

  getParent(element: Element): Element | undefined {
    if (element.type === 'spot') return this.spots;
    return element.type === 'node' ? element.above : undefined;
  }

  getTreeItem(element: Element): vscode.TreeItem {
    const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
    switch (element.type) {
      case 'note': {
        const item = new vscode.TreeItem(element.text, None);
        item.iconPath = new vscode.ThemeIcon('info');
        item.tooltip = element.text;
        return item;
      }
      case 'retry': {
        const item = new vscode.TreeItem(vscode.l10n.t('Try Again'), None);
        item.iconPath = new vscode.ThemeIcon('refresh');
        item.tooltip = element.reason;
        // The reason is above the tree, where the keyboard does not come.
        item.accessibilityInformation = { label: vscode.l10n.t('Try again. {0}', element.reason) };
        item.command = { command: COMMANDS.analyze, title: vscode.l10n.t('Try Again') };
        return item;
      }
      case 'spots': {
        const item = new vscode.TreeItem(vscode.l10n.t('Hot Spots'), Expanded);
        item.id = 'spots';
        const all = element.nodes.length;
        if (all > MOST_SPOTS) item.description = vscode.l10n.t('{0} of {1}', MOST_SPOTS, all);
        item.iconPath = new vscode.ThemeIcon('flame');
        return item;
      }
      case 'spot':
        return this.spotItem(element.node);
      case 'topics': {
        const item = new vscode.TreeItem(vscode.l10n.t('Topics'), Expanded);
        item.id = 'topics';
        item.iconPath = new vscode.ThemeIcon('tag');
        return item;
      }
      case 'topic': {
        const { label, ofDocument, sections } = element;
        const item = new vscode.TreeItem(label, sections.length > 0 ? Collapsed : None);
        item.id = `topic:${label}`;
        const where = [
          ...(ofDocument ? [vscode.l10n.t('stands out')] : []),
          ...(sections.length > 0 ? [placesText(sections.length)] : []),
        ];
        item.description = where.join(', ');
        // Without it the tooltip would be read out instead of the name.
        item.accessibilityInformation = { label: [label, ...where].join(', ') };
        const evidence = (ofDocument ?? sections[0])?.evidence ?? [];
        const standing = ofDocument
          ? [vscode.l10n.t('Closer than the other topics, by {0} standard deviations.', ofDocument.score.toFixed(1))]
          : [];
        item.tooltip = [...standing, this.evidenceText(evidence)].join('\n');
        if (evidence[0] !== undefined) item.command = this.revealCommand(evidence[0]);
        return item;
      }
      case 'place': {
        const { node, evidence } = element.section;
        const label = this.labelOf(this.model!.analysis!.tree.nodes[node]!);
        const item = new vscode.TreeItem(label, None);
        const gist = this.gists.get(node)?.text ?? '';
        item.description = gist;
        item.accessibilityInformation = { label: `${label}: ${gist}` };
        item.tooltip = this.evidenceText(evidence);
        item.command = this.revealCommand(node);
        return item;
      }
      case 'node': {
        // One row that holds all others, a document's title, would say nothing while it is closed.
        const holdsAll = this.roots.length === 1 && !element.above;
        return this.nodeItem(element, element.below.length === 0 ? None : holdsAll ? Expanded : Collapsed);
      }
    }
  }

  /** A hot spot, by its line and its text as they are now. */
  private spotItem(id: number): vscode.TreeItem {
    const model = this.model!;
    const range = model.rangeOf(id);
    const text = wordsOf(model, id, MOST_SPOT);
    const line = range.start.line + 1;
    // The heat may have been cleared since the row was asked for.
    const intensity = model.heat?.result.intensity[id] ?? 0;
    const item = new vscode.TreeItem(`${line} · ${text}`);
    item.id = `spot:${id}`;
    item.description = heatText(intensity);
    item.iconPath = flame(stepOf(intensity));
    const around = this.namesAround(id);
    item.tooltip = around.length > 0 ? `${around.join(' › ')}\n${text}` : text;
    const spoken = vscode.l10n.t('heat {0} percent', wholePercent(intensity));
    item.accessibilityInformation = { label: `${vscode.l10n.t('line {0}', line)}, ${spoken}: ${text}` };
    item.command = this.revealCommand(id);
    return item;
  }

  private nodeItem({ id, node }: OutlineEntry, state: vscode.TreeItemCollapsibleState): vscode.TreeItem {
    const model = this.model!;
    const label = this.labelOf(node);
    const gist = this.gists.get(node.id)?.text ?? '';
    const item = new vscode.TreeItem(label, state);
    item.id = id;
    const intensity = model.heat?.result.intensity[node.id];
    item.description = intensity === undefined ? gist : `${heatText(intensity)}  ${gist}`;
    const step = intensity === undefined ? 0 : stepOf(intensity);
    item.iconPath = step >= WARM_STEP ? flame(step) : new vscode.ThemeIcon(ICONS[node.kind] ?? 'symbol-misc');
    const topic = this.topicOfNode.get(node.id)?.label;
    item.tooltip = [label, gist, ...(topic ? [vscode.l10n.t('Topic: {0}', topic)] : [])].join('\n');
    const lines = vscode.l10n.t('lines {0} to {1}', node.startLine, node.endLine);
    const spoken = intensity === undefined ? '' : `, ${vscode.l10n.t('heat {0} percent', wholePercent(intensity))}`;
    item.accessibilityInformation = { label: `${node.kind} ${label}, ${lines}${spoken}: ${gist}` };
    item.command = this.revealCommand(node.id);
    return item;
  }

  private labelOf(node: TreeNode): string {
    return node.name ?? vscode.l10n.t('({0}, line {1})', node.kind, node.startLine);
  }

  /** The outline's entries that hold a node, outermost first. */
  private namesAround(id: number): string[] {
    const { nodes } = this.model!.analysis!.tree;
    const names: string[] = [];
    for (let at = nodes[id]!.parent; at > 0; at = nodes[at]!.parent)
      if (this.entries.has(at)) names.unshift(this.labelOf(nodes[at]!));
    return names;
  }

  private revealCommand(node: number): vscode.Command {
    return { command: INTERNAL_COMMANDS.reveal, title: vscode.l10n.t('Show'), arguments: [this.model!.id, node] };
  }

  private evidenceText(nodes: readonly number[]): string {
    const model = this.model!;
    const quotes = nodes.map((id) => `• ${wordsOf(model, id, MOST_EVIDENCE)}`);
    return [vscode.l10n.t('Earned by:'), ...quotes].join('\n');
  }

  private refresh(): void {
    const model = this.documents.active;
    // Each of these is a message to the editor, and most changes (a keystroke) alter neither.
    const message = messageOf(model) ?? '';
    if (this.view.message !== message) this.view.message = message;
    const description = model?.heat ? `“${model.heat.title}”` : '';
    if (this.view.description !== description) this.view.description = description;
    const shown = [model, model?.analysis, model?.heat, messageOfFailure(model)];
    if (isSame(this.shown, shown)) return;
    const analysisChanged = this.shown[1] !== shown[1];
    this.shown = shown;
    this.model = model;
    if (analysisChanged) this.index();
    this.spots = { type: 'spots', nodes: model ? hotSpots(model) : [] };
    this.spotRows = this.spots.nodes.slice(0, MOST_SPOTS).map((node) => ({ type: 'spot', node }));
    this.changed.fire(undefined);
  }

  private index(): void {
    const analysis = this.model?.analysis;
    this.gists = new Map(analysis?.summary.sections.map((g) => [g.node, g]));
    this.topicOfNode = new Map(analysis?.sectionTopics.map((t) => [t.node, t]));
    this.topics = analysis ? topicElements(analysis) : [];
    this.entries = outlineEntries(analysis?.tree.nodes ?? []);
    this.roots = [...this.entries.values()].filter((entry) => !entry.above);
  }

  private async follow(editor: vscode.TextEditor): Promise<void> {
    const model = this.model;
    if (!this.view.visible || !settings.followCursor() || editor.document !== model?.document) return;
    const element = this.rowAt(model, editor.document.offsetAt(editor.selection.active));
    if (!element || this.view.selection[0] === element) return;
    try {
      await this.view.reveal(element, { select: true, focus: false, expand: false });
    } catch {
      // The tree was redrawn meanwhile; the next move of the cursor follows again.
    }
  }
  /** The row of a place: its hot spot where that begins there, as it does for who goes from one to the next, else what is around it. */
  private rowAt(model: DocumentModel, offset: number): Element | undefined {
    const spot = this.spotRows.find(({ node }) => model.ranges?.start(node) === offset);
    if (spot) return spot;
    const around = model.nodeAt(offset, (n) => this.entries.has(n.id));
    return around && this.entries.get(around.id);
  }
}

function heatText(intensity: number): string {
  return `${bar(intensity)} ${wholePercent(intensity)} %`;
}

/** The colours of the text are too faint for an icon; those of the ruler are seen at any size. */
function flame(step: number): vscode.ThemeIcon {
  return new vscode.ThemeIcon('flame', new vscode.ThemeColor(step >= HOT_STEP ? COLOURS.ruler : COLOURS.rulerWarm));
}

/** The document's topics, then those that only parts of it have, each with the places that it stands out in. */
function topicElements({ topics, sectionTopics }: DocumentAnalysis): Element[] {
  const labels = new Set([...topics, ...sectionTopics].map((t) => t.label));
  const elements = [...labels].map((label) => ({
    type: 'topic' as const,
    label,
    ofDocument: topics.find((t) => t.label === label),
    sections: sectionTopics.filter((t) => t.label === label),
  }));
  return [
    ...elements.filter((e) => e.ofDocument),
    ...elements.filter((e) => !e.ofDocument).sort((a, b) => b.sections.length - a.sections.length),
  ];
}

function placesText(count: number): string {
  return count === 1 ? vscode.l10n.t('in 1 place') : vscode.l10n.t('in {0} places', count);
}

/** One line above the tree: progress, staleness, or the reason why there is nothing. */
function messageOf(model: DocumentModel | undefined): string | undefined {
  const { l10n } = vscode;
  if (!model) return undefined;
  if (model.state === 'analysing') {
    const share = encodedShare(model.progress);
    if (share === undefined) return l10n.t('Reading the document…');
    return l10n.t('Reading the document… {0} %', Math.floor(100 * share));
  }
  // Where there is nothing else to show, the only row says it.
  if (model.state === 'failed') return isEmpty(model) && !model.analysis ? undefined : messageOfFailure(model);
  if (model.stale) return l10n.t('The text has changed since the analysis.');
  return model.unansweredNote;
}

function isEmpty(model: DocumentModel | undefined): boolean {
  return model?.error?.code === 'empty';
}

/** Why the document could not be analysed; undefined where the view's welcome text says it, which needs an empty view. */
function messageOfFailure(model: DocumentModel | undefined): string | undefined {
  if (model?.state !== 'failed' || (!model.analysis && model.error?.code === 'engine-down')) return undefined;
  return model.error?.message;
}
