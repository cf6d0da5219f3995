/** Literal occurrences of a question's words: shown beside the heat, never mixed into it. */
import type { TextRange } from '../../protocol/document.js';

const STOP_WORDS = new Set(
  'a an and are as at be but by can did do does for from had has have how i if in into is it its me my not of on or our so some than that the their them then there these they this those to up us was we were what when where which who whom why will with you your'.split(
    ' ',
  ),
);
const MOST = 2_000;

/** Words of the question worth looking for: no stop words, compounds also by their parts. */
function queryWords(question: string): string[] {
  const words = new Set<string>();
  for (const raw of question.match(/[\p{L}\p{N}_$]+/gu) ?? []) {
    for (const word of [raw, ...raw.split(/_|(?<=[a-z0-9])(?=[A-Z])/)]) {
      const lower = word.toLowerCase();
      if (lower.length > 1 && !STOP_WORDS.has(lower)) words.add(lower);
    }
  }
  return [...words];
}

/** Ranges of the text where a word of the question stands, as a word or as a part of a camelCase or snake_case name. */
export function literalMatches(text: string, question: string): TextRange[] {
  const words = queryWords(question);
  if (words.length === 0) return [];
  const pattern = new RegExp(
    words
      .map((w) => w.replace(/[$]/g, '\\$&'))
      .sort((a, b) => b.length - a.length)
      .join('|'),
    'giu',
  );
  const ranges: TextRange[] = [];
  for (const match of text.matchAll(pattern)) {
    const start = match.index;
    const end = start + match[0].length;
    if (isWord(text, start, end)) ranges.push({ start, end });
    if (ranges.length >= MOST) break;
  }
  return ranges;
}

function isWord(text: string, start: number, end: number): boolean {
  const before = text[start - 1] ?? ' ';
  const after = text[end] ?? ' ';
  const opens = !/[\p{L}\p{N}]/u.test(before) || (/\p{Ll}|\p{N}/u.test(before) && /\p{Lu}/u.test(text[start]!));
  const closes = !/[\p{L}\p{N}]/u.test(after) || (/\p{Lu}/u.test(after) && /\p{Ll}|\p{N}/u.test(text[end - 1]!));
  return opens && closes;
}
