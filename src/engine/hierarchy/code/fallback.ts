/**
 * Structure without a grammar: indentation makes blocks, blank lines separate them, comments belong to what follows, and
 * headers that many languages write alike give names. For languages without a grammar and for broken code.
 */
import type { TextRange } from '../../../protocol/document.js';
import { entryOf, oneOf } from '../../patterns.js';
import { CLOSERS, END } from './closing.js';
import { type CommentMarks, commentMarks } from './comment-marks.js';
import type { DraftNode } from '../draft.js';
import { commented, remark, statement, WORD } from '../draft.js';
import { filesOfDiff } from './diff.js';
import { CONTINUE, layOutFortran, withoutLabel } from './fortran.js';
import { definitionOf, describesAbove, isNextClause, isWhole, runningHead, standsBefore } from './headers.js';
import { BATCH_END, bodiesOfSql, DECLARES, LAST_OF_SQL } from './sql.js';
import { isSettingOff } from './settings.js';
import { deepenStrings, joinCells } from './strings.js';
import { indentation, isBlank, LineIndex } from '../text.js';

const MAX_DEPTH = 12;
/** Characters of a line that headers and closing lines are looked for in. */
const MOST_LINE = 300;
/** A statement of more lines than this is a block of its lines. */
const SMALL_LINES = 3;

const MOST_COMMENT_LINES = 1_000;
/** Nothing but the end of what came before. */
const CLOSING = new RegExp(
  String.raw`^\s*(?:[)\]}]+[\s;,)]*|${END}\b[\s\w.();]{0,30}|${oneOf(CLOSERS)}\.?|\/)\s*(?:;|(?:#|--|\/\/).*)?$`,
  'i',
);

