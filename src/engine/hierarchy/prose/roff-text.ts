/** The words of roff as manual pages are printed: without requests, fonts and escapes. Knows the macros of man(7) and mdoc(7). */
import { entryOf } from '../../patterns.js';
import { onOneLine } from '../text.js';

/** A control line: its macro and arguments. */
const CONTROL = /^[.'][ \t]*(\S+)[ \t]*(.*)$/;
/** Macros of man(7) that print all of their arguments; the second kind sets them in two fonts, without blanks between. */
const FONT = /^(?:B|I|R|SM|SB|SH|SS|Sh|Ss|TQ|TH|Dt|Dd|CW)$/;
const TWO_FONTS = /^(?:BI|BR|IB|IR|RB|RI|ft|MR)$/;
/** These print their first argument only; the others say how far it is indented. */
const TAG = /^(?:IP|HP|UR|MT|URL)$/;
/** Macros of mdoc(7) that print what follows them. */
const MDOC =
  /^(?:It|Nm|Nd|Fl|Ar|Cm|Op|Oo|Pa|Xr|Ev|Fn|Fa|Ft|Fo|In|Dv|Er|Va|Vt|Ic|Li|Lk|Mt|Sy|Em|No|Ns|Ql|Dl|D1|Qq|Dq|Sq|Pq|Bq|Brq|Aq|Do|Dc|So|Sc|Po|Pc|Oc|Bo|Bc|Xo|Xc|Ad|An|At|Bx|Fx|Nx|Ox|Ux|St|Tn|Cd|Ms|Ap|Lb|Rs|%\w)$/;
/** What mdoc's macros put around their arguments. */
const AROUND: Readonly<Record<string, readonly [before: string, after: string]>> = {
  Op: ['[', ']'], Qq: ['“', '”'], Dq: ['“', '”'], Ql: ['‘', '’'], Sq: ['‘', '’'], Pq: ['(', ')'], Bq: ['[', ']'], Aq: ['<', '>'], Brq: ['{', '}'], Nd: ['— ', ''], In: ['<', '>'],
}; // prettier-ignore
const SYSTEMS: Readonly<Record<string, string>> = {
  Ux: 'UNIX',
  Bx: 'BSD',
  Fx: 'FreeBSD',
  Nx: 'NetBSD',
  Ox: 'OpenBSD',
  At: 'AT&T UNIX',
  St: 'standard',
};
const MARKS: Readonly<Record<string, string>> = {
  Oo: '[',
  Oc: ']',
  Do: '“',
  Dc: '”',
  So: '‘',
  Sc: '’',
  Po: '(',
  Pc: ')',
  Bo: '[',
  Bc: ']',
  Ap: "'",
};
const NAMED: Readonly<Record<string, string>> = {
  aq: "'", dq: '"', lq: '“', rq: '”', oq: '‘', cq: '’', em: '—', en: '–', hy: '-', bu: '•', co: '©', rg: '®', ha: '^', ti: '~', rs: '\\', ga: '`', 'Aq': "'", 'Lq': '“',
  'Rq': '”', '<=': '≤', '>=': '≥', '!=': '≠', '->': '→', '<-': '←', mu: '×', '+-': '±', fm: '′', sc: '§', de: '°', 'C+': 'C++',
}; // prettier-ignore
const ESCAPE =
  /\\(?:["#].*|[fsmMFknYgV](?:\((..)|\[[^\]\n]{0,80}\]|[-+]?\d|.)|\*?(?:\((..)|\[([^\]\n]{0,80})\])|\*(.)|[hvlLDwobxNXZAB]'[^'\n]{0,200}'|z|(.)|$)/g;

/** Words of a piece of a manual page, on one line; empty where it prints nothing. Never throws. */
export function textOfRoff(raw: string): string {
  const lines = raw.split(/\r?\n/).map((line) => unescaped(lineText(line)));
  return onOneLine(lines.join(' '))
    .replace(/([([]) /g, '$1')
    .replace(/^•\s*/, '');
}

function lineText(line: string): string {
  const [whole, macro = '', rest = ''] = CONTROL.exec(line) ?? [];
  if (whole === undefined) return /^[.']\s*$/.test(line) ? '' : line;
  if (FONT.test(macro)) return argumentsOf(rest).join(' ');
  if (TWO_FONTS.test(macro)) return macro === 'ft' ? '' : argumentsOf(rest).join('');
  if (TAG.test(macro)) return argumentsOf(rest)[0] ?? '';
  return MDOC.test(macro) ? mdocText([macro, ...argumentsOf(rest)]) : '';
}

/** The arguments of a macro: words, or what stands between quotes, where `""` is a quote. */
function argumentsOf(rest: string): string[] {
  const remark = rest.indexOf('\\"');
  return [...rest.slice(0, remark < 0 ? undefined : remark).matchAll(/"((?:[^"]|"")*)(?:"|$)|((?:\\ |\S)+)/g)].map(
    ([, quoted, word]) => quoted?.replaceAll('""', '"') ?? word!,
  );
}

/** One line of mdoc, whose arguments may be macros again: `.Op Fl a Ar file` is `[-a file]`. */
function mdocText(line: readonly string[]): string {
  // Punctuation at the end stands outside of what the macros put around their arguments.
  const ends = line.findLastIndex((word) => !/^[.,;:!?)\]]$/.test(word)) + 1;
  const words = line.slice(0, ends);
  let said = '';
  let glued = false;
  let closes = '';
  words.forEach((called, i) => {
    const word = entryOf(SYSTEMS, called) ?? called;
    if (word === 'Ns') glued = true;
    if (!MDOC.test(word) || (i > 0 && word.length > 2 && !Object.hasOwn(AROUND, word))) {
      // `.Xr ls 1`
      const section = words[i - 2] === 'Xr' ? `(${word})` : word;
      said += (said === '' || glued || section !== word ? '' : ' ') + section;
      glued = false;
      return;
    }
    const [before, after] = AROUND[word] ?? [MARKS[word] ?? (word === 'Fl' ? '-' : ''), ''];
    closes = after + closes;
    if (before === '') return;
    said += (said === '' || glued ? '' : ' ') + before;
    glued = true;
  });
  return said + closes + line.slice(ends).join('');
}

function unescaped(line: string): string {
  return line.replace(
    ESCAPE,
    (match, font?: string, short?: string, long?: string, string?: string, char?: string): string => {
      const name = short ?? long;
      if (name !== undefined) return Object.hasOwn(NAMED, name) ? NAMED[name]! : match.startsWith('\\*') ? '' : name;
      if (char === undefined || font !== undefined || string !== undefined) return match.startsWith('\\h') ? ' ' : '';
      if (/[-.'`_ ~0]/.test(char)) return char === '~' || char === '0' ? ' ' : char;
      return char === 'e' || char === '\\' ? '\\' : '';
    },
  );
}
