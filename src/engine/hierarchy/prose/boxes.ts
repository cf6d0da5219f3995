/** Text in a box that is drawn with one mark: a rule, lines between two marks, a rule. */
import { blanked, LineIndex } from '../text.js';

const RULE = /^[ \t]*([*#+=|%~-])\1{9,}[ \t]*\r?$/;

/** The text with blanks where boxes are drawn; all offsets stay what they were. A box must be closed, and more than its two rules. */
export function withoutBoxes(text: string): string {
  const lines = new LineIndex(text);
  const parts: string[] = [];
  let done = 0;
  for (let i = 0; i < lines.count; i++) {
    const mark = RULE.exec(lines.line(i))?.[1];
    if (mark === undefined) continue;
    const last = endOfBox(lines, i, mark);
    if (last === undefined) continue;
    parts.push(text.slice(done, lines.start(i)));
    for (let line = i; line <= last; line++) {
      const raw = text.slice(lines.start(line), lines.start(line + 1));
      parts.push(line === i || line === last ? blanked(raw) : withoutEnds(raw));
    }
    done = lines.start(last + 1);
    i = last;
  }
  return done === 0 ? text : parts.join('') + text.slice(done);
}

/** The line of the rule that closes a box; undefined where a line before it does not stand between the marks. */
function endOfBox(lines: LineIndex, first: number, mark: string): number | undefined {
  for (let i = first + 1; i < lines.count; i++) {
    const line = lines.line(i).trim();
    if (RULE.exec(line)?.[1] === mark) return i > first + 1 ? i : undefined;
    if (line.length < 2 || !line.startsWith(mark) || !line.endsWith(mark)) return undefined;
  }
  return undefined;
}

/** Without the first and the last mark, which blanks take the place of. */
function withoutEnds(line: string): string {
  const from = line.search(/\S/);
  const to = line.trimEnd().length - 1;
  return `${line.slice(0, from)} ${line.slice(from + 1, to)} ${line.slice(to + 1)}`;
}
