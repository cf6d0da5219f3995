/**
 * AsciiDoc, Org, MediaWiki and Typst: sections by marks at the beginning of a line, blocks that are shown as they are line by line, sentences in
 * the text between. What only their tools read is silent.
 */
import type { DraftNode } from '../draft.js';
import { lineRanges, sentenceLeaves } from '../draft.js';
import type { Heading } from './sections.js';
import { paragraphs } from './prose.js';
import { nestSections } from './sections.js';
import { isBlank, LineIndex } from '../text.js';

interface Dialect {
  /** Marks, as many as the section is deep, and its title. */
  heading: RegExp;
  /** Opens a block that is shown as it is; the first group names it. */
  opens: RegExp;
  /** Closes the block of a name. */
  closes: (name: string) => RegExp;
  /** A block of this name is a comment. */
  remark: RegExp;
  /** A line that readers do not see. */
  hidden: RegExp;
  /** Whether the lines directly below the document's title tell who wrote it, and when. */
  bylines?: true;
  /** What a title may be underlined with instead, by level. */
  underlines?: string;
}

const { raw } = String;
/** A line that underlines a title. */
const RULE = /^((\S)\2{2,})\s*$/;
const BEGINS_TITLE = /^[\p{L}\p{N}]/u;

/** Marks, a title and what may close it. A title is words with blanks between, so that there is one way to read a row of blanks. */
function headed(marks: string, between: string, closing: string): RegExp {
  return new RegExp(raw`^(${marks})${between}(\S+?(?:\s+\S+?)*?)${closing}\s*$`);
}

