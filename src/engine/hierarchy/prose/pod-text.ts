/** The words of Perl's documentation (POD, perlpod(1)) as it is shown: without commands and formatting codes. */
import { entryOf } from '../../patterns.js';

/** What begins a piece of documentation, and a paragraph in it that is none of words alone: `=head1`. */
export const COMMAND = /^=([a-zA-Z]\w*)[ \t]*/;
/** `=item *`, `=item 2.`, `=head1`: what stands before the words of a paragraph. */
const BEFORE_WORDS = new RegExp(String.raw`${COMMAND.source}(?:(?:[*\u2022]|\d+[.)]?)(?=\s|$))?`, 'gm');
/** `C<< $a->b >>`: between more brackets than one, brackets are letters. */
const WIDE = /([A-Z])(<{2,9})\s([^\n]{0,400}?)\s(>{2,9})/g;
const CODE = /([A-Z])<([^<>]{0,2000})>/g;
/** Codes in codes in codes. */
const DEEPEST = 8;
const CHARACTER = /E<(\w{1,12})>/g;
const CHARACTERS: Readonly<Record<string, string>> = {
  sol: '/',
  verbar: '|',
  amp: '&',
  quot: '"',
  lchevron: '«',
  rchevron: '»',
};
/** Stand for the letters `<` and `>` as long as brackets are sought: no characters, by Unicode, and so free for programs. */
const LESS = '\uFDD0';
const GREATER = '\uFDD1';

/** Words of a piece of POD, on one line; empty where it shows nothing. Never throws. */
export function textOfPod(raw: string): string {
  return withoutCodes(raw.replace(BEFORE_WORDS, ' ')).replace(/\s+/g, ' ').trim();
}

/** A text with what its formatting codes show: `C<open>` is open, `L<here|Store>` here, `X<open>` nothing. Its lines stay. */
export function withoutCodes(text: string): string {
  let plain = text
    .replace(CHARACTER, (_, name: string) => character(name))
    .replace(WIDE, (match, code: string, opens: string, inside: string, closes: string) =>
      opens.length === closes.length ? shown(code, inside.replaceAll('<', LESS).replaceAll('>', GREATER)) : match,
    );
  for (let depth = 0; depth < DEEPEST; depth++) {
    const next = plain.replace(CODE, (_, code: string, inside: string) => shown(code, inside));
    if (next === plain) break;
    plain = next;
  }
  return plain.replaceAll(LESS, '<').replaceAll(GREATER, '>');
}

function character(name: string): string {
  if (name === 'lt') return LESS;
  if (name === 'gt') return GREATER;
  const number = /^\d{1,6}$/.test(name) ? Number(name) : parseInt(/^0?x([\da-f]{1,6})$/i.exec(name)?.[1] ?? '', 16);
  if (!Number.isNaN(number)) return String.fromCodePoint(Math.min(number, 0x10ffff));
  // Of a letter with an accent the letter: `E<eacute>`.
  return entryOf(CHARACTERS, name) ?? name[0]!;
}

function shown(code: string, inside: string): string {
  if (code === 'X' || code === 'Z') return '';
  if (code !== 'L') return inside;
  const [label, target] = inside.split('|', 2);
  if (target !== undefined) return label!;
  // `Store/open` is a place of a page, `/"How to open"` one of this page.
  return /^(?!\w+:)[^/]*\/"?([^"]+)"?$/.exec(inside)?.[1] ?? inside;
}
