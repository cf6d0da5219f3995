/** The picture of the bands on a canvas: only what is in view is drawn, and what is thinner than a pixel is joined. */
import { HEAT_STEPS, stepOf } from '../protocol/heat-steps.js';
import { type Band, bandsBetween, columnWidths, COLUMNS, type Tree } from './columns.js';

export interface Marks {
  picked: number;
  /** Nodes that the picked one looks at, with shares. */
  targets: ReadonlyMap<number, number>;
}

interface Colours {
  background: string;
  foreground: string;
  border: string;
  band: string;
  /** How much of `band` lies on the background. */
  bandAlpha: number;
  focus: string;
  target: string;
  heat: string[];
}

const GAP = 2;
const TEXT_HEIGHT = 15;
const LEAST_SPAN = 60;
/** How often a colour that is made to lie under text is laid on. */
const HEAT_LAYERS = 2;

export class BandsView {
  readonly canvas: HTMLCanvasElement;
  private tree: Tree | undefined;
  /** Text offsets at the top and bottom of the picture. */
  private from = 0;
  private to = 1;
  private marks: Marks = { picked: -1, targets: new Map() };
  private scheduled = false;
  private colours: Colours;
  private widths: readonly number[] = [];

  constructor(
    label: string,
    help: string,
    /** What is said of the band under the pointer, which may have no room for a word. */
    nameOf: (node: number) => string,
    onPick: (node: number) => void,
    private readonly onLook: () => void,
  ) {
    this.canvas = document.createElement('canvas');
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute('role', 'img');
    this.canvas.setAttribute('aria-label', label);
    this.canvas.setAttribute('aria-description', help);
    this.colours = readColours();
    this.canvas.addEventListener('click', (event) => {
      const node = this.nodeAt(event.offsetX, event.offsetY);
      if (node !== undefined) onPick(node);
    });
    this.canvas.addEventListener('mousemove', (event) => {
      const node = this.nodeAt(event.offsetX, event.offsetY);
      this.canvas.title = node === undefined ? '' : nameOf(node);
    });
    this.canvas.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        if (event.ctrlKey) this.zoom(event.deltaY > 0 ? 1.25 : 0.8, event.offsetY / this.canvas.clientHeight);
        else this.pan((event.deltaY / this.canvas.clientHeight) * (this.to - this.from));
      },
      { passive: false },
    );
    new ResizeObserver(() => {
      this.draw();
    }).observe(this.canvas);
    // Canvas colours do not follow the theme by themselves.
    new MutationObserver(() => {
      this.colours = readColours();
      this.draw();
    }).observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  }

  /** Text offsets at the top and bottom of the picture; undefined while it shows the whole text. */
  get view(): { from: number; to: number } | undefined {
    return this.from === 0 && this.to === this.length ? undefined : { from: this.from, to: this.to };
  }

  /** Shows another tree: as much of it as `view` says, or the whole. */
  show(tree: Tree, view: { from: number; to: number } | undefined): void {
    this.tree = tree;
    this.widths = columnWidths(tree);
    if (view) this.look(view.from, view.to - view.from);
    else this.look(0, this.length);
  }

  private get length(): number {
    return Math.max(1, this.tree?.nodes[0]?.end ?? 1);
  }

  mark(marks: Marks): void {
    this.marks = marks;
    this.draw();
  }

  /** Brings a node into view with some of its surroundings, zooming in when it would be too thin to see. */
  reveal(node: number): void {
    const n = this.tree?.nodes[node];
    if (!n || !this.tree) return;
    const span = this.to - this.from;
    const inside = n.start >= this.from && n.end <= this.to;
    const height = ((n.end - n.start) / span) * this.canvas.clientHeight;
    if (inside && height >= 6) return;
    const parent = this.tree.nodes[Math.max(0, n.parent)]!;
    const wanted = Math.max(
      LEAST_SPAN,
      (n.end - n.start) * 12,
      Math.min(parent.end - parent.start, (n.end - n.start) * 60),
    );
    this.look((n.start + n.end) / 2 - wanted / 2, wanted);
  }

  private zoom(factor: number, anchor: number): void {
    const at = this.from + anchor * (this.to - this.from);
    const span = (this.to - this.from) * factor;
    this.look(at - anchor * span, span);
  }

  /** A key does not point anywhere: it is the picked place that somebody wants to see larger. */
  zoomAtPicked(factor: number): void {
    const n = this.tree?.nodes[this.marks.picked];
    if (!n) return;
    const span = this.to - this.from;
    const [top, bottom] = [Math.max(n.start, this.from), Math.min(n.end, this.to)];
    if (top < bottom) this.zoom(factor, ((top + bottom) / 2 - this.from) / span);
    else this.look((n.start + n.end - span * factor) / 2, span * factor);
  }

  private pan(by: number): void {
    this.look(this.from + by, this.to - this.from);
  }

  private look(from: number, span: number): void {
    const wanted = Math.min(this.length, Math.max(LEAST_SPAN, span));
    this.from = Math.min(Math.max(0, from), this.length - wanted);
    this.to = this.from + wanted;
    this.onLook();
    this.draw();
  }

  private nodeAt(x: number, y: number): number | undefined {
    if (!this.tree) return undefined;
    const offset = this.from + (y / this.canvas.clientHeight) * (this.to - this.from);
    let column = 0;
    for (let right = 0; column < COLUMNS - 1; column++) {
      right += this.widths[column]! * this.canvas.clientWidth;
      if (x <= right) break;
    }
    for (let c = column; c >= 0; c--) {
      const band = bandsBetween(this.tree.columns[c]!, offset, offset + 1)[0];
      if (band) return band.node;
    }
    return undefined;
  }

  /** Draws with the next frame; several wishes in between are one drawing. */
  draw(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      this.paint();
    });
  }

  private paint(): void {
    const { canvas, tree, colours } = this;
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (width === 0 || height === 0) return;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const context = canvas.getContext('2d');
    if (!context) return;
    context.scale(ratio, ratio);
    context.fillStyle = colours.background;
    context.fillRect(0, 0, width, height);
    if (!tree) return;
    context.font = `${getComputedStyle(canvas).fontSize} ${getComputedStyle(canvas).fontFamily}`;
    context.textBaseline = 'middle';
    let left = 0;
    for (let column = 0; column < COLUMNS; column++) {
      const columnWidth = this.widths[column]! * width;
      if (columnWidth === 0) continue;
      this.paintColumn(context, tree.columns[column]!, left, columnWidth - GAP, height);
      left += columnWidth;
    }
    canvas.dataset['drawn'] = String(tree.nodes.length);
  }

  private paintColumn(
    context: CanvasRenderingContext2D,
    bands: readonly Band[],
    left: number,
    width: number,
    height: number,
  ): void {
    const scale = height / (this.to - this.from);
    const visible = bandsBetween(bands, this.from, this.to);
    let row = -1;
    let hottest = -1;
    for (const band of visible) {
      const top = Math.max(0, (band.start - this.from) * scale);
      const bottom = Math.min(height, (band.end - this.from) * scale);
      const heat = this.tree!.nodes[band.node]!.heat ?? -1;
      if (bottom - top < 1.5) {
        // Bands thinner than a pixel share their row; the hottest of them is seen.
        const here = Math.floor(top);
        hottest = here === row ? Math.max(hottest, heat) : heat;
        row = here;
        this.fill(context, left, here, width, 1, hottest);
      } else {
        row = -1;
        this.paintBand(context, band, left, top, width, bottom - top, heat);
      }
    }
    for (const band of visible) this.paintMark(context, band, left, width, height, scale);
  }

  private paintBand(
    context: CanvasRenderingContext2D,
    band: Band,
    left: number,
    top: number,
    width: number,
    height: number,
    heat: number,
  ): void {
    const inner = Math.max(1, height - 1);
    this.fill(context, left, top, width, inner, heat);
    if (height > 4) {
      context.strokeStyle = this.colours.border;
      context.lineWidth = 1;
      context.strokeRect(left + 0.5, top + 0.5, width - 1, inner - 1);
    }
    if (height < TEXT_HEIGHT || width < 30) return;
    context.save();
    context.beginPath();
    context.rect(left + 4, top, width - 8, inner);
    context.clip();
    context.fillStyle = this.colours.foreground;
    context.fillText(this.tree!.nodes[band.node]!.label, left + 5, top + Math.min(inner / 2, TEXT_HEIGHT));
    context.restore();
  }

  private fill(
    context: CanvasRenderingContext2D,
    left: number,
    top: number,
    width: number,
    height: number,
    heat: number,
  ): void {
    context.globalAlpha = this.colours.bandAlpha;
    context.fillStyle = this.colours.band;
    context.fillRect(left, top, width, height);
    context.globalAlpha = 1;
    const step = stepOf(heat);
    if (step === 0) return;
    context.fillStyle = this.colours.heat[step - 1]!;
    for (let layer = 0; layer < HEAT_LAYERS; layer++) context.fillRect(left, top, width, height);
  }

  private paintMark(
    context: CanvasRenderingContext2D,
    band: Band,
    left: number,
    width: number,
    height: number,
    scale: number,
  ): void {
    const share = this.marks.targets.get(band.node);
    const picked = band.node === this.marks.picked;
    if (!picked && share === undefined) return;
    const top = Math.max(0, (band.start - this.from) * scale);
    const size = Math.max(3, Math.min(height, (band.end - this.from) * scale) - top - 1);
    context.strokeStyle = picked ? this.colours.focus : this.colours.target;
    context.lineWidth = picked ? 3 : 1 + Math.min(3, 12 * (share ?? 0));
    context.setLineDash(picked ? [] : [5, 3]);
    context.strokeRect(left + 1.5, top + 1.5, width - 3, Math.max(1, size - 2));
    context.setLineDash([]);
  }
}

function readColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const pick = (...names: string[]): string => {
    for (const name of names) {
      const value = style.getPropertyValue(`--vscode-${name}`).trim();
      if (value) return value;
    }
    return 'transparent';
  };
  const highContrast = document.body.matches('.vscode-high-contrast, .vscode-high-contrast-light');
  return {
    background: pick('editor-background'),
    foreground: pick('editor-foreground'),
    border: pick('contrastBorder', 'panel-border', 'editorWidget-border'),
    // Selections of high contrast themes are as bright as text: labels could not be read on them.
    band: highContrast
      ? pick('editor-foreground')
      : pick('editor-inactiveSelectionBackground', 'list-hoverBackground', 'editor-background'),
    bandAlpha: highContrast ? 0.15 : 1,
    focus: pick('focusBorder', 'contrastActiveBorder'),
    target: pick('charts-blue', 'textLink-foreground'),
    heat: Array.from({ length: HEAT_STEPS }, (_, i) => pick(`strata-heat${i + 1}`)),
  };
}
