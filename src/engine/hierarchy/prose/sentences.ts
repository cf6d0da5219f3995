/** Sentence boundaries inside one paragraph: `Intl.Segmenter`, mended where it splits after abbreviations and numbers. */
import type { TextRange } from '../../../protocol/document.js';
import { trim } from '../draft.js';

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** Words after which a full stop ends no sentence. */
const ABBREVIATION =
  /(?:^|[\s("'[])(?:Dr|Mr|Mrs|Ms|Prof|Sr|Jr|St|Mt|Rev|Hon|Gov|Sen|Gen|Col|Sgt|Lt|Capt|Fig|Figs|Eq|Eqs|Sec|Secs|Ch|Vol|No|Nos|Art|Tab|Ref|Refs|App|Alg|Thm|Def|Lem|Prop|Cor|pp?|vs|cf|ca|al|etc|e\.g|i\.e|eg|ie|viz|resp|approx|est|ed|eds|Inc|Ltd|Co|Corp|Univ|Dept|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|a\.m|p\.m|[A-Z]|(?<=^|[\s(])[a-z]|Ph\.D|[A-Z]\.[A-Z](?:\.[A-Z])*)\.["')\]]*\s*$/;
/** These may end a sentence: they do so when a capital follows. */
const MAY_END = /(?:etc|al|a\.m|p\.m|Inc|Ltd|Co|Corp|(?<=^|[\s(])[a-z]|Ph\.D|[A-Z]\.[A-Z](?:\.[A-Z])*)\.["')\]]*\s*$/;
/** What follows these is more often a part of the same name, `the U.S. Senate`, than the first word of a sentence. */
const INITIALS = /(?:Ph\.D|[A-Z]\.[A-Z])\.["')\]]*\s*$/;
const FIRST_WORD =
  /^\s*["'“‘([]*(?:The|An?|I|He|She|It|We|You|They|This|That|These|Those|There|Here|His|Her|Its|Our|Their|My|But|And|Or|So|If|When|While|As|At|In|On|For|From|To|With|After|Before|Since|Then|Now|However|Some|Many|Most|All|No|What|Who|Why|How)\b/;
const ELLIPSIS = /(?:\.\.\.|…)["')\]]*\s*$/;
const ENUMERATOR = /(?:^|\n)\s*\(?(?:\d{1,3}|[a-z]|[ivx]{1,4}|#)[.)]\s*$/;
/** Markup and quotes that close after a full stop; the segmenter leaves those of Markdown to the next sentence. */
const CLOSING = /[*_~`"'”’)\]]+(?=\s|$)/y;
/** The segmenter counts what opens the next sentence to the one before. */
const OPENING = /(?<=[。！？」』）])[「『（]+$/;
/** The end of a sentence after which the next may begin without a blank. */
const WITHOUT_BLANK = /[。！？]["'”’」』）)\]]*$/;
const TERMINATOR = /[.!?…:;。！？]["」』）'”’)\]*_`]*\s*$/;

/** Ranges of the sentences of `text[start, end)`, without blanks at their ends. A line break ends no sentence. */
export function sentences(text: string, start: number, end: number): TextRange[] {
  const paragraph = text.slice(start, end);
  const ranges: TextRange[] = [];
  let from = 0;
  const stops = candidates(paragraph);
  stops.forEach((stop, i) => {
    const next = paragraph.slice(stop, stop + 40);
    if (i < stops.length - 1 && !endsSentence(paragraph.slice(from, stop), next)) return;
    const range = trim(text, start + from, start + stop);
    if (range) ranges.push(range);
    from = stop;
  });
  return ranges;
}

/** Where a sentence may end: the segmenter's boundaries, and ellipses, at which it never breaks. */
function candidates(paragraph: string): number[] {
  const stops = new Set<number>();
  // The segmenter breaks after each line anyway (rule SB4 of UAX 29), and takes longer for each segment of a longer text: a long line is cut,
  // at a blank if there is one. Where no sentence ends, a cut ends none.
  for (const { index: lineStart, 0: line } of paragraph.matchAll(
    /[^\n]{1000,2000}?\s{1,100}|[^\n]{2000}|[^\n]*\n|[^\n]+$/g,
  ))
    for (const { index, segment } of segmenter.segment(line)) {
      const opened = OPENING.exec(segment)?.[0].length ?? 0;
      const stop = lineStart + index + segment.length - opened;
      CLOSING.lastIndex = stop;
      stops.add(/\S$/.test(segment) && CLOSING.test(paragraph) ? CLOSING.lastIndex : stop);
    }
  for (const ellipsis of paragraph.matchAll(/(?:\.\.\.|…)["'”’)\]]*\s+(?=\p{Lu})/gu))
    stops.add(ellipsis.index + ellipsis[0].length);
  return [...stops].sort((a, b) => a - b);
}

function endsSentence(sentence: string, next: string): boolean {
  const tail = sentence.slice(-60);
  // Inside a word, a name in backticks or an address: only Chinese and Japanese set no blank between sentences.
  if (/\S$/.test(tail) && /^\S/.test(next) && !WITHOUT_BLANK.test(tail)) return false;
  if (ENUMERATOR.test(tail)) return false;
  const capital = /^\s*["'“‘([]*[\p{Lu}\p{Lo}]/u.test(next);
  if (ABBREVIATION.test(tail))
    return (
      MAY_END.test(tail) &&
      capital &&
      /[a-z]\.["')\]]*\s*$|[A-Z]\.["')\]]*\s*$/.test(tail) &&
      (INITIALS.test(tail) ? FIRST_WORD : /^\s*(?:\p{Lu}\p{Ll}|[AI]\s)/u).test(next) &&
      !/\b[A-Z]\.["')\]]*\s*$/.test(tail.replace(/(?:[A-Z]|Ph)\.[A-Z]\.\s*$/, ''))
    );
  if (ELLIPSIS.test(tail)) return capital;
  // `"Is that fast?" he asked.` is one sentence.
  if (/[.!?]["'”’]\s*$/.test(tail) && /^\s*\p{Ll}/u.test(next)) return false;
  // The segmenter also breaks at hard line breaks; only a terminator ends a sentence.
  if (!TERMINATOR.test(tail)) return false;
  if (/[:;]\s*$/.test(tail)) return false;
  if (/\d\.\s*$/.test(tail) && /^\s*\d/.test(next)) return false;
  return capital || /^\s*[^\p{Ll}\s]/u.test(next) || /[!?。！？]["'”’)\]]*\s*$/.test(tail);
}
