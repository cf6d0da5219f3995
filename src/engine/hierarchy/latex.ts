/** LaTeX: sections by sectioning commands, environments as blocks, sentences in the text between. */
import type { DraftNode } from './draft.js';
import { lineRanges, sentenceLeaves, trim } from './draft.js';
import type { Heading } from './prose.js';
import { nestSections } from './prose.js';
import { sentences } from './sentences.js';
import { LineIndex } from './text.js';

const LEVELS = ['part', 'chapter', 'section', 'subsection', 'subsubsection', 'paragraph', 'subparagraph'];
const SECTION =
  /^[ \t]*\\(part|chapter|section|subsection|subsubsection|paragraph|subparagraph)\*?\s*(?:\[[^\]]*\])?\{((?:[^{}]|\{[^{}]*\})*)\}/;
const BEGIN = /^\s*\\begin\{([\w*]+)\}/;
const LINEWISE =
  /^(verbatim|lstlisting|minted|alltt|tabular|tabularx|array|tikzpicture|algorithmic|algorithm|bibliography)\*?$/;

/** Outline of a LaTeX document. */
export function latexOutline(text: string): DraftNode {
  const lines = new LineIndex(text);
  const headings: Heading[] = [];
  for (let i = 0; i < lines.count; i++) {
    const start = lines.start(i);
    const match = SECTION.exec(text.slice(start, Math.min(text.length, start + 400)));
    if (!match) continue;
    const name = match[2]!
      .replace(/\\\w+\*?|[{}~]/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    headings.push({ level: LEVELS.indexOf(match[1]!) + 1, name, start, bodyStart: start + match[0].length });
  }
  return nestSections(text, headings, (start, end) => body(text, start, end));
}

/** Paragraphs and environments between two offsets. Environments nest. */
function body(text: string, start: number, end: number): DraftNode[] {
  const root: DraftNode[] = [];
  const open: { name: string; draft: DraftNode }[] = [];
  let from = start;
  const target = (): DraftNode[] => open.at(-1)?.draft.children ?? root;
  const flush = (to: number): void => {
    const range = trim(text, from, to);
    from = to;
    if (!range) return;
    const leaves = LINEWISE.test(open.at(-1)?.name ?? '')
      ? lineRanges(text, range.start, range.end)
      : sentences(text, range.start, range.end);
    target().push({
      kind: 'paragraph',
      ...range,
      children: sentenceLeaves(leaves),
    });
  };
  for (let at = start; at < end;) {
    const newline = text.indexOf('\n', at);
    const stop = newline < 0 || newline >= end ? end : newline + 1;
    const line = text.slice(at, stop);
    const begin = BEGIN.exec(line)?.[1];
    if (/^\s*%/.test(line) && !LINEWISE.test(open.at(-1)?.name ?? '')) {
      flush(at);
      target().push({ kind: 'sentence', start: at, end: stop, children: [], silent: true });
      from = stop;
    } else if (line.trim() === '' || (/^\s*\\item\b/.test(line) && at > from)) flush(at);
    else if (begin && begin !== 'document') {
      flush(at);
      const draft: DraftNode = { kind: 'block', name: begin, start: at, end, children: [] };
      target().push(draft);
      open.push({ name: begin, draft });
    }
    const current = open.at(-1);
    if (current && line.includes(`\\end{${current.name}}`)) {
      flush(stop);
      current.draft.end = stop;
      open.pop();
    }
    at = stop;
  }
  flush(end);
  return root;
}
