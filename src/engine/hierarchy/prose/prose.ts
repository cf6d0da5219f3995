/** Plain text: sections by guessed headings, paragraphs by blank lines, sentences. */
import type { TextRange } from '../../../protocol/document.js';
import { oneOf, words } from '../../patterns.js';
import type { DraftNode } from '../draft.js';
import { lineRanges, sentenceLeaves, trim, WORD } from '../draft.js';
import { withoutBoxes } from './boxes.js';
import { fieldEntries } from './fields.js';
import { marginTitles } from './margin-titles.js';
import type { Heading } from './sections.js';
import { nestSections } from './sections.js';
import { sentences } from './sentences.js';
import { endsLikeSentence, isBlank, LineIndex, linesBetween } from '../text.js';

/** What parts are called, also in German, French, Spanish, Italian and Russian. */
const PARTS = words`
  book chapter part section appendix article act scene
  buch kapitel teil abschnitt anhang livre chapitre partie annexe libro capítulo parte sección capitolo sezione
  книга часть глава раздел приложение
`;
const PART = new RegExp(String.raw`^${oneOf(PARTS)}\s+`, 'i');
/** Chinese and Japanese say what is counted behind the number: `第一章 总则`; parts and chapters are a group, what is smaller is none. */
const COUNTED_BEHIND =
  /^第[〇零一二三四五六七八九十百千两\d０-９]{1,9}(?:([部编編卷篇章回])|[节節話话])(?!.*[。，、；！？]$)/u;
const TENS = words`twenty thirty forty fifty sixty`;
const NUMBER_WORDS = words`
  one two three four five six seven eight nine ten eleven twelve
  thirteen fourteen fifteen sixteen seventeen eighteen nineteen
`;
/** Said to count: `Chapter 1`, `PART TWO.`, and with a title `Chapter III: The End`. */
const COUNTED_PART = new RegExp(
  String.raw`${PART.source}(\d+(?:\.\d+)*|[IVXLC]+|[A-ZА-Я]|(?:${oneOf(TENS)}[ -])?${oneOf(NUMBER_WORDS)}|${oneOf(TENS)})` +
    String.raw`(?:[.:]?|(?:[.:]|\s*[–—-])\s*([^\s\d].*[^,;:]))$`,
  'i',
);
/** A part of a part that is counted as well, in a play. */
const SCENE = /^scene\s/i;
/** Parts that are called by what they are. */
const PART_NAME =
  /^(?:abstract|introduction|conclusions?|references|acknowledge?ments|appendix|contents|table of contents|summary|background|prologue|epilogue|preface|foreword|afterword)$/i;
