/**
 * Perl's programs and the documentation that stands in them (POD, perlpod(1)). The code is read by indentation; its documentation has sections by
 * headings, lists, and examples line by line, and what is written directly above a subroutine under its name belongs to that.
 */
import type { TextRange } from '../../../protocol/document.js';
import type { DraftNode } from '../draft.js';
import { lineRanges, sentenceLeaves, shift, statement, WORD } from '../draft.js';
import { indentationOutline } from '../code/fallback.js';
import { COMMAND, textOfPod } from './pod-text.js';
import type { Heading } from './sections.js';
import { between, firstFrom, nestSections } from './sections.js';
import { sentences } from './sentences.js';
import { blanked, isBlank, LineIndex } from '../text.js';

const CLOSES = /^=cut\b/;
const HEADING = /^head([1-6])$/;
/** Of lists in lists. */
const DEEPEST = 12;
/** Of a text that is documentation so much is code at the most: the lines that make a module of it. */
const LITTLE_CODE = 0.1;

/** Outline of a program with its documentation, or of documentation alone: a file that is hardly anything else is `told`. */
export function perlOutline(text: string): { root: DraftNode; told: boolean } {
  const parts = podParts(text);
  const code = withoutPod(text, parts);
  const root = indentationOutline(code, 'perl');
  const inside = new Map<DraftNode, DraftNode[]>();
  for (const part of parts) {
    const drafts = documentation(text, part);
    const around = innermost(root, part);
    const below = around.children[firstFrom(around.children, part.end)];
    if (below?.kind === 'function') describe(below, drafts);
    const told = inside.get(around);
    if (told) for (const draft of drafts) told.push(draft);
    else inside.set(around, drafts);
  }
  for (const [around, drafts] of inside)
    around.children = [...around.children, ...drafts].sort((a, b) => a.start - b.start);
  return { root, told: letters(code) < LITTLE_CODE * letters(text) };
}

function letters(text: string): number {
  return text.replace(/\s+/g, '').length;
}

function documentation(text: string, { start, end }: TextRange): DraftNode[] {
  return new Documentation(text.slice(start, end)).drafts().map((draft) => shift(draft, start));
}

/** From a command at the beginning of a line to the line that closes it, or to the end. */
function podParts(text: string): TextRange[] {
  const lines = new LineIndex(text);
  const parts: TextRange[] = [];
  let start: number | undefined;
  for (let i = 0; i < lines.count; i++) {
    const line = lines.line(i);
    if (start === undefined && COMMAND.test(line)) start = lines.start(i);
    if (start === undefined || !(CLOSES.test(line) || i === lines.count - 1)) continue;
    parts.push({ start, end: lines.start(i + 1) });
    start = undefined;
  }
  return parts;
}

function withoutPod(text: string, parts: readonly TextRange[]): string {
  const pieces: string[] = [];
  let from = 0;
  for (const { start, end } of parts) {
    pieces.push(text.slice(from, start), blanked(text.slice(start, end)));
    from = end;
  }
  return pieces.join('') + text.slice(from);
}

/** The innermost draft with parts around a range. */
function innermost(whole: DraftNode, { start, end }: TextRange): DraftNode {
  let around = whole;
  for (;;) {
    const inner = around.children[firstFrom(around.children, start) - 1];
    if (!inner || inner.children.length === 0 || inner.end <= end) return around;
    around = inner;
  }
}

/** Runs of lines that are not blank. */
function paragraphsOf(text: string): TextRange[] {
  const lines = new LineIndex(text);
  const found: TextRange[] = [];
  let open: TextRange | undefined;
  for (let i = 0; i < lines.count; i++) {
    if (isBlank(lines.line(i))) {
      open = undefined;
      continue;
    }
    if (!open) found.push((open = { start: lines.start(i), end: 0 }));
    open.end = lines.start(i + 1);
  }
  return found;
}

/** What is said in one part of a text, from its first command to the one that closes it. */
class Documentation {
  private readonly headings: Heading[] = [];
  private readonly blocks: DraftNode[] = [];
  /** Lists that are open, outer before inner. */
  private readonly lists: DraftNode[] = [];
  /** The item that nothing was said of yet. */
  private item: DraftNode | undefined;
  /** The example that ends directly above. */
  private example: DraftNode | undefined;
  /** What ends a piece that is for one kind of output. */
  private until: string | undefined;

  constructor(private readonly text: string) {
    for (const paragraph of paragraphsOf(text)) this.read(paragraph);
    this.closeLists(0, text.length);
  }

