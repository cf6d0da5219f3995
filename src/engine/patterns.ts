/** Regular expressions from lists, so that what they look for can be read, and told apart by what it is. */

/** The words of a list, or patterns of words, with blanks between them. */
export function words({ raw }: TemplateStringsArray): string[] {
  return raw.join('').trim().split(/\s+/);
}

/** A group that matches any of the sources, nothing where there is none. */
export function oneOf(sources: readonly string[]): string {
  return sources.length > 0 ? `(?:${sources.join('|')})` : '(?!)';
}
