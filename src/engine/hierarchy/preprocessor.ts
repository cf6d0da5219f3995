/** C and its kin before the preprocessor ran: conditional directives and macros confuse a grammar. */

const CONDITIONAL = /^[ \t]*#[ \t]*(?:if|ifdef|ifndef|else|elif|endif)\b(?:[^\n\\]|\\[^\n]|\\\n)*/gm;
const LONE_MACRO = /^[ \t]*[A-Z][A-Z0-9_]{3,}(?:\([^()\n]*\))?[ \t]*$/gm;

/** The text with conditional directives and lines of one macro blanked out; all offsets stay what they were. */
export function withoutConditionals(text: string): string {
  return text.replace(CONDITIONAL, blanked).replace(LONE_MACRO, blanked);
}

/** Apple's enumerations: `NS_ENUM(NSInteger, Mode)`, also without a name. */
const ENUMERATION = /\b(?:NS|CF)_(?:CLOSED_|ERROR_)?(?:ENUM|OPTIONS)\([^(),]*(?:,\s*(\w+)\s*)?\)/g;

/** Objective-C with plain enumerations and without the macros that stand alone; all offsets stay what they were. */
export function withoutAppleMacros(text: string): string {
  return text.replace(LONE_MACRO, blanked).replace(ENUMERATION, (match, name?: string) => {
    const before = 'enum'.padEnd(name ? match.lastIndexOf(name) : 0);
    return `${before}${name ?? ''}`.padEnd(match.length);
  });
}

function blanked(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}
