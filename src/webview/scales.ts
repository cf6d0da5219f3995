/** The “Scales” page: bands on the left, the ladder of the picked node on the right. Says `ready` and draws what it is told. */
import * as z from 'zod';
import type { AttentionLadder, LayerOrHead } from '../protocol/document.js';
import { wholePercent } from '../protocol/percent.js';
import type { ScalesStrings } from '../protocol/scales-strings.js';
import {
  type BandNode,
  type FromScales,
  type PageState,
  pageStateSchema,
  type ToScales,
  toScalesSchema,
} from '../protocol/scales.js';
import { BandsView } from './bands.js';
import { columnWidths, Tree } from './columns.js';
import { button, element } from './dom.js';
import { ladderView } from './ladder-view.js';
import { tableView } from './table-view.js';

interface VsCodeApi {
  postMessage(message: FromScales): void;
  getState(): unknown;
  setState(state: PageState): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

const ARROWS: Readonly<Record<string, 'up' | 'down' | 'left' | 'right'>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

/** Nearly every answer is there before; where the engine reads the document again, none is for seconds. */
const PATIENCE_MS = 500;

class ScalesPage {
  private readonly api = acquireVsCodeApi();
  private readonly app = document.getElementById('app')!;
  /** They come with the first message that shows any. */
  private strings!: ScalesStrings;
  private document = '';
  private tree: Tree | undefined;
  private bands: BandsView | undefined;
  private picked = 0;
  private layer: LayerOrHead = 'mean';
  private head: LayerOrHead = 'mean';
  private waiting: number | undefined;
  /** Of the choice in the side that had the focus last; it is gone while an answer is waited for, and then there again. */
  private labelOfFocus: string | null = null;
  // Made once and filled anew with each state: what is taken out of the page loses the focus.
  private readonly header = element('header');
  private readonly stale = element('p', { class: 'stale' });
  private readonly names = element('div', { class: 'scale-names', 'aria-hidden': 'true' });
  private readonly picture = element('div', { class: 'picture' }, this.names);
  private readonly side = element('aside', { class: 'side' });
  private readonly main = element('main', {}, this.picture, this.side);
  private readonly summary = element('summary');
  private readonly table = element('div', { class: 'table' });
  private readonly details = element('details', {}, this.summary, this.table);
  private readonly progress = element('progress', { max: '1', tabindex: '-1' });
  private readonly content = element('div', { class: 'content' });
  /** Always in the page: what is put into it together with its text is not read out. */
  private readonly live = element('div', { role: 'status', 'aria-live': 'polite', class: 'announce' });

  start(): void {
    this.app.replaceChildren(this.content, this.live);
    window.addEventListener('message', (event: MessageEvent<unknown>) => {
      const parsed = toScalesSchema.safeParse(event.data);
      if (parsed.success) this.receive(parsed.data);
      else this.api.postMessage({ type: 'unreadable', problem: z.prettifyError(parsed.error) });
    });
    this.details.addEventListener('toggle', () => {
      this.remember();
    });
    this.api.postMessage({ type: 'ready' });
  }

  private receive(message: ToScales): void {
    switch (message.type) {
      case 'state':
        this.strings = message.strings;
        this.showState(message);
        break;
      case 'empty':
        this.strings = message.strings;
        this.showEmpty(message.message);
        break;
      case 'stale':
        this.showStale(message.stale);
        break;
      case 'progress':
        this.showProgress(message.message, message.fraction);
        break;
      case 'ladder':
        this.showLadder(message.ladder);
        break;
      case 'follow':
        if (this.tree && message.node < this.tree.nodes.length && message.node !== this.picked) this.pick(message.node);
        break;
      case 'error':
        window.clearTimeout(this.waiting);
        this.side.replaceChildren(element('p', { class: 'error', role: 'alert' }, message.message));
        break;
    }
  }

