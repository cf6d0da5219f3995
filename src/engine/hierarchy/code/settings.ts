/** Settings that were commented out: each says what is set where nothing else is, and is no part of a text around it. */

const LANGUAGES: ReadonlySet<string> = new Set(['ini', 'properties']);
/** `# key = value`: in quotes or of a few words, without the end of a sentence. */
const EQUALS =
  /^\s*[#;]+\s*[A-Za-z][\w.\-/]*(?:\[\w*\])?\s*=(?![=>])\s*(?:"[^"]*"|'[^']*'|[^\s#;]+(?:[ \t]+[^\s#;]+){0,3}(?<![.:]))?\s*(?:[#;].*)?$/;
/** `#Key value`, `#   Key value`: a key in two parts, or a value that is no word. A blank or two after the mark begin a text. */
const KEY_AND_VALUE =
  /^\s*#(?:\s{3,}|\t+)?(?:[A-Z]+[a-z\d]+[A-Z]\w*\s+[^\s-].*(?<![.:,]\s*)|[A-Za-z]\w*\s+(?:yes|no|on|off|true|false|none|any|\d\S*|(?=\S*\w[/~:,@_-]\w|[/~]\S)\S*[\w*]))\s*$/;
const MOST_CHARS = 200;

/** Whether a line of a comment is a setting that was commented out. */
export function isSettingOff(line: string, language: string): boolean {
  if (!LANGUAGES.has(language) || line.length > MOST_CHARS) return false;
  return EQUALS.test(line) || KEY_AND_VALUE.test(line);
}
