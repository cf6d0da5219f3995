// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest';
import type { AttentionLadder } from '../../../src/protocol/document.js';
import type { BandNode } from '../../../src/protocol/scales.js';
import { SCALES_STRING_KEYS, type ScalesStrings } from '../../../src/protocol/scales-strings.js';
import { Tree } from '../../../src/webview/columns.js';
import { ladderView } from '../../../src/webview/ladder-view.js';
import { tableView } from '../../../src/webview/table-view.js';

const strings = Object.fromEntries(SCALES_STRING_KEYS.map((key) => [key, `<${key}>`])) as ScalesStrings;
const node = (id: number, parent: number, kind: BandNode['kind'], label: string, heat?: number): BandNode => ({
  id,
  kind,
  label,
  startLine: id + 1,
  endLine: id + 3,
  start: id,
  end: 9,
  parent,
  ...(heat === undefined ? {} : { heat }),
});
const nodes = [
  node(0, -1, 'file', 'a.py'),
  node(1, 0, 'function', 'read <b>', 0.42),
  node(2, 1, 'statement', 'x = 1'),
  node(3, 0, 'function', 'write'),
];

const ladder: AttentionLadder = {
  node: 2,
  layer: 'mean',
  head: 3,
  layers: 8,
  heads: 12,
  rungs: [
    { node: 2, label: 'itself', share: 0.6, targets: [{ node: 2, share: 0.3 }] },
    { node: 1, label: 'the rest of function read', share: 0.3, targets: [{ node: 1, share: 0.2 }] },
    { node: 0, label: 'other functions', share: 0.1, targets: [{ node: 3, share: 0.1 }] },
  ],
  lookers: [{ node: 3, share: 0.05 }],
};

let picked: number[];
let chosen: unknown[];
let view: HTMLElement;
beforeEach(() => {
  picked = [];
  chosen = [];
  view = ladderView(ladder, nodes, strings, {
    pick: (n) => picked.push(n),
    choose: (choice) => chosen.push(choice),
  });
});
const cells = (selector: string): string[] => [...view.querySelectorAll(selector)].map((e) => e.textContent);

describe('the ladder', () => {
  it('shows all rungs and that they add up', () => {
    expect(cells('tr.rung th')).toEqual(['itself', 'the rest of function read', 'other functions']);
    expect(cells('tr.rung td.number')).toEqual(['60.0 %', '30.0 %', '10.0 %']);
    expect(cells('tr.sum td')).toEqual(['100.0 %']);
    expect([...view.querySelectorAll('tr.rung meter')].map((e) => e.getAttribute('value'))).toEqual([
      '0.6',
      '0.3',
      '0.1',
    ]);
  });

  it('names each place by its line and its words, and what the page does not know by its number', () => {
    // What lies in the picked place is a part of “itself”.
    expect(cells('tr.target th')).toEqual(['2 · read <b>', '4 · write']);
    const unknown = { ...ladder, lookers: [{ node: 99, share: 0.1 }] };
    view = ladderView(unknown, nodes, strings, { pick: () => undefined, choose: () => undefined });
    expect(cells('tr.looker th')).toEqual(['99']);
  });

  it('every place except the picked one can be picked with the keyboard', () => {
    const buttons = [...view.querySelectorAll('button')];
    for (const button of buttons) button.click();
    expect(picked).toEqual([1, 1, 0, 3, 3]);
  });

  it('layer and head can be chosen, and averaged again', () => {
    const [layer, head] = [...view.querySelectorAll('select')];
    expect([layer!.value, head!.value]).toEqual(['mean', '3']);
    expect([...layer!.options].map((o) => o.text)).toEqual(['<mean>', '1', '2', '3', '4', '5', '6', '7', '8']);
    expect([...layer!.options].map((o) => o.value)).toEqual(['mean', '0', '1', '2', '3', '4', '5', '6', '7']);
    layer!.value = '5';
    layer!.dispatchEvent(new Event('change'));
    head!.value = 'mean';
    head!.dispatchEvent(new Event('change'));
    expect(chosen).toEqual([{ layer: 5 }, { head: 'mean' }]);
  });

  it('text of the document is never markup', () => {
    expect(view.querySelector('b')).toBeNull();
    expect(view.textContent).toContain('read <b>');
  });

  it('says so when nobody looks here', () => {
    const lonely = ladderView({ ...ladder, lookers: [] }, nodes, strings, { pick: () => 0, choose: () => 0 });
    expect(lonely.textContent).toContain('<noLookers>');
    expect(lonely.querySelectorAll('table')).toHaveLength(1);
  });
});

describe('the twin of the bands', () => {
  it('has the path, the picked node and what is in it, with heat in words', () => {
    const asked: number[] = [];
    const table = tableView(new Tree(nodes), 1, strings, (n) => asked.push(n));
    const rows = [...table.querySelectorAll('tbody tr')];
    expect(rows.map((r) => r.querySelector('button')!.textContent)).toEqual(['a.py', 'read <b>', 'x = 1']);
    expect(rows.map((r) => r.getAttribute('aria-current'))).toEqual([null, 'true', null]);
    expect(rows.map((r) => r.querySelector('th')!.className)).toEqual(['depth-0', 'depth-1', 'depth-2']);
    expect(rows.map((r) => r.querySelectorAll('td')[1]!.textContent)).toEqual(['1–3', '2–4', '3–5']);
    expect(rows.map((r) => r.querySelectorAll('td')[2]!.textContent)).toEqual(['–', '42 %', '–']);
    rows[2]!.querySelector('button')!.click();
    expect(asked).toEqual([2]);
  });

  it('calls what has no words by its kind, and one line by its number', () => {
    const bare = { ...node(0, -1, 'file', ''), endLine: 1 };
    const [row] = tableView(new Tree([bare]), 0, strings, () => undefined).querySelectorAll('tbody tr');
    expect(row!.querySelector('button')!.textContent).toBe('file');
    expect(row!.querySelectorAll('td')[1]!.textContent).toBe('1');
  });
});
