// @vitest-environment jsdom
/** The picture of the bands: what is drawn where, what a click and the wheel do. */
import { beforeEach, expect, it, vi } from 'vitest';
import type { BandNode } from '../../../src/protocol/scales.js';
import { BandsView } from '../../../src/webview/bands.js';
import { columnWidths, Tree } from '../../../src/webview/columns.js';

const [WIDTH, HEIGHT] = [1000, 400];
const HEAT = Array.from({ length: 10 }, (_, i) => `rgb(${i + 1}, 0, 0)`);

/** What was drawn: filled rectangles by colour, and frames. */
let filled: { colour: string; top: number; height: number; left: number }[];
let frames: { colour: string; dashed: boolean; top: number }[];
let picked: number[];
let view: BandsView;

const node = (id: number, parent: number, kind: BandNode['kind'], start: number, end: number, heat?: number) =>
  ({ id, parent, kind, start, end, label: `n${id}`, startLine: 1, endLine: 1, ...(heat === undefined ? {} : { heat }) }) satisfies BandNode; // prettier-ignore
/** Two functions of 2,000 characters; the first has two statements, the second a thousand. */
const NODES = [
  node(0, -1, 'file', 0, 4000),
  node(1, 0, 'function', 0, 2000),
  node(2, 1, 'statement', 0, 1000, 0.45),
  node(3, 1, 'statement', 1000, 2000, 0.01),
  node(4, 0, 'function', 2000, 4000),
  ...Array.from({ length: 1000 }, (_, i) => node(5 + i, 4, 'statement', 2000 + 2 * i, 2002 + 2 * i, i === 500 ? 1 : 0)),
];

beforeEach(() => {
  [filled, frames, picked] = [[], [], []];
  vi.stubGlobal('ResizeObserver', class { observe(): void {} }); // prettier-ignore
  vi.stubGlobal('requestAnimationFrame', (paint: () => void) => {
    paint();
  });
  const style = document.documentElement.style;
  HEAT.forEach((colour, i) => {
    style.setProperty(`--vscode-strata-heat${i + 1}`, colour);
  });
  style.setProperty('--vscode-focusBorder', 'blue');
  style.setProperty('--vscode-charts-blue', 'green');
  let dashes: number[] = [];
  const context = {
    fillStyle: '', strokeStyle: '', globalAlpha: 1,
    scale() {}, save() {}, restore() {}, beginPath() {}, rect() {}, clip() {}, fillText() {},
    setLineDash: (d: number[]) => (dashes = d),
    fillRect(left: number, top: number, _: number, height: number) { filled.push({ colour: this.fillStyle, left, top, height }); },
    strokeRect(_: number, top: number) { frames.push({ colour: this.strokeStyle, dashed: dashes.length > 0, top }); },
  }; // prettier-ignore
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(context as unknown as null);
  vi.spyOn(HTMLCanvasElement.prototype, 'clientWidth', 'get').mockReturnValue(WIDTH);
  vi.spyOn(HTMLCanvasElement.prototype, 'clientHeight', 'get').mockReturnValue(HEIGHT);
  view = new BandsView('', '', (n) => `name ${n}`, (n) => picked.push(n), () => undefined); // prettier-ignore
  view.show(new Tree(NODES), undefined);
});

/** The middle of a column, from the left. */
function middleOf(column: number): number {
  const widths = columnWidths(new Tree(NODES));
  return WIDTH * (widths.slice(0, column).reduce((a, b) => a + b, 0) + widths[column]! / 2);
}

const at = (clientX: number, clientY: number): MouseEventInit => ({ clientX, clientY, cancelable: true });

it('a click picks the band under it', () => {
  for (const [column, y] of [
    [0, 10],
    [1, 10],
    [4, 10],
    [4, 150],
    [1, 300],
    [4, 300],
  ] as const)
    // prettier-ignore
    view.canvas.dispatchEvent(new MouseEvent('click', at(middleOf(column), y)));
  expect(picked).toEqual([0, 1, 2, 3, 4, 505]);
});

it('the band under the pointer is called by its name, however thin it is', () => {
  const under = (column: number, y: number): string => {
    view.canvas.dispatchEvent(new MouseEvent('mousemove', at(middleOf(column), y)));
    return view.canvas.title;
  };
  expect([under(1, 10), under(4, 300), under(0, 300)]).toEqual(['name 1', 'name 505', 'name 0']);
});

it('a click beside all bands of a column picks what is left of it', () => {
  view.show(
    new Tree([...NODES.slice(0, 4), node(4, 0, 'function', 2500, 4000), node(5, 4, 'statement', 2500, 4000)]),
    undefined,
  );
  view.canvas.dispatchEvent(new MouseEvent('click', at(middleOf(4), 220)));
  expect(picked).toEqual([0]);
});

it('the wheel moves the picture, with Ctrl it zooms around the pointer, both within the text', () => {
  const wheel = (deltaY: number, ctrlKey = false): void => {
    view.canvas.dispatchEvent(new WheelEvent('wheel', { ...at(0, HEIGHT / 2), deltaY, ctrlKey }));
  };
  expect(view.view).toBeUndefined();
  wheel(-100, true);
  expect(view.view).toEqual({ from: 400, to: 3600 });
  wheel(HEIGHT / 16);
  expect(view.view).toEqual({ from: 600, to: 3800 });
  wheel(HEIGHT);
  expect(view.view).toEqual({ from: 800, to: 4000 });
  wheel(-9 * HEIGHT);
  expect(view.view).toEqual({ from: 0, to: 3200 });
  for (let i = 0; i < 3; i++) wheel(100, true);
  expect(view.view).toBeUndefined();
});

it('keys zoom around the picked place, which stays in view, or comes into it', () => {
  view.mark({ picked: 2, targets: new Map() });
  view.zoomAtPicked(0.5);
  expect(view.view).toEqual({ from: 250, to: 2250 });
  for (let i = 0; i < 5; i++) view.zoomAtPicked(0.5);
  expect(view.view!.from).toBeGreaterThan(0);
  expect(view.view!.to).toBeLessThan(1000);
  view.mark({ picked: 4, targets: new Map() });
  view.zoomAtPicked(2);
  expect(view.view).toEqual({ from: 2937.5, to: 3062.5 });
});

it('a place that can be seen stays where it is, a thin one is brought near', () => {
  view.reveal(3);
  expect(view.view).toBeUndefined();
  view.reveal(505);
  const { from, to } = view.view!;
  expect((from + to) / 2).toBe(3001);
  expect(to - from).toBeLessThan(200);
});

it('colours are those of the heat; of bands thinner than a pixel the hottest is seen', () => {
  const warm = filled.filter(({ colour }) => HEAT.includes(colour));
  // A colour that lies under text is laid on twice.
  expect(warm).toEqual([
    ...Array<unknown>(2).fill(expect.objectContaining({ colour: HEAT[4], top: 0 })),
    ...Array<unknown>(warm.length - 2).fill(expect.objectContaining({ colour: HEAT[9], top: 300, height: 1 })),
  ]);
  expect(warm.length).toBeGreaterThan(4);
});

it('the picked place has a frame, and those that it looks at a dashed one', () => {
  frames = [];
  view.mark({ picked: 2, targets: new Map([[3, 0.2], [4, 0.1]]) }); // prettier-ignore
  expect(frames.filter((f) => f.colour === 'blue')).toEqual([{ colour: 'blue', dashed: false, top: 1.5 }]);
  expect(frames.filter((f) => f.colour === 'green')).toEqual([
    { colour: 'green', dashed: true, top: 201.5 },
    { colour: 'green', dashed: true, top: 101.5 },
  ]);
});
