/** The ladder of scales and who looks here, as tables: the picture and its twin for keyboard and screen reader are one. */
import type { AttentionLadder, LayerOrHead } from '../protocol/document.js';
import type { ScalesStrings } from '../protocol/scales-strings.js';
import type { BandNode } from '../protocol/scales.js';
import { percent } from '../protocol/percent.js';
import { button, element } from './dom.js';

interface LadderActions {
  pick(node: number): void;
  /** One of them; the other one stays as it was chosen last, which may not be answered yet. */
  choose(choice: { layer?: LayerOrHead; head?: LayerOrHead }): void;
}

/** Rows of all rungs with bars, their strongest targets, the sum, and the lookers. */
export function ladderView(
  ladder: AttentionLadder,
  nodes: readonly BandNode[],
  strings: ScalesStrings,
  actions: LadderActions,
): HTMLElement {
  const rows: HTMLElement[] = [];
  for (const rung of ladder.rungs) {
    rows.push(
      row(
        rung.label,
        rung.share,
        'rung',
        rung.node === ladder.node
          ? undefined
          : () => {
              actions.pick(rung.node);
            },
      ),
    );
    if (rung.node === ladder.node) continue;
    for (const target of rung.targets) {
      rows.push(
        row(placeName(nodes, target.node), target.share, 'target', () => {
          actions.pick(target.node);
        }),
      );
    }
  }
  const sum = ladder.rungs.reduce((total, rung) => total + rung.share, 0);
  const foot = element(
    'tfoot',
    {},
    element(
      'tr',
      { class: 'sum' },
      element('th', { scope: 'row' }, strings.sum),
      element('td', { class: 'number' }, percent(sum)),
    ),
  );
  const table = element(
    'table',
    { class: 'ladder', 'aria-label': strings.ladder },
    head(strings),
    element('tbody', {}, ...rows),
    foot,
  );
  return element(
    'section',
    {},
    element('h2', {}, strings.ladder),
    choices(ladder, strings, actions),
    element('p', { class: 'note' }, strings.ladderNote),
    table,
    element('h2', {}, strings.lookers),
    element('p', { class: 'note' }, ladder.lookers.length > 0 ? strings.lookersNote : strings.noLookers),
    ...(ladder.lookers.length > 0
      ? [
          element(
            'table',
            { class: 'ladder', 'aria-label': strings.lookers },
            head(strings),
            element(
              'tbody',
              {},
              ...ladder.lookers.map((l) =>
                row(placeName(nodes, l.node), l.share, 'looker', () => {
                  actions.pick(l.node);
                }),
              ),
            ),
          ),
        ]
      : []),
  );
}

function head(strings: ScalesStrings): HTMLElement {
  return element(
    'thead',
    {},
    element(
      'tr',
      {},
      element('th', { scope: 'col' }, strings.place),
      element('th', { scope: 'col', class: 'number' }, strings.share),
    ),
  );
}

function row(label: string, share: number, kind: string, onPick?: () => void): HTMLElement {
  // Long labels are shown as far as two lines go; the whole one is in the title.
  const name = onPick ? button(label, onPick, { class: 'link', title: label }) : element('span', {}, label);
  const bar = element('meter', { min: '0', max: '1', value: String(Math.min(1, share)), 'aria-hidden': 'true' });
  return element(
    'tr',
    { class: kind },
    element('th', { scope: 'row' }, name),
    element('td', { class: 'number' }, bar, percent(share)),
  );
}

function choices(ladder: AttentionLadder, strings: ScalesStrings, actions: LadderActions): HTMLElement {
  const select = (
    label: string,
    count: number,
    now: LayerOrHead,
    onChange: (value: LayerOrHead) => void,
  ): HTMLElement => {
    const made = element('select', { 'aria-label': label });
    made.append(element('option', { value: 'mean' }, strings.mean));
    for (let i = 0; i < count; i++) made.append(element('option', { value: String(i) }, String(i + 1)));
    made.value = String(now);
    made.addEventListener('change', () => {
      onChange(made.value === 'mean' ? 'mean' : Number(made.value));
    });
    return element('label', {}, `${label} `, made);
  };
  return element(
    'div',
    { class: 'choices' },
    select(strings.layer, ladder.layers, ladder.layer, (layer) => {
      actions.choose({ layer });
    }),
    select(strings.head, ladder.heads, ladder.head, (head) => {
      actions.choose({ head });
    }),
  );
}

function placeName(nodes: readonly BandNode[], id: number): string {
  const node = nodes[id];
  return node ? `${node.startLine} · ${node.label}` : String(id);
}
