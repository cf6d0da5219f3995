/** The bands' twin: the path to the picked node and what is in it, as a table that keyboard and screen reader can walk. */
import { wholePercent } from '../protocol/percent.js';
import type { ScalesStrings } from '../protocol/scales-strings.js';
import type { Tree } from './columns.js';
import { button, element } from './dom.js';

/** Rows beyond this are left to the picture; a table of thousands of rows helps nobody. */
const MOST_ROWS = 300;

export function tableView(
  tree: Tree,
  picked: number,
  strings: ScalesStrings,
  onPick: (node: number) => void,
): HTMLElement {
  const path = tree.path(picked);
  const rows = path.map((id, depth) => row(tree, id, depth, picked, onPick));
  for (const child of tree.children[picked]!.slice(0, MOST_ROWS))
    rows.push(row(tree, child, path.length, picked, onPick));
  const left = tree.children[picked]!.length - MOST_ROWS;
  if (left > 0) {
    const more = element('th', { scope: 'row', colspan: '4' }, strings.more.replace('{0}', String(left)));
    rows.push(element('tr', {}, more));
  }
  const columns = [strings.place, strings.kind, strings.lines, strings.heat].map((name) =>
    element('th', { scope: 'col' }, name),
  );
  return element(
    'table',
    { class: 'bands-table', 'aria-label': strings.bands },
    element('thead', {}, element('tr', {}, ...columns)),
    element('tbody', {}, ...rows),
  );
}

function row(tree: Tree, id: number, depth: number, picked: number, onPick: (node: number) => void): HTMLElement {
  const node = tree.nodes[id]!;
  const current: Record<string, string> = id === picked ? { 'aria-current': 'true', class: 'picked' } : {};
  const pick = button(
    node.label || node.kind,
    () => {
      onPick(id);
    },
    { class: 'link', 'data-node': String(id) },
  );
  const place = element('th', { scope: 'row', class: `depth-${Math.min(depth, 8)}` }, pick);
  const heat = node.heat === undefined ? '–' : `${wholePercent(node.heat)} %`;
  const lines = node.startLine === node.endLine ? String(node.startLine) : `${node.startLine}–${node.endLine}`;
  return element(
    'tr',
    current,
    place,
    element('td', {}, node.kind),
    element('td', { class: 'number' }, lines),
    element('td', { class: 'number' }, heat),
  );
}