  private showState(state: Extract<ToScales, { type: 'state' }>): void {
    const { strings } = this;
    const bands = (this.bands ??= this.makeBands());
    const before = this.tree ? { document: this.document, view: bands.view } : this.restore();
    this.document = state.document;
    this.tree = new Tree(state.nodes);
    this.header.replaceChildren(
      ...(state.otherActive === undefined ? [] : [element('p', { class: 'note' }, state.otherActive)]),
      element('h1', {}, state.title),
      ...(state.question === undefined
        ? []
        : [element('p', { class: 'question' }, `${strings.question}: ${state.question}`)]),
    );
    this.stale.textContent = strings.stale;
    this.showStale(state.stale);
    this.names.replaceChildren(...scaleNames(this.tree, strings));
    this.summary.textContent = strings.table;
    const focused = !this.main.isConnected && this.replace(this.header, this.main, this.details);
    const same = before?.document === state.document;
    bands.show(this.tree, same ? before.view : undefined);
    if (focused) bands.canvas.focus();
    this.pick(Math.min(state.picked, state.nodes.length - 1), !same);
  }

  private showStale(stale: boolean): void {
    if (stale) this.header.append(this.stale);
    else this.stale.remove();
  }

  private makeBands(): BandsView {
    const bands = new BandsView(
      this.strings.bands,
      this.strings.bandsHelp,
      (node) => nameAndPlace(this.tree!.nodes[node]!, this.strings),
      (node) => {
        this.pick(node);
      },
      () => {
        this.remember();
      },
    );
    bands.canvas.addEventListener('keydown', (event) => {
      this.onKey(event);
    });
    this.picture.append(bands.canvas);
    return bands;
  }

  /** Takes up what the page remembered before it was hidden. */
  private restore(): PageState | undefined {
    const parsed = pageStateSchema.safeParse(this.api.getState());
    if (!parsed.success) return undefined;
    this.layer = parsed.data.layer;
    this.head = parsed.data.head;
    this.details.open = parsed.data.table;
    return parsed.data;
  }

  private remember(): void {
    if (!this.tree) return;
    const { document, layer, head } = this;
    const view = this.bands?.view;
    this.api.setState({ document, layer, head, table: this.details.open, ...(view ? { view } : {}) });
  }

  private onKey(event: KeyboardEvent): void {
    // With one of these it is a key of the editor, which hears it, too.
    if (!this.tree || event.ctrlKey || event.metaKey || event.altKey) return;
    const direction = ARROWS[event.key];
    if (direction) this.pick(this.tree.move(this.picked, direction));
    else if (event.key === 'Enter') this.api.postMessage({ type: 'reveal', node: this.picked });
    else if (event.key === 'Home') this.pick(0);
    else if (event.key === '+' || event.key === '=') this.bands?.zoomAtPicked(0.7);
    else if (event.key === '-') this.bands?.zoomAtPicked(1.4);
    else return;
    event.preventDefault();
  }

  /** `show` brings the place into the picture. */
  private pick(node: number, show = true): void {
    const { tree, strings } = this;
    const picked = tree?.nodes[node];
    if (!tree || !picked) return;
    this.picked = node;
    if (show) this.bands?.reveal(node);
    this.bands?.mark({ picked: node, targets: new Map() });
    const focused = document.activeElement instanceof HTMLElement && this.table.contains(document.activeElement);
    this.table.replaceChildren(
      tableView(tree, node, strings, (n) => {
        this.pick(n);
      }),
    );
    // The row that was activated is gone; its successor gets the focus.
    if (focused) this.table.querySelector<HTMLElement>(`[data-node="${node}"]`)?.focus();
    const heat = picked.heat === undefined ? '' : `, ${strings.heat} ${wholePercent(picked.heat)} %`;
    // Who moves the cursor in the editor hears from the editor where it is.
    this.live.textContent = document.hasFocus() ? nameAndPlace(picked, strings) + heat : '';
    this.askForLadder(picked);
  }

  /** What stands in the side is about another place, or other heads, until the answer is there. */
  private askForLadder(node: BandNode): void {
    this.api.postMessage({ type: 'pick', node: node.id, layer: this.layer, head: this.head });
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => {
      this.showSide(node, element('p', { class: 'note' }, this.strings.waiting));
    }, PATIENCE_MS);
  }

