/** “Explain This Place”: heat by scale and word, and the ladder of attention, as a list in which every row leads somewhere. */
import * as vscode from 'vscode';
import type { RequestOptions } from '../client/index.js';
import type { AttentionLadder, HeatExplanation, TreeNode } from '../protocol/document.js';
import { StrataError } from '../protocol/errors.js';
import { percent } from '../protocol/percent.js';
import type { DocumentModel } from './document-model.js';
import type { Engine } from './engine.js';
import { wordsOf } from './first-words.js';
import { explain, number } from './heat-explanation.js';
import { withoutIcons } from './icons.js';

interface Row extends vscode.QuickPickItem {
  range?: vscode.Range;
}

const MOST_WORDS = 12;
const MOST_TITLE = 80;
export const LADDER_TARGETS = 6;
/** Of these so many are listed below a rung, to keep the list short; the Scales view shows all. */
const LISTED_TARGETS = 3;
/** Heat below it would be shown as 0.000. */
const LEAST_SHOWN = 5e-4;

/** Asks the engine about a node. Throws StrataError. */
export async function explanationRows(
  model: DocumentModel,
  engine: Pick<Engine, 'request'>,
  node: TreeNode,
  options: RequestOptions,
): Promise<Row[]> {
  const { l10n } = vscode;
  const { analysis, heat } = model;
  // Meanwhile the text may be read again; then the places that the engine names are others here.
  const throwIfReadAgain = (): void => {
    if (model.analysis === analysis) return;
    throw new StrataError('stale-document', l10n.t('The text was read again meanwhile. Explain the place once more.'));
  };
  const rows: Row[] = [];
  if (heat) {
    const explanation = await explain(model, engine, node, options);
    throwIfReadAgain();
    rows.push(...heatRows(model, heat.title, node, explanation));
  }
  const ladder = await engine.request(
    'attention',
    {
      documentId: model.id,
      version: analysis!.version,
      node: node.id,
      layer: 'mean',
      head: 'mean',
      targets: LADDER_TARGETS,
    },
    options,
  );
  throwIfReadAgain();
  rows.push(...ladderRows(model, ladder));
  return rows;
}

function heatRows(model: DocumentModel, title: string, node: TreeNode, explanation: HeatExplanation): Row[] {
  const { l10n } = vscode;
  const { score, rank, ranked, scales, words, context, met, ledBy } = explanation;
  const strongest = [...words].sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)).slice(0, MOST_WORDS);
  const sum = {
    label: l10n.t('Heat {0}', number(score)),
    description: l10n.t('rank {0} of {1}', rank, ranked),
    range: model.rangeOf(node.id),
  };
  const ofScales = scales.map((s) => ({
    label: `$(layers) ${number(s.contribution)}`,
    description: withoutIcons(s.label),
    range: model.rangeNow(s.range),
  }));
  const ofWords = strongest.map((w) => ({
    label: `$(symbol-text) ${number(w.contribution)}`,
    description: withoutIcons(w.text),
    range: model.rangeNow(w.range),
  }));
  const ofContext = {
    label: `$(symbol-text) ${number(context)}`,
    description: l10n.t('context from its neighbours'),
  };
  const ofMet = met.map((m) => ({
    label: `$(arrow-both) ${number(m.cosine)}`,
    description: withoutIcons(`${m.asked} → ${m.text}`),
    range: model.rangeNow(m.range),
  }));
  const leading = ledBy.map((id) => ({
    label: '$(search)',
    description: withoutIcons(nodeText(model, id)),
    range: model.rangeOf(id),
  }));
  return [
    ...titled(withoutIcons(l10n.t('Heat for “{0}”', title)), [sum, ...ofScales]),
    ...titled(l10n.t('Its own words'), ofWords),
    ...(Math.abs(context) > LEAST_SHOWN ? [ofContext] : []),
    ...titled(l10n.t('Words of the question, and what they meet'), ofMet),
    ...titled(l10n.t('The question was led on by what it found first'), leading),
  ];
}

/** Rows below a title; nothing where there are none. */
function titled(title: string, rows: readonly Row[]): Row[] {
  return rows.length > 0 ? [{ label: title, kind: vscode.QuickPickItemKind.Separator }, ...rows] : [];
}

function ladderRows(model: DocumentModel, ladder: AttentionLadder): Row[] {
  const { l10n } = vscode;
  const rungs = ladder.rungs.flatMap((rung): Row[] => {
    const row = {
      label: `$(eye) ${percent(rung.share)}`,
      description: withoutIcons(rung.label),
      range: model.rangeOf(rung.node),
    };
    const targets = rung.node === ladder.node ? [] : rung.targets.slice(0, LISTED_TARGETS);
    return [row, ...targets.map((target) => placeRow(model, target, '    $(arrow-right)'))];
  });
  return [
    ...titled(l10n.t('Where it looks (adds up to 100 %)'), rungs),
    ...titled(
      l10n.t('Who looks at it'),
      ladder.lookers.map((looker) => placeRow(model, looker, '$(arrow-left)')),
    ),
  ];
}

function placeRow(model: DocumentModel, { node, share }: { node: number; share: number }, icon: string): Row {
  return {
    label: `${icon} ${percent(share)}`,
    description: withoutIcons(nodeText(model, node)),
    range: model.rangeOf(node),
  };
}

/** Shows the rows; moving through them shows each place, Escape goes back to where the cursor was. */
export async function showExplanation(editor: vscode.TextEditor, title: string, rows: readonly Row[]): Promise<void> {
  const before = editor.visibleRanges[0];
  const pick = vscode.window.createQuickPick<Row>();
  pick.title = title;
  pick.placeholder = vscode.l10n.t('Move through the list to see each place; Enter goes there, Escape returns');
  pick.matchOnDescription = true;
  pick.items = rows;
  let accepted = false;
  const mark = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor('editor.rangeHighlightBackground'),
    isWholeLine: true,
  });
  const show = (range: vscode.Range | undefined): void => {
    editor.setDecorations(mark, range ? [range] : []);
    // The list covers the top of the text; the middle of a long place may say nothing of it.
    if (range) editor.revealRange(new vscode.Range(range.start, range.start), vscode.TextEditorRevealType.InCenter);
  };
  await new Promise<void>((resolve) => {
    pick.onDidChangeActive(([row]) => {
      show(row?.range);
    });
    pick.onDidAccept(() => {
      const range = pick.activeItems[0]?.range;
      if (range) {
        accepted = true;
        editor.selection = new vscode.Selection(range.start, range.end);
        show(range);
      }
      pick.hide();
    });
    pick.onDidHide(() => {
      if (!accepted && before) editor.revealRange(before, vscode.TextEditorRevealType.AtTop);
      mark.dispose();
      pick.dispose();
      resolve();
    });
    pick.show();
  });
}

export function nodeText(model: DocumentModel, id: number): string {
  const node = model.analysis!.tree.nodes[id]!;
  const line = model.rangeOf(id).start.line + 1;
  const words = node.name && node.children.length > 0 ? `${node.kind} ${node.name}` : wordsOf(model, id, MOST_TITLE);
  return `${words} · ${vscode.l10n.t('line {0}', line)}`;
}
