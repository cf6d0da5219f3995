/** What a text is whose name does not tell: a shell script, settings with comments, or neither. */

/** As many lines as anybody needs to see. */
const MOST_LINES = 400;
/** What only shells have. */
const SHELL_ONLY =
  /^\s*(?:if (?:\[\[? |test |! ).*;\s*then|(?:if|elif) .*;\s*then|(?:for|while|until) .*;\s*do|case .* in|export \w+(?:=|\s*$)|[\w-]+\s*\(\)\s*\{?|alias [\w.-]+=|eval "?\$\(|\. "?[$/~])/;
/** What they share with other languages and with lists of words. */
const SHELL = /^\s*(?:then|else|fi|do|done|esac|;;|\}|unset \w|local \w|set -\w|shopt |return\b|\w+=(?:\S|$))/;
const SHELL_SHARE = 0.3;
/** Not `^\s*`, which reads blank lines from each of them. */
const FENCE = /^[^\S\r\n\u2028\u2029]*(?:```|~~~)/m;
const COMMENT = /^\s*#/;
/** `KEY=value`, `key = value`, `[section]`. */
const ASSIGNED = /^\s*(?:[\w.-]+\s*=|\[[\w. :-]+\]\s*$)/;
/** `KEY value`, a few words; an item of a list is none, nor is what ends as a sentence does. */
const SET = /^\s*(?![-*+>|•] )[^\s,;:!?"'()]+(?:\s+\S+){0,7}\s*$/;
const SENTENCE_END = /[.!?,:;]["')\]]*\s*$/;
const MOST_SETTING = 100;
/** Share of the lines that are settings among those that are no comments, and share of the comments where settings have no `=`. */
const SETTINGS_SHARE = 0.85;
const COMMENT_SHARE = 0.2;
const LEAST_LINES = 3;

/** Id of the language of a text without a known name or extension, where it looks like a shell script or like settings. */
export function unnamedLanguage(text: string): 'shellscript' | 'ini' | undefined {
  // Markdown shows programs between fences.
  if (FENCE.test(text.slice(0, 60_000))) return undefined;
  const lines = text
    .slice(0, 60_000)
    .split('\n', MOST_LINES)
    .filter((line) => line.trim() !== '')
    .map((line) => line.slice(0, 300));
  const said = lines.filter((line) => !COMMENT.test(line));
  if (isShell(said)) return 'shellscript';
  return lines.length >= LEAST_LINES && isSettings(said, lines) ? 'ini' : undefined;
}

function isShell(said: readonly string[]): boolean {
  const own = said.filter((line) => SHELL_ONLY.test(line)).length;
  const shared = said.filter((line) => SHELL.test(line)).length;
  return own > 0 && own + shared >= 2 && own + shared >= SHELL_SHARE * said.length;
}

function isSettings(said: readonly string[], lines: readonly string[]): boolean {
  if (said.length >= LEAST_LINES && said.filter((l) => ASSIGNED.test(l)).length >= SETTINGS_SHARE * said.length)
    return true;
  const comments = lines.filter((line, i) => COMMENT.test(line) && isComment(lines, i)).length;
  const settings = said.filter((line) => ASSIGNED.test(line) || isSetting(line)).length;
  return comments >= 2 && comments >= COMMENT_SHARE * lines.length && settings >= SETTINGS_SHARE * said.length;
}

function isSetting(line: string): boolean {
  const written = line.replace(/\s#.*$/, '');
  return written.length <= MOST_SETTING && SET.test(written) && !SENTENCE_END.test(written);
}

/** A heading of Markdown begins with a mark as well, but has none above or below it and none of the words of a setting. */
function isComment(lines: readonly string[], i: number): boolean {
  return (
    [lines[i - 1], lines[i + 1]].some((line) => line !== undefined && COMMENT.test(line)) || /^\s*#\S/.test(lines[i]!)
  );
}