/** Where one entry of a file ends whose lines are not indented: with a semicolon, with nothing but a blank line. */
const LAST_LINES: Readonly<Record<string, RegExp>> = { sql: LAST_OF_SQL, po: /(?!)/ };
/** Comments on a procedure that may stand apart from it: Tcl's and Prolog's, which name it at their top, and Octave's. */
const NAMING = /^[^\S\r\n]*(?:#+\s*(?:[\w:]+ --|-\*- texinfo -\*-)\s*$|%(?:!\s|%\s+[a-z]\w*\())/m;
/** Defines something that has no body of its own: a variable, a name space. */
const DEFINES = /^\((?:cl-)?(?:def|ns\b)/;
/** A quote that is not escaped. */
const CLOSING_QUOTE = /(?<!\\)(?:\\\\)*"/;
const MOST_NAME = 60;
/** What a line opens at its end is no part of the block's name. */
const OPENING_BRACKET = /\s*[{([]$/;
/** What a line closes at its beginning neither: `} else {`. */
const CLOSED = /^[)\]}\s;,]+/;
/** Nothing but the beginning of a body, or of what is declared for it. */
const OPENS_BODY = /^(\{|begin|var|const|label|proof\.|as|is)$/i;
/** OCaml: what follows the type of a module that takes others, `end = struct`. */
const AFTER_TYPE = /^end\b.*(?:=|->|:)\s*(?:struct|sig)\b/;
/** The end of a condition or of arguments that began above, or what is joined to them; `}` may begin a clause of its own. */
const JOINED = /^(?:[)\]]|\|\||&&|[=!]~)/;

/** Outline of any text without a grammar. Each line that is indented no deeper than its block is a statement. */
export function indentationOutline(text: string, language = ''): DraftNode {
  return { kind: 'file', start: 0, end: text.length, children: new Outline(text, language).all() };
}

class Outline {
  private readonly lines: LineIndex;
  /** Blanks before each line; -1 for a blank line. */
  private readonly indents: number[] = [];
  /** For each line of a comment, the first line after the comment; 0 for others. */
  private readonly commentEnds: number[] = [];
  private readonly marks: CommentMarks;
  /** Lines that go on with the one above. */
  private readonly goesOn: ReadonlySet<number> = new Set();
  /** For each line that opens the body of an entry, the first line after that. */
  private readonly bodyEnds: ReadonlyMap<number, number>;
  /** For each line that changes to a file begin at, its name. */
  private readonly files: ReadonlyMap<number, string>;

  constructor(
    private readonly text: string,
    private readonly language: string,
  ) {
    this.marks = commentMarks(language);
    this.lines = new LineIndex(text);
    for (let i = 0; i < this.lines.count; i++) {
      const line = this.lines.line(i);
      this.indents.push(isBlank(line) ? -1 : indentation(line));
    }
    deepenStrings(this.lines, this.indents, language);
    this.findComments();
    const isComment = (line: number): boolean => this.commentEnds[line]! > 0;
    if (language === 'fortran') this.goesOn = layOutFortran(this.lines, this.indents, isComment);
    if (language === 'csv') this.goesOn = joinCells(this.lines, this.indents);
    this.bodyEnds = language === 'sql' ? bodiesOfSql(this.lines, this.indents, isComment) : new Map();
    this.files = language === 'diff' ? filesOfDiff(this.lines) : new Map();
  }

  all(): DraftNode[] {
    return this.underHeads(this.blocks(0, this.lines.count, 0));
  }

  /** A line without its indentation, as far as anybody reads a header. */
  private beginning(line: number): string {
    const written = this.lines.line(line);
    return (this.language === 'fortran' ? withoutLabel(written) : written).trim().slice(0, MOST_LINE);
  }

  /** Whether a line is nothing but the end of what came before. */
  private closes(line: number): boolean {
    const written = this.beginning(line);
    if (this.language === 'sql' && BATCH_END.test(written)) return true;
    return CLOSING.test(written) || (this.language === 'fortran' && CONTINUE.test(written));
  }

  /** Whether a line no deeper than the header above it belongs to that and is followed by its body. */
  private opensBody(line: number): boolean {
    const written = this.beginning(line);
    if (this.language === 'sql' && DECLARES.test(written)) return true;
    if (this.language === 'ocaml' && AFTER_TYPE.test(written)) return true;
    return OPENS_BODY.test(written) || JOINED.test(written);
  }

  private findComments(): void {
    let inString = false;
    for (let i = 0; i < this.lines.count; i++) {
      const end = inString ? undefined : (this.endOfBlockComment(i) ?? (this.isLineComment(i) ? i + 1 : undefined));
      if (end === undefined) {
        this.commentEnds.push(0);
        const quotes = this.marks.strings && this.lines.line(i).match(this.marks.strings);
        if (quotes && quotes.length % 2 === 1) inString = !inString;
        continue;
      }
      while (this.commentEnds.length < end) this.commentEnds.push(end);
      i = end - 1;
    }
  }

  /** What a script is run with is an order to the system. */
  private isLineComment(line: number): boolean {
    const written = this.lines.line(line);
    return this.marks.line.test(written) && !(line === 0 && written.startsWith('#!'));
  }

  /** First line after a comment of several lines; undefined where none begins, or where it is never closed (`/*` in a list of paths). */
  private endOfBlockComment(line: number): number | undefined {
    const [opens, closes] = this.marks.blocks.find(([begin]) => begin.test(this.lines.line(line))) ?? [];
    if (!opens || !closes) return undefined;
    const last = Math.min(this.lines.count, line + MOST_COMMENT_LINES);
    for (let i = line; i < last; i++) {
      const written = this.lines.line(i);
      if (closes.test(i === line ? written.replace(opens, '') : written)) return i + 1;
    }
    return undefined;
  }

  /** Whether a line is a setting that was commented out: a statement to those who read it, wherever it begins. */
  private isOff(line: number): boolean {
    return this.commentEnds[line] === line + 1 && isSettingOff(this.lines.line(line), this.language);
  }

  /** First line after the comment that begins at a line, other comments directly below it included. */
  private endOfComment(line: number, to: number): number {
    let end = line;
    while (end < to && this.commentEnds[end]! > end && this.indents[end]! >= 0 && !this.isOff(end))
      end = Math.min(to, this.commentEnds[end]!);
    return end;
  }

  /** Statements and blocks of the lines [from, to). A deeper-indented run is the body of the line before it. */
  private blocks(from: number, to: number, depth: number): DraftNode[] {
    const drafts: DraftNode[] = [];
    const base = this.base(from, to);
    let lead: TextRange | undefined;
    let before: DraftNode[] = [];
    const flush = (): void => {
      if (lead) drafts.push(remark(this.text, lead));
      for (const draft of before) drafts.push(draft);
      lead = undefined;
      before = [];
    };
    for (let i = from; i < to;) {
      if (this.indents[i]! < 0) {
        if (!(lead && NAMING.test(this.text.slice(lead.start, lead.end)))) flush();
        // Once for all blank lines: a comment may be long.
        while (i < to && this.indents[i]! < 0) i++;
        continue;
      }
      if (this.isOff(i)) {
        drafts.push(this.withLead(statement({ start: this.lines.start(i), end: this.lines.start(i + 1) }), lead));
        lead = undefined;
        i++;
        continue;
      }
      const commented = this.endOfComment(i, to);
      if (commented > i) {
        // What is declared may stand above what is said.
        if (lead || before.length === 0) flush();
        const blanks = this.lines.line(i).search(/\S/);
        lead = { start: this.lines.start(i) + blanks, end: this.lines.start(commented) };
        i = commented;
        continue;
      }
      const end = this.endOfItem(i, to, base, depth === 0 ? entryOf(LAST_LINES, this.language) : undefined);
      const last = drafts.at(-1);
      if (standsBefore(this.beginning(i), this.language))
        before.push(statement({ start: this.lines.start(i), end: this.lines.start(end) }));
      else {
        if (end === i + 1 && !lead && before.length === 0 && last && this.closes(i)) close(last, this.lines.start(end));
        else drafts.push(this.withLead(withBefore(this.item(i, end, depth, lead !== undefined), before), lead));
        lead = undefined;
        before = [];
      }
      i = end;
    }
    flush();
    return drafts;
  }

  /** Indentation of what the lines [from, to) have on their highest level; code that was commented out may lie anywhere. */
  private base(from: number, to: number): number {
    let [code, all] = [Infinity, Infinity];
    for (let i = from; i < to; i++) {
      const indent = this.indents[i]!;
      if (indent < 0) continue;
      all = Math.min(all, indent);
      if (this.commentEnds[i] === 0) code = Math.min(code, indent);
    }
    return code === Infinity ? all : code;
  }

  /** First line after what begins at a line: its deeper-indented lines, or all up to the last one of its kind or a blank one. */
  private endOfItem(line: number, to: number, base: number, last?: RegExp): number {
    let end = this.endOfPart(line, to, base);
    const goesOn = (): boolean =>
      last
        ? end < to && this.indents[end]! >= 0 && !last.test(this.lines.line(end - 1))
        : this.continues(line, end, to, base);
    while (goesOn()) end = this.endOfPart(end, to, base);
    return Math.min(end, to);
  }

  /** First line after a line of an item and what it opens, or after a comment in it. */
  private endOfPart(line: number, to: number, base: number): number {
    return this.commentEnds[line]! || (this.bodyEnds.get(line) ?? this.endOfDeeper(line + 1, to, base));
  }

  /** First line after those from `line` on that are indented deeper, with what is blank or commented out between them. */
  private endOfDeeper(line: number, to: number, base: number): number {
    let end = line;
    let afterComment = false;
    for (let i = line; i < to; i++) {
      const isComment = this.commentEnds[i]! > 0;
      if (this.indents[i]! > base) {
        // What stands in a comment that is no deeper belongs to that.
        if (afterComment && isComment) continue;
        end = i + 1;
        afterComment = false;
      } else if (isComment) afterComment = true;
      else if (this.indents[i]! >= 0) break;
    }
    return end;
  }

  /** Whether the line at `end`, no deeper than the item that begins at `line`, belongs to it: it opens its body, or is its next clause. */
  private continues(line: number, end: number, to: number, base: number): boolean {
    if (end >= to || this.indents[end] !== base || this.commentEnds[end]! > 0) return false;
    const written = this.beginning(end);
    const followed = end + 1 < to && (this.indents[end + 1]! > base || this.opensBody(end + 1));
    if (CLOSING.test(written) && !followed) return false;
    return this.opensBody(end) || isNextClause(this.beginning(line), written, this.language);
  }

  /** What the lines [from, to) say, which begin with one header line; `described`: below a comment. */
  private item(from: number, to: number, depth: number, described: boolean): DraftNode {
    const start = this.lines.start(from);
    const end = this.lines.start(to);
    const line = this.beginning(from);
    const whole = isWhole(line, this.language, described);
    // What is done for a target has a tab before it, and colons of its own.
    const isRecipe = this.language === 'makefile' && this.lines.line(from).startsWith('\t');
    const definition = !isRecipe && (whole || to - from > 1) ? definitionOf(line, this.language) : undefined;
    let below = from + 1;
    while (below < to && this.goesOn.has(below)) below++;
    const doc = definition || DEFINES.test(line) ? this.documentation(below, to) : undefined;
    const isHead = depth === 0 && this.runningHead(from) !== undefined;
    if ((to - from <= SMALL_LINES && !definition && !doc && !isHead) || (below === to && !whole) || depth >= MAX_DEPTH)
      return statement({ start, end });
    const head = statement({ start, end: this.lines.start(below) });
    const body = this.bodies(from, doc?.after ?? below, to, depth + 1);
    const name = definition?.name ?? blockName(line);
    return {
      kind: definition?.kind ?? 'block',
      ...(name ? { name } : {}),
      start,
      end,
      ...(doc ? { description: doc.words } : {}),
      children: [
        head,
        ...(doc ? [statement({ start: head.end, end: this.lines.start(doc.after) })] : []),
        ...(definition?.kind === 'function' ? asClauses(body, definition.name) : body),
      ],
    };
  }

  /** What stands at a line, directly below a header, and says what that is for: its words, and the first line after it. */
  private documentation(line: number, to: number): { words: TextRange; after: number } | undefined {
    if (line >= to || !describesAbove(this.lines.line(line), this.language)) return undefined;
    const start = this.lines.start(line);
    const commented = this.endOfComment(line, to);
    if (commented > line) return { words: { start, end: this.lines.start(commented) }, after: commented };
    // A string of Lisp.
    const opens = this.text.indexOf('"', start) + 1;
    const length = this.text.slice(opens, this.lines.start(to)).search(CLOSING_QUOTE);
    if (length < 0) return undefined;
    return { words: { start: opens, end: opens + length }, after: this.lines.lineAt(opens + length) + 1 };
  }

  /** What stands below the header at `from`, its documentation apart; lines no deeper than it that belong to it stand between. */
  private bodies(from: number, first: number, to: number, depth: number): DraftNode[] {
    const drafts: DraftNode[] = [];
    const add = (begin: number, end: number): void => {
      // What is deeper has a level of its own, which lines below may close that are no deeper than the header.
      let at = this.endOfDeeper(begin, end, this.indents[from]!);
      for (const draft of this.blocks(begin, at, depth)) drafts.push(draft);
      for (const last = drafts.at(-1); at > begin && at < end && last && this.closes(at); at++)
        close(last, this.lines.start(at + 1));
      for (const draft of this.blocks(at, end, depth)) drafts.push(draft);
    };
    let begun = first;
    for (let i = begun; i < to; i++) {
      if (this.indents[i] !== this.indents[from] || this.commentEnds[i]! > 0 || !this.opensBody(i)) continue;
      add(begun, i);
      drafts.push(statement({ start: this.lines.start(i), end: this.lines.start(i + 1) }));
      begun = i + 1;
    }
    add(begun, to);
    return drafts;
  }

  /** Joins a comment to what it stands before; what has parts gets it as its description. */
  private withLead(draft: DraftNode, lead: TextRange | undefined): DraftNode {
    if (!lead) return draft;
    const start = Math.min(lead.start, draft.start);
    if (draft.children.length === 0) return { ...commented(this.text, draft, lead), start };
    const description = draft.description ?? lead;
    return { ...draft, start, description, children: [statement(lead), ...draft.children] };
  }

  private runningHead(line: number): ReturnType<typeof runningHead> {
    const file = this.files.get(line);
    return file === undefined ? runningHead(this.beginning(line), this.language) : { kind: 'section', name: file };
  }

  /** Nests what follows a running head such as `[section]` under it, up to the next. */
  private underHeads(drafts: readonly DraftNode[]): DraftNode[] {
    const nested: DraftNode[] = [];
    let open: DraftNode | undefined;
    for (const draft of drafts) {
      // Comments before the head belong to it; a leaf ends with its own line.
      const head = draft.children[draft.description ? 1 : 0] ?? draft;
      const running = this.runningHead(this.lines.lineAt(head.end - 1));
      if (running && draft.kind === running.kind) {
        open = undefined;
        nested.push(draft);
      } else if (running) {
        // What is indented below its head was read with that.
        const children = draft.children.length > 0 ? draft.children : [draft];
        open = { ...draft, ...running, children };
        nested.push(open);
      } else if (open) {
        open.children.push(draft);
        open.end = draft.end;
      } else nested.push(draft);
    }
    return nested;
  }
}

/** Adds the line that closes a draft; what has parts was closed by a line of its own. */
function close(draft: DraftNode, end: number): void {
  draft.end = end;
  const last = draft.children.at(-1);
  if (last?.children.length === 0) last.end = end;
}

/** A draft with the lines before it that belong to it. */
function withBefore(draft: DraftNode, before: readonly DraftNode[]): DraftNode {
  const start = before[0]?.start;
  if (start === undefined) return draft;
  return draft.children.length === 0
    ? { ...draft, start }
    : { ...draft, start, children: [...before, ...draft.children] };
}

/** What a block is called that begins with a line; undefined where that has no words. */
function blockName(line: string): string | undefined {
  const name = line.replace(CLOSED, '').replace(OPENING_BRACKET, '').slice(0, MOST_NAME);
  return WORD.test(name) ? name : undefined;
}

/** The clauses of a function are parts of it and not functions in it. */
function asClauses(drafts: readonly DraftNode[], name: string): DraftNode[] {
  return drafts.map((draft) => {
    if (draft.kind !== 'function' || draft.name !== name) return draft;
    const children = asClauses(draft.children, name);
    return children.length === 1 ? children[0]! : { ...draft, kind: 'block', children };
  });
}
