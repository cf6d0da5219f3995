/** The words of LaTeX as they are printed: arguments without their commands, symbols, accents, quotes. Formulas stay readable, not exact. */
import { whole, words } from '../../patterns.js';
import { onOneLine } from '../text.js';
import { GREEK } from './greek.js';

/** What is not printed where it stands, or says how something is printed; with all arguments. */
const UNPRINTED = whole([
  // Names of places and of other texts; notes.
  ...words`label (?:no|foot|super|paren|auto|smart)?cite\w* index glossary bibliographystyle`,
  ...words`footnote\w* thanks marginpar`,
  // Room and lines.
  ...words`[vh]space [vh]skip [hv]?phantom rule vrule hrule cline cmidrule`,
  // What is loaded, defined and set.
  ...words`documentclass usepackage RequirePackage NeedsTeXFormat`,
  ...words`(?:re)?new\w* provide\w* Declare\w* define\w* ensuremath\w+ set\w+ addto\w+ hypersetup`,
  // How pages and letters look.
  ...words`pagestyle thispagestyle pagenumbering markboth markright`,
  ...words`color colorlet fontsize hyphenation selectlanguage`,
  ...words`begin end`,
]);
/** Fonts, sizes, spaces and places of things; they have no arguments. */
const SWITCH = whole([
  // Fonts and sizes.
  ...words`bf it em tt rm sc sf sl \w+(?:series|shape|family)`,
  ...words`tiny scriptsize footnotesize small normalsize [lL]arge LARGE huge Huge`,
  // Places, spaces, lines and pages.
  ...words`centering ragged\w+ noindent indent par (?:big|med|small)skip [hv]fill? xspace strut leavevmode sloppy`,
  ...words`(?:new|clear|cleardouble)page (?:no)?(?:page|line)break newline allowbreak`,
  ...words`doublespacing onehalfspacing singlespacing (?:top|mid|bottom)rule hline`,
  // What is made from the rest of the document, and its parts.
  ...words`maketitle tableofcontents listof\w+ (?:front|main|back)matter appendix`,
  // Formulas and proofs.
  ...words`displaystyle textstyle (?:no)?limits left right middle [bB]igg?[lrm]? nonumber notag qed qedhere`,
  ...words`protect relax null`,
]);
/** Commands whose first arguments say how the last one is printed, and how many these are. */
const MANNERS: Readonly<Record<string, number>> = {
  textcolor: 1, colorbox: 1, fcolorbox: 2, parbox: 1, makebox: 0, raisebox: 1, scalebox: 1, resizebox: 2, multicolumn: 2, multirow: 2,
}; // prettier-ignore
/** Their argument is printed as it stands. */
const VERBATIM = /^(?:verb|lstinline|mintinline|url|path|nolinkurl)$/;
const REFERENCE = /^(?!href)[a-zA-Z]*[rR]ef$/;
const NAMING = /^(?:[cC]itet|[tT]extcite|[cC]iteauthor|citealt)\w*$/;
const DEFINITION = /^(?:[egx]?def|let)$/;
const SYMBOLS: Readonly<Record<string, string>> = {
  ldots: '…', dots: '…', cdots: '…', textellipsis: '…', S: '§', P: '¶', ss: 'ß', ae: 'æ', AE: 'Æ', oe: 'œ', OE: 'Œ', o: 'ø', O: 'Ø', l: 'ł', L: 'Ł',
  aa: 'å', AA: 'Å', i: 'i', j: 'j', textasciitilde: '~', textbackslash: '\\', textendash: '–', textemdash: '—', textbar: '|', textgreater: '>',
  textless: '<', quad: ' ', qquad: ' ', enspace: ' ', and: ', ', times: '×', cdot: '·', pm: '±', div: '÷', leq: '≤', le: '≤', geq: '≥', ge: '≥',
  neq: '≠', ne: '≠', approx: '≈', equiv: '≡', sim: '∼', in: '∈', notin: '∉', subset: '⊂', subseteq: '⊆', cup: '∪', cap: '∩', emptyset: '∅',
  infty: '∞', to: '→', rightarrow: '→', leftarrow: '←', mapsto: '↦', Rightarrow: '⇒', implies: '⇒', iff: '⇔', forall: '∀', exists: '∃', sum: '∑',
  prod: '∏', int: '∫', partial: '∂', nabla: '∇', top: 'ᵀ', langle: '⟨', rangle: '⟩', lceil: '⌈', rceil: '⌉', lfloor: '⌊', rfloor: '⌋', lVert: '‖', rVert: '‖', mid: '|', ll: '≪', gg: '≫', varepsilon: 'ε',
  finalsigma: 'ς', ...GREEK,
}; // prettier-ignore
const ACCENTS: Readonly<Record<string, string>> = {
  "'": '\u0301', '`': '\u0300', '^': '\u0302', '"': '\u0308', '~': '\u0303', '=': '\u0304', '.': '\u0307',
  c: '\u0327', v: '\u030c', H: '\u030b', u: '\u0306', k: '\u0328', r: '\u030a',
}; // prettier-ignore
const PUNCTUATION = /``|''|---?|`/y;
const PRINTED: Readonly<Record<string, string>> = { '``': '“', "''": '”', '---': '—', '--': '–', '`': '‘' };

