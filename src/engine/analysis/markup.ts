/** Prose without its markup: the words that a reader of the rendered page would see. */

const HTML =
  /<\/?(?:a|abbr|b|br|c|code|dd|div|dl|dt|em|h[1-6]|hr|i|img|kbd|li|ol|p|para|param|pre|remarks|returns|see|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|tt|u|ul)\b[^>]*>/gi;

/** Commands of R's and Octave's help. */
const HELP =
  /(?:\\(?:code|link|emph|strong|bold|pkg|url|var|[sd]Quote)(?:\[[^\]]*\])?|@(?:code|var|math|samp|emph|strong|url|qcode))\{([^{}]*)\}/g;

/** Text of a sentence, comment or table row in Markdown, reStructuredText, HTML or a comment's dialect of them, on one line. */
export function withoutMarkup(raw: string): string {
  return (
    tableCells(raw)
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
      // Roles and links of reStructuredText and MyST; what stands in angle brackets is the target.
      .replace(/(?::(?:[\w.+-]+:)+|\{[\w:.+-]+\})`[~!]?([^`<]*?)\s*(?:<[^`>]*>)?`/g, '$1')
      .replace(/`([^`<]+?)\s*<[^`>]+>`__?/g, '$1')
      .replace(/\{@\w+\s+#?([^}]*)\}/g, '$1')
      // A link in code.
      .replace(HELP, '$1')
      .replace(HELP, '$1')
      // Quotes of Lisp and old manuals.
      .replace(/`([\w!?*+<>:/.-]{1,80})'(?![\w'`])/g, '$1')
      .replace(/``?([^`]*)``?_?/g, '$1')
      .replace(/\*\*(?=\S)([^*]+?)(?<=\S)\*\*/g, '$1')
      .replace(/(?<![\w*\\])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])/g, '$1')
      .replace(/(?<![\w`\\])_(?=\S)([^_\n`]+?)(?<=\S)_(?!\w)/g, '$1')
      .replace(/^\s*(?:[-*+>]|(?:\d+|#)[.)])\s+/, '')
      // Breaks of lines, blanks by name, and what was escaped from being markup.
      .replace(/\\(?=\n)|&nbsp;/g, ' ')
      .replace(/\\([*_[\]#<>|~"])/g, '$1')
      .replace(/\s+/g, ' ')
      .trim()
  );
}

/** A row of a Markdown table as its cells. */
function tableCells(raw: string): string {
  const row = /^\s*\|(.*)\|\s*$/s.exec(raw)?.[1];
  if (row === undefined) return raw;
  return row
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim())
    .filter(Boolean)
    .join(' · ');
}