  drafts(): DraftNode[] {
    return nestSections(this.text, this.headings, between(this.blocks)).children;
  }

  private read(range: TextRange): void {
    const { start, end } = range;
    const paragraph = this.text.slice(start, end);
    const { item, example } = this;
    this.item = undefined;
    this.example = undefined;
    if (this.until !== undefined) {
      if (paragraph.startsWith(this.until)) this.until = undefined;
      this.add(silent(range));
      return;
    }
    const [marks, command] = COMMAND.exec(paragraph) ?? [];
    if (marks === undefined) {
      if (/^[ \t]/.test(paragraph)) this.show(range, example);
      else this.say(range, item);
      return;
    }
    const level = HEADING.exec(command!)?.[1];
    if (level !== undefined) {
      this.closeLists(0, start);
      this.headings.push({ level: Number(level), name: textOfPod(paragraph), start, bodyStart: end });
    } else if (command === 'item' && textOfPod(paragraph) !== '') {
      const labelled = start + marks.length;
      const children = [silent({ start, end: labelled }), ...sentenceLeaves([{ start: labelled, end }])];
      const name = textOfPod(paragraph);
      this.item = { kind: 'block', ...(WORD.test(name) ? { name } : {}), ...range, children };
      this.add(this.item);
    } else {
      if (command === 'over') this.openList(start);
      this.add(silent(range));
      if (command === 'back') this.closeLists(Math.max(0, this.lists.length - 1), end);
      if (command === 'begin') this.until = closingOf(paragraph.slice(marks.length));
    }
  }

  /** A paragraph; the first one below an item tells of that. */
  private say(range: TextRange, item: DraftNode | undefined): void {
    const children = sentenceLeaves(sentences(this.text, range.start, range.end));
    const paragraph: DraftNode = { kind: 'paragraph', ...range, children };
    if (item) {
      item.children.push(paragraph);
      item.end = range.end;
    } else this.add(paragraph);
  }

  /** Lines that are shown as they stand; blank ones between them part no example. */
  private show(range: TextRange, before: DraftNode | undefined): void {
    this.example = before ?? { kind: 'block', ...range, children: [] };
    for (const line of lineRanges(this.text, range.start, range.end)) this.example.children.push(statement(line));
    this.example.end = range.end;
    if (!before) this.add(this.example);
  }

  private here(): DraftNode[] {
    return this.lists.at(-1)?.children ?? this.blocks;
  }

  private add(draft: DraftNode): void {
    this.here().push(draft);
  }

  private openList(start: number): void {
    if (this.lists.length >= DEEPEST) return;
    const list: DraftNode = { kind: 'block', start, end: this.text.length, children: [] };
    this.add(list);
    this.lists.push(list);
  }

  private closeLists(left: number, end: number): void {
    for (const list of this.lists.splice(left)) list.end = end;
  }
}

function silent(range: TextRange): DraftNode {
  return { ...statement(range), silent: true };
}

/** What closes a piece for one kind of output (`html`, `comment`); what names its kind with a colon is POD. */
function closingOf(output: string): string | undefined {
  const name = /^(?!:)\S+/.exec(output)?.[0];
  return name === undefined ? undefined : `=end ${name}`;
}

/** Gives a subroutine what is written above it, from the last heading or item on, if that names it. */
function describe(sub: DraftNode, drafts: DraftNode[]): void {
  const above = lastNamed(drafts);
  const name = sub.name?.split(/::|'/).at(-1);
  if (!above || !name || !above.name!.split(/[^\w]+/).includes(name)) return;
  const own = takeFrom(drafts, above.start).flatMap((d) => (d === above ? d.children : [d]));
  const told = own.find((d) => d.kind === 'paragraph');
  sub.start = above.start;
  sub.children = [...own, ...sub.children];
  if (told) sub.description = { start: told.start, end: told.children.at(-1)!.end };
}

/** The last section or item. */
function lastNamed(drafts: readonly DraftNode[]): DraftNode | undefined {
  for (const draft of drafts.toReversed()) {
    const found = lastNamed(draft.children) ?? (draft.name === undefined ? undefined : draft);
    if (found) return found;
  }
  return undefined;
}

/** Removes all drafts that begin at an offset or behind it, and returns them in order. */
function takeFrom(drafts: DraftNode[], from: number): DraftNode[] {
  const first = drafts.findIndex((d) => d.start >= from);
  const taken = first < 0 ? [] : drafts.splice(first);
  const around = drafts.at(-1);
  if (!around || around.end <= from) return taken;
  around.end = from;
  return [...takeFrom(around.children, from), ...taken];
}
