/** Sentence boundaries inside one paragraph: `Intl.Segmenter`, mended where it splits after abbreviations and numbers. */
import type { TextRange } from '../../../protocol/document.js';
import { oneOf, words } from '../../patterns.js';
import { trim } from '../draft.js';
import { CLOSER, CLOSING } from '../text.js';

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** Words after which a full stop ends no sentence. */
const NEVER_ENDS = endingIn([
  // People and places.
  ...words`Dr Mr Mrs Ms Prof Mt Rev Hon Gov Sen Gen Col Sgt Lt Capt Univ Dept`,
  // Parts of texts.
  ...words`Figs? Eqs? Secs? Ch Vol Nos Art Tab Refs? App Alg Thm Def Lem Prop Cor pp eds?`,
  ...words`vs cf ca eg ie viz resp approx est Proc Trans [Ee]\.g [Ii]\.e N\.B \p{Lu}`,
  // German and Russian; `Mio` also has other meanings, and centimetres are shortened without a full stop.
  ...words`Abs Nr Bd Abb Anm Aufl Hrsg vgl bzgl bzw ggf evtl inkl zzgl sog [Рр]ис [Тт]абл стр ул`,
  String.raw`(?<=\d\s)M(?:io|rd)`,
  String.raw`(?<!\d\s)[Сс]м`,
]);
/** Words after which one ends a sentence where the next word begins with a capital: a name or number does not. */
const ENDS_BEFORE_CAPITAL = endingIn(words`etc al a\.m p\.m Inc Ltd Co Corp No (?<=^|[\s(])[a-z]`);
/** What follows these is more often a part of the same name, `the U.S. Senate`, than the first word of a sentence. */
const ENDS_BEFORE_FIRST_WORD = endingIn([
  ...words`Sr Jr St Ph\.D`,
  ...words`Jan Feb Mar Apr Jun Jul Aug Sept? Oct Nov Dec`,
  String.raw`(?:[A-Za-z]\.)+[A-Za-z]`,
]);
const FIRST_WORD = new RegExp(
  String.raw`^\s*["'“‘([]*` +
    oneOf(words`
      The An? I He She It We You They This That These Those There Here His Her Its Our Their My And But Or Nor Yet So If Unless When While Until As Since
      Because Although Though Whether Where Which Once At By In On For From To With Without Within After Before Between Among During Despite Through Then
      Now Today Later Also Thus Hence Therefore Moreover Furthermore Instead Meanwhile However Perhaps Even Only Just Some Many Most All Any Each Every
      Both Several Such Another No Not What Who Why How Is Are Was Were Do Does Did Can Could Should Would Use
    `) +
    String.raw`\b`,
);
const FIRST_LETTERS = /^\s*(?:\p{Lu}\p{Ll}|[AI]\s)/u;
const ELLIPSIS = new RegExp(String.raw`(?:\.\.\.|…)${CLOSING}\s*$`);
const ENUMERATOR = /(?:^|\n)\s*\(?(?:\d{1,3}|[a-z]|[ivx]{1,4}|#)[.)]\s*$/;
/** Markup and quotes that close after a full stop; the segmenter leaves those of Markdown to the next sentence. */
const MARKUP = /[*_~`"'”’)\]]+(?=\s|$)/y;
/** A French quote that closes behind a blank. */
const GUILLEMET = /»(?![\p{L}\p{N}])\s*/uy;
/** A day before its month, as German writes it. */
const DAY = /(?<![\d.])[0-3]?\d\.\s*$/;
const MONTH = /^\s*(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b/;
/** The segmenter counts what opens the next sentence to the one before. */
const OPENING = /(?<=[。！？」』）])[「『（“‘]+$/;
/** The end of a sentence after which the next may begin without a blank. */
const WITHOUT_BLANK = new RegExp(`[。！？]${CLOSING}$`);
const TERMINATOR = new RegExp(`[\\p{STerm}…:;](?:${CLOSER}|[*_\`])*\\s*$`, 'u');
const CLOSED = new RegExp(String.raw`[.!?](?:${CLOSER})\s*$`);

function endingIn(abbreviations: readonly string[]): RegExp {
  return new RegExp(String.raw`(?:^|[\s("'“‘„‚«»[])${oneOf(abbreviations)}\.${CLOSING}\s*$`, 'u');
}

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
      const closing = /\S$/.test(segment) ? MARKUP : GUILLEMET;
      closing.lastIndex = stop;
      stops.add(closing.test(paragraph) ? closing.lastIndex : stop);
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
  if (NEVER_ENDS.test(tail)) return false;
  if (ENDS_BEFORE_CAPITAL.test(tail)) return FIRST_LETTERS.test(next);
  if (ENDS_BEFORE_FIRST_WORD.test(tail)) return FIRST_WORD.test(next);
  if (DAY.test(tail) && MONTH.test(next)) return false;
  if (ELLIPSIS.test(tail)) return capital;
  // `"Is that fast?" he asked.` is one sentence.
  if (CLOSED.test(tail) && /^\s*\p{Ll}/u.test(next)) return false;
  // The segmenter also breaks at hard line breaks; only a terminator ends a sentence.
  if (!TERMINATOR.test(tail)) return false;
  if (/[:;]\s*$/.test(tail)) return false;
  if (/\d\.\s*$/.test(tail) && /^\s*\d/.test(next)) return false;
  return capital || /^\s*[^\p{Ll}\s]/u.test(next) || /[!?。！？]["'”’)\]]*\s*$/.test(tail);
}
