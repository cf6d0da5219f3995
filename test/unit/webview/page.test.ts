// @vitest-environment jsdom
/** The Scales page as a whole: what the host tells it, what it tells the host, and what it keeps. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { AttentionLadder } from '../../../src/protocol/document.js';
import { SCALES_STRING_KEYS, type ScalesStrings } from '../../../src/protocol/scales-strings.js';
import { type BandNode, type FromScales, fromScalesSchema, type ToScales } from '../../../src/protocol/scales.js';

const node = (id: number, parent: number, label: string, start: number, end: number): BandNode => ({
  id,
  kind: parent < 0 ? 'file' : 'function',
  label,
  startLine: id + 1,
  endLine: id + 1,
  start,
  end,
  parent,
});

const STRINGS: ScalesStrings = {
  ...(Object.fromEntries(SCALES_STRING_KEYS.map((key) => [key, `<${key}>`])) as ScalesStrings),
  table: 'As a table',
  layer: 'Layer',
  head: 'Head',
  showInEditor: 'Show in editor',
  more: '{0} left',
  line: 'line {0}',
  lineRange: 'Zeilen {0} bis {1}',
  question: 'Question',
  stale: 'The text has changed.',
  scaleFile: 'File',
  scaleParts: 'Parts | sections',
  scaleBlocks: 'Blocks',
  scaleStatements: 'Statements',
};
const NODES = [node(0, -1, 'a.py', 0, 200), node(1, 0, 'alpha', 0, 100), node(2, 0, 'beta', 100, 200)];

const state = (changes: Partial<Extract<ToScales, { type: 'state' }>> = {}): ToScales => ({
  type: 'state',
  document: 'file:///a.py',
  title: 'a.py',
  nodes: NODES,
  picked: 2,
  stale: false,
  strings: STRINGS,
  ...changes,
});

const ladder = (of: number, layer: 'mean' | number = 'mean'): AttentionLadder => ({
  node: of,
  layer,
  head: 'mean',
  layers: 8,
  heads: 12,
  rungs: [
    { node: of, label: 'itself', share: 0.8, targets: [] },
    { node: 0, label: 'other functions', share: 0.2, targets: [{ node: 1, share: 0.2 }] },
  ],
  lookers: [],
});

let told: FromScales[];
let kept: unknown;
/** Of the page that was loaded before, which is gone in the editor. */
let old: EventListener | undefined;

/** Loads the page anew, as the editor does whenever it is shown again. */
async function load(): Promise<void> {
  document.body.innerHTML = '<div id="app"></div>';
  told = [];
  if (old) window.removeEventListener('message', old);
  const listen = vi.spyOn(window, 'addEventListener');
  vi.resetModules();
  await import('../../../src/webview/scales.js');
  old = listen.mock.calls.find(([type]) => type === 'message')![1] as EventListener;
  listen.mockRestore();
}

function tell(message: unknown): void {
  window.dispatchEvent(new MessageEvent('message', { data: message }));
}

const SECOND: ToScales = { type: 'ladder', ladder: ladder(2) };

const $ = (selector: string): HTMLElement => document.querySelector<HTMLElement>(selector)!;
const picks = (): unknown[] => told.filter((m) => m.type === 'pick');

/** As somebody does who goes there with the keyboard. */
function choose(name: 'Layer' | 'Head', value: string): void {
  const select = $(`select[aria-label="${name}"]`) as HTMLSelectElement;
  select.focus();
  select.value = value;
  select.dispatchEvent(new Event('change'));
}

beforeEach(async () => {
  kept = undefined;
  vi.stubGlobal('ResizeObserver', class { observe(): void {} }); // prettier-ignore
  vi.stubGlobal('acquireVsCodeApi', () => ({
    postMessage: (message: unknown) => told.push(fromScalesSchema.parse(message)),
    getState: () => kept,
    setState: (value: unknown) => (kept = structuredClone(value)),
  }));
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null);
  await load();
});

