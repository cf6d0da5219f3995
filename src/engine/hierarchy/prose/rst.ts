/** reStructuredText: sections by adornment, object directives (`.. method::`) as named sections, the rest as paragraphs. */
import type { DraftNode } from '../draft.js';
import { lineRanges, sentenceLeaves } from '../draft.js';
import type { Heading } from './sections.js';
import { paragraphs } from './prose.js';
import { nestSections } from './sections.js';
import { columnOf, isBlank, LineIndex } from '../text.js';

const ADORNMENT = /^([=\-~^"'`#*+.:_<>])\1{2,}\s*$/;
/** Directives that describe one object of a program (Sphinx domains). */
const OBJECT =
  /^([ \t]*)\.\.\s+(?:\w+:)?(module|currentmodule|class|exception|interface|method|classmethod|staticmethod|abstractmethod|coroutinemethod|function|coroutinefunction|attribute|data|property|type|macro|struct|enum|member|option|envvar|describe|confval|decorator|cmdoption|program)::\s*(.*)$/;
/** The name of the section that follows, for links to it. */
const LABEL = /^\s*\.\. _[^:]+:\s*$/;
const DIRECTIVE = /^\.\.\s+([\w:-]+)::/;
/** What no reader of the document sees: explicit markup that is no directive, label, footnote or substitution. */
const COMMENT = /^\.\.(?:\s+(?![_[|]|[\w:-]+::)|\s*$)/;
/** Directives whose content is shown as it is. */
const LITERAL =
  /^(code|code-block|sourcecode|parsed-literal|math|productionlist|console|prompt|testcode|testoutput|doctest|graphviz|raw|csv-table)$/;
/** Below headings of any level; deeper indentation nests further. */
const OBJECT_LEVEL = 100;

/** Outline of a reStructuredText document. */
export function rstOutline(text: string): DraftNode {
  const lines = new LineIndex(text);
  const styles: string[] = [];
  const headings: Heading[] = [];
  for (let i = 0; i < lines.count; i++) {
    const line = lines.line(i);
    const object = OBJECT.exec(line);
    if (object && !/^(module|currentmodule|program)$/.test(object[2]!)) {
      // Further lines of the signature and options stand between the directive and the first blank line.
      const start = lines.start(i);
      while (i + 1 < lines.count && indentOf(lines.line(i + 1)) > object[1]!.length) i++;
      headings.push({
        level: OBJECT_LEVEL + object[1]!.length,
        name: objectName(object[3]!),
        start,
        bodyStart: lines.start(i + 1),
        described: true,
      });
      continue;
    }
    const title = titleAt(lines, i);
    if (!title) continue;
    let level = styles.indexOf(title.style);
    if (level < 0) level = styles.push(title.style) - 1;
    headings.push({
      level: level + 1,
      name: title.name,
      start: lines.start(i),
      bodyStart: lines.start(i + title.lines),
    });
    i += title.lines - 1;
  }
  return nestSections(text, closeObjects(text, lines, headings), (start, end) => body(text, start, end));
}

/** Paragraphs, and blocks of the lines of what is shown as it is: code, output, sessions. */
function body(text: string, start: number, end: number): DraftNode[] {
  /** Indentation of what announced a literal block; -1 where none did. */
  let announced = -1;
  return paragraphs(text, start, end).map((draft) => {
    const indent = columnOf(text, draft.start);
    const raw = text.slice(draft.start, draft.end);
    if ((announced >= 0 && indent > announced) || raw.startsWith('>>>'))
      return { ...draft, kind: 'block', children: sentenceLeaves(lineRanges(text, draft.start, draft.end)) };
    if (COMMENT.test(raw)) return { ...draft, kind: 'sentence', children: [], silent: true };
    const directive = DIRECTIVE.exec(raw)?.[1];
    announced = (directive === undefined ? /::\s*$/.test(raw) : LITERAL.test(directive)) ? indent : -1;
    return draft;
  });
}

interface Title {
  name: string;
  /** Adornment character, doubled where there is an overline. */
  style: string;
  lines: number;
}

function titleAt(lines: LineIndex, i: number): Title | null {
  const [a, b, c] = [lines.line(i), lines.line(i + 1), lines.line(i + 2)];
  const over = ADORNMENT.exec(a);
  if (over && b.trim() && ADORNMENT.exec(c)?.[1] === over[1] && i + 2 < lines.count)
    return { name: b.trim(), style: over[1]! + over[1]!, lines: 3 };
  const under = ADORNMENT.exec(b);
  const previous = i > 0 ? lines.line(i - 1).trim() : '';
  if (
    under &&
    a.trim() &&
    !/^\s/.test(a) &&
    !ADORNMENT.test(a) &&
    previous === '' &&
    b.trim().length >= a.trim().length - 2
  )
    return { name: a.trim().replace(/`+|:\w+:/g, ''), style: under[1]!, lines: 2 };
  return null;
}

/** An object's section ends with its indented body: a section without a name follows it where less-indented text resumes. */
function closeObjects(text: string, lines: LineIndex, headings: readonly Heading[]): Heading[] {
  const closed: Heading[] = [];
  headings.forEach((heading, i) => {
    closed.push(heading);
    if (heading.level < OBJECT_LEVEL) return;
    const indent = heading.level - OBJECT_LEVEL;
    const end = headings[i + 1]?.start ?? text.length;
    for (let line = lines.lineAt(heading.start) + 1; lines.start(line) < end && line < lines.count; line++) {
      const raw = lines.line(line);
      if (!isBlank(raw) && indentOf(raw) <= indent && !LABEL.test(raw)) {
        const start = lines.start(line);
        closed.push({ level: OBJECT_LEVEL + indent, name: '', start, bodyStart: start });
        break;
      }
    }
  });
  return closed;
}

/** Blanks before the first other character; of a blank line -1. */
function indentOf(line: string): number {
  return line.search(/\S/);
}

function objectName(signature: string): string {
  return signature.replace(/\s+/g, ' ').replace(/\(.*$/, '()').trim().slice(0, 80);
}
