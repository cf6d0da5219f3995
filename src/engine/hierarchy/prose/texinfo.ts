/**
 * Manuals in Texinfo: chapters and sections by their commands, a definition (`@deffn`) as a section of its own, entries of tables by what they
 * tell of, examples line by line. Menus, indices, the title page and settings are no part of what is read.
 */
import type { DraftNode } from '../draft.js';
import { sentenceLeaves, shift, statement, trim, WORD } from '../draft.js';
import type { Heading } from './sections.js';
import { between, nestSections } from './sections.js';
import { sentences } from './sentences.js';
import { LINE_COMMAND, textOfTexinfo } from './texinfo-text.js';
import { blanked, isBlank, LineIndex } from '../text.js';

const HEADING =
  /^(?:(part)|(top|chapter|chapheading|majorheading|centerchap|unnumbered|appendix)|(section|heading|unnumberedsec|appendixsec|appendixsection)|(sub(?:section|heading)|(?:unnumbered|appendix)subsec)|(subsub(?:section|heading)|(?:unnumbered|appendix)subsubsec))$/;
/** Up to their end nothing is read: lists of what follows, other kinds of output, and what the reader of a manual leafs over. */
const UNREAD =
  /^(?:ignore|menu|detailmenu|direntry|tex|iftex|html|xml|docbook|latex|copying|titlepage|documentdescription)$/;
