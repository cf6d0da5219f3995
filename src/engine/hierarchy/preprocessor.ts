/** C and C++ before the preprocessor ran: conditional directives and lone macros confuse a grammar. */

const CONDITIONAL = /^[ \t]*#[ \t]*(?:if|ifdef|ifndef|else|elif|endif)\b(?:[^\n\\]|\\[^\n]|\\\n)*/gm;
const LONE_MACRO = /^[ \t]*[A-Z][A-Z0-9_]{3,}(?:\([^()\n]*\))?[ \t]*$/gm;

/** The text with conditional directives and lines of one macro blanked out; all offsets stay what they were. */
export function withoutConditionals(text: string): string {
  const blank = (match: string): string => match.replace(/[^\n]/g, ' ');
  return text.replace(CONDITIONAL, blank).replace(LONE_MACRO, blank);
}
