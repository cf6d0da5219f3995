/** Markdown by its tree-sitter grammar: sections nest by heading level, fenced code is parsed in its own language. */
import type { Node } from 'web-tree-sitter';
import type { TextRange } from '../../../protocol/document.js';
import { idWithGrammar } from '../detect.js';
import type { DraftNode } from '../draft.js';
import { lineRanges, sentenceLeaves, shift, trim } from '../draft.js';
import { unlessCancelled, withTree } from '../code/grammars.js';
import { replaceComments, textOfHtml } from './html.js';
import type { Heading } from './sections.js';
import { between, nestSections } from './sections.js';
import { sentences } from './sentences.js';
import { blanked, isBlank, linesBetween } from '../text.js';

const GRAMMAR = 'tree-sitter-markdown.wasm';

type CodeParser = (text: string, language: string, signal?: AbortSignal) => Promise<DraftNode | null>;
/** A fenced block whose inside is to be parsed after the Markdown tree is gone. */
interface Fence {
  draft: DraftNode;
  language: string;
  start: number;
  end: number;
}

/**
 * Outline of a Markdown document. A fence whose code cannot be read stays a block of lines. Throws StrataError `cancelled`, and where the grammar
 * file is missing or cannot take the text.
 */
export async function markdownOutline(text: string, parseCode: CodeParser, signal?: AbortSignal): Promise<DraftNode> {
  if (nestsTooDeep(text)) throw new Error('its blocks nest too deep');
  const fences: Fence[] = [];
  const root = await withTree(
    GRAMMAR,
    withoutLongRows(text),
    (tree) => {
      const headings: Heading[] = [];
      const blocks: DraftNode[] = [];
      flatten(tree.rootNode, text, headings, blocks, fences);
      // The grammar nests ATX sections only; levels of both heading styles are nested here by one rule.
      return nestSections(text, headings, between(blocks));
    },
    signal,
  );
  for (const fence of fences) {
    const inside = await parseCode(text.slice(fence.start, fence.end), fence.language, signal).catch(unlessCancelled);
    if (inside) fence.draft.children = inside.children.map((c) => shift(c, fence.start));
  }
  return root;
}

/** The grammar keeps its open blocks in a buffer of fixed size and crashes beyond it; no document for people comes near. */
const MOST_OPEN_BLOCKS = 60;

/** A row of stars or low lines that no rule needs; from each of them, the grammar looks to the end. */
const LONG_ROW = /([*_])\1{100,}/g;
const ENOUGH = 100;

/** The text with blanks for what of a row of marks nobody needs to see that it is one. */
function withoutLongRows(text: string): string {
  return text.replace(LONG_ROW, (row) => row.slice(0, ENOUGH) + blanked(row.slice(ENOUGH)));
}

function nestsTooDeep(text: string): boolean {
  const marks = new RegExp(
    `^(?:[ \\t]*(?:>|(?:[-*+]|\\d+[.)])(?=[ \\t]))){${MOST_OPEN_BLOCKS}}|^(?: {2}|\\t){${MOST_OPEN_BLOCKS},}\\S`,
    'm',
  );
  return marks.test(text);
}

function flatten(node: Node, text: string, headings: Heading[], blocks: DraftNode[], fences: Fence[]): void {
  for (const child of node.namedChildren) {
    if (child.type === 'section' || child.type === 'document') flatten(child, text, headings, blocks, fences);
    else if (child.type === 'atx_heading' || child.type === 'setext_heading') {
      headings.push({
        level: headingLevel(child),
        name: headingName(text.slice(child.startIndex, child.endIndex)),
        start: child.startIndex,
        bodyStart: child.endIndex,
      });
    } else {
      const inHtml = headingsInHtml(text, child);
      if (inHtml.length === 0) blocks.push(blockDraft(child, text, fences));
      else {
        for (const heading of inHtml) headings.push(heading);
        for (const draft of aroundHeadings(text, child, inHtml)) blocks.push(draft);
      }
    }
  }
}

