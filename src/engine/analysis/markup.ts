/** Prose without its markup: the words that a reader of the rendered page would see. */

const HTML =
  /<\/?(?:a|abbr|b|br|c|code|dd|div|dl|dt|em|h[1-6]|hr|i|img|kbd|li|ol|p|para|param|pre|remarks|returns|see|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|tt|u|ul)\b[^>]*>/gi;

/** Commands of R's and Octave's help. */
const HELP =
  /(?:\\(?:code|link|emph|strong|bold|pkg|url|var|[sd]Quote)(?:\[[^\]]*\])?|@(?:code|var|math|samp|emph|strong|url|qcode))\{([^{}]*)\}/g;

/**
 * What stands in backticks, the first that fits: a quote of Lisp and old manuals; a role of reStructuredText or MyST; code, between as
 * many backticks as began it, or a link of reStructuredText, which ends with a low line.
 */
const IN_BACKTICKS =
  /(?<![`\\])(?:`([\w!?*+<>:/.-]{1,80})'(?![\w'`])|(:(?:[\w.+-]{1,40}:){1,4}|\{[\w:.+-]{1,40}\})`(?!`)([^`]*)`|(`+)(?!`)([^]*?[^`])\4(?!`)(__?(?!\w))?)/g;
/** Roles of names in Python. */
const OF_CODE = /\b(?:any|attr|class|const|data|exc|func|meth|mod|obj)[:}]$/;
/** Roles whose target is the number of a document. */
const SERIES = /^[:{](cve|pep|rfc)[:}]$/;
/** Stand for what was taken out: of private use, and therefore nothing that markup is made of. */
const [OPEN, CLOSE] = ['\uE000', '\uE001'];
const TAKEN_OUT = new RegExp(`${OPEN}(\\d+)${CLOSE}`, 'g');
/** In reStructuredText a blank that is not seen, by which a word may end or begin with a mark. */
const BESIDE_MARKS = new RegExp(`(?<=${CLOSE})\\\\ |\\\\ (?=${OPEN})`, 'g');

/** Takes out code, which only looks like markup where it does, and gives it back verbatim. */
class CodeSpans {
  private readonly kept: string[] = [];

  takenFrom(raw: string): string {
    return raw.replace(
      IN_BACKTICKS,
      (
        _,
        quoted: string | undefined,
        role: string | undefined,
        target: string | undefined,
        ticks: string | undefined,
        code: string | undefined,
        link: string | undefined,
      ) => {
        if (role !== undefined && target !== undefined) return this.keep(referred(role, target));
        if (quoted !== undefined) return this.keep(quoted);
        if (code === undefined) return '';
        const linked = link !== undefined && ticks === '`' ? /^([^<]+?)\s*<[^>]+>$/.exec(code)?.[1] : undefined;
        return this.keep(linked ?? withoutPadding(code));
      },
    );
  }

  /** `inTable`: a bar in a table is written with a backslash, also in code. */
  givenBackTo(text: string, inTable: boolean): string {
    return text.replace(TAKEN_OUT, (mark, i: string) => {
      const code = this.kept[Number(i)] ?? mark;
      return inTable ? code.replaceAll('\\|', '|') : code;
    });
  }

  private keep(code: string): string {
    return `${OPEN}${this.kept.push(code.replace(/\s*\n\s*/g, ' ')) - 1}${CLOSE}`;
  }
}

/** What a role shows: its text where it has one, else its target. Before the name of something in Python a dot says how it is looked for. */
function referred(role: string, target: string): string {
  const shown = target.replace(/^[~!]/, '').replace(/(.)\s*<[^>]*>$/s, '$1');
  const [, series] = SERIES.exec(role) ?? [];
  if (series !== undefined && /^\d/.test(shown)) return `${series.toUpperCase()} ${shown}`;
  return OF_CODE.test(role) ? shown.replace(/^\.(?=[\p{L}_])/u, '') : shown;
}

/** Blanks beside backticks only keep those apart from backticks in the code. */
function withoutPadding(code: string): string {
  const inner = code.replace(/^\s(?=`)|(?<=`)\s$/g, '');
  return /^\s[^]*\S[^]*\s$/.test(inner) ? inner.slice(1, -1) : inner;
}

/** Text of a sentence, comment or table row in Markdown, reStructuredText, HTML or a comment's dialect of them, on one line. */
export function withoutMarkup(raw: string): string {
  const code = new CodeSpans();
  const marked = code.takenFrom(raw);
  const cells = tableCells(marked);
  const words = (cells ?? marked)
    .replace(/<!--[^]*?-->/g, ' ')
    // What makes a line a heading.
    .replace(/^\s*#{1,6}\s+|\n[ \t]*([=\-~^"'`#*+])\1{2,}\s*$/g, '')
    // References of XML comments, by what they refer to.
    .replace(/<(?:see|seealso|paramref|typeparamref)\s+(?:cref|name|langword|href)="(?:\w:)?([^"]*)"\s*\/>/g, '$1')
    .replace(HTML, '')
    // Marks of quotes and notes, tasks and footnotes.
    .replace(/\n[ \t]*>+ ?/g, '\n')
    .replace(/^\s*(?:>+\s*)?\[!\w+\]\s*/, '')
    .replace(/^\s*[-*+]\s+\[[ xX]\]\s/, '')
    .replace(/\[\^[^\]\s]+\]:?/g, '')
    // Links of Org, MediaWiki and AsciiDoc.
    .replace(/\[\[[^\][]+\]\[([^\][]+)\]\]/g, '$1')
    .replace(/\[\[(?:[^\][|]+\|)?([^\][|]+)\]\]/g, '$1')
    .replace(/\b(?:link|xref|mailto):[^\s[\]]+\[([^\][]+)\]/g, '$1')
    // Badges, then links and pictures of Markdown.
    .replace(/\[!\[[^\]]*\](?:\([^()]*\)|\[[^\]]*\])\](?:\([^()]*\)|\[[^\]]*\])?/g, '')
    .replace(/!?\[([^\][]+)\]\((?:[^()\s]|\([^()]*\))*(?:\s+"[^"]*")?\)/g, '$1')
    .replace(/!?\[([^\][]+)\]\[[^\][]*\]/g, '$1')
    .replace(/\{@\w+\s+#?([^}]*)\}/g, '$1')
    // A link in code.
    .replace(HELP, '$1')
    .replace(HELP, '$1')
    .replace(/\*\*(?=\S)([^*]+?)(?<=\S)\*\*/g, '$1')
    .replace(/(?<![\w*\\])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])/g, '$1')
    .replace(/(?<![\w`\\])_(?=\S)([^_\n`]+?)(?<=\S)_(?!\w)/g, '$1')
    .replace(/^\s*(?:[-*+>]|(?:\d+|#)[.)])\s+/, '')
    // What only keeps marks apart, breaks of lines, blanks by name, and what was escaped from being markup.
    .replace(BESIDE_MARKS, '')
    .replace(/\\(?=\n)|&nbsp;/g, ' ')
    .replace(/\\([*_[\]#<>|~"])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  return code.givenBackTo(words, cells !== undefined);
}

/** A row of a Markdown table as its cells; undefined for anything else. */
function tableCells(raw: string): string | undefined {
  const row = /^\s*\|(.*)\|\s*$/s.exec(raw)?.[1];
  if (row === undefined) return undefined;
  return row
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim())
    .filter(Boolean)
    .join(' · ');
}
