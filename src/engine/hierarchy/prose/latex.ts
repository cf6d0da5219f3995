/** LaTeX: sections by sectioning commands, environments as blocks, sentences in the text between. Commands that print nothing are silent. */
import type { DraftNode } from '../draft.js';
import { lineRanges, sentenceLeaves, trim, WORD } from '../draft.js';
import { textOfLatex } from './latex-text.js';
import type { Heading } from './sections.js';
import { nestSections } from './sections.js';
import { sentences } from './sentences.js';
import { blanked, isBlank, LineIndex, linesBetween } from '../text.js';

const LEVELS = ['part', 'chapter', 'section', 'subsection', 'subsubsection', 'paragraph', 'subparagraph', 'frame'];
const BRACES = String.raw`\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}`;
const SECTION = new RegExp(
  String.raw`^[ \t]*\\(part|chapter|section|subsection|subsubsection|paragraph|subparagraph)\*?\s*(?:\[[^\]]*\])?${BRACES}`,
);
/** A slide, whose title may stand in a command of its own. */
const FRAME = new RegExp(
  String.raw`^[ \t]*\\begin\{frame\}(?:<[^>]*>|\[[^\]]*\])*(?:${BRACES}|\s*\\frametitle(?:<[^>]*>|\[[^\]]*\])*${BRACES})?`,
);
/** What has no sectioning command but is a section to a reader, and its name. */
const NAMED = /^[ \t]*\\begin\{(abstract|thebibliography)\}(?:\[[^\]]*\]|\{[^{}]*\})*/;
const NAMES: Readonly<Record<string, string>> = { abstract: 'Abstract', thebibliography: 'References' };
const LONGEST_HEADING = 400;
/** No title goes on behind it: one that does was not closed yet. */
const END_OF_TITLE = /\n[ \t\r]*(?:\n|\\(?:begin|end|part|chapter|(?:sub){0,2}section|(?:sub)?paragraph)\b)/;

/** Environments in environments; more are never closed. */
const DEEPEST = 50;
const BEGIN = /^\s*\\begin\{([\w*]+)\}/;
/** Code, printed as it stands. */
const CODE = /^(verbatim|Verbatim|lstlisting|minted|alltt)\*?$/;
const LINEWISE = /^(tabular|tabularx|longtable|tabu|array|tikzpicture|algorithmic|algorithm|bibliography)\*?$/;
/** One formula, of which no part says anything alone. */
const FORMULA = /^(equation|align|alignat|flalign|gather|multline|eqnarray|displaymath|math|dmath)\*?$/;
/** Stands beside the text. */
const FLOAT = /^(?:figure|table|wrapfigure|wraptable|sidewaysfigure|sidewaystable|SCfigure|marginfigure|listing)\*?$/;
/** Begins something of its own: an entry of a list, what a figure shows. */
const ENTRY = /^\s*\\(?:item|bibitem|caption)\b/;
/** What a document is called, who wrote it, and what is registered of it. */
const FRONT_MATTER =
  /^\s*\\(?:title|subtitle|author|address|affil\w*|institut\w+|department|email|ead|orcid\w*|date|thanks|acm\w+|set\w+|copyright\w*|ccsdesc|keywords|pacs|subjclass|preprint|runn\w+|short\w+|received|accepted|doi|isbn|journal|volume|country|city|state|postcode)\b/i;
/** What of the preamble is text. */
const PRINTED = /^\s*\\abstract\b/;

/** What somebody may look for although it is not printed, or not where it stands. */
const SOUGHT =
  /\\(?:footnote|thanks|marginpar|usepackage|RequirePackage|documentclass|(?:re)?new|provide|[dD]e(?:clare|fine)|[egx]?def\b|let\b|set)/;