/** A heading with the tags that open and close directly around it. */
const HTML_HEADING =
  /(?:<[a-z][^<>]*>\s*){0,5}<h([1-6])(?=[\s>])[^<>]*>((?:(?!<h[1-6][\s>])[^])*?)<\/h\1\s*>(?:\s*<\/[a-z]+>)*/gi;
/** A page that is shown as it is, and a table, in which a heading stands for a cell. */
const NO_HEADINGS = /^\s*<(?:!doctype|html|head|body|table|pre|script|style|textarea)\b/i;

/** The headings in a block of HTML; the grammar takes one that stands alone for a paragraph. */
function headingsInHtml(text: string, { type, startIndex: start, endIndex: end }: Node): Heading[] {
  if (type !== 'html_block' && !(type === 'paragraph' && /^<h[1-6]\b/i.test(text.slice(start, start + 4)))) return [];
  const html = replaceComments(text.slice(start, end), blanked);
  if (NO_HEADINGS.test(html)) return [];
  return [...html.matchAll(HTML_HEADING)].flatMap(({ 0: all, 1: level, 2: inside, index }) => {
    const name = textOfHtml(inside!).slice(0, LONGEST_NAME);
    return name ? { level: Number(level), name, start: start + index, bodyStart: start + index + all.length } : [];
  });
}

/** What a block of HTML has before, between and behind its headings. */
function aroundHeadings(text: string, { startIndex, endIndex }: Node, headings: readonly Heading[]): DraftNode[] {
  const starts = [startIndex, ...headings.map(({ bodyStart }) => bodyStart)];
  return starts.flatMap((start, i) => {
    const range = trim(text, start, headings[i]?.start ?? endIndex);
    return range ? htmlBlock(text, range) : [];
  });
}

function htmlBlock(text: string, range: TextRange): DraftNode {
  const html = text.slice(range.start, range.end);
  // Behind a heading words may stand without a tag.
  if (!html.startsWith('<')) return paragraph(text, range);
  // The line below a title is often centred by hand.
  const said = /^\s*<p\b/i.test(html) && /\p{L}\P{L}+\p{L}/u.test(textOfHtml(html));
  return { kind: said ? 'paragraph' : 'block', ...range, children: lineLeaves(text, range.start, range.end) };
}

function paragraph(text: string, range: TextRange): DraftNode {
  return { kind: 'paragraph', ...range, children: sentenceLeaves(sentencesAroundTags(text, range)) };
}

function headingLevel(node: Node): number {
  const marker = node.namedChildren.find((c) => /^atx_h\d_marker$|^setext_h\d_underline$/.test(c.type));
  return Number(/h(\d)/.exec(marker?.type ?? 'h1')?.[1] ?? 1);
}

/** More of a heading is no name. */
const LONGEST_NAME = 1_000;