export const DIALECTS: Readonly<Record<string, Dialect>> = {
  asciidoc: {
    heading: headed(raw`={1,6}`, raw`\s+`, raw`(?:\s+\1)?`),
    opens: /^(-{4,}|\.{4,}|\+{4,}|\/{4,}|```)/,
    closes: (name) => new RegExp(`^${name.replace(/[.+]/g, '\\$&')}\\s*$`),
    remark: /^\//,
    hidden: /^(?:\/\/(?!\/)|:[\w!-]+:|\[[^\]]*\]{1,2}\s*$|(?:ifdef|ifndef|ifeval|endif|include)::)/,
    bylines: true,
    underlines: '=-~^+',
  },
  org: {
    heading: headed(raw`\*+`, raw`\s+(?:(?:TODO|DONE)\s+)?(?:\[#\w\]\s+)?`, raw`(?:\s+:[\w:@]+:)?`),
    opens: /^\s*#\+begin_(\w+)/i,
    closes: (name) => new RegExp(`^\\s*#\\+end_${name}\\b`, 'i'),
    remark: /^comment$/i,
    hidden: /^\s*(?:#(?:\+(?!title:)\w|\s|$)|:[\w-]+:(?:\s|$))/i,
  },
  mediawiki: {
    heading: headed(raw`={1,6}`, raw`\s*`, raw`\s*\1`),
    opens: /^<(pre|syntaxhighlight|source|nowiki)\b/i,
    closes: (name) => new RegExp(`</${name}>`, 'i'),
    remark: /^$/,
    hidden: /^(?:<!--[^]*-->|\{\{[^{}]*\}\}|\[\[(?:Category|File|Image):[^\]]*\]\]|__[A-Z]+__)\s*$/,
  },
  typst: {
    heading: headed(raw`={1,6}`, raw`\s+`, raw`(?:\s+<[\w:.-]+>)?`),
    opens: /^\s*(```)/,
    closes: () => /```/,
    remark: /^$/,
    hidden: /^\s*(?:\/\/|#(?:set|show|import|include|let|pagebreak|outline|bibliography|[vh])\b)/,
  },
};

/** Outline of a document in one of `DIALECTS`. */
export function markedOutline(text: string, dialect: Dialect): DraftNode {
  const lines = new LineIndex(text);
  const blocks = blocksOf(lines, dialect);
  const headings: Heading[] = [];
  for (let i = 0; i < lines.count; i = blocks.get(i)?.after ?? i + 1) {
    const title = titleAt(lines, i, dialect);
    if (!title) continue;
    const { level, name } = title;
    let below = i + title.lines;
    if (dialect.bylines && headings.length === 0 && level === 1)
      while (below < lines.count && isByline(lines.line(below), dialect)) below++;
    headings.push({ level, name, start: lines.start(i), bodyStart: lines.start(below) });
  }
  return nestSections(text, headings, (start, end) => body(text, lines, blocks, start, end, dialect));
}

/** The title that stands at a line, which may be underlined instead of marked. */
function titleAt(
  lines: LineIndex,
  line: number,
  { heading, hidden, underlines }: Dialect,
): { level: number; name: string; lines: number } | undefined {
  const written = lines.line(line).trimEnd();
  const [, marks, title] = heading.exec(written) ?? [];
  if (marks && title) return { level: marks.length, name: title, lines: 1 };
  const rule = RULE.exec(lines.line(line + 1))?.[1];
  const level = underlines && rule ? underlines.indexOf(rule[0]!) + 1 : 0;
  if (!rule || level === 0 || Math.abs(written.length - rule.length) > 1 || !BEGINS_TITLE.test(written))
    return undefined;
  const above = line === 0 ? '' : lines.line(line - 1);
  return !isBlank(above) && !hidden.test(above) ? undefined : { level, name: written, lines: 2 };
}

function isByline(line: string, { heading, hidden }: Dialect): boolean {
  return !isBlank(line) && !hidden.test(line) && !heading.test(line);
}

interface Block {
  name: string;
  /** First line after it. */
  after: number;
}

/** The blocks that are shown as they are, by their first lines. What is never closed, or in the same line, is no block. */
function blocksOf(lines: LineIndex, dialect: Dialect): Map<number, Block> {
  const blocks = new Map<number, Block>();
  const neverClosed = new Set<string>();
  for (let i = 0; i < lines.count; i++) {
    const line = lines.line(i);
    const [opened = '', name] = dialect.opens.exec(line) ?? [];
    if (name === undefined || neverClosed.has(name)) continue;
    const close = dialect.closes(name);
    if (close.test(line.slice(opened.length)) || (i > 0 && titleAt(lines, i - 1, dialect)?.lines === 2)) continue;
    let end = i + 1;
    while (end < lines.count && !close.test(lines.line(end))) end++;
    if (end === lines.count) neverClosed.add(name);
    else {
      blocks.set(i, { name, after: end + 1 });
      i = end;
    }
  }
  return blocks;
}

function body(
  text: string,
  lines: LineIndex,
  blocks: ReadonlyMap<number, Block>,
  start: number,
  end: number,
  dialect: Dialect,
): DraftNode[] {
  const drafts: DraftNode[] = [];
  let from = start;
  for (let i = lines.lineAt(start); i < lines.count && lines.start(i) < end;) {
    const block = blocks.get(i);
    const after = block?.after ?? i + 1;
    if (block || dialect.hidden.test(lines.line(i))) {
      for (const draft of paragraphs(text, from, lines.start(i))) drafts.push(draft);
      from = Math.min(end, lines.start(after));
      drafts.push(shown(text, lines.start(i), from, block?.name, dialect));
    }
    i = after;
  }
  return [...drafts, ...paragraphs(text, from, end)];
}

/** A block of its lines without those that open and close it; a hidden line or a comment as silence. `name`: of the block, if it is one. */
function shown(text: string, start: number, end: number, name: string | undefined, { remark }: Dialect): DraftNode {
  if (name === undefined || remark.test(name)) return { kind: 'sentence', start, end, children: [], silent: true };
  const leaves = sentenceLeaves(lineRanges(text, start, end));
  for (const border of [leaves[0], leaves.at(-1)]) if (border) border.silent = true;
  return { kind: 'block', start, end, children: leaves };
}