describe('the Scales page', () => {
  it('says that it is ready, and picks what the host says', () => {
    expect(told).toEqual([{ type: 'ready' }]);
    tell(state());
    expect(picks()).toEqual([{ type: 'pick', node: 2, layer: 'mean', head: 'mean' }]);
    tell(SECOND);
    expect($('.picked-title').textContent).toBe('beta');
  });

  it('says in which lines a place is', () => {
    tell(state());
    tell(SECOND);
    expect($('aside').textContent).toContain('function, line 3');
    tell(state({ nodes: [NODES[0]!, NODES[1]!, { ...NODES[2]!, endLine: 9 }] }));
    tell(SECOND);
    expect($('aside').textContent).toContain('function, Zeilen 3 bis 9');
  });

  it('says what was asked, that the text has changed, and what the columns are', () => {
    tell(state());
    expect($('header').textContent).toBe('a.py');
    tell(state({ otherActive: 'b.py has not been analysed.' }));
    expect($('header').textContent).toBe('b.py has not been analysed.a.py');
    tell(state({ question: 'who calls beta', stale: true }));
    expect($('header').textContent).not.toContain('b.py');
    expect($('.question').textContent).toBe('Question: who calls beta');
    expect($('.stale').textContent).toBe('The text has changed.');
    const names = [...document.querySelectorAll<HTMLElement>('.scale-names span')];
    expect(names.map((n) => n.textContent)).toEqual(['File', 'Parts | sections', 'Blocks', 'Statements']);
    const widths = names.map((n) => parseFloat(n.style.flexBasis));
    expect(widths.reduce((a, b) => a + b, 0)).toBeCloseTo(100, 5);
    expect(widths[2]).toBe(0);
  });

  it('follows the cursor to another place, and nowhere else', () => {
    tell(state());
    tell({ type: 'follow', node: 1 });
    expect(picks().at(-1)).toMatchObject({ node: 1 });
    tell({ type: 'follow', node: 1 });
    tell({ type: 'follow', node: 99 });
    expect(picks()).toHaveLength(2);
    tell(state({ picked: 99 }));
    expect(picks().at(-1)).toMatchObject({ node: 2 });
  });

  it('shows no answer about a place that was left, and says what went wrong', () => {
    tell(state());
    tell({ type: 'follow', node: 1 });
    tell(SECOND);
    expect($('aside').textContent).toBe('');
    tell({ type: 'error', message: 'It is gone.' });
    expect($('aside [role=alert]').textContent).toBe('It is gone.');
  });

  it('says of which place it waits for an answer where that takes long', () => {
    vi.useFakeTimers();
    try {
      tell(state());
      tell(SECOND);
      tell({ type: 'follow', node: 1 });
      expect($('.picked-title').textContent).toBe('beta');
      vi.runAllTimers();
      expect($('.picked-title').textContent).toBe('alpha');
      expect($('.side').textContent).toContain('<waiting>');
      tell({ type: 'ladder', ladder: ladder(1) });
      vi.runAllTimers();
      expect($('.side').textContent).not.toContain('<waiting>');
    } finally {
      vi.useRealTimers();
    }
  });

  it('obeys its keys, and leaves all others to the editor', () => {
    const press = (key: string, modifiers: KeyboardEventInit = {}): boolean =>
      !$('canvas').dispatchEvent(new KeyboardEvent('keydown', { key, ...modifiers, cancelable: true }));
    const span = (): number => {
      const { view } = kept as { view?: { from: number; to: number } };
      return view ? view.to - view.from : 200;
    };
    tell(state());
    expect(['Enter', 'Home', 'ArrowRight', '+'].map((key) => press(key))).toEqual([true, true, true, true]);
    expect(told.filter((m) => m.type === 'reveal')).toEqual([{ type: 'reveal', node: 2 }]);
    expect(picks().slice(-2)).toMatchObject([{ node: 0 }, { node: 1 }]);
    expect(span()).toBeCloseTo(140);
    press('-');
    expect(span()).toBeCloseTo(196);
    expect(['Tab', 'F10', 'a'].map((key) => press(key))).toEqual([false, false, false]);
    const before = { told: told.length, span: span() };
    expect([
      press('-', { ctrlKey: true }),
      press('ArrowLeft', { altKey: true }),
      press('Enter', { metaKey: true }),
    ]).toEqual([false, false, false]);
    expect({ told: told.length, span: span() }).toEqual(before);
    expect(press('+', { shiftKey: true })).toBe(true);
  });

  it('keeps the focus on the row of the table that was activated', () => {
    tell(state());
    const row = $('.table [data-node="0"]');
    row.focus();
    row.click();
    expect(picks().at(-1)).toMatchObject({ node: 0 });
    expect(row.isConnected).toBe(false);
    expect(document.activeElement).toBe($('.table [data-node="0"]'));
  });

  it('keeps the focus on the picture when a new tree arrives', () => {
    tell(state());
    $('canvas').focus();
    tell(state({ nodes: [...NODES, node(3, 0, 'gamma', 200, 220)], picked: 3 }));
    expect(document.activeElement).toBe($('canvas'));
    $('canvas').dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp' }));
    expect(picks().at(-1)).toEqual({ type: 'pick', node: 2, layer: 'mean', head: 'mean' });
  });

  it('keeps the focus on the choice of a layer, and moves it to the title of a place that was followed', () => {
    tell(state());
    tell(SECOND);
    choose('Layer', '3');
    expect(picks().at(-1)).toEqual({ type: 'pick', node: 2, layer: 3, head: 'mean' });
    tell({ type: 'ladder', ladder: ladder(2, 3) });
    expect(document.activeElement).toBe($('select[aria-label="Layer"]'));
    const target = $('tr.target button');
    target.focus();
    target.click();
    tell({ type: 'ladder', ladder: ladder(1, 3) });
    expect(document.activeElement).toBe($('.picked-title'));
    expect($('.picked-title').textContent).toBe('alpha');
  });

  it('keeps a layer that was chosen when a head is chosen before the answer is there', () => {
    tell(state());
    tell(SECOND);
    choose('Layer', '3');
    choose('Head', '1');
    expect(picks().at(-1)).toEqual({ type: 'pick', node: 2, layer: 3, head: 1 });
  });

  it('gives the focus back to the choice of a layer whose answer takes long', () => {
    vi.useFakeTimers();
    try {
      tell(state());
      tell(SECOND);
      choose('Layer', '3');
      vi.runAllTimers();
      expect(document.activeElement).toBe($('.picked-title'));
      tell({ type: 'ladder', ladder: ladder(2, 3) });
      expect(document.activeElement).toBe($('select[aria-label="Layer"]'));
    } finally {
      vi.useRealTimers();
    }
  });

  it('comes back as it was: layer, open table', async () => {
    tell(state());
    tell(SECOND);
    choose('Layer', '3');
    const details = $('details') as HTMLDetailsElement;
    details.open = true;
    details.dispatchEvent(new Event('toggle'));
    await load();
    tell(state());
    expect(($('details') as HTMLDetailsElement).open).toBe(true);
    expect(picks().at(-1)).toEqual({ type: 'pick', node: 2, layer: 3, head: 'mean' });
  });

  it('stays where the reader has zoomed to when the same document comes again', () => {
    const view = (): unknown => (kept as { view?: unknown }).view;
    const nodes = [node(0, -1, 'a.py', 0, 20_000), ...NODES.slice(1)];
    tell(state({ nodes }));
    expect(view()).toBeDefined();
    for (let i = 0; i < 10; i++) $('canvas').dispatchEvent(new KeyboardEvent('keydown', { key: '-' }));
    expect(view()).toBeUndefined();
    tell(state({ nodes, stale: true }));
    expect(view()).toBeUndefined();
    tell(state({ nodes, document: 'file:///b.py' }));
    expect(view()).toBeDefined();
  });

  it('says that the text was edited, and keeps what is shown as it is', () => {
    tell(state());
    tell({ type: 'ladder', ladder: ladder(2) });
    const before = { side: $('aside').textContent, told: told.length };
    tell({ type: 'stale', stale: true });
    expect($('header').textContent).toContain('has changed');
    expect({ side: $('aside').textContent, told: told.length }).toEqual(before);
    tell({ type: 'stale', stale: false });
    expect($('header').textContent).not.toContain('has changed');
    tell(state({ stale: true }));
    expect($('header').textContent).toContain('has changed');
  });

  it('keeps the focus, and says aloud what happens, from the empty page to the bands', () => {
    tell({ type: 'empty', message: 'Nothing yet.', strings: STRINGS });
    const live = $('[role=status]');
    expect(live.textContent).toBe('Nothing yet.');
    $('button').focus();
    $('button').click();
    expect(told.at(-1)).toEqual({ type: 'analyze' });
    tell({ type: 'progress', message: 'Reading …', fraction: 0.1 });
    const progress = $('progress') as HTMLProgressElement;
    tell({ type: 'progress', message: 'Reading …', fraction: 0.6 });
    expect(progress.isConnected).toBe(true);
    expect(progress.value).toBe(0.6);
    expect(document.activeElement).toBe(progress);
    expect(live.textContent).toBe('Reading …');
    tell(state());
    expect(document.activeElement).toBe($('canvas'));
    expect($('[role=status]')).toBe(live);
    expect(live.textContent).toContain('beta');
  });

  it('says aloud what is picked in it, but not where the cursor of the editor goes', () => {
    const hasFocus = vi.spyOn(document, 'hasFocus').mockReturnValue(false);
    tell(state());
    tell({ type: 'follow', node: 1 });
    expect($('[role=status]').textContent).toBe('');
    hasFocus.mockReturnValue(true);
    $('canvas').dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown' }));
    expect($('[role=status]').textContent).toBe('beta, function, line 3');
    hasFocus.mockRestore();
  });

  it('says how many rows the table leaves out', () => {
    const many = Array.from({ length: 310 }, (_, i) => node(i + 1, 0, `f${i}`, i, i + 1));
    tell(state({ nodes: [node(0, -1, 'a.py', 0, 310), ...many], picked: 0 }));
    expect($('table').textContent).toContain('10 left');
  });

  it('does not fail over what it kept in another form', async () => {
    kept = { layer: -7 };
    await load();
    tell(state());
    expect(picks()).toHaveLength(1);
  });

  it('tells the host of a message that it cannot read, and stays as it is', () => {
    tell(state());
    tell({ type: 'state', nodes: [{ id: 0, heat: Number.NaN }] });
    expect(told.at(-1)).toMatchObject({ type: 'unreadable' });
    tell({ type: 'empty', message: 'Nothing yet.', strings: { analyze: 'Analyse' } });
    expect(told.filter(({ type }) => type === 'unreadable')).toHaveLength(2);
    expect($('h1').textContent).toBe('a.py');
  });
});
