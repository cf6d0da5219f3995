/** Leaves that belong to the form of a file and tell nobody what it is about. */
import { oneOf, words } from '../patterns.js';
import { namesLicence } from './comments.js';

const { raw } = String;

const FIELDS = words`param type returns? rtype raises? keyword arg var ivar cvar canonical async no-?index`;
const COMMANDS = words`documentclass usepackage newcommand begin end input include bibliography\w* maketitle`;
/**
 * A leaf that says nothing about its surroundings: imports, fields, rows of a table, markup, separators. Words of code count as
 * they are written in code, because a sentence may well begin with "Use" or "Import".
 */
const BOILERPLATE = new RegExp(
  raw`^\s*${oneOf([
    // How a file is to be read, what it needs and gives away.
    ...words`#![^\n]*$ <\?(?:php|xml) <!doctype\b <!DOCTYPE\b`,
    raw`["']use strict`,
    ...words`import\b from\s+\S+\s+import #\s*include using\s+[\w.]+; package\s require\b use\s+[\w\\:{] export\s+(?:\*|\{)`,
    // Attributes and names that stand alone.
    ...words`@\w+\s*$ @(?:spec|impl)\b \[(?:\w+:\s*)?\w+(?:\([^\]]*\))?\]\s*$`,
    raw`local\s+[\w ]+$`,
    // Where a block ends or goes on.
    ...words`return\s*;?$ (?:break|continue)\b(?:\s+\w+)?\s*;?$ pass$ else\b end\b`,
    // Directives and fields of reStructuredText.
    raw`\.\.\s+(?:[\w:-]+::|_)`,
    raw`:${oneOf(FIELDS)}\b[^:\n]*:`,
    raw`:\w[\w -]*:\s`,
    // Commands of LaTeX.
    raw`\\${oneOf(COMMANDS)}\b`,
    raw`\\\s*$`,
    // Footnotes, rules and tables of Markdown.
    ...words`\[\^[^\]\s]+\]: --- === \|[^]*\|\s*$`,
    '[-:| ]+$',
  ])}`,
);

/** `ofLicences`: the document is about licences. */
export function isBoilerplate(text: string, ofLicences = false): boolean {
  return BOILERPLATE.test(text) || (!ofLicences && namesLicence(text));
}
