/** How a leaf reads to somebody who sees it outside of its document. */
import { hasStatements, type DocumentTree, type TreeNode } from '../../protocol/document.js';
import { excerpt, oneLine } from '../../protocol/excerpt.js';
import { CLOSERS, END } from '../hierarchy/code/closing.js';
import { textOfDocbook } from '../hierarchy/prose/docbook.js';
import { textOfHtml } from '../hierarchy/prose/html.js';
import { textOfLatex } from '../hierarchy/prose/latex-text.js';
import { sourceLine } from '../hierarchy/code/notebook.js';
import { textOfPod } from '../hierarchy/prose/pod-text.js';
import { textOfRoff } from '../hierarchy/prose/roff-text.js';
import { textOfTexinfo } from '../hierarchy/prose/texinfo-text.js';
import { entryOf, oneOf } from '../patterns.js';
import { cleanDescription, GIST_CHARS, isCommented, wordsOfComment } from './comments.js';
import { withoutMarkup } from './markup.js';
import { spokenText } from './speech.js';

interface Reading {
  /** On one line; empty where nothing is said. */
  text: string;
  /** In words: prose, speech or a comment; not bare code. */
  worded: boolean;
}

/** Words of prose by its language, where that is no dialect of Markdown or its like. */
const PLAIN: Readonly<Record<string, (raw: string) => string>> = {
  docbook: textOfDocbook,
  html: textOfHtml,
  latex: textOfLatex,
  perl: textOfPod,
  roff: textOfRoff,
  texinfo: textOfTexinfo,
};

/** An element of HTML, or the words in one. */
const PAGE = /^\s*<\/?\w|^[^{};=<>]+[.!?]\s*$/;

/** `raw` is the text of a leaf of this kind; `described`: it describes something else, whether or not it begins like a comment. */
export function reading(
  { genre, language }: DocumentTree,
  kind: TreeNode['kind'],
  raw: string,
  described = false,
): Reading {
  if (genre === 'transcript') return { text: spokenText(raw, language), worded: true };
  if (!hasStatements(genre)) return { text: (entryOf(PLAIN, language) ?? withoutMarkup)(raw), worded: true };
  const own = language === 'jupyter' ? sourceLine(raw) : raw;
  if (described || isCommented(own, language)) return { text: cleanDescription(own, language), worded: true };
  // A notebook and a program of Perl tell in sentences what their code does, a page of HTML what it is about.
  if (kind === 'sentence') return { text: (entryOf(PLAIN, language) ?? withoutMarkup)(own), worded: true };
  if (language === 'csv') return { text: excerpt(rowOfCells(own), GIST_CHARS), worded: false };
  const page = language === 'html' && PAGE.test(own) ? textOfHtml(own) : undefined;
  if (page !== undefined && /[.!?]\W*$/.test(page)) return { text: page, worded: true };
  return {
    text: excerpt(page ?? withoutLooseBraces(OWN_AT.has(language) ? own : withoutAttributes(own)), GIST_CHARS),
    worded: false,
  };
}

/** More of a place has no room where it is shown; a place may be as long as its document. */
const MOST_CHARS = 400;

/**
 * How a place reads that is shown by itself, from `raw`, its text: prose, speech and comments without their marks, code without what closes
 * something else; of a comment not only the first sentence. On one line, and only empty where the text is blank.
 */
export function readingOfPlace(tree: DocumentTree, node: TreeNode, raw: string): string {
  const beginning = raw.slice(0, MOST_CHARS);
  const own = tree.language === 'jupyter' ? sourceLine(beginning) : beginning;
  const comment = hasStatements(tree.genre) && (isCommented(own, tree.language) || describes(tree, node));
  const said = comment ? wordsOfComment(own, tree.language) : reading(tree, node.kind, beginning).text;
  return oneLine(said) || oneLine(own);
}

/** Whether a leaf is a part of what describes something around it; a long comment has several. */
function describes({ nodes }: DocumentTree, { start, end, parent }: TreeNode): boolean {
  for (let at = nodes[parent]; at; at = nodes[at.parent])
    if (at.description && at.description.start <= start && end <= at.description.end) return true;
  return false;
}

/** Where an `@` belongs to what is behind it: a rule, a variable, a command that is not printed. */
const OWN_AT: ReadonlySet<string> = new Set([
  'bat', 'css', 'less', 'makefile', 'objective-c', 'objective-cpp', 'perl', 'ruby', 'sass', 'scss',
]); // prettier-ignore

/** A number may have a comma in it, where cells are separated by something else. */
const SEPARATORS = ['\t', ';', ','];

/** The cells of a row as a list of words. */
function rowOfCells(row: string): string {
  const times = (separator: string): number => row.split(separator).length;
  const separator = SEPARATORS.reduce((most, other) => (times(other) > times(most) ? other : most));
  // A quoted cell may hold what stands between others.
  const cells = row.match(new RegExp(`(?:"[^"]*"|[^"${separator}])+`, 'g')) ?? [];
  return cells.map((cell) => cell.trim()).join(', ');
}

/** Lines that end what began elsewhere. */
const ENDS = new RegExp(String.raw`(?:\n\s*(?:${END}(?:\s+\w+)?|${oneOf(CLOSERS)})[;.]?[ \t]*)+$`, 'i');

/** Braces around statements; without blanks they may as well hold a tuple: `{:ok, value}`. */
const BRACED = /^\s*\{(?:\s+|(?=[^{}]*;\s*\}))([^{}\s](?:[^{}]*[^{}\s])?|(?=\}))\s*\}\s*$/;

/** Without what ends or opens something that is not there, and without braces around all of it. */
function withoutLooseBraces(written: string): string {
  const code = written.replace(ENDS, '');
  const inside = BRACED.exec(code)?.[1];
  if (inside !== undefined) return inside;
  const surplus = code.split('{').length - code.split('}').length;
  if (surplus === 0) return code;
  const loose =
    surplus > 0
      ? /(?<!\s)\s*\{\s*$/
      : new RegExp(String.raw`(?<!\s)\s*(?:\}\s*(?:[)\]]+\s*)?(?:;\s*)?){1,${-surplus}}$`);
  return code.replace(loose, '');
}

/** Attributes, annotations and decorators before a declaration. The blanks between two belong to the first alone: there are too many ways to share them. */
const ATTRIBUTES = /^\s*(?:(?:#?\[[^\]\n]*\]|@\w[\w.]*(?:\([^()\n]*\))?)\s+)+(?=[\w([])/;

/** A declaration without what is declared of it for compilers and frameworks. */
export function withoutAttributes(code: string): string {
  return code.replace(ATTRIBUTES, '');
}
