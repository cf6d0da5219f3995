/** “Explain This Place”: heat by scale and word, and the ladder of attention, as a list in which every row leads somewhere. */
import * as vscode from 'vscode';
import type { RequestOptions } from '../client/index.js';
import type { AttentionLadder, TreeNode } from '../protocol/document.js';
import { StrataError } from '../protocol/errors.js';
import { percent } from '../protocol/percent.js';
import type { DocumentModel } from './document-model.js';
import type { Engine } from './engine.js';
import { firstWords } from './first-words.js';
import { explain, number } from './heatmap/hover.js';
import { withoutIcons } from './icons.js';

interface Row extends vscode.QuickPickItem {
  range?: vscode.Range;
}

const MOST_WORDS = 12;
const MOST_TITLE = 80;
export const LADDER_TARGETS = 6;

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
  const heading = (label: string): void => void rows.push({ label, kind: vscode.QuickPickItemKind.Separator });
  if (heat) {
    const found = await explain(model, engine, node, options);
    throwIfReadAgain();
    heading(withoutIcons(l10n.t('Heat for “{0}”', heat.title)));
    rows.push({
      label: l10n.t('Heat {0}', number(found.score)),
      description: l10n.t('rank {0} of {1}', found.rank, found.ranked),
      range: model.rangeOf(node.id),
    });
    for (const s of found.scales) {
      rows.push({
        label: `$(layers) ${number(s.contribution)}`,
        description: withoutIcons(s.label),
        range: model.rangeNow(s.range),
      });
    }
    const words = [...found.words]
      .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
      .slice(0, MOST_WORDS);
    if (words.length > 0) heading(l10n.t('Its own words'));
    for (const w of words)
      rows.push({
        label: `$(symbol-text) ${number(w.contribution)}`,
        description: withoutIcons(w.text),
        range: model.rangeNow(w.range),
      });
    if (Math.abs(found.context) > 5e-4)
      rows.push({
        label: `$(symbol-text) ${number(found.context)}`,
        description: l10n.t('context from its neighbours'),
      });
    if (found.met.length > 0) heading(l10n.t('Words of the question, and what they meet'));
    for (const m of found.met)
      rows.push({
        label: `$(arrow-both) ${number(m.cosine)}`,
        description: withoutIcons(`${m.asked} → ${m.text}`),
        range: model.rangeNow(m.range),
      });
    if (found.ledBy.length > 0) heading(l10n.t('The question was led on by what it found first'));
    for (const id of found.ledBy)
      rows.push({ label: '$(search)', description: withoutIcons(nodeText(model, id)), range: model.rangeOf(id) });
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

function ladderRows(model: DocumentModel, ladder: AttentionLadder): Row[] {
  const { l10n } = vscode;
  const rows: Row[] = [
    { label: l10n.t('Where it looks (adds up to 100 %)'), kind: vscode.QuickPickItemKind.Separator },
  ];
  for (const rung of ladder.rungs) {
    rows.push({
      label: `$(eye) ${percent(rung.share)}`,
      description: withoutIcons(rung.label),
      range: model.rangeOf(rung.node),
    });
    if (rung.node === ladder.node) continue;
    for (const target of rung.targets.slice(0, 3)) {
      rows.push({
        label: `    $(arrow-right) ${percent(target.share)}`,
        description: withoutIcons(nodeText(model, target.node)),
        range: model.rangeOf(target.node),
      });
    }
  }
  if (ladder.lookers.length > 0)
    rows.push({ label: l10n.t('Who looks at it'), kind: vscode.QuickPickItemKind.Separator });
  for (const looker of ladder.lookers) {
    rows.push({
      label: `$(arrow-left) ${percent(looker.share)}`,
      description: withoutIcons(nodeText(model, looker.node)),
      range: model.rangeOf(looker.node),
    });
  }
  return rows;
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
  const words =
    node.name && node.children.length > 0
      ? `${node.kind} ${node.name}`
      : firstWords(model.document.getText(model.rangeOf(id)), MOST_TITLE);
  return `${words} · ${vscode.l10n.t('line {0}', line)}`;
}
