/** Plain text whose titles stand at the margin and everything else below them, indented: what `man` prints, specifications, old manuals. */
import type { LineIndex } from '../text.js';
import { indentation, isBlank } from '../text.js';
import type { Heading } from './sections.js';

const LONGEST = 70;
const LEAST_TITLES = 3;
/** Of the lines at the margin so many must be titles, and of all lines so many indented, or these are what is out of the ordinary. */
const TITLES = 0.8;
const INDENTED = 0.6;

/** The titles at the margin, and the smaller ones between it and the text; undefined where the text has another form. */
export function marginTitles(lines: LineIndex): Heading[] | undefined {
  const written = Array.from({ length: lines.count }, (_, i) => i).filter((i) => !isBlank(lines.line(i)));
  const columns = new Map(written.map((i) => [i, indentation(lines.line(i))]));
  const atMargin = written.filter((i) => columns.get(i) === 0);
  const followed = new Map(written.map((i, n) => [i, columns.get(written[n + 1] ?? -1) ?? 0]));
  const isApart = (i: number): boolean => !columns.has(i - 1);
  const titles = atMargin.filter((i) => isApart(i) && followed.get(i)! > 0 && isTitle(lines.line(i)));
  if (titles.length < LEAST_TITLES || titles.length < TITLES * atMargin.length) return undefined;
  if (written.length - atMargin.length < INDENTED * written.length) return undefined;
  const textColumn = followed.get(titles[0]!)!;
  const above = new Set(titles);
  const smaller = written.filter((i) => {
    const own = columns.get(i)!;
    // Directly below, or a list would be full of them.
    return (
      own > 0 &&
      own < textColumn &&
      (isApart(i) || above.has(i - 1)) &&
      (columns.get(i + 1) ?? 0) > own &&
      isTitle(lines.line(i))
    );
  });
  return [...titles, ...smaller]
    .sort((a, b) => a - b)
    .map((i) => ({
      level: above.has(i) ? 1 : 2,
      name: lines.line(i).trim(),
      start: lines.start(i),
      bodyStart: lines.start(i + 1),
    }));
}

/** A few words that are no sentence and no item of a list. */
function isTitle(line: string): boolean {
  const words = line.trim();
  return words.length <= LONGEST && /^[\p{L}\p{N}]/u.test(words) && /[^.,;]$/.test(words);
}