/** Braces in braces. */
const DEEPEST = 200;

/** Words of a piece of LaTeX, on one line. Never throws: a brace that is opened or closed elsewhere is left out. */
export function textOfLatex(raw: string): string {
  return onOneLine(new Reader(raw).words(false).normalize('NFC'));
}

class Reader {
  private at = 0;
  private depth = 0;

  constructor(private readonly raw: string) {}

  /** Up to the end or, inside of braces, to the brace that closes them. */
  words(inBraces: boolean): string {
    let said = '';
    while (this.at < this.raw.length) {
      const mark = this.match(PUNCTUATION);
      if (mark !== undefined) {
        said += PRINTED[mark]!;
        continue;
      }
      const char = this.raw[this.at++]!;
      if (char === '}') {
        if (inBraces) break;
      } else if (char === '{') said += this.inBraces();
      else if (char === '\\') said += this.command();
      else if (char === '%') this.match(/[^\n]*\n?[ \t]*/y);
      else if (char === '~' || char === '&') said += ' ';
      else if (char !== '$') said += char;
    }
    return said;
  }

  /** What follows a brace that opens; deeper than anything that is meant, no brace is matched. */
  private inBraces(): string {
    if (this.depth >= DEEPEST) return '';
    this.depth++;
    const said = this.words(true);
    this.depth--;
    return said;
  }

  private command(): string {
    const name = this.match(/[A-Za-z]+/y);
    if (name === undefined) return this.mark();
    this.match(/\*/y);
    if (VERBATIM.test(name)) return this.verbatim(name);
    if (name === 'href') this.verbatim(name);
    if (Object.hasOwn(ACCENTS, name) && this.raw[this.at] === '{')
      return accented(this.groups().join(''), ACCENTS[name]!);
    if (Object.hasOwn(SYMBOLS, name)) {
      this.match(/\{\}/y);
      return SYMBOLS[name]!;
    }
    if (SWITCH.test(name)) return ' ';
    if (name === 'item') return `${textOfLatex(this.match(/\[[^\]]*\]/y)?.slice(1, -1) ?? '')} `;
    if (DEFINITION.test(name)) this.match(/\s*\\?[A-Za-z]*[^{\n]*/y);
    const parts = this.groups();
    if (NAMING.test(name)) return parts.join(', ');
    if (UNPRINTED.test(name) || DEFINITION.test(name)) return '';
    if (REFERENCE.test(name)) return parts.map((key) => key.replace(/^\w+:/, '')).join(', ');
    if (name.endsWith('frac')) return parts.join('/');
    const said = parts.slice(Object.hasOwn(MANNERS, name) ? MANNERS[name] : 0).join(' ');
    // A command of the document's own, or a logo: its name is nearer to what is printed than nothing.
    return said.trim() === '' ? name : said;
  }

  /** What a backslash before something else than a letter means. */
  private mark(): string {
    const char = this.raw[this.at++] ?? '';
    if (Object.hasOwn(ACCENTS, char)) {
      const base = this.match(/\{\\?[A-Za-z]\s*\}|\\?[A-Za-z]/y);
      return base === undefined ? '' : accented(base.replace(/[^A-Za-z]/g, ''), ACCENTS[char]!);
    }
    if (char === '\\') {
      this.match(/\*?(?:\[[^\]\n]*\])?/y);
      return ' ';
    }
    if (/[\s,;:>]/.test(char)) return ' ';
    return /[[\]()!/@-]/.test(char) ? '' : char;
  }

  /** What stands between a character and its next occurrence, or between braces. */
  private verbatim(name: string): string {
    this.match(/\[[^\]]*\]/y);
    if (name === 'mintinline') this.match(/\{[^{}]*\}/y);
    const opened = this.raw[this.at++] ?? '';
    const end = this.raw.indexOf(opened === '{' ? '}' : opened, this.at);
    const code = this.raw.slice(this.at, end < 0 ? undefined : end);
    this.at = end < 0 ? this.raw.length : end + 1;
    return code;
  }

  /** Texts of the arguments in braces that follow at once; those in brackets are left out. */
  private groups(): string[] {
    const texts: string[] = [];
    for (;;) {
      if (this.raw[this.at] === '{') {
        this.at++;
        texts.push(this.inBraces());
      } else if (this.match(/\[[^[\]]*\]/y) === undefined) return texts;
    }
  }

  /** What a sticky pattern finds here, which is passed; undefined where it finds nothing. */
  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.raw)?.[0];
    if (!found) return undefined;
    this.at += found.length;
    return found;
  }
}

function accented(base: string, accent: string): string {
  return base.slice(0, 1) + accent + base.slice(1);
}
