/** The words of Texinfo as a manual is printed: without commands, indices and what only one kind of output shows. */
import { onOneLine } from '../text.js';

/** A line that is a command for all of it; what has a brace behind its name is a part of the text. */
export const LINE_COMMAND = /^[ \t]*@([a-zA-Z]+)(?![a-zA-Z{])[ \t]*(.*)$/;
/** Commands whose line is read, too. */
const SAID = /^(?:itemx?|headitem|center|exdent|(?:sub){0,2}section|(?:sub){0,2}heading|top|part|chapter|chapheading|majorheading|centerchap|(?:unnumbered|appendix)(?:(?:sub){0,2}sec|section)?|def\w+)$/; // prettier-ignore
const REMARK = /(?:^|[ \t])@c(?:omment)?[ \t].*$/;
const BRACED = /@([a-zA-Z]+)\{([^{}]{0,4000})\}/g;
/** Commands in commands. */
const DEEPEST = 8;
/** Stand for braces and at signs that are letters as long as commands are sought: no characters, by Unicode, and so free for programs. */
const LETTERS: Readonly<Record<string, string>> = { '@': '\uFDD0', '{': '\uFDD1', '}': '\uFDD2' };
const SYMBOLS: Readonly<Record<string, string>> = {
  dots: '…', enddots: '…', copyright: '©', registeredsymbol: '®', result: '⇒', expansion: '↦', print: '⊣', equiv: '≡', bullet: '•', minus: '−', arrow: '→', geq: '≥', leq: '≤',
  comma: ',', tie: ' ', TeX: 'TeX', LaTeX: 'LaTeX', error: 'error:', point: '', ss: 'ß', o: 'ø', O: 'Ø', aa: 'å', AA: 'Å', ae: 'æ', AE: 'Æ', oe: 'œ', OE: 'Œ', l: 'ł', L: 'Ł', euro: '€',
  pounds: '£', textdegree: '°', quotedblleft: '“', quotedblright: '”', quoteleft: '‘', quoteright: '’', atchar: LETTERS['@']!, lbracechar: LETTERS['{']!, rbracechar: LETTERS['}']!,
  backslashchar: '\\', hashchar: '#', guillemetleft: '«', guillemetright: '»', exclamdown: '¡', questiondown: '¿',
}; // prettier-ignore
const UNSEEN =
  /^(?:anchor|footnote|image|hyphenation|errormsg|[cfvkpt]index|sortas|seeentry|seealso|codequote\w*|allowcodebreaks)$/;

/** Words of a piece of a manual, on one line; empty where it prints nothing. Never throws. */
export function textOfTexinfo(raw: string): string {
  const said = withoutCommands(raw.split(/\r?\n/).map(lineText).join('\n'), true);
  return onOneLine(said).replace(/^[•·]\s*/, '');
}

/**
 * A text with what the commands in it print: `@code{open}` is open, `@dots{}` …, `@anchor{open}` nothing. Its lines stay. `all`: nor is anything
 * left of commands that begin or end elsewhere.
 */
export function withoutCommands(text: string, all = false): string {
  let plain = text
    .replace(/@([@{}])/g, (_, letter: string) => LETTERS[letter]!)
    .replace(/@[ \t*]|@(?=\n|$)/g, ' ')
    .replace(/@[:\-/|]/g, '')
    .replace(/@([.!?])/g, '$1')
    .replace(/@[`'"^~=,](?:\{([a-zA-Z]+)\}|([a-zA-Z]))/g, '$1$2')
    .replace(/(?<=\s|\p{L})---(?=\s|\p{L})/gu, '—')
    .replace(/(?<=\d)--(?=\d)/g, '–');
  for (let depth = 0; depth < DEEPEST; depth++) {
    const next = plain.replace(BRACED, (_, name: string, inside: string) => shown(name, inside));
    if (next === plain) break;
    plain = next;
  }
  if (all) plain = plain.replace(/@tab\b/g, ' · ').replace(/@[a-zA-Z]+\{?|[{}]/g, '');
  plain = plain.replace(/``/g, '“').replace(/''/g, '”');
  for (const [letter, standsFor] of Object.entries(LETTERS)) plain = plain.replaceAll(standsFor, letter);
  return plain;
}

function lineText(line: string): string {
  const [, command, rest] = LINE_COMMAND.exec(line) ?? [];
  // The first line of all: `\input texinfo`.
  if (command === undefined || command === 'tab') return line.replace(/^\\input\b.*/, '').replace(REMARK, '');
  return SAID.test(command) ? rest!.replace(REMARK, '') : '';
}

function shown(name: string, inside: string): string {
  if (UNSEEN.test(name)) return '';
  if (Object.hasOwn(SYMBOLS, name)) return SYMBOLS[name]!;
  const [first = '', second = '', third = ''] = inside.split(/\s*,\s*/);
  switch (name) {
    case 'xref':
      return `See ${third || first}`;
    case 'pxref':
      return `see ${third || first}`;
    case 'ref':
      return third || first;
    case 'uref':
    case 'url':
      return third || second || first;
    case 'email':
      return second || first;
    case 'abbr':
    case 'acronym':
      return first;
    case 'U': {
      const code = parseInt(inside, 16);
      return code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
    }
    default:
      return inside;
  }
}
