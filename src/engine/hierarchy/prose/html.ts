/** Pages of HTML that are read and not run: headings make sections, paragraphs sentences; tags and scripts are not what they say. */
import type { Node } from 'web-tree-sitter';
import type { DraftNode } from '../draft.js';
import type { TextRange } from '../../../protocol/document.js';
import { lineRanges, sentenceLeaves, trim } from '../draft.js';
import { ENTITY, ofEntity } from './entities.js';
import type { Heading } from './sections.js';
import { between, nestSections } from './sections.js';
import { sentences } from './sentences.js';
import { replaceClosed } from '../../patterns.js';
import { endsLikeSentence } from '../text.js';

/** A page has so many paragraphs that end like sentences, and more words in them than code beside them. */
const LEAST_PARAGRAPHS = 5;
/** A page with headings may be shorter, if it is no template and so much of it is words. */
const LEAST_UNDER_HEADINGS = 2;
const LEAST_SHARE_OF_WORDS = 0.15;
const OF_TEMPLATES = /\{\{|\{%|<[%?](?!xml)|\s(?:v-|ng-|\*ng|x-data|hx-|@click|:class)/;
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

/** The value of an attribute may hold what ends a tag. */
const TAG = /<\/?([a-z][\w:-]*)(?:(?:[^>=]|=(?!\s*["'])|=\s*(?:"[^"]*"|'[^']*'))*|[^>]*)>/gi;
/** What a heading or an entry is linked by, as Sphinx, Texinfo, Node.js and Rust write it. */
const PERMALINK = /<a\b[^<>]*>\s?(?:¶|&para;|#|§|&sect;)\s?<\/a>/gi;
/** How links to the pages around this one are marked. */
const NEIGHBOUR = /\s(?:rel="?(?:next|prev|up)\b|accesskey="?[nphu]\b)/gi;
const COMMENT = /<!--[^]*?-->/g;
/** Of no width, and no character to those who look for the ends of sentences: as if nothing stood there. */
const NOTHING = '\uFEFF';

const isJoined = (tag: string): boolean => JOINED.test(tag);

/** Markup with something else in the place of its comments. */
export function replaceComments(markup: string, by: (comment: string) => string): string {
  return replaceClosed(markup, '-->', COMMENT, by);
}

/** What a piece of HTML says on the rendered page, on one line. */
export function textOfHtml(raw: string): string {
  const seen = replaceComments(raw, () => '').replace(PERMALINK, '');
  return replaceClosed(seen, '>', TAG, (_, tag) => (isJoined(tag) ? '' : ' '))
    .replace(ENTITY, ofEntity)
    .replace(/\s+/g, ' ')
    .replace(/ ([.,;:!?)])/g, '$1')
    .replace(/\( /g, '(')
    .trim();
}

/** The words of a piece of HTML where they stand in it; between them is nothing, or blanks where a reader sees some. */
function wordsInPlace(raw: string, joined: (tag: string) => boolean): string {
  const nothing = (part: string): string => NOTHING.repeat(part.length);
  const seen = replaceComments(raw, nothing);
  return replaceClosed(seen, '>', TAG, (all, tag) => (joined(tag) ? nothing(all) : ' '.repeat(all.length))).replace(
    ENTITY,
    (all, ...groups: string[]) => {
      const meant = ofEntity(all, ...groups);
      return meant === '\u00A0' ? ' '.repeat(all.length) : meant.padStart(all.length, NOTHING);
    },
  );
}

/** Whether the words of a paragraph end as those of a sentence do, or lead to a list. */
export function endsLikeProse(said: string): boolean {
  return endsLikeSentence(said) || said.endsWith(':');
}

/** Sentences of a paragraph as ranges of its markup: no stop in an attribute or an entity ends one. `joined`: tags that stand within words. */
export function sentencesBetweenTags(
  text: string,
  start: number,
  end: number,
  joined: (tag: string) => boolean = () => true,
): TextRange[] {
  const words = wordsInPlace(text.slice(start, end), joined);
  const found: TextRange[] = [];
  const ends = sentences(words, 0, words.length).map((sentence) => start + sentence.end);
  ends.forEach((stop, i) => {
    const last = i === ends.length - 1;
    const from = i === 0 ? start : found.at(-1)!.end;
    // A tag that closes behind the stop belongs to the words before it.
    const closed = last ? end : stop + (/^(?:\s*<\/[^<>]*>)*/.exec(text.slice(stop, ends[i + 1]))?.[0].length ?? 0);
    const range = trim(text, from, closed);
    if (range) found.push(range);
  });
  return found;
}

/** Outline of a page, or null where the text is rather the program of one. What lies between its drafts says nothing. */
export function pageOutline(root: Node, text: string): DraftNode | null {
  const page = new Page(text);
  page.read(root.namedChildren, 0);
  if (!page.isRead()) return null;
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

  /** Whether it is for readers: one that is rather made of code is shown as a program. */
  isRead(): boolean {
    if (this.words < this.code) return false;
    if (this.told >= LEAST_PARAGRAPHS) return true;
    return (
      this.headings.length > 0 &&
      this.told >= LEAST_UNDER_HEADINGS &&
      this.words >= LEAST_SHARE_OF_WORDS * this.text.length &&
      !OF_TEMPLATES.test(this.text)
    );
  }

  /** Words and inline elements that stand together are a paragraph, wherever they stand. */
  read(nodes: readonly Node[], depth: number): void {
    let run: { start: number; end: number } | undefined;
    const flush = (): void => {
      if (run) this.paragraph(run.start, run.end);
      run = undefined;
    };
    for (const child of nodes) {
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
    else if (HEADING.test(tag)) this.heading(Number(HEADING.exec(tag)![1]), node, depth);
    else if (tag === 'pre') this.block(lineRanges(this.text, inside.start, inside.end));
    else if (tag === 'tr' && node.namedChildren.every((cell) => cell.namedChildren.every((c) => isInlineOrTag(c, 0))))
      this.block([inside]);
    else this.read(node.namedChildren, depth + 1);
  }

  /** One that is not closed yet holds what should follow it. */
  private heading(level: number, node: Node, depth: number): void {
    const { start, end } = contentOf(node);
    const inside = node.namedChildren.slice(1);
    const isClosed = inside.at(-1)?.type === 'end_tag';
    const first = isClosed ? -1 : inside.findIndex((child) => !isInline(child));
    const range = trim(this.text, start, inside[first]?.startIndex ?? end);
    const name = range ? textOfHtml(this.text.slice(range.start, range.end)) : '';
    if (range && name) this.headings.push({ level, name, start: range.start, bodyStart: range.end });
    if (first >= 0) this.read(inside.slice(first), depth + 1);
  }

  private paragraph(start: number, end: number): void {
    const range = trim(this.text, start, end);
    const said = range ? textOfHtml(this.text.slice(range.start, range.end)) : '';
    if (!range || !/\p{L}/u.test(said)) return;
    this.words += said.length;
    if (endsLikeProse(said)) this.told++;
    if (this.leadsElsewhere(range)) return;
    const children = sentenceLeaves(sentencesBetweenTags(this.text, range.start, range.end, isJoined));
    this.blocks.push({ kind: 'paragraph', ...range, children });
  }

  private leadsElsewhere({ start, end }: TextRange): boolean {
    return (this.text.slice(start, end).match(NEIGHBOUR)?.length ?? 0) > 1;
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
