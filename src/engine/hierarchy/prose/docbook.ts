/** Manuals in DocBook, and in DITA, which calls things much the same: titles make sections, paragraphs sentences; tags are not what they say. */
import type { TextRange } from '../../../protocol/document.js';
import type { DraftNode } from '../draft.js';
import { lineRanges, sentenceLeaves, trim } from '../draft.js';
import { ENTITY, ofEntity } from './entities.js';
import { endsLikeProse, replaceComments, sentencesBetweenTags } from './html.js';
import type { Heading } from './sections.js';
import { between, nestSections } from './sections.js';
import { whole, words } from '../../patterns.js';

const SECTION = whole(words`
  set book part reference preface chapter appendix article section sect[1-5] simplesect refentry refsect[1-3] refsection refsynopsisdiv glossary
  topic concept task
`);
const TITLE = /^(?:title|bridgehead)$/;
/** Holds the title of what it stands in, and what is said of its making. */
const INFO = /info$|^(?:prolog|refnamediv)$/;
/** What is not read with the text. */
const ASIDE = whole(words`
  indexterm remark toc index author authorgroup editor copyright legalnotice revhistory revision date pubdate releaseinfo edition isbn keywordset
  subjectset publisher address mediaobject imageobject graphic inlinemediaobject colspec spanspec refmeta metadata
`);
const VERBATIM = whole(
  words`programlisting screen literallayout codeblock pre msgblock cmdsynopsis funcsynopsis synopsis classsynopsis`,
);
/** Elements that end a paragraph before and behind them; all others stand among words. */
const BLOCK = whole(words`
  para simpara formalpara p body conbody taskbody refbody shortdesc itemizedlist orderedlist variablelist simplelist varlistentry listitem term member
  ul ol li dl dlentry dt dd note tip warning caution important sidebar blockquote abstract example informalexample figure informalfigure table
  informaltable tgroup thead tbody tfoot row entry equation informalequation procedure step steps substeps cmd stepresult qandaset qandadiv qandaentry
  question answer refname refpurpose refclass refdescriptor glossdiv glossentry glossdef footnote calloutlist callout subtitle titleabbrev
`);
/** Of a table, read as one; and what stands between its cells. */
const ROW = 'row';
const BETWEEN_CELLS = /<\/entry>\s*<entry\b[^<>]*>/g;
/** What the outermost element is called, behind what is said of the file. */
const ROOT = /^\uFEFF?(?:\s|<\?[^>]*>|<!--(?:[^-]|-(?!->))*-->|<!DOCTYPE[^[>]*(?:\[[^\]]*\]\s*)?>)*<([A-Za-z_][\w.-]*)/;
const PROLOG = 20_000;
/** Deeper sections stand beside each other. */
const MOST_LEVELS = 30;
/** A manual has so many paragraphs that end like sentences, and so much of it is words. */
const LEAST_TOLD = 2;
const LEAST_SHARE_OF_WORDS = 0.1;

const TAG = /<(\/?)([A-Za-z_][\w.:-]*)(?:[^<>"']|"[^"<]*"|'[^'<]*')*?(\/?)>/y;
/** Parts of a file that are no elements, and how they end. */
const OTHERS = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;
const REFERENCE = /<xref\b[^<>]{0,200}?\b(?:linkend|href)=(?:"([^"<>]{0,200})"|'([^'<>]{0,200})')[^<>]{0,200}>/g;
const NO_WORDS = /<\?[^<>]*\?>|<!\[CDATA\[|\]\]>|<\/?[A-Za-z_][^<>]*>/g;

/** Whether a file of XML begins as a manual does. */
export function isXmlManual(text: string): boolean {
  const root = ROOT.exec(text.slice(0, PROLOG))?.[1];
  return root !== undefined && SECTION.test(root);
}

/** What a piece of a manual says, on one line; a reference says where it leads. */
export function textOfDocbook(raw: string): string {
  return replaceComments(raw, () => '')
    .replace(REFERENCE, '$1$2')
    .replace(BETWEEN_CELLS, ' · ')
    .replace(NO_WORDS, '')
    .replace(ENTITY, ofEntity)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^(?:· ?)+|(?: ?·)+$/g, '');
}

/** Outline of a manual, or null where there is little to read. What lies between its drafts says nothing. */
export function docbookOutline(text: string): DraftNode | null {
  const manual = new Manual(text);
  manual.read();
  if (manual.told < LEAST_TOLD || manual.characters < LEAST_SHARE_OF_WORDS * text.length) return null;
  return nestSections(text, manual.headings, between(manual.blocks));
}

/** An element that was opened, and what holds for all in it. */
interface Element {
  name: string;
  from: number;
  /** Sections down to here. */
  sections: number;
  isAside: boolean;
  isVerbatim: boolean;
  isRow: boolean;
  isTitled: boolean;
}

