/**
 * Regular expressions from lists, so that what they look for can be read, and told apart by what it is; and how tables and patterns are asked
 * where a text could do harm by what it says.
 */

/** The words of a list, or patterns of words, with blanks between them. */
export function words({ raw }: TemplateStringsArray): string[] {
  return raw.join('').trim().split(/\s+/);
}

/** A group that matches any of the sources, nothing where there is none. */
export function oneOf(sources: readonly string[]): string {
  return sources.length > 0 ? `(?:${sources.join('|')})` : '(?!)';
}

/** Matches a text that is one of the sources as a whole. */
export function whole(sources: readonly string[]): RegExp {
  return new RegExp(`^${oneOf(sources)}$`);
}

/** What a table holds under a key that comes from a text: never what every object has, such as `constructor`. */
export function entryOf<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** As `text.replace(pattern, by)` for a pattern whose matches end with `close`: what is never closed is not sought again and again. */
export function replaceClosed(
  text: string,
  close: string,
  pattern: RegExp,
  by: (match: string, ...groups: string[]) => string,
): string {
  const end = text.lastIndexOf(close);
  if (end < 0) return text;
  return text.slice(0, end + close.length).replace(pattern, by) + text.slice(end + close.length);
}