/** A number of a section is short, and has no noughts before it as offsets in a file have. */
const NUMBERED = /^((?:(?!00)\d{1,4}|[A-Z]|[IVXLC]+)(?:\.\d+)*)(\.?)\s+\p{Lu}/u;
const CONTENTS = /^(?:table of )?contents:?$/i;
/** What counts a title, which its entry in the contents may have alone. */
const COUNT = /^(?:\d+(?:\.\d+)*|[IVXLC]+)\.?\s+/;
/** At the end of a line. */
const FULL_STOP = /[\p{L})]\.\s*$/mu;
/** At the margin, without the end of a sentence. */
const ENUMERATED = /^(\d{1,3}|[IVXLC]+|[A-Za-z])\)[ \t]+\p{Lu}.*[^\s.,;:!?]\s*$/u;
/** As RDoc marks its headings. */
const MARKED = /^(={1,6}) \p{L}/u;
const UNDERLINE = /^\s*(={3,}|-{3,}|~{3,}|\*{3,}|#{3,}|\+{3,}|\^{3,})\s*$/;
const LIST_ITEM = /^\s*(?:[-*•+o]|\(?(?:\d{1,3}|#)[.)]|\(?[a-z][.)])\s+\S/;
/** Cells of a table with room between them, unless the first one counts, and an entry of contents with the page that it leads to. */
const COLUMNS = /(?<=\p{L})(?<!^(?:\p{L}+\s+)?(?:[A-Z]|[IVXLC]+))\s{3,}(?![*|])\S|(?:\s?\.){4,}\s*\d+$/u;
/** What links lead to, behind a title of Vim's help. */
const LINKED_AS = /\s{2,}\*\S+\*(?:\s+\*\S+\*)*$/;
const MAX_HEADING = 90;

/** Outline of plain text. */
export function proseOutline(text: string): DraftNode {
  const plain = withoutBoxes(text);
  const lines = new LineIndex(plain);
  const headings = marginTitles(lines) ?? withoutContents(plain, findHeadings(lines, new LineIndex(text)));
  return nestSections(text, headings, (start, end) => paragraphs(plain, start, end));
}

/** `drawn`: the lines with the boxes around them. */
function findHeadings(lines: LineIndex, drawn: LineIndex): Heading[] {
  const headings: Heading[] = [];
  const enumerated = enumeratedTitles(lines);
  /** Of the last heading that is none of these. */
  let above = 0;
  let previousBlank = true;
  for (let i = 0; i < lines.count; i++) {
    const raw = lines.line(i);
    const line = raw.trim();
    const next = lines.line(i + 1).trim();
    const between = previousBlank ? titleBetweenRules(drawn, i) : undefined;
    if (between) {
      headings.push(between);
      above = between.level;
      i += 2;
      continue;
    }
    if (line && previousBlank && line.length <= MAX_HEADING) {
      const below = enumerated.get(i);
      const title = titleBelow(lines, i);
      const level = below === undefined ? headingLevel(line, title ? '' : next) : above + below;
      if (level > 0) {
        if (below === undefined) above = level;
        const more = title?.lines ?? (UNDERLINE.test(next) ? 1 : 0);
        headings.push({
          level,
          name: title ? `${line} ${title.name}` : line.replace(/^(?:#+|=+ )\s*/, '').replace(LINKED_AS, ''),
          start: lines.start(i),
          bodyStart: lines.start(i + 1 + more),
        });
        i += more;
        previousBlank = true;
        continue;
      }
    }
    // What follows a rule stands apart as well; between two rules stands the head of a table.
    const isRule = UNDERLINE.test(line) && lines.line(i + 2).trim() !== line;
    previousBlank = line === '' || (previousBlank && isRule);
  }
  // A text of nothing but headings is a list, not a structure.
  return headings.length * 2 > lines.count ? [] : headings;
}

/** Without the entries of a table of contents: what stands below its title, up to the first section with a sentence in it, and is a title elsewhere. */
function withoutContents(text: string, headings: Heading[]): Heading[] {
  const contents = headings.findIndex(({ name }) => CONTENTS.test(name));
  if (contents < 0) return headings;
  const titles = headings.map(({ name }) => name.replace(COUNT, '').toLowerCase());
  const last = new Map(titles.map((title, i) => [title, i]));
  const before = new Set(titles.slice(0, contents));
  const told = headings.findIndex(
    ({ bodyStart }, i) => i > contents && FULL_STOP.test(text.slice(bodyStart, headings[i + 1]?.start)),
  );
  const isEntry = (i: number): boolean =>
    i > contents && i < told && (last.get(titles[i]!)! > i || before.has(titles[i]!));
  const kept = headings.filter((_, i) => !isEntry(i));
  // What it lists is not below it.
  const own = kept[contents]!;
  kept[contents] = { ...own, level: Math.max(own.level, kept[contents + 1]?.level ?? 0) };
  return kept;
}

/**
 * `I) Handshake`, `1) Hello Message`, `a) Update`: by line, on which level among themselves. They stand alone, and something stands below
 * each: what directly follows or is followed by one of its kind is an item of a list.
 */
function enumeratedTitles(lines: LineIndex): Map<number, number> {
  const titles: { line: number; kind: string }[] = [];
  let last: { line: number; kind: string; listed: boolean } | undefined;
  for (let i = 0; i < lines.count; i++) {
    if (isBlank(lines.line(i))) continue;
    const kind = kindOfTitle(lines, i);
    if (last && last.kind !== kind && !last.listed) titles.push(last);
    last = kind === undefined ? undefined : { line: i, kind, listed: last?.kind === kind };
  }
  if (titles.length < 2) return new Map();
  const kinds = [...new Set(titles.map(({ kind }) => kind))];
  return new Map(titles.map(({ line, kind }) => [line, 1 + kinds.indexOf(kind)]));
}

/** Whether a line that stands alone is counted by numbers, by capitals (or as Rome did) or by small letters. */
function kindOfTitle(lines: LineIndex, line: number): string | undefined {
  const title = lines.line(line);
  if (title.length > MAX_HEADING || !isBlank(lines.line(line + 1))) return undefined;
  if (line > 0 && !isBlank(lines.line(line - 1))) return undefined;
  const counted = ENUMERATED.exec(title)?.[1];
  if (counted === undefined) return undefined;
  return /\d/.test(counted) ? 'number' : /[A-Z]/.test(counted) ? 'capital' : 'letter';
}

/** A title between two rules, which begin at a line; in a table columns are between them, or rows below. */
function titleBetweenRules(lines: LineIndex, line: number): Heading | undefined {
  const [rule, written, end, below] = [0, 1, 2, 3].map((further) => lines.line(line + further).trim());
  if (!UNDERLINE.test(rule!) || rule !== end || below !== '' || !WORD.test(written!)) return undefined;
  if (written!.length > MAX_HEADING) return undefined;
  const title = withoutMarks(written!, rule![0]!);
  if (/\s{2}|[.,;!?]$/.test(title)) return undefined;
  return { level: levelUnder(rule!), name: title, start: lines.start(line), bodyStart: lines.start(line + 3) };
}

/** A title without the mark of the rules around it, which may close them to a box: `# Title #`. */
function withoutMarks(title: string, mark: string): string {
  const marks = `\\${mark}+`;
  const [, boxed, marked] = new RegExp(`^${marks}\\s*(.*?)\\s*${marks}$|^${marks}\\s+(.*)$`).exec(title) ?? [];
  return boxed ?? marked ?? title;
}

/** The title of a part that is only counted above it, `CHAPTER I.`, `Down the Rabbit-Hole`, and how many lines below: a blank one may stand between. */
function titleBelow(lines: LineIndex, line: number): { name: string; lines: number } | undefined {
  const [part, ...below] = [0, 1, 2, 3].map((further) => lines.line(line + further).trim());
  const [, counted, named] = COUNTED_PART.exec(part!) ?? [];
  if (counted === undefined || named !== undefined) return undefined;
  const apart = below[0] === '';
  const [title, behind] = apart ? below.slice(1) : below;
  if (behind !== '' || title!.length > MAX_HEADING || PART.test(title!)) return undefined;
  // A first paragraph of one line ends as sentences do.
  const isTitle = apart ? /^\p{Lu}.*[\p{L}\p{N}]$/u : /^\p{Lu}.*[^.,;:]$/u;
  return isTitle.test(title!) ? { name: title!, lines: apart ? 2 : 1 } : undefined;
}

function levelUnder(rule: string): number {
  return rule.startsWith('=') ? 1 : 2;
}

function headingLevel(line: string, next: string): number {
  if (COLUMNS.test(line)) return 0;
  if (UNDERLINE.test(next) && Math.abs(next.length - line.length) <= 6) return levelUnder(next);
  // A remark between the lines of an example.
  if (next !== '' || /^\/[*/]/.test(line)) return 0;
  const counted = COUNTED_PART.exec(line)?.[1];
  if (counted !== undefined) return levelOf(counted) + (SCENE.test(line) ? 1 : 0);
  const behind = COUNTED_BEHIND.exec(line);
  if (behind) return behind[1] === undefined ? 2 : 1;
  if (/[.,;:!?]$/.test(line) && !/^\d+(\.\d+)*\.$/.test(line)) return 0;
  const marked = MARKED.exec(line)?.[1];
  if (marked !== undefined) return marked.length;
  const part = PART.exec(line)?.[0] ?? '';
  const [, number, dot] = NUMBERED.exec(line.slice(part.length)) ?? [];
  // `A Proof`, `I Think So`: a word, unless it is said that it counts.
  const counts = number !== undefined && (!/^[A-Z]$/.test(number) || dot !== '' || part !== '');
  if (counts && line.split(/\s+/).length <= 12) return levelOf(number);
  if (PART_NAME.test(line)) return 1;
  if (/\p{Lu}/u.test(line) && !/\p{Ll}/u.test(line) && /\p{L}{3}/u.test(line) && line.split(/\s+/).length <= 10)
    return 1;
  return 0;
}

/** `2.1` is below `2`. */
function levelOf(number: string): number {
  return number.split('.').length;
}

/** Paragraphs between blank lines; list items are paragraphs of their own, fields (`Name: value`) are read entry by entry. */
export function paragraphs(text: string, start: number, end: number): DraftNode[] {
  const drafts: DraftNode[] = [];
  const push = (from: number, to: number): void => {
    const range = trim(text, from, to);
    if (!range) return;
    const listed = listedLines(text, range.start, range.end);
    const children = sentenceLeaves(listed ?? sentences(text, range.start, range.end));
    drafts.push({ kind: listed ? 'block' : 'paragraph', ...range, children });
  };
  let from = start;
  for (const { start: at, end: stop } of linesBetween(text, start, end)) {
    // In the fields above.
    if (at < from) continue;
    const line = text.slice(at, stop);
    const fields = from === at ? fieldEntries(text, at, end, (a, b) => listedLines(text, a, b)) : undefined;
    if (fields) {
      drafts.push(fields);
      from = fields.end;
    } else if (isBlank(line)) {
      push(from, at);
      from = stop;
    } else if (at > from && LIST_ITEM.test(line)) {
      push(from, at);
      from = at;
    }
  }
  push(from, end);
  return drafts;
}

/** With fewer lines than this nothing is a list. */
const LEAST_LINES = 4;
/** Share of the line breaks that nobody needed. */
const MOSTLY = 0.7;

/** A line of a table that is drawn with rules. */
const DRAWN = /^[|+].*[|+]$/;

/**
 * The lines of a table, an index or a piece of code, each of which stands for itself: undefined for a paragraph of sentences. In a
 * paragraph a line is broken where the next word has no room; in a list most lines are ended before.
 */
function listedLines(text: string, start: number, end: number): TextRange[] | undefined {
  const lines = lineRanges(text, start, end);
  if (lines.length > 2 && lines.every((line) => DRAWN.test(text.slice(line.start, line.end)))) return lines;
  if (lines.length < LEAST_LINES) return undefined;
  const width = lines.reduce((most, line) => Math.max(most, line.end - line.start), 0);
  const unneeded = lines.slice(1).filter((line, i) => {
    const before = lines[i]!;
    const word = /^\S+/.exec(text.slice(line.start, Math.min(line.end, line.start + width)))?.[0].length ?? 0;
    return before.end - before.start + 1 + word <= width && !endsLikeSentence(text.slice(before.start, before.end));
  });
  return unneeded.length >= MOSTLY * (lines.length - 1) ? lines : undefined;
}
