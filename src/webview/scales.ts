/** The “Scales” page: bands on the left, the ladder of the picked node on the right. Says `ready` and draws what it is told. */
import type { AttentionLadder } from '../protocol/document.js';
import { SCALES_STRING_KEYS, type ScalesStrings } from '../protocol/scales-strings.js';
import { type BandNode, type FromScales, type ToScales, toScalesSchema } from '../protocol/scales.js';
import { BandsView } from './bands.js';
import { columnWidths, Tree } from './columns.js';
import { button, element } from './dom.js';
import { ladderView } from './ladder-view.js';
import { tableView } from './table-view.js';

interface VsCodeApi {
  postMessage(message: FromScales): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

const ARROWS: Readonly<Record<string, 'up' | 'down' | 'left' | 'right'>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

class ScalesPage {
  private readonly api = acquireVsCodeApi();
  private readonly app = document.getElementById('app')!;
  private strings = stringsOf({});
  private tree: Tree | undefined;
  private bands: BandsView | undefined;
  private picked = 0;
  private layer: 'mean' | number = 'mean';
  private head: 'mean' | number = 'mean';
  private readonly side = element('aside', { class: 'side' });
  private readonly table = element('div', { class: 'table' });
  private readonly live = element('div', { role: 'status', 'aria-live': 'polite', class: 'announce' });

  start(): void {
    window.addEventListener('message', (event: MessageEvent<unknown>) => {
      const parsed = toScalesSchema.safeParse(event.data);
      if (parsed.success) this.receive(parsed.data);
    });
    this.api.postMessage({ type: 'ready' });
  }

  private receive(message: ToScales): void {
    switch (message.type) {
      case 'state':
        this.strings = stringsOf(message.strings);
        this.showState(message);
        break;
      case 'empty':
        this.strings = stringsOf(message.strings);
        this.showEmpty(message.message);
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
        this.side.replaceChildren(element('p', { class: 'error', role: 'alert' }, message.message));
        break;
    }
  }

  private showState(state: Extract<ToScales, { type: 'state' }>): void {
    const { strings } = this;
    this.tree = new Tree(state.nodes);
    this.picked = Math.min(this.picked, state.nodes.length - 1);
    const bands = (this.bands ??= this.makeBands());
    const names = scaleNames(this.tree, strings);
    const header = element(
      'header',
      {},
      element('h1', {}, state.title),
      ...(state.question === undefined
        ? []
        : [element('p', { class: 'question' }, `${strings.question}: ${state.question}`)]),
      ...(state.stale ? [element('p', { class: 'stale' }, strings.stale)] : []),
    );
    const details = element('details', {}, element('summary', {}, strings.table), this.table);
    const wasOpen = this.app.querySelector('details')?.open ?? false;
    details.open = wasOpen;
    const main = element('main', {}, element('div', { class: 'picture' }, names, bands.canvas), this.side);
    this.app.replaceChildren(header, main, details, this.live);
    bands.show(this.tree);
    this.pick(this.picked);
  }

  private makeBands(): BandsView {
    const bands = new BandsView(this.strings.bands, this.strings.bandsHelp, (node) => {
      this.pick(node);
    });
    bands.canvas.addEventListener('keydown', (event) => {
      this.onKey(event);
    });
    return bands;
  }

  private onKey(event: KeyboardEvent): void {
    if (!this.tree) return;
    const direction = ARROWS[event.key];
    if (direction) this.pick(this.tree.move(this.picked, direction));
    else if (event.key === 'Enter') this.api.postMessage({ type: 'reveal', node: this.picked });
    else if (event.key === 'Home') this.pick(0);
    else if (event.key === '+' || event.key === '=') this.bands?.zoom(0.7);
    else if (event.key === '-') this.bands?.zoom(1.4);
    else return;
    event.preventDefault();
  }

  private pick(node: number): void {
    const { tree, strings } = this;
    const picked = tree?.nodes[node];
    if (!tree || !picked) return;
    this.picked = node;
    this.bands?.reveal(node);
    this.bands?.mark({ picked: node, targets: new Map() });
    const focused = document.activeElement instanceof HTMLElement && this.table.contains(document.activeElement);
    this.table.replaceChildren(
      tableView(tree, node, strings, (n) => {
        this.pick(n);
      }),
    );
    // The row that was activated is gone; its successor gets the focus.
    if (focused) this.table.querySelector<HTMLElement>(`[data-node="${node}"]`)?.focus();
    const heat = picked.heat === undefined ? '' : `, ${strings.heat} ${Math.round(100 * picked.heat)} %`;
    this.live.textContent = `${picked.label}, ${kindAndLines(picked, strings)}${heat}`;
    this.api.postMessage({ type: 'pick', node, layer: this.layer, head: this.head });
  }

  private showLadder(ladder: AttentionLadder): void {
    const { tree, strings } = this;
    // An answer about a place that was left meanwhile.
    if (!tree || ladder.node !== this.picked) return;
    const node = tree.nodes[ladder.node]!;
    const view = ladderView(ladder, tree.nodes, strings, {
      pick: (n) => {
        this.pick(n);
      },
      choose: (layer, head) => {
        this.layer = layer;
        this.head = head;
        this.api.postMessage({ type: 'pick', node: this.picked, layer, head });
      },
    });
    const title = element('h2', { class: 'picked-title' }, node.label);
    const show = button(strings.showInEditor, () => {
      this.api.postMessage({ type: 'reveal', node: ladder.node });
    });
    const where = element('p', { class: 'note' }, kindAndLines(node, strings));
    this.side.replaceChildren(title, where, show, view);
    const targets = new Map(
      ladder.rungs.slice(1).flatMap((r) => r.targets.map((t): [number, number] => [t.node, t.share])),
    );
    this.bands?.mark({ picked: ladder.node, targets });
    this.app.dataset['ladder'] = String(ladder.node);
  }

  private showEmpty(message: string): void {
    this.tree = undefined;
    const analyze = button(this.strings.analyze, () => {
      this.api.postMessage({ type: 'analyze' });
    });
    this.app.replaceChildren(element('div', { class: 'empty' }, element('p', {}, message), analyze));
  }

  private showProgress(message: string, fraction: number): void {
    this.app.replaceChildren(
      element(
        'div',
        { class: 'empty' },
        element('p', {}, message),
        element('progress', { max: '1', value: String(fraction), 'aria-label': message }),
      ),
    );
  }
}

/** “function, lines 3–9”. */
function kindAndLines(node: BandNode, strings: ScalesStrings): string {
  return `${node.kind}, ${strings.lines.toLowerCase()} ${node.startLine}–${node.endLine}`;
}

/** Names over the columns of the picture; parts have two columns and one name. */
function scaleNames(tree: Tree, strings: ScalesStrings): HTMLElement {
  const [file, outer, inner, blocks, statements] = columnWidths(tree);
  const widths = [file!, outer! + inner!, blocks!, statements!];
  const names = strings.scales.split('|').map((name, i) => {
    const span = element('span', { title: name }, name);
    span.style.flexBasis = `${100 * widths[i]!}%`;
    return span;
  });
  return element('div', { class: 'scale-names', 'aria-hidden': 'true' }, ...names);
}

/** The texts that the page needs; a key that the host did not send shows as itself. */
function stringsOf(sent: Readonly<Record<string, string>>): ScalesStrings {
  return Object.fromEntries(SCALES_STRING_KEYS.map((key) => [key, sent[key] ?? key])) as ScalesStrings;
}

new ScalesPage().start();