/** Code, with the role that MyST gives it. */
const CODE = /\{[\w:.+-]+\}`[~!]?([^`]+)`|`+([^`]+)`+/g;
/** What is not seen on the page: `a < b` is. */
const HIDDEN = /<!--[^]*?-->|<\/?[a-z][\w-]*(?:[\s/:][^<>]*)?>/gi;

function headingName(raw: string): string {
  const code: string[] = [];
  return (
    raw
      .slice(0, LONGEST_NAME)
      .replace(/\n[=-]+\s*$/, '')
      .replace(/[^\S\n]+/g, ' ')
      // Nothing in code is a mark.
      .replace(CODE, (_, role?: string, plain?: string) => `\uE000${code.push(role ?? plain!) - 1}\uE001`)
      // Footnotes, and attributes of Pandoc's Markdown.
      .replace(/\[\^[^\]\s]+\]|\s*\{[#.][^{}]*\}\s*$/g, '')
      .replace(/^#+\s*|\s*#*\s*$/g, '')
      .replace(HIDDEN, '')
      .replace(/!?\[([^\]]*)\](\([^)]*\)|\[[^\]]*\])/g, '$1')
      .replace(/(?<![\w*])(\*{1,3})(?=\S)(.+?)(?<=\S)\1(?![\w*])/g, '$2')
      .replace(/(?<!\w)(_{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)/g, '$2')
      .replace(/\uE000(\d+)\uE001/g, (_, n: string) => code[Number(n)] ?? '')
      .replace(/\s+/g, ' ')
      .trim()
  );
}

function blockDraft(node: Node, text: string, fences: Fence[]): DraftNode {
  const whole = { start: node.startIndex, end: node.endIndex };
  switch (node.type) {
    case 'list':
      return { kind: 'block', ...whole, children: node.namedChildren.map((c) => blockDraft(c, text, fences)) };
    case 'list_item':
    case 'block_quote': {
      const children = node.namedChildren
        .filter((c) => !/marker|continuation/.test(c.type))
        .map((c) => blockDraft(c, text, fences));
      const first = children[0];
      // The bullet belongs to the item's first words.
      if (first) widen(first, whole.start);
      return children.length === 1 && first ? first : { kind: 'block', ...whole, children };
    }
    case 'fenced_code_block': {
      const draft: DraftNode = { kind: 'block', ...whole, children: [] };
      const info = node.namedChildren.find((c) => c.type === 'info_string');
      const content = node.namedChildren.find((c) => c.type === 'code_fence_content');
      const language = info
        ? idWithGrammar(/[\w+#-]+/.exec(text.slice(info.startIndex, info.endIndex))?.[0] ?? '')
        : undefined;
      if (content) {
        if (language) fences.push({ draft, language, start: content.startIndex, end: content.endIndex });
        draft.children = lineLeaves(text, content.startIndex, content.endIndex);
      }
      return draft;
    }
    case 'pipe_table':
      return {
        kind: 'block',
        ...whole,
        children: sentenceLeaves(node.namedChildren.map((c) => ({ start: c.startIndex, end: c.endIndex }))),
      };
    case 'html_block':
      return htmlBlock(text, whole);
    case 'indented_code_block':
    case 'minus_metadata':
    case 'plus_metadata':
      return { kind: 'block', ...whole, children: lineLeaves(text, whole.start, whole.end) };
    default:
      // Nothing but tags: badges, pictures.
      if (text[whole.start] === '<' && !/\p{L}/u.test(textOfHtml(node.text)))
        return { kind: 'block', ...whole, children: sentenceLeaves(lineRanges(text, whole.start, whole.end)) };
      return paragraph(text, whole);
  }
}

/** Sentences of a paragraph in which no tag of HTML ends one, whatever addresses and titles it holds. */
function sentencesAroundTags(text: string, { start, end }: TextRange): TextRange[] {
  const paragraph = text
    .slice(start, end)
    .replace(/<(\/)?[a-z][^<>]*>/gi, (tag, closes?: string) => (closes ? ')' : '(').repeat(tag.length));
  return sentences(paragraph, 0, paragraph.length).map((s) => ({ start: start + s.start, end: start + s.end }));
}

/** One leaf for each run of non-blank lines, at most four lines. */
function lineLeaves(text: string, start: number, end: number): DraftNode[] {
  const leaves: DraftNode[] = [];
  let from = start;
  let lines = 0;
  for (const { start: at, end: stop } of linesBetween(text, start, end)) {
    lines++;
    if (lines >= 4 || stop >= end || isBlank(text.slice(at, stop))) {
      const range = trim(text, from, stop);
      if (range) leaves.push({ kind: 'sentence', ...range, children: [] });
      from = stop;
      lines = 0;
    }
  }
  return leaves;
}

function widen(draft: DraftNode, start: number): void {
  draft.start = Math.min(draft.start, start);
  const first = draft.children[0];
  if (first) widen(first, start);
}
