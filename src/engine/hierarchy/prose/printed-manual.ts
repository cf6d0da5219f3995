/** The page of a manual as `man` prints it: titles in capitals at the margin, everything else indented. */
import type { LineIndex } from '../text.js';
import type { Heading } from './prose.js';

const TITLE = /^\p{Lu}[\p{Lu}\d /&,'()_-]*$/u;
/** Titles that nearly every page has. */
const USUAL = /^(?:NAME|SYNOPSIS|DESCRIPTION|OPTIONS|SEE ALSO)$/;
const LEAST_USUAL = 2;
const LONGEST = 70;

/** The titles of a printed page, and the smaller ones that stand between the margin and the text; undefined for any other text. */
export function printedHeadings(lines: LineIndex): Heading[] | undefined {
  const titles = titledLines(lines);
  if (titles.filter((i) => USUAL.test(lines.line(i).trim())).length < LEAST_USUAL) return undefined;
  const textColumn = indentation(lines.line(titles[0]! + 1));
  const isTitle = new Set(titles);
  const headings: Heading[] = [];
  for (let i = titles[0]!; i < lines.count; i++) {
    const line = lines.line(i);
    const column = indentation(line);
    const smaller =
      column > 0 &&
      column < textColumn &&
      line.length <= LONGEST &&
      (isTitle.has(i - 1) || lines.line(i - 1).trim() === '') &&
      indentation(lines.line(i + 1)) > column;
    if (isTitle.has(i) || smaller)
      headings.push({
        level: smaller ? 2 : 1,
        name: line.trim(),
        start: lines.start(i),
        bodyStart: lines.start(i + 1),
      });
  }
  return headings;
}

/** Lines in capitals at the margin, between a blank line and an indented one. */
function titledLines(lines: LineIndex): number[] {
  return Array.from({ length: lines.count }, (_, i) => i).filter((i) => {
    const line = lines.line(i).trimEnd();
    if (line.length > LONGEST || !TITLE.test(line)) return false;
    return (i === 0 || lines.line(i - 1).trim() === '') && indentation(lines.line(i + 1)) > 0;
  });
}

/** Blanks before the text of a line; 0 for a blank line. */
function indentation(line: string): number {
  return Math.max(0, line.replaceAll('\t', '        ').search(/\S/));
}