const SHOWN = /^(?:small)?(?:example|lisp|display|format)$|^verbatim$/;
const TABLE = /^[fv]?table$/;
const LIST = /^(?:itemize|enumerate|multitable)$/;
/** Definitions: how many arguments stand before the name. */
const DEFINED: Readonly<Record<string, number>> = {
  deffn: 1, defun: 0, defmac: 0, defspec: 0, defvr: 1, defvar: 0, defopt: 0, deftypefn: 2, deftypefun: 1, deftypevr: 2, deftypevar: 1, deftp: 1, defcv: 2, deftypecv: 3, defivar: 1,
  deftypeivar: 2, defop: 2, deftypeop: 3, defmethod: 1, deftypemethod: 2,
}; // prettier-ignore
/** Of environments in environments. */
const DEEPEST = 40;
const ARGUMENTS = /\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}|[^\s{]+/g;

/** Outline of a manual. Commands lie in no draft, or inside of a sentence that goes on after them. */
export function texinfoOutline(text: string): DraftNode {
  return new Manual(text).outline();
}

/** What is open until a command ends it; an example or a definition has its draft. */
interface Environment {
  name: string;
  draft?: DraftNode;
}

class Manual {
  private readonly lines: LineIndex;
  private readonly headings: Heading[] = [];
  private readonly blocks: DraftNode[] = [];
  /** Outer before inner. */
  private open: Environment[] = [];
  /** The paragraph that is being read: where it begins, and its lines, those of commands blanked. */
  private run: { start: number; lines: string[] } | undefined;
  /** The entry of a table that nothing was said of yet. */
  private entry: DraftNode | undefined;

  constructor(private readonly text: string) {
    this.lines = new LineIndex(text);
  }

  outline(): DraftNode {
    const lastEnds = this.lastEnds();
    let unread: string | undefined;
    for (let i = 0; i < this.lines.count; i++) {
      const [, command, rest] = LINE_COMMAND.exec(this.lines.line(i)) ?? [];
      const verbatim = this.open.at(-1)?.name === 'verbatim';
      const ends = command === 'end' ? /^\w+/.exec(rest!)?.[0] : undefined;
      if (unread !== undefined) {
        if (ends === unread) unread = undefined;
      } else if (command === undefined || (verbatim && ends !== 'verbatim')) this.say(i);
      else if (UNREAD.test(command) && (lastEnds.get(command) ?? 0) > i) {
        this.flush();
        unread = command;
      } else if (ends !== undefined) this.close(ends, this.lines.start(i));
      else this.command(command, rest!, i);
    }
    this.flush();
    this.closeAll(this.text.length);
    return nestSections(this.text, this.headings, between(this.blocks));
  }

  /** The last line that ends an environment, by its name. */
  private lastEnds(): Map<string, number> {
    const ends = new Map<string, number>();
    for (let i = 0; i < this.lines.count; i++) {
      const name = /^[ \t]*@end[ \t]+(\w+)/.exec(this.lines.line(i))?.[1];
      if (name !== undefined) ends.set(name, i);
    }
    return ends;
  }

  private command(command: string, args: string, i: number): void {
    const [start, end] = [this.lines.start(i), this.lines.start(i + 1)];
    const groups = HEADING.exec(command);
    if (groups) {
      this.flush();
      this.closeAll(start);
      const level = groups.findIndex((group, g) => g > 0 && Boolean(group));
      this.headings.push({ level, name: textOfTexinfo(args), start, bodyStart: end });
    } else if (SHOWN.test(command)) this.begin(command, { kind: 'block', start, end, children: [] });
    else if (TABLE.test(command) || LIST.test(command)) this.begin(command);
    else if (command === 'item' || command === 'itemx' || command === 'headitem') this.item(command, args, i);
    else if (command === 'center' || command === 'exdent' || command === 'tab') this.say(i);
    else if (Object.hasOwn(DEFINED, command)) this.define(command, args, start, end);
    // Another form of what is being defined.
    else if (/^def\w+x$/.test(command)) this.innermost()?.children.push(...sentenceLeaves([{ start, end }]));
    else this.run?.lines.push(blanked(this.text.slice(start, end)));
  }

  /** A line of text, or of an example. */
  private say(i: number): void {
    const line = this.text.slice(this.lines.start(i), this.lines.start(i + 1));
    const around = this.open.at(-1);
    if (around?.draft && SHOWN.test(around.name)) {
      const range = trim(this.text, this.lines.start(i), this.lines.start(i + 1));
      if (range) around.draft.children.push(statement(range));
    } else if (isBlank(line)) this.flush();
    else if (/^[@\\]/.test(line) && !WORD.test(textOfTexinfo(line))) this.run?.lines.push(blanked(line));
    else (this.run ??= { start: this.lines.start(i), lines: [] }).lines.push(line);
  }

  /** The head of an entry of a table, or the first line of one of a list. */
  private item(command: string, args: string, i: number): void {
    const start = this.lines.start(i);
    const label = trim(this.text, start, this.lines.start(i + 1))!;
    if (!this.open.findLast(({ name }) => TABLE.test(name) || LIST.test(name))?.name.endsWith('table')) {
      this.flush();
      if (!isBlank(args)) this.say(i);
      return;
    }
    const name = textOfTexinfo(args);
    if (command === 'itemx' && this.entry) {
      this.entry.children.push(statement(label));
      this.entry.end = label.end;
      return;
    }
    this.flush();
    const entry: DraftNode = {
      kind: 'block',
      ...(WORD.test(name) ? { name } : {}),
      ...label,
      children: [statement(label)],
    };
    this.add(entry);
    this.entry = entry;
  }

  private define(command: string, args: string, start: number, end: number): void {
    this.flush();
    const words = [...args.matchAll(ARGUMENTS)].map(([whole, braced]) => braced ?? whole);
    const name = textOfTexinfo(words[DEFINED[command]!] ?? words.at(-1) ?? '');
    const title = trim(this.text, start, end)!;
    this.begin(command, { kind: 'section', name, start, end, children: sentenceLeaves([title]) });
  }

  private begin(name: string, draft?: DraftNode): void {
    this.flush();
    if (draft) this.add(draft);
    if (this.open.length < DEEPEST) this.open.push({ name, ...(draft ? { draft } : {}) });
  }

  /** Ends the innermost environment of a name with all that is open inside of it; a name that nothing was opened by ends a paragraph. */
  private close(name: string, end: number): void {
    this.flush();
    const at = this.open.findLastIndex((environment) => environment.name === name);
    if (at >= 0) for (const { draft } of this.open.splice(at)) if (draft) draft.end = end;
    this.entry = undefined;
  }

  private closeAll(end: number): void {
    for (const { draft } of this.open) if (draft) draft.end = end;
    this.open = [];
    this.entry = undefined;
  }

  /** The definition that is open. */
  private innermost(): DraftNode | undefined {
    return this.open.findLast(({ draft }) => draft?.kind === 'section')?.draft;
  }

  private add(draft: DraftNode): void {
    (this.innermost()?.children ?? this.blocks).push(draft);
  }

  /** Ends the paragraph that is being read; the first one below the head of an entry is the entry's, the first of a definition describes it. */
  private flush(): void {
    const { run, entry } = this;
    this.run = undefined;
    if (!run) return;
    const plain = run.lines.join('');
    const range = trim(plain, 0, plain.length);
    if (!range) return;
    this.entry = undefined;
    const children = sentenceLeaves(sentences(plain, range.start, range.end));
    const paragraph = shift({ kind: 'paragraph', ...range, children }, run.start);
    if (entry) {
      entry.children.push(paragraph);
      entry.end = paragraph.end;
      return;
    }
    const defined = this.innermost();
    if (defined) defined.description ??= { start: paragraph.start, end: paragraph.end };
    this.add(paragraph);
  }
}
