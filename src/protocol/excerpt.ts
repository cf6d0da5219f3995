/** The one way in which the engine, the editor and the Scales view shorten a quotation. */

/** `text` as one line of at most `max` UTF-16 units, cut between words where that keeps most of it, never within a character. */
export function excerpt(text: string, max: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= max) return line;
  const cut = line.slice(0, max - 1);
  const space = cut.lastIndexOf(' ');
  return `${space > max * 0.6 ? cut.slice(0, space) : cut.replace(/[\uD800-\uDBFF]$/, '')}…`;
}
