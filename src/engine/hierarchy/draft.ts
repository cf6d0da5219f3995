/**
 * From a rough outline of a document to its tree. Parsers write `DraftNode`s; `finishTree` makes them sound:
 * whatever they left uncovered becomes leaves, so that every non-blank character lies under exactly one leaf.
 */
import type { DocumentGenre, DocumentTree, NodeKind, TextRange, TreeNode } from '../../protocol/document.js';
import { hasStatements } from '../../protocol/document.js';
import { saysNothing } from './code/closing.js';
import { isBlank, LineIndex, linesBetween, STOP } from './text.js';

export interface DraftNode {
  kind: NodeKind;
  name?: string;
  /** UTF-16 offsets; may include surrounding blanks, overlap neighbours slightly or leave gaps: `finishTree` mends it. */
  start: number;
  end: number;
  children: DraftNode[];
  description?: TextRange;
  /** A leaf that is no part of the text itself and is not encoded. */
  silent?: true;
}

/** A leaf longer than this is cut: heat and summaries on it would say nothing. */
const MAX_LEAF_LINES = 24;
const MAX_LEAF_CHARS = 2_000;
const CUT_LINES = 12;
/** A paragraph of fewer lines stays with the next. */
const LEAST_LINES = 3;
const CUT_CHARS = 400;

const SENTENCE_END = new RegExp(String.raw`${STOP}\s`, 'gu');
/** What is said at all: a letter or a digit. */
export const WORD = /[\p{L}\p{N}]/u;
/** Or what opens a bracket, which belongs to what follows. */
const WORD_OR_OPENS = new RegExp(String.raw`${WORD.source}|[([{]\s*$`, 'u');

/**
 * Makes a sound tree of `root`, whatever its ranges look like. Linear in text and nodes; never throws. `silentGaps`: what lies between the
 * drafts is no part of what the text says.
 */
export function finishTree(
  text: string,
  root: DraftNode,
  info: { language: string; genre: DocumentGenre; fallback?: string; silentGaps?: boolean },
): DocumentTree {
  const lines = new LineIndex(text);
  const leafKind: NodeKind = hasStatements(info.genre) ? 'statement' : 'sentence';
  const nodes: TreeNode[] = [];

  const add = (draft: Omit<DraftNode, 'children'>, parent: number): TreeNode => {
    const node: TreeNode = {
      id: nodes.length,
      kind: draft.kind,
      ...(draft.name ? { name: draft.name } : {}),
      start: draft.start,
      end: draft.end,
      startLine: lines.lineAt(draft.start) + 1,
      endLine: lines.lineAt(Math.max(draft.start, draft.end - 1)) + 1,
      parent,
      children: [],
    };
    if (draft.description) {
      const start = Math.max(draft.start, draft.description.start);
      const end = Math.min(draft.end, draft.description.end);
      if (end > start) node.description = { start, end };
    }
    nodes.push(node);
    if (parent >= 0) nodes[parent]!.children.push(node.id);
    return node;
  };

  const addLeaf = (draft: Omit<DraftNode, 'children'>, parent: number): void => {
    for (const range of cutLeaf(text, lines, draft.start, draft.end)) {
      const leaf = add({ ...draft, ...range }, parent);
      if (draft.silent) leaf.silent = true;
      if (draft.silent || isTrivial(leaf)) leaf.trivial = true;
    }
  };

  const isTrivial = ({ kind, start, end }: TreeNode): boolean => {
    const raw = text.slice(start, end);
    return !WORD.test(raw) || (info.genre === 'code' && kind === 'statement' && saysNothing(raw, info.language, start));
  };

  /** Text between children: an empty list, or leaves; lone punctuation joins the leaf before it. */
  const addGap = (start: number, end: number, parent: number): void => {
    const range = trim(text, start, end);
    if (!range) return;
    if (!WORD.test(text.slice(range.start, range.end))) {
      const last = nodes.at(-1)!;
      if (last.parent === parent && last.children.length === 0) {
        last.end = range.end;
        last.endLine = lines.lineAt(range.end - 1) + 1;
        return;
      }
    }
    addLeaf({ kind: leafKind, ...range, ...(info.silentGaps ? { silent: true } : {}) }, parent);
  };

  const visit = (draft: DraftNode, from: number, to: number, parent: number): number => {
    const range = trim(text, Math.max(from, draft.start), Math.min(to, draft.end));
    if (!range) return from;
    if (isLeafKind(draft.kind)) {
      addLeaf({ ...draft, ...range }, parent);
      return range.end;
    }
    fill(add({ ...draft, ...range }, parent), draft.children);
    return range.end;
  };

  const fill = ({ id, start, end }: TreeNode, children: readonly DraftNode[]): void => {
    let at = start;
    for (const child of [...children].sort((a, b) => a.start - b.start)) {
      if (child.end <= at || child.start >= end) continue;
      addGap(at, child.start, id);
      at = Math.max(at, visit(child, Math.max(at, child.start), end, id));
    }
    addGap(at, end, id);
  };

  fill(add({ ...root, kind: 'file', start: 0, end: text.length }, -1), root.children);
  return {
    language: info.language,
    genre: info.genre,
    length: text.length,
    nodes,
    ...(info.fallback ? { fallback: info.fallback } : {}),
  };
}