  private showLadder(ladder: AttentionLadder): void {
    const { tree, strings } = this;
    // An answer about a place that was left meanwhile.
    if (!tree || ladder.node !== this.picked) return;
    window.clearTimeout(this.waiting);
    const node = tree.nodes[ladder.node]!;
    const view = ladderView(ladder, tree.nodes, strings, {
      pick: (n) => {
        this.pick(n);
      },
      choose: ({ layer = this.layer, head = this.head }) => {
        this.layer = layer;
        this.head = head;
        this.remember();
        this.askForLadder(node);
      },
    });
    this.showSide(node, view);
    const targets = new Map(
      ladder.rungs.slice(1).flatMap((r) => r.targets.map((t): [number, number] => [t.node, t.share])),
    );
    this.bands?.mark({ picked: ladder.node, targets });
    this.app.dataset['ladder'] = String(ladder.node);
  }

  private showSide(node: BandNode, content: HTMLElement): void {
    const { strings } = this;
    const title = element('h2', { class: 'picked-title', tabindex: '-1' }, node.label);
    const show = button(strings.showInEditor, () => {
      this.api.postMessage({ type: 'reveal', node: node.id });
    });
    const where = element('p', { class: 'note' }, kindAndLines(node, strings));
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement : undefined;
    const inside = focused && this.side.contains(focused);
    this.side.replaceChildren(title, where, show, content);
    // What had the focus is gone: a choice of layer or head is there again, a place that was followed has become the title.
    if (inside) {
      if (!focused.matches('.picked-title')) this.labelOfFocus = focused.getAttribute('aria-label');
      const choices = [...this.side.querySelectorAll('select')];
      const again = choices.find((e) => e.getAttribute('aria-label') === this.labelOfFocus);
      (again ?? title).focus();
    }
  }

  private showEmpty(message: string): void {
    this.tree = undefined;
    const analyze = button(this.strings.analyze, () => {
      this.api.postMessage({ type: 'analyze' });
    });
    if (this.replace(element('div', { class: 'empty' }, element('p', {}, message), analyze))) analyze.focus();
    this.live.textContent = message;
  }

  private showProgress(message: string, fraction: number): void {
    const { progress } = this;
    progress.value = fraction;
    if (progress.isConnected) return;
    progress.setAttribute('aria-label', message);
    if (this.replace(element('div', { class: 'empty' }, element('p', {}, message), progress))) progress.focus();
    this.live.textContent = message;
  }

  /** Fills the page anew; whether the focus was in what is gone. */
  private replace(...children: HTMLElement[]): boolean {
    const focused = this.content.contains(document.activeElement);
    this.content.replaceChildren(...children);
    return focused;
  }
}

/** “parse, function, lines 3–9”. */
function nameAndPlace(node: BandNode, strings: ScalesStrings): string {
  return `${node.label}, ${kindAndLines(node, strings)}`;
}

/** “function, lines 3–9”. */
function kindAndLines({ kind, startLine, endLine }: BandNode, strings: ScalesStrings): string {
  const lines = startLine === endLine ? strings.line : strings.lineRange;
  return `${kind}, ${lines.replace('{0}', String(startLine)).replace('{1}', String(endLine))}`;
}

/** Names over the columns of the picture; parts have two columns and one name. */
function scaleNames(tree: Tree, strings: ScalesStrings): HTMLElement[] {
  const [file, outer, inner, blocks, statements] = columnWidths(tree);
  const widths: [name: string, width: number][] = [
    [strings.scaleFile, file!],
    [strings.scaleParts, outer! + inner!],
    [strings.scaleBlocks, blocks!],
    [strings.scaleStatements, statements!],
  ];
  return widths.map(([name, width]) => {
    const span = element('span', { title: name }, name);
    span.style.flexBasis = `${100 * width}%`;
    return span;
  });
}

new ScalesPage().start();