/** The beginnings of environments that are comments or hold code, single commands that do, addresses, escapes, and comments to the end of a line. */
const COMMENT =
  /\\begin\{(comment|verbatim|Verbatim|lstlisting|minted|alltt)\*?\}|\\(?:verb|lstinline)\*?([^\w\s*[{])[^\n]*?\2|\\(?:url|nolinkurl|href|path)\s*\{[^{}\n]*\}|\\[^]|%[^\n]*/g;
/** An environment of code that is longer is rather one that is never closed. */
const LONGEST_CODE = 20_000;

interface Source {
  text: string;
  /** The text with blanks for comments. */
  plain: string;
}

/** Outline of a LaTeX document. Comments lie in no draft, or inside of a sentence that goes on after them. */
export function latexOutline(text: string): DraftNode {
  const source: Source = { text, plain: withoutComments(text, false) };
  const { plain } = source;
  const document = /\\begin\{document\}/.exec(plain)?.index ?? 0;
  return nestSections(plain, headings(withoutComments(text, true), document), (start, end) =>
    start < document ? [...preamble(plain, start, document), ...body(source, document, end)] : body(source, start, end),
  );
}

/** The text with blanks for comments, and for code as well where `code` is set. */
function withoutComments(text: string, code: boolean): string {
  const endOf = ends(text);
  let plain = '';
  let from = 0;
  COMMENT.lastIndex = 0;
  for (let found = COMMENT.exec(text); found; found = COMMENT.exec(text)) {
    const [match, environment] = found;
    if (environment !== undefined) {
      const end = endOf(environment, COMMENT.lastIndex);
      COMMENT.lastIndex = end ?? found.index + 2;
      if (end === undefined || (environment !== 'comment' && !code)) continue;
    } else if (!match.startsWith('%')) continue;
    plain += text.slice(from, found.index) + blanked(text.slice(found.index, COMMENT.lastIndex));
    from = COMMENT.lastIndex;
  }
  return plain + text.slice(from);
}

/** Where an environment that is open at an offset ends, if it does; offsets are asked for in order, and what ends later is remembered. */
function ends(text: string): (environment: string, from: number) => number | undefined {
  const next = new Map<string, { start: number; end: number }>();
  return (environment, from) => {
    let found = next.get(environment);
    if (!found || found.start < from) {
      const pattern = new RegExp(`\\\\end\\{${environment}\\*?\\}`, 'g');
      pattern.lastIndex = from;
      const match = pattern.exec(text);
      found = match ? { start: match.index, end: pattern.lastIndex } : { start: Infinity, end: Infinity };
      next.set(environment, found);
    }
    return found.start <= from + LONGEST_CODE ? found.end : undefined;
  };
}

function headings(text: string, from: number): Heading[] {
  const lines = new LineIndex(text);
  const found: Heading[] = [];
  for (let i = 0; i < lines.count; i++) {
    const start = lines.start(i);
    if (start < from || !/^[ \t]*\\/.test(lines.line(i))) continue;
    const [beginning] = text.slice(start, start + LONGEST_HEADING).split(END_OF_TITLE, 1);
    const heading = headingAt(beginning!);
    if (heading) found.push({ ...heading, start, bodyStart: start + heading.length });
  }
  return found;
}

function headingAt(text: string): { level: number; name: string; length: number } | undefined {
  const [whole, command, title] = SECTION.exec(text) ?? [];
  if (whole !== undefined) {
    const name = textOfLatex(title!);
    // Run-in headings end with a full stop.
    return {
      level: levelOf(command!),
      name: /paragraph/.test(command!) ? name.replace(/\.$/, '') : name,
      length: whole.length,
    };
  }
  const [frame, before, after] = FRAME.exec(text) ?? [];
  const slide = before ?? after;
  if (slide !== undefined) return { level: levelOf('frame'), name: textOfLatex(slide), length: frame!.length };
  const [named, environment] = NAMED.exec(text) ?? [];
  return named === undefined
    ? undefined
    : { level: levelOf('section'), name: NAMES[environment!]!, length: named.length };
}

function levelOf(command: string): number {
  return LEVELS.indexOf(command) + 1;
}

/** What sets a document up, command by command; its abstract may stand there. */
function preamble(text: string, start: number, end: number): DraftNode[] {
  const drafts: DraftNode[] = [];
  let depth = 0;
  let from = start;
  for (const line of lineRanges(text, start, end)) {
    if (depth <= 0) {
      from = line.start;
      depth = 0;
    }
    depth += braces(text.slice(line.start, line.end));
    if (depth > 0 && line.end < end - 1) continue;
    const command = { start: from, end: line.end };
    const printed = PRINTED.test(text.slice(from, line.end));
    const last = drafts.at(-1);
    if (!printed && last?.kind === 'block') {
      last.children.push(...sentenceLeaves([command]));
      last.end = command.end;
    } else drafts.push({ kind: printed ? 'paragraph' : 'block', ...command, children: sentenceLeaves([command]) });
  }
  return drafts;
}

/** How many braces a line opens and does not close. */
function braces(line: string): number {
  const plain = line.replace(/\\./g, '');
  return plain.split('{').length - plain.split('}').length;
}

/** Paragraphs and environments between two offsets. Environments nest. */
function body({ text, plain }: Source, start: number, end: number): DraftNode[] {
  const root: DraftNode[] = [];
  const open: { name: string; draft: DraftNode }[] = [];
  let from = start;
  const target = (): DraftNode[] => open.at(-1)?.draft.children ?? root;
  const flush = (to: number): void => {
    const range = trim(plain, from, to);
    from = to;
    if (!range) return;
    const draft = paragraph(plain, range, open.at(-1)?.name ?? '');
    target().push(...(FORMULA.test(target().at(-1)?.name ?? '') ? resumed(plain, draft) : [draft]));
  };
  for (const { start: at, end: stop } of linesBetween(plain, start, end)) {
    const line = plain.slice(at, stop);
    const begin = BEGIN.exec(line)?.[1];
    // A line that holds nothing but a comment ends no paragraph.
    if (isBlank(text.slice(at, stop)) || (ENTRY.test(line) && at > from)) flush(at);
    else if (begin && begin !== 'document' && open.length < DEEPEST && !CODE.test(open.at(-1)?.name ?? '')) {
      flush(at);
      const draft: DraftNode = { kind: 'block', name: begin, start: at, end, children: [] };
      target().push(draft);
      open.push({ name: begin, draft });
    }
    const current = open.at(-1);
    if (current && line.includes(`\\end{${current.name}}`)) {
      if (/^\s*\\end\b/.test(line) && !FORMULA.test(current.name)) flush(at);
      flush(stop);
      current.draft.end = stop;
      open.pop();
    }
  }
  flush(end);
  return root;
}

/** A paragraph after a formula; the sentence that the formula is a part of is no whole one. */
function resumed(text: string, draft: DraftNode): DraftNode[] {
  const [first, ...others] = draft.children;
  if (!first || !/^\p{Ll}/u.test(text.slice(first.start))) return [draft];
  const rest = { start: first.end, end: draft.end };
  return [
    { ...draft, kind: 'block', end: first.end, children: [first] },
    ...(others.length > 0 ? [{ ...draft, ...rest, children: others }] : []),
  ];
}

function paragraph(text: string, range: { start: number; end: number }, environment: string): DraftNode {
  const code = CODE.test(environment);
  const lines = code || LINEWISE.test(environment);
  const leaves = FORMULA.test(environment)
    ? [range]
    : lines
      ? lineRanges(text, range.start, range.end)
      : sentences(text, range.start, range.end);
  const children = sentenceLeaves(leaves);
  for (const leaf of children) {
    const raw = text.slice(leaf.start, leaf.end);
    const printed = code && !/^\\(?:begin|end)\b/.test(raw) ? raw : textOfLatex(raw);
    if (!SOUGHT.test(raw) && !WORD.test(printed)) leaf.silent = true;
  }
  const prose = !lines && !FLOAT.test(environment) && !FRONT_MATTER.test(text.slice(range.start, range.end));
  return { kind: prose ? 'paragraph' : 'block', ...range, children };
}