function isLeafKind(kind: NodeKind): boolean {
  return kind === 'statement' || kind === 'sentence';
}

/** The draft of a part of a text, moved to where the part begins in the whole. */
export function shift(draft: DraftNode, by: number): DraftNode {
  return {
    ...draft,
    start: draft.start + by,
    end: draft.end + by,
    children: draft.children.map((c) => shift(c, by)),
    ...(draft.description
      ? { description: { start: draft.description.start + by, end: draft.description.end + by } }
      : {}),
  };
}

/** The range without blanks at its ends; null when nothing is left. */
export function trim(text: string, start: number, end: number): TextRange | null {
  let s = start;
  let e = Math.min(end, text.length);
  while (s < e && isBlank(text[s]!)) s++;
  while (e > s && isBlank(text[e - 1]!)) e--;
  return e > s ? { start: s, end: e } : null;
}

/** The lines that are not blank, without the blanks at their ends. */
export function lineRanges(text: string, start: number, end: number): TextRange[] {
  const lines: TextRange[] = [];
  for (const line of linesBetween(text, start, end)) {
    const range = trim(text, line.start, line.end);
    if (range) lines.push(range);
  }
  return lines;
}

/** One statement of code, as a leaf. */
export function statement({ start, end }: TextRange): DraftNode {
  return { kind: 'statement', start, end, children: [] };
}

/** One leaf for each range of a text that is read. */
export function sentenceLeaves(ranges: readonly TextRange[]): DraftNode[] {
  return ranges.map((range) => ({ kind: 'sentence', ...range, children: [] }));
}

/** Whether a leaf would be cut into several. */
export function isOverlong(text: string, { start, end }: TextRange): boolean {
  return end - start > MAX_LEAF_CHARS || text.slice(start, end).split('\n').length > MAX_LEAF_LINES;
}

/** A comment that stands by itself; one that is cut into several leaves is a block that it describes, so that it is read as a whole. */
export function remark(text: string, range: TextRange): DraftNode {
  const leaf = statement(range);
  return isOverlong(text, range) ? { kind: 'block', ...range, children: [leaf], description: range } : leaf;
}

/** A leaf with the comment before it; a long comment is kept apart and describes it. */
export function commented(text: string, leaf: DraftNode, comment: TextRange): DraftNode {
  const whole = { start: comment.start, end: leaf.end };
  if (!isOverlong(text, comment)) return { ...leaf, ...whole };
  return { kind: 'block', ...whole, children: [statement(comment), leaf], description: comment };
}

