/** Manual pages as they are written (roff): sections by headings, an entry of a list or a paragraph as one, sentences in these. */
import type { TextRange } from '../../../protocol/document.js';
import type { DraftNode } from '../draft.js';
import { lineRanges, sentenceLeaves, trim, WORD } from '../draft.js';
import type { Heading } from './sections.js';
import { nestSections } from './sections.js';
import { textOfRoff } from './roff-text.js';
import { sentences } from './sentences.js';
import { blanked, isBlank, LineIndex } from '../text.js';

/** What every manual page has, and few other texts. */
const PAGE = /^[.'][ \t]*(?:TH|Dd|Dt|SH|Sh)(?:[ \t]|$)/m;
const HEADING = /^[.'][ \t]*(SH|Sh|SS|Ss)\b[ \t]*(.*)$/;
/** Ends a paragraph; what it prints belongs to the next one. */
const BREAK =
  /^[.'][ \t]*(?:PP|P|LP|sp|Pp|br|TP|TQ|IP|HP|It|Bl|El|Bd|Ed|RS|RE|nf|fi|EX|EE|Dl|D1|SY|YS|TS|TE|Rs|Re|Sp|Vb|Ve|ti|INDENT|UNINDENT)\b/;
/** Between these, lines are printed as they stand. */
const OPENS = /^[.'][ \t]*(?:nf|EX|TS|Vb|Bd\b.*-(?:literal|unfilled))\b/;
const CLOSES = /^[.'][ \t]*(?:fi|EE|TE|Ve|Ed)\b/;
/** Stands above and below each printed page. */
const RUNNING = /^[.'][ \t]*(?:TH|Dd|Dt|Os)\b/;
/** Defines a macro, up to a line of two dots or to the name that it says. */
const DEFINES = /^[.'][ \t]*(?:de1?|am1?|ig)\b[ \t]*\S*[ \t]*(\S*)/;

/** The number or bullet of an entry, for printers that cannot indent. */
const HANGING = /^\\h'-/;

export function isManualPage(text: string): boolean {
  return PAGE.test(text.slice(0, 60_000));
}

/** Outline of a manual page. Requests and comments lie in no draft, or inside of a sentence that goes on after them. */
export function roffOutline(text: string): DraftNode {
  const lines = new LineIndex(text);
  const said = lineTexts(lines);
  const headings: Heading[] = [];
  for (let i = 0; i < lines.count; i++) {
    const [, macro, title] = (said[i] !== undefined && HEADING.exec(lines.line(i).trimEnd())) || [];
    if (macro === undefined) continue;
    // A heading without arguments takes the next line.
    const own = !isBlank(title!);
    const name = textOfRoff(lines.line(own ? i : i + 1).trimEnd());
    if (name)
      headings.push({
        level: /^S[Hh]$/.test(macro) ? 1 : 2,
        name,
        start: lines.start(i),
        bodyStart: lines.start(own ? i + 1 : i + 2),
      });
  }
  const plain = said
    .map((words, i) => {
      const line = text.slice(lines.start(i), lines.start(i + 1));
      return words ? line : blanked(line);
    })
    .join('');
  return nestSections(text, headings, (start, end) => body(plain, lines, said, start, end));
}

/** The words that each line prints in the text: none for a request, undefined inside of the definition of a macro. */
function lineTexts(lines: LineIndex): (string | undefined)[] {
  const said: (string | undefined)[] = [];
  let until: string | undefined;
  for (let i = 0; i < lines.count; i++) {
    const line = lines.line(i).trimEnd();
    if (until !== undefined) {
      said.push(undefined);
      if (line.replace(/^[.'][ \t]*/, '.') === `.${until}`) until = undefined;
      continue;
    }
    const defines = DEFINES.exec(line);
    if (defines) until = defines[1] || '.';
    said.push(defines ? undefined : wordsOf(line));
  }
  return said;
}

/** A tag of an entry may be a mark alone; other lines of marks go on with what stands before them. */
function wordsOf(line: string): string {
  if (RUNNING.test(line) || HANGING.test(line)) return '';
  const words = textOfRoff(line);
  return BREAK.test(line) || WORD.test(words) ? words : '';
}

function body(
  text: string,
  lines: LineIndex,
  said: readonly (string | undefined)[],
  start: number,
  end: number,
): DraftNode[] {
  const drafts: DraftNode[] = [];
  let run: TextRange | undefined;
  let asItStands = false;
  const flush = (): void => {
    const range = run && trim(text, run.start, run.end);
    run = undefined;
    if (range) drafts.push(paragraph(text, range, asItStands));
  };
  for (let i = lines.lineAt(start); i < lines.count && lines.start(i) < end; i++) {
    const line = lines.line(i).trimEnd();
    const opens = OPENS.test(line);
    if (line === '' ? !asItStands : BREAK.test(line)) flush();
    if (opens || CLOSES.test(line)) asItStands = opens;
    if (!said[i]) continue;
    run = { start: run?.start ?? Math.max(start, lines.start(i)), end: Math.min(end, lines.start(i + 1)) };
  }
  flush();
  return drafts;
}

function paragraph(text: string, range: TextRange, asItStands: boolean): DraftNode {
  const leaves = asItStands ? lineRanges(text, range.start, range.end) : sentences(text, range.start, range.end);
  return { kind: asItStands ? 'block' : 'paragraph', ...range, children: sentenceLeaves(leaves) };
}
