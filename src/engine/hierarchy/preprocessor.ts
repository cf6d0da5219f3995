/** Texts without what a grammar does not know, all offsets as they were: C before the preprocessor ran, Swift's conditions, variance. */

const CONDITIONAL = /^[ \t]*#[ \t]*(?:if|ifdef|ifndef|else|elif|elseif|endif)\b(?:[^\n\\]|\\[^\n]|\\\n)*/gm;
const LONE_MACRO = /^[ \t]*[A-Z][A-Z0-9_]{3,}(?:\([^()\n]*\))?[ \t]*$/gm;

/** The text with conditional directives blanked out: what is compiled under different conditions stands side by side. */
export function withoutConditionals(text: string): string {
  return text.replace(CONDITIONAL, blanked);
}

/** The same, also without lines that consist of one macro. */
export function withoutPreprocessor(text: string): string {
  return withoutConditionals(text).replace(LONE_MACRO, blanked);
}

/** Apple's enumerations: `NS_ENUM(NSInteger, Mode)`, also without a name. */
const ENUMERATION = /\b(?:NS|CF)_(?:CLOSED_|ERROR_)?(?:ENUM|OPTIONS)\([^(),]*(?:,\s*(\w+)\s*)?\)/g;

/** Objective-C with plain enumerations and without the macros that stand alone. */
export function withoutAppleMacros(text: string): string {
  return text.replace(LONE_MACRO, blanked).replace(ENUMERATION, (match, name?: string) => {
    const before = 'enum'.padEnd(name ? match.lastIndexOf(name) : 0);
    return `${before}${name ?? ''}`.padEnd(match.length);
  });
}

/** C++'s `export` before a declaration, and the declaration of a module or of its parts. */
const MODULE =
  /^[ \t]*(?:(?:export[ \t]+)?module\b(?:[ \t]*[\w.]+)?(?:[ \t]*:[ \t]*[\w.]+)?[ \t]*;|export[ \t]+(?=[\w{]))/gm;

/** C++ without what makes it a module. */
export function withoutModules(text: string): string {
  return text.replace(MODULE, blanked);
}

/** TypeScript's `<in T>`, `<out T>` and `<in out T>`; the words stand in no other place of a list. */
const VARIANCE = /([<,]\s*)((?:in\s+out|in|out)\s+)(?=[\p{L}_$])/gu;

/** TypeScript without variance of its type parameters. */
export function withoutVariance(text: string): string {
  return text.replace(VARIANCE, (_, before: string, words: string) => before + blanked(words));
}

function blanked(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}