/** Adds what stands up to `end` to a draft, and to those in it that end in the same line: behind a closing brace nothing is said of what ended above it. */
export function extend(text: string, draft: DraftNode, end: number): void {
  const last = draft.children.at(-1);
  if (last && !text.slice(last.end, draft.end).includes('\n')) extend(text, last, end);
  draft.end = Math.max(draft.end, end);
}

/** Cuts an overlong leaf at lines without words, else at lines, else (minified text) at separators. */
function cutLeaf(text: string, lines: LineIndex, start: number, end: number): TextRange[] {
  if (fits(lines, start, end)) return [{ start, end }];
  return paragraphsOf(text, lines, start, end).flatMap((paragraph) => {
    const range = trim(text, paragraph.start, paragraph.end);
    if (!range) return [];
    if (fits(lines, range.start, range.end)) return [range];
    const due = (from: number, to: number, count: number): boolean => count >= CUT_LINES || to - from > MAX_LEAF_CHARS;
    return cutLines(lines, range.start, range.end, due).flatMap((part) => cutChars(text, part.start, part.end));
  });
}

/** What stands between lines without words: blank ones, or nothing but the mark of a comment. */
function paragraphsOf(text: string, lines: LineIndex, start: number, end: number): TextRange[] {
  const paragraphs: TextRange[] = [];
  const due = (_: number, to: number, count: number): boolean =>
    count >= LEAST_LINES && !WORD_OR_OPENS.test(text.slice(lines.start(lines.lineAt(to - 1)), to));
  for (const part of cutLines(lines, start, end, due)) {
    const last = paragraphs.at(-1);
    if (last && !WORD.test(text.slice(part.start, part.end))) last.end = part.end;
    else paragraphs.push(part);
  }
  return paragraphs;
}

function fits(lines: LineIndex, start: number, end: number): boolean {
  const more = lines.lineAt(Math.max(start, end - 1)) - lines.lineAt(start);
  return more < MAX_LEAF_LINES && end - start <= MAX_LEAF_CHARS;
}

/** Cuts a range after each line at which `due`: from where, to where and how many lines the part would be. */
function cutLines(
  lines: LineIndex,
  start: number,
  end: number,
  due: (from: number, to: number, count: number) => boolean,
): TextRange[] {
  const ranges: TextRange[] = [];
  let from = start;
  let count = 0;
  const last = lines.lineAt(Math.max(start, end - 1));
  for (let line = lines.lineAt(start); line <= last; line++) {
    const to = Math.min(end, lines.start(line + 1));
    count++;
    if (line < last && !due(from, to, count)) continue;
    ranges.push({ start: from, end: to });
    from = to;
    count = 0;
  }
  return ranges;
}

/** The end of a sentence nearest to where a cut is due, counted from `from`: a long speech is cut where its thoughts are. */
function sentenceEndNear(text: string, from: number): number | undefined {
  const first = CUT_CHARS / 2;
  const ends = [...text.slice(from + first, from + CUT_CHARS + first).matchAll(SENTENCE_END)].map(
    (match) => first + match.index + match[0].length - 1,
  );
  return ends.sort((a, b) => Math.abs(a - CUT_CHARS) - Math.abs(b - CUT_CHARS))[0];
}

function cutChars(text: string, start: number, end: number): TextRange[] {
  const ranges: TextRange[] = [];
  let from = start;
  while (end - from > MAX_LEAF_CHARS) {
    const limit = Math.min(end, from + 2 * CUT_CHARS);
    let at = from + (sentenceEndNear(text, from) ?? CUT_CHARS);
    while (at < limit && !/[;,\s]/.test(text[at]!)) at++;
    at++;
    // Never between the halves of a surrogate pair.
    if (/[\uDC00-\uDFFF]/.test(text[at] ?? '')) at++;
    const range = trim(text, from, at);
    if (range) ranges.push(range);
    from = at;
  }
  const rest = trim(text, from, end);
  if (rest) ranges.push(rest);
  return ranges;
}
