/** Structure without a grammar: indentation makes blocks, blank lines separate them. For unknown languages and broken code. */
import type { DraftNode } from './draft.js';
import { LineIndex } from './text.js';

const MAX_DEPTH = 12;

/** Outline of any text by indentation and blank lines. Each line that is indented no deeper than its block is a statement. */
export function indentationOutline(text: string): DraftNode {
  const lines = new LineIndex(text);
  const indents: number[] = [];
  for (let i = 0; i < lines.count; i++) {
    const line = lines.line(i);
    const blank = line.trim() === '';
    indents.push(blank ? -1 : line.length - line.trimStart().length);
  }
  return { kind: 'file', start: 0, end: text.length, children: blocks(lines, indents, 0, lines.count, 0) };
}

/** Statements and blocks of the lines [from, to). A deeper-indented run is the body of the line before it. */
function blocks(lines: LineIndex, indents: readonly number[], from: number, to: number, depth: number): DraftNode[] {
  const drafts: DraftNode[] = [];
  let base = Infinity;
  for (let i = from; i < to; i++) if (indents[i]! >= 0) base = Math.min(base, indents[i]!);
  let i = from;
  while (i < to) {
    if (indents[i]! < 0) {
      i++;
      continue;
    }
    let end = i + 1;
    let last = i;
    while (end < to && (indents[end]! < 0 || indents[end]! > base)) {
      if (indents[end]! > base) last = end;
      end++;
    }
    const start = lines.start(i);
    const stop = lines.start(last + 1);
    if (last > i && depth < MAX_DEPTH && indents[i]! === base) {
      const head: DraftNode = { kind: 'statement', start, end: lines.start(i + 1), children: [] };
      const name = lines.line(i).trim().slice(0, 60);
      drafts.push({
        kind: 'block',
        name,
        start,
        end: stop,
        children: [head, ...blocks(lines, indents, i + 1, last + 1, depth + 1)],
      });
    } else drafts.push({ kind: 'statement', start, end: stop, children: [] });
    i = last + 1;
  }
  return drafts;
}