class Manual {
  readonly headings: Heading[] = [];
  readonly blocks: DraftNode[] = [];
  /** Paragraphs that end like sentences, and characters of all. */
  told = 0;
  characters = 0;
  /** Elements around the place that is read, without those among words, and how many there are of each name. */
  private readonly open: Element[] = [];
  private readonly counts = new Map<string, number>();

  constructor(private readonly text: string) {}

  read(): void {
    const { text } = this;
    let from = 0;
    for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
      const other = OTHERS.find(([begins]) => text.startsWith(begins, at));
      if (other) {
        const end = text.indexOf(other[1], at);
        if (end < 0) break;
        at = end + other[1].length;
        continue;
      }
      TAG.lastIndex = at;
      const [tag, closes, name, empty] = TAG.exec(text) ?? [];
      if (tag === undefined || name === undefined) {
        at++;
        continue;
      }
      const end = at + tag.length;
      if (isBlock(name)) {
        this.run(from, at);
        from = end;
        if (closes) this.close(name, at);
        else if (!empty) this.enter(name, end);
      }
      at = end;
    }
    this.run(from, text.length);
  }

  /** `from`: where its content begins. */
  private enter(name: string, from: number): void {
    const around = this.open.at(-1);
    this.open.push({
      name,
      from,
      sections: (around?.sections ?? 0) + Number(SECTION.test(name)),
      isAside: around?.isAside === true || ASIDE.test(name),
      isVerbatim: around?.isVerbatim === true || VERBATIM.test(name),
      isRow: around?.isRow === true || name === ROW,
      isTitled: false,
    });
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  /** Of an element that is closed in disorder all in it are; what was never opened is not closed. */
  private close(name: string, at: number): void {
    if (!this.counts.get(name)) return;
    for (let closed: Element | undefined; closed?.name !== name;) {
      closed = this.open.pop()!;
      this.counts.set(closed.name, this.counts.get(closed.name)! - 1);
      const around = this.open.at(-1);
      if (closed.name === ROW && !around?.isRow && !closed.isAside) this.leaves([{ start: closed.from, end: at }]);
    }
  }

  /** What stands between two tags of blocks. */
  private run(start: number, end: number): void {
    const own = this.open.at(-1);
    if (!own || own.isAside || own.isRow) return;
    if (own.isVerbatim) this.leaves(lineRanges(this.text, start, end));
    else if (TITLE.test(own.name) || own.name === 'refname') this.title(start, end);
    else this.paragraph(start, end);
  }

  /** The title of the section that it stands in, which has one; of figures and the like it is a paragraph. */
  private title(start: number, end: number): void {
    const [titled, around] = [this.open.at(-2), this.open.at(-3)];
    const section = INFO.test(titled?.name ?? '') ? around : titled;
    const read = this.words(start, end);
    if (!read || !section || !SECTION.test(section.name) || section.isTitled) {
      this.paragraph(start, end);
      return;
    }
    section.isTitled = true;
    const level = Math.min(section.sections, MOST_LEVELS);
    this.headings.push({ level, name: read.said, start: read.range.start, bodyStart: read.range.end });
  }

  private paragraph(start: number, end: number): void {
    const read = this.words(start, end);
    // What is only called in from another file says nothing here.
    if (!read || !/\p{L}/u.test(read.said) || /^(?:&[\w.-]+;\s*)+$/.test(read.said)) return;
    const { range, said } = read;
    this.characters += said.length;
    if (endsLikeProse(said)) this.told++;
    const children = sentenceLeaves(sentencesBetweenTags(this.text, range.start, range.end));
    this.blocks.push({ kind: 'paragraph', ...range, children });
  }

  /** Lines that are shown as they are, or a row of a table. */
  private leaves(ranges: readonly TextRange[]): void {
    const read = ranges.map(({ start, end }) => this.words(start, end)).filter((words) => words !== undefined);
    for (const { said } of read) this.characters += said.length;
    const children = sentenceLeaves(read.map(({ range }) => range));
    const [first, last] = [children[0], children.at(-1)];
    if (first && last) this.blocks.push({ kind: 'block', start: first.start, end: last.end, children });
  }

  /** Where the words between two places stand, and what they say; undefined where that is nothing. */
  private words(start: number, end: number): { range: TextRange; said: string } | undefined {
    const range = trim(this.text, start, end);
    const said = range ? textOfDocbook(this.text.slice(range.start, range.end)) : '';
    return range && said ? { range, said } : undefined;
  }
}

function isBlock(name: string): boolean {
  return [SECTION, TITLE, INFO, ASIDE, VERBATIM, BLOCK].some((kind) => kind.test(name));
}
