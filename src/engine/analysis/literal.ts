/** Literal occurrences of a question's words: shown beside the heat, never mixed into it. */
import type { TextRange } from '../../protocol/document.js';

const STOP_WORDS = new Set(
  'a an and are as at be but by can did do does for from had has have how i if in into is it its me my not of on or our so some than that the their them then there these they this those to up us was we were what when where which who whom why will with you your'.split(
    ' ',
  ),
);
const MOST = 2_000;
/** Of a pasted text as a question the first words: for thousands of them at once a search takes minutes. */
const MOST_WORDS = 64;

/** Words of the question worth looking for: no stop words, compounds also by their parts. */
function queryWords(question: string): string[] {
  const words = new Set<string>();
  for (const raw of question.match(/[\p{L}\p{N}_$]+/gu) ?? []) {
    for (const word of [raw, ...raw.split(/_|(?<=[a-z0-9])(?=[A-Z])/)]) {
      const lower = word.toLowerCase();
      if (lower.length > 1 && !STOP_WORDS.has(lower)) words.add(lower);
    }
  }
  return [...words].slice(0, MOST_WORDS);
}

/** Ranges of the text where a word of the question stands, as a word or as a part of a camelCase or snake_case name. */
export function literalMatches(text: string, question: string): TextRange[] {
  const words = queryWords(question).sort((a, b) => b.length - a.length);
  if (words.length === 0) return [];
  const pattern = new RegExp(words.map((w) => w.replace(/[$]/g, '\\$&')).join('|'), 'giu');
  const ranges: TextRange[] = [];
  for (let match = pattern.exec(text); match && ranges.length < MOST; match = pattern.exec(text)) {
    const start = match.index;
    // Where the longest is only a piece of a word, a shorter one may be a word: `test` in `testServer`, of "test tests".
    const word = words.find((w) => beginsWith(text, start, w) && isWord(text, start, start + w.length));
    if (word !== undefined) ranges.push({ start, end: start + word.length });
    // Never between the two halves of a character: from there the same match is found again, for ever.
    pattern.lastIndex = start + (word ?? characterAt(text, start)).length;
  }
  return ranges;
}

function beginsWith(text: string, at: number, word: string): boolean {
  return text.slice(at, at + word.length).toLowerCase() === word;
}

function isWord(text: string, start: number, end: number): boolean {
  const [before, first] = [characterBefore(text, start), characterAt(text, start)];
  const [last, after] = [characterBefore(text, end), characterAt(text, end)];
  const opens = !/[\p{L}\p{N}]/u.test(before) || (/\p{Ll}|\p{N}/u.test(before) && /\p{Lu}/u.test(first));
  const closes = !/[\p{L}\p{N}]/u.test(after) || (/\p{Lu}/u.test(after) && /\p{Ll}|\p{N}/u.test(last));
  return opens && closes;
}

/** The whole character that begins here; empty at the end of the text. */
function characterAt(text: string, at: number): string {
  return Array.from(text.slice(at, at + 2))[0] ?? '';
}

/** The whole character that ends here; empty at the beginning of the text. */
function characterBefore(text: string, at: number): string {
  return Array.from(text.slice(Math.max(0, at - 2), at)).at(-1) ?? '';
}
