/** Pages of HTML that are read and not run: headings make sections, paragraphs sentences; tags and scripts are not what they say. */
import type { Node } from 'web-tree-sitter';
import type { DraftNode } from '../draft.js';
import { lineRanges, sentenceLeaves, trim } from '../draft.js';
import type { Heading } from './prose.js';
import { between, nestSections } from './prose.js';
import { sentences } from './sentences.js';
import { entryOf, replaceClosed } from '../text.js';

/** A page has so many paragraphs that end like sentences, and more words in them than code beside them. */
const LEAST_PARAGRAPHS = 5;
const MOST_DEPTH = 200;
/** Of inline elements in each other. */
const MOST_INLINE = 40;

const HEADING = /^h([1-6])$/;
/** Elements that stand among words. */
const INLINE =
  /^(a|abbr|b|bdi|bdo|big|br|cite|code|data|del|dfn|em|font|i|img|input|ins|kbd|label|mark|q|rp|rt|ruby|s|samp|small|span|strike|strong|sub|sup|time|tt|u|var|wbr)$/;
/** Tags within words; spans are often set apart by their style. */
const JOINED = /^(a|abbr|b|code|del|dfn|em|font|i|ins|kbd|mark|small|strong|sub|sup|tt|u|var|wbr)$/i;
/** What is not read with the page. */
const ASIDE = /^(head|nav|script|style|template|svg|math|button|select|form|noscript|iframe)$/;

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** What a piece of HTML says on the rendered page, on one line. */
export function textOfHtml(raw: string): string {
  const seen = replaceClosed(raw, '-->', /<!--[^]*?-->/g, () => '');
  return replaceClosed(seen, '>', /<\/?([a-z][\w:-]*)[^>]*>/gi, (_, tag) => (JOINED.test(tag) ? '' : ' '))
    .replace(/&#(\d{1,6});/g, (_, code: string) => String.fromCodePoint(Math.min(Number(code), 0x10ffff)))
    .replace(/&(\w+);/g, (entity, name: string) => entryOf(ENTITIES, name) ?? entity)
    .replace(/\s+/g, ' ')
    .replace(/ ([.,;:!?)])/g, '$1')
    .replace(/\( /g, '(')
    .trim();
}

/** Outline of a page, or null where the text is rather the program of one. What lies between its drafts says nothing. */
export function pageOutline(root: Node, text: string): DraftNode | null {
  const page = new Page(text);
  page.read(root, 0);
  if (page.told < LEAST_PARAGRAPHS || page.words < page.code) return null;
  return nestSections(text, page.headings, between(page.blocks));
}

class Page {
  readonly headings: Heading[] = [];
  readonly blocks: DraftNode[] = [];
  /** Paragraphs that end like sentences. */
  told = 0;
  /** Characters of paragraphs and of scripts. */
  words = 0;
  code = 0;

  constructor(private readonly text: string) {}

  /** Words and inline elements that stand together are a paragraph, wherever they stand. */
  read(node: Node, depth: number): void {
    let run: { start: number; end: number } | undefined;
    const flush = (): void => {
      if (run) this.paragraph(run.start, run.end);
      run = undefined;
    };
    for (const child of node.namedChildren) {
      if (/^(start_tag|end_tag|self_closing_tag|comment)$/.test(child.type)) continue;
      if (isInline(child)) {
        run = { start: run?.start ?? child.startIndex, end: child.endIndex };
        continue;
      }
      flush();
      if (depth < MOST_DEPTH) this.element(child, depth);
    }
    flush();
  }

  private element(node: Node, depth: number): void {
    const tag = tagOf(node);
    const inside = contentOf(node);
    if (/^(script|style)_element$/.test(node.type)) this.code += node.endIndex - node.startIndex;
    else if (ASIDE.test(tag)) return;
    else if (HEADING.test(tag)) this.heading(Number(HEADING.exec(tag)![1]), inside);
    else if (tag === 'pre') this.block(lineRanges(this.text, inside.start, inside.end));
    else if (tag === 'tr' && node.namedChildren.every((cell) => cell.namedChildren.every((c) => isInlineOrTag(c, 0))))
      this.block([inside]);
    else this.read(node, depth + 1);
  }

  private heading(level: number, { start, end }: { start: number; end: number }): void {
    const range = trim(this.text, start, end);
    const name = range ? textOfHtml(this.text.slice(range.start, range.end)) : '';
    if (range && name) this.headings.push({ level, name, start: range.start, bodyStart: range.end });
  }

  private paragraph(start: number, end: number): void {
    const range = trim(this.text, start, end);
    const said = range ? textOfHtml(this.text.slice(range.start, range.end)) : '';
    if (!range || !/\p{L}/u.test(said)) return;
    this.words += said.length;
    if (/[.!?:]["”')\]]*$/.test(said)) this.told++;
    const children = sentenceLeaves(sentences(this.text, range.start, range.end));
    this.blocks.push({ kind: 'paragraph', ...range, children });
  }

  /** Lines that are shown as they are; a row of a table. */
  private block(lines: readonly { start: number; end: number }[]): void {
    const children = sentenceLeaves(
      lines.map(({ start, end }) => trim(this.text, start, end)).filter((r) => r !== null),
    );
    const [first] = children;
    if (first) this.blocks.push({ kind: 'block', start: first.start, end: children.at(-1)!.end, children });
  }
}

function tagOf(node: Node): string {
  const name = node.namedChildren[0]?.namedChildren[0];
  return node.type === 'element' && name?.type === 'tag_name' ? name.text.toLowerCase() : '';
}

/** The range between an element's tags. */
function contentOf(node: Node): { start: number; end: number } {
  const first = node.namedChildren[0];
  const last = node.namedChildren.at(-1);
  return {
    start: first?.type === 'start_tag' ? first.endIndex : node.startIndex,
    end: last?.type === 'end_tag' ? last.startIndex : node.endIndex,
  };
}

/** Words, or an element that stands among words with nothing but such elements in it. */
function isInline(node: Node, depth = 0): boolean {
  if (node.type === 'text' || node.type === 'entity') return true;
  if (node.type !== 'element' || depth > MOST_INLINE || !INLINE.test(tagOf(node))) return false;
  return node.namedChildren.every((c) => isInlineOrTag(c, depth + 1));
}

function isInlineOrTag(node: Node, depth: number): boolean {
  return node.type === 'element' ? isInline(node, depth) : !/^(script|style)_element$/.test(node.type);
}
