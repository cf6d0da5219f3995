/** An analysis for people: the tree with gists, heat as bars and numbers. Plain text when colours are off. */
import picocolors from 'picocolors';
import columnsOf from 'string-width';
import { readingOfPlace } from '../engine/analysis/reading.js';
import {
  type DocumentAnalysis,
  type DocumentTree,
  type HeatResult,
  type NodeKind,
  OUTLINE_KINDS,
  startOfContent,
  type TreeNode,
  UNANSWERED,
} from '../protocol/document.js';
import { oneLine } from '../protocol/excerpt.js';
import { fit, withoutLineBreaks, wrap } from './columns.js';

interface RenderOptions {
  color: boolean;
  /** Columns a line may have. */
  width: number;
  /** Hottest passages listed. */
  top: number;
}

/** Said where the best places are no answers. */
export const NOTHING_ANSWERS = 'Nothing here seems to answer this question: these are only the least cold places.';
const BAR_CELLS = 5;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const GIST_LEAST = 24;

type Colors = ReturnType<typeof picocolors.createColors>;

/** The whole report, ending with a line break. */
export function renderAnalysis(
  file: string,
  text: string,
  analysis: DocumentAnalysis,
  heat: HeatResult | undefined,
  options: RenderOptions,
): string {
  const c = picocolors.createColors(options.color);
  const { tree, summary, device, timings } = analysis;
  const seconds = (timings.parse + timings.encode + timings.summarise) / 1000;
  const lines = [
    c.bold(fit(withoutLineBreaks(file), options.width)),
    c.dim(
      fit(
        `${tree.language}, ${count(tree.nodes[0]!.endLine, 'line')}, ${count(analysis.tokens, 'token')}; ` +
          `${seconds.toFixed(1)} s on ${device.provider} (${Math.round(analysis.tokens / Math.max(0.001, timings.encode / 1000))} tokens/s)`,
        options.width,
      ),
    ),
  ];
  if (tree.fallback) lines.push(...wrap(tree.fallback, options.width).map(c.yellow));
  if (analysis.truncated) lines.push(...wrap(analysis.truncated.reason, options.width).map(c.yellow));
  lines.push(...topicLines(analysis).flatMap((line) => wrap(line, options.width)));
  if (summary.file.length > 0) lines.push('', c.bold('Summary'));
  for (const gist of summary.file) {
    const where = c.dim(String(tree.nodes[gist.node]!.startLine).padStart(6));
    lines.push(
      ...wrap(oneLine(gist.text), options.width - 8).map((l, i) => `${i === 0 ? where : ' '.repeat(6)}  ${l}`),
    );
  }
  const outlined = outline(text, analysis, heat, options, c);
  const places = outlined.length > 0 ? ['', c.bold('Outline'), ...outlined] : [];
  const hot = heat ? ['', ...hottest(text, tree, heat, options, c)] : [];
  return `${[...lines, ...places, ...hot].join('\n')}\n`;
}

/** Topics of the whole document, and how many of its parts each topic stands out in. */
function topicLines({ topics, sectionTopics }: DocumentAnalysis): string[] {
  const parts = new Map<string, number>();
  for (const { label } of sectionTopics) parts.set(label, (parts.get(label) ?? 0) + 1);
  const counted = [...parts].sort((a, b) => b[1] - a[1]).map(([label, n]) => `${label} (${n})`);
  return [
    ...(topics.length > 0 ? [`Topics: ${topics.map((t) => t.label).join(', ')}`] : []),
    ...(counted.length > 0 ? [`Topics of parts: ${counted.join(', ')}`] : []),
  ];
}

function outline(
  text: string,
  analysis: DocumentAnalysis,
  heat: HeatResult | undefined,
  options: RenderOptions,
  c: Colors,
): string[] {
  const { tree, summary } = analysis;
  const gists = new Map(summary.sections.map((gist) => [gist.node, gist.text]));
  const kinds = outlineKinds(tree);
  const below = childrenOfKinds(tree, kinds);
  const lines: string[] = [];
  const visit = (id: number, indent: string): void => {
    const children = below.get(id) ?? [];
    children.forEach((child, i) => {
      const node = tree.nodes[child]!;
      const last = i === children.length - 1;
      const branch = `${indent}${last ? '└─ ' : '├─ '}`;
      const name = node.name === undefined ? '' : oneLine(node.name);
      const lineNumber = String(node.startLine).padStart(6);
      const bar = heat ? `${heatBar(heat.intensity[child]!, heat.meanCosines[child]!, c)} ` : '';
      const used = 8 + (heat ? BAR_CELLS + 8 : 0) + branch.length;
      const room = Math.max(8, options.width - used);
      const shownName = fit(name, room);
      const gist = gists.get(child) ?? (name === '' ? placeAsRead(text, tree, node) : '');
      const gistRoom = room - columnsOf(shownName) - (name === '' ? 0 : 2);
      const shownGist = !repeats(gist, name) && gistRoom >= GIST_LEAST ? fit(oneLine(gist), gistRoom) : '';
      const styled = node.kind === 'function' ? c.cyan(shownName) : c.bold(shownName);
      lines.push(
        `${c.dim(lineNumber)}  ${bar}${c.dim(branch)}${styled}${name !== '' && shownGist !== '' ? '  ' : ''}${c.dim(shownGist)}`.trimEnd(),
      );
      visit(child, `${indent}${last ? '   ' : '│  '}`);
    });
  };
  visit(0, '');
  return lines;
}

/** Whether a gist only repeats the heading, whatever stands between the words, and tells nothing. */
function repeats(gist: string, name: string): boolean {
  const [said, called] = [gist, name].map((words) => words.replace(/[^\p{L}\p{N}]+/gu, ''));
  return gist === name || (said === called && said !== '');
}

function hottest(text: string, tree: DocumentTree, heat: HeatResult, options: RenderOptions, c: Colors): string[] {
  const places = heat.ranking.slice(0, options.top).map((id) => {
    const node = tree.nodes[id]!;
    const room = options.width - 8 - BAR_CELLS - 8;
    return `${c.dim(String(node.startLine).padStart(6))}  ${heatBar(heat.intensity[id]!, heat.meanCosines[id]!, c)} ${fit(placeAsRead(text, tree, node), room)}`;
  });
  const unanswered = heat.answered < UNANSWERED ? wrap(NOTHING_ANSWERS, options.width).map(c.yellow) : [];
  return [c.bold(fit(`Hottest for ${asked(heat)}`, options.width)), ...unanswered, ...places];
}

function outlineKinds(tree: DocumentTree): readonly NodeKind[] {
  const has = (kinds: readonly NodeKind[]): boolean => tree.nodes.some((n) => kinds.includes(n.kind));
  // Functions in a text are examples.
  if (tree.genre === 'prose' && has(['section'])) return ['section'];
  // Blocks and paragraphs stand in where nothing larger exists.
  return has(OUTLINE_KINDS) ? OUTLINE_KINDS : ['block', 'paragraph'];
}

/** A bar of fixed width and the number beside it. */
function heatBar(intensity: number, meanCosine: number, c: Colors): string {
  const eighths = Math.round(Math.min(1, Math.max(0, intensity)) * BAR_CELLS * 8);
  const bar = `${'█'.repeat(Math.floor(eighths / 8))}${EIGHTHS[eighths % 8]!}`.padEnd(BAR_CELLS);
  const paint = intensity > 0.66 ? c.red : intensity > 0.33 ? c.yellow : c.dim;
  return `${paint(bar)} ${paint(meanCosine.toFixed(2).padStart(5))}`;
}

/** For each node the nearest descendants of the given kinds; a child of none of them is looked through. */
function childrenOfKinds(tree: DocumentTree, kinds: readonly NodeKind[]): Map<number, number[]> {
  const below = new Map<number, number[]>();
  const nearest = new Int32Array(tree.nodes.length);
  for (const node of tree.nodes.slice(1)) {
    const parent = nearest[node.parent]!;
    // A callback without a name tells a reader of the outline nothing, nor does what follows a section.
    const named = node.name !== undefined || (node.kind !== 'function' && node.kind !== 'section');
    const shown = kinds.includes(node.kind) && named;
    nearest[node.id] = shown ? node.id : parent;
    if (!shown) continue;
    const siblings = below.get(parent);
    if (siblings) siblings.push(node.id);
    else below.set(parent, [node.id]);
  }
  return below;
}

function asked(heat: HeatResult): string {
  return 'text' in heat.query ? `“${oneLine(heat.query.text)}”` : 'the selection';
}

/** A place as it reads, without the comment that describes it. */
export function placeAsRead(text: string, tree: DocumentTree, node: TreeNode): string {
  return readingOfPlace(tree, node, text.slice(startOfContent(node), node.end));
}

function count(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? '' : 's'}`;
}
