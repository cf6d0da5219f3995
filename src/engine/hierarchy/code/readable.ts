/**
 * Texts without what a grammar does not know: macros and conditions of a preprocessor, words that a framework or a newer version of a language adds.
 * Every function blanks or replaces in place; all offsets stay what they were.
 */
import { blanked } from '../text.js';

const CONDITIONAL = /^[ \t]*#[ \t]*(?:if|ifdef|ifndef|else|elif|elseif|endif)\b(?:[^\n\\]|\\\r?\n|\\[^\n])*/gm;
const LONE_MACRO = /^[ \t]*[A-Z][A-Z0-9_]{3,}(?:\((?:[^()\n]|\([^()\n]*\))*\))?(?=[ \t]*(?:\/\/[^\n]*)?$)/gm;

/** The text without conditional directives: what is compiled under different conditions stands side by side. */
export function withoutConditionals(text: string): string {
  return text.replace(CONDITIONAL, blanked);
}

/** The same, also without lines that consist of one macro. */
export function withoutPreprocessor(text: string): string {
  return withoutConditionals(text).replace(LONE_MACRO, blanked);
}

/** Apple's enumerations: `NS_ENUM(NSInteger, Mode)`, also without a name. */
const ENUMERATION = /\b(?:NS|CF)_(?:CLOSED_|ERROR_)?(?:ENUM|OPTIONS)\([^(),]*(?:,\s*(\w+)\s*)?\)/g;

const IN_PARENTHESES = String.raw`\((?:[^(){};]|\((?:[^(){};]|\([^(){};]*\))*\))*\)`;
/** React Native's methods: `RCT_EXPORT_METHOD(add:(NSString *)name)`, behind the name and the type that some have in JavaScript. */
const REACT_METHOD = new RegExp(
  String.raw`^([ \t]*)(RCT_(?:(?:EXPORT|EXPORT_BLOCKING_SYNCHRONOUS)_METHOD\(|(?:REMAP|EXPORT_SYNCHRONOUS_TYPED)_METHOD\([^(),]*,|` +
    String.raw`REMAP_BLOCKING_SYNCHRONOUS_METHOD\([^(),]*,[^(),]*,))((?:[^(){};]|${IN_PARENTHESES})*)\)(?=\s*\{)`,
  'gm',
);
/** How a view is given a property. */
const REACT_PROPERTY = /^([ \t]*)(RCT_CUSTOM_VIEW_PROPERTY\([ \t]*)(\w+)([^(){};]*\))(?=\s*\{)/gm;
const REACT_MODULE = /^[ \t]*RCT_EXPORT_MODULE(?:_NO_LOAD)?\([^()\n]*\);?/gm;

/** Objective-C with plain enumerations and methods, and without the macros that stand alone. */
export function withoutAppleMacros(text: string): string {
  const type = '- (id)';
  const typed = (macro: string): string => type + blanked(macro.slice(type.length));
  return text
    .replace(REACT_METHOD, (_, before: string, macro: string, method: string) => `${before}${typed(macro)}${method} `)
    .replace(REACT_PROPERTY, (_, before: string, macro: string, name: string, rest: string) => {
      return before + typed(macro) + name + blanked(rest);
    })
    .replace(REACT_MODULE, blanked)
    .replace(LONE_MACRO, blanked)
    .replace(ENUMERATION, (match, name?: string) => {
      const before = 'enum'.padEnd(name ? match.lastIndexOf(name) : 0);
      return `${before}${name ?? ''}`.padEnd(match.length);
    });
}

/** `class CORE_EXPORT Store : public Base {`: what a library's classes are exported by. */
const EXPORTED =
  /\b((?:class|struct|union)\s+)([A-Z][A-Z0-9_]{2,}(?:\([^()\n]*\))?\s+)(?=[A-Za-z_]\w*(?:\s+final)?\s*(?::(?!:)|\{))/g;
const STANDING = String.raw`_*[A-Z][A-Z0-9_]{2,}(?:\([^()\n]*\))?[ \t]*(?=\r?\n)`;
/** Up to its end, so that there is one way to read a row of slashes. */
const COMMENTED = String.raw`\/\/[^\n]*(?=\n)|\/\*(?:[^*]|\*(?!\/)){0,4000}\*\/`;
/** Macros on lines of their own before a declaration, which would be taken for its type: `QT_BEGIN_NAMESPACE`. */
const BEFORE_DECLARATION = new RegExp(
  String.raw`(?<!\\\r?\n)^[ \t]*${STANDING}(?=(?:\s|${COMMENTED}|${STANDING}){0,500}(?:inline\s+namespace|namespace|class|struct|union|enum|template|typedef|using)\b)`,
  'gm',
);
/** Linux's entry points: `SYSCALL_DEFINE2(open, const char *, path, int, flags)`. */
const SYSTEM_CALL = /^((?:COMPAT_)?SYSCALL_DEFINE\d\(\s*)(\w+)(,[^()]*\))/gm;

/** Apex: `public with sharing class Store {`; `global` is public to others. */
const SHARING =
  /\b(?:with|without|inherited)\s+sharing\b|\bglobal\b(?=\s+(?:\w+\s+){0,3}(?:class|interface|enum|static|void|[A-Z]\w*)\b)/g;

/** `insert new Thing(…);`, an order to the database, which Java has not; a statement with a value it has. */
const ORDER = /^([ \t]*)(?:insert|update|upsert|delete|undelete)(?=[ \t]+[\w(])/gim;

/** Apex as the Java that it is like. */
export function plainApex(text: string): string {
  return text
    .replace(SHARING, blanked)
    .replace(ORDER, (match, indentation: string) => `${indentation}return`.padEnd(match.length));
}

/** `SQLITE_API int sqlite3_close(`: what a library's functions are exported by. */
const EXPORTED_FUNCTION =
  /^(?:[A-Z][A-Z0-9_]{2,}(?:\s+|\([^()\n]*\)[ \t]+)){1,3}(?=(?:[A-Za-z_]\w*[ \t]+){0,4}[A-Za-z_]\w*[\s*]+[A-Za-z_]\w*\s*\()/gm;
/** `int ZEXPORT deflate(`: how a function is called. */
const CALLING_CONVENTION =
  /^((?:[A-Za-z_]\w*[ \t*]+){0,4}(?!(?:struct|union|enum|const|static|extern|inline|unsigned|signed|return|else)\b)[A-Za-z_]\w*[ \t*]+)([A-Z][A-Z0-9_]{3,}\s+)(?=[A-Za-z_]\w*\s*\()/gm;
/** No type by itself: what follows may be one. */
const QUALIFIER =
  '(?:struct|union|enum|class|const|volatile|static|extern|inline|virtual|constexpr|unsigned|signed|long|short|typedef|return|else|goto|case|new|noinline|notrace|asmlinkage)';
/** `static int __init start(void)`: what a compiler is told of a function between its type and its name. */
const BEFORE_NAME = new RegExp(
  String.raw`^((?:[A-Za-z_]\w*[ \t*]+){0,5}(?!${QUALIFIER}\b)[A-Za-z_]\w*[ \t*]+)((?:__[a-z]\w*[ \t]+)*__[a-z]\w*)(?=[\s*]+[A-Za-z_]\w*\s*\()`,
  'gm',
);
/** The same before its type: `static __always_inline int f(`, `static __printf(1, 2) void f(`. */
const BEFORE_TYPE =
  /^((?:(?:static|extern|inline|asmlinkage)[ \t]+){0,3})((?:(?!__attribute)__[a-z]\w*(?:\([^()\n]*\))?[ \t]+|(?:noinline|notrace)[ \t]+)+)(?=(?:[A-Za-z_]\w*[ \t*]+){1,5}[A-Za-z_]\w*\s*\()/gm;
/** What a compiler may know of a function beyond its type: `int close(int fd) __THROW __nonnull ((1));`. */
const ATTRIBUTES = new RegExp(
  String.raw`^((?!(?:if|for|while|switch|return|else|do|case)\b)[A-Za-z_][\w \t*]{0,200}[\s*]\w+\s*${IN_PARENTHESES})` +
    String.raw`((?:\s*(?:__[a-z_]\w*|__[A-Z]\w*|[A-Z][A-Z0-9_]{3,})(?:\s*${IN_PARENTHESES})?)+)(?=\s*;)`,
  'gm',
);

/** What makes a header of C one of C++ too: around all of it, between conditions that both ends lie in. */
const FOR_CPP =
  /^[ \t]*#[ \t]*if(?:def[ \t]+__cplusplus|[ \t]+defined[ \t]*\(?[ \t]*__cplusplus[ \t]*\)?)[^\n]*\n\s*(?:extern[ \t]+"C"\s*(\{)|\})[^\n{}]*\n\s*#[ \t]*endif\b/gm;

/** C without macros before the names of types and around those of functions, and with plain heads of system calls. */
export function withoutMacros(text: string): string {
  return withoutCppGuards(text)
    .replace(BEFORE_DECLARATION, blanked)
    .replace(CALLING_CONVENTION, (_, before: string, macro: string) => before + blanked(macro))
    .replace(BEFORE_NAME, (_, before: string, macros: string) => before + blanked(macros))
    .replace(BEFORE_TYPE, (_, before: string, macros: string) => before + blanked(macros))
    .replace(ATTRIBUTES, (_, before: string, macros: string) => before + blanked(macros))
    .replace(EXPORTED_FUNCTION, blanked)
    .replace(EXPORTED, (_, type: string, macro: string) => type + blanked(macro))
    .replace(SYSTEM_CALL, (_, before: string, name: string, rest: string) => {
      return `${'int'.padEnd(before.length)}${name}()${blanked(rest.slice(2))}`;
    });
}

/** `export` before a declaration, and the declaration of a module or of its parts. */
const MODULE =
  /^[ \t]*(?:(?:export[ \t]+)?module\b(?:[ \t]*[\w.]+)?(?:[ \t]*:[ \t]*[\w.]+)?[ \t]*;|export[ \t]+(?=[\w{]))/gm;
/** Qt's sections of a class: `public slots:` and `signals:`. */
const SLOTS = /\b(public|protected|private)([ \t]+(?:slots|Q_SLOTS))(?=[ \t]*:)/g;
const SIGNALS = /^([ \t]*)(signals|Q_SIGNALS)(?=[ \t]*:(?!:))/gm;
/** Sections of a class whose access a macro decides: `JSON_PRIVATE_UNLESS_TESTED:`. */
const ACCESS = /^([ \t]*)(?=[A-Z0-9_]*(?:PUBLIC|PRIVATE|PROTECTED))([A-Z0-9_]+)(?=[ \t]*:[ \t]*$)/gm;
/** `MAYBE_EXPLICIT operator bool() const`. */
const CONVERSION = /\b[A-Z][A-Z0-9_]{3,}(?=\s+operator\s+(?!(?:new|delete|co_await)\b)[A-Za-z_])/g;
/** What Qt and Unreal generate members from, on a line of its own. */
const GENERATED = /^[ \t]*(?:Q_[A-Z_]+(?:\([^()\n]*\))?|GENERATED_(?:\w+_)?BODY\(\))[ \t]*$/gm;
/** What Unreal writes before a declaration: `UPROPERTY(EditAnywhere)`. */
const REFLECTED = /^([ \t]*)(U(?:CLASS|STRUCT|ENUM|INTERFACE|PROPERTY|FUNCTION)\((?:[^()]|\([^()]*\)){0,1000}\))/gm;

/** C++ as C, and without what makes it a module or a part of Qt or Unreal. */
export function plainCpp(text: string): string {
  return withoutMacros(text)
    .replace(MODULE, blanked)
    .replace(GENERATED, blanked)
    .replace(REFLECTED, (_, before: string, macro: string) => `${before}[[u${blanked(macro.slice(5))}]]`)
    .replace(SLOTS, (_, access: string, slots: string) => access + blanked(slots))
    .replace(SIGNALS, (_, before: string, signals: string) => before + 'public'.padEnd(signals.length))
    .replace(ACCESS, (_, before: string, access: string) => before + 'public'.padEnd(access.length))
    .replace(CONVERSION, blanked);
}

function withoutCppGuards(text: string): string {
  const opens = [...text.matchAll(FOR_CPP)].map(([, brace]) => brace !== undefined);
  const balanced = opens.filter(Boolean).length * 2 === opens.length;
  return balanced ? text.replace(FOR_CPP, blanked) : text;
}

/** `<in T>`, `<out T>` and `<in out T>`; the words stand in no other place of a list. */
const VARIANCE = /([<,]\s*)((?:in\s+out|in|out)\s+)(?=[\p{L}_$])/gu;

/** A type of another module, of which the grammar knows neither parameters nor elements: `import("vue").PropType<string>`. */
const IMPORTED_TYPE =
  /\bimport\([ \t]*(?:"[^"\n]*"|'[^'\n]*')[ \t]*(?:,[ \t]*\{[^()\n]*\}[ \t]*)?\)(?=\.(?!(?:then|catch|finally)\b)\w|\[)/g;

/** TypeScript without variance of its type parameters, and with names for the modules that types are imported from. */
export function plainTypeScript(text: string): string {
  return text
    .replace(VARIANCE, (_, before: string, words: string) => before + blanked(words))
    .replace(IMPORTED_TYPE, (match) => 'import'.padEnd(match.length, '_'));
}

/** What is said of a class's constructor before its modifier, on lines below the name of the class. */
const OF_CONSTRUCTOR =
  /(\bclass\s+\w+(?:\s*<[^<>{}()\n]*>)?[ \t]*\r?\n)((?:[ \t]*@[\w.]+(?:\((?:[^()"\n]|"[^"\n]*")*\))?\s+)+)(?=(?:public|private|internal|protected)\s+constructor\b)/g;

/** What stands in brackets on one line, strings and all. */
const WITHIN = String.raw`(?:[^()"\n]|"(?:[^"\\\n]|\\.)*")`;
const DECLARATION = /(?:[a-z]+[ \t]+){0,4}(?:class|interface|object|fun|val|var|typealias)\b/;
/** An annotation with arguments on the line above a declaration. */
const ABOVE_DECLARATION = new RegExp(
  String.raw`^([ \t]*@[\w.]+)(\((?:${WITHIN}|\(${WITHIN}*\))*\))(?=[ \t]*\r?\n[ \t]*(?:@|${DECLARATION.source}))`,
  'gm',
);

/**
 * Kotlin without what its grammar does not see to be a part of the class, without the arguments that it takes for an expression in brackets
 * (below a property and a comment), and where `dynamic` is a name like any other.
 */
export function plainKotlin(text: string): string {
  return text
    .replace(ABOVE_DECLARATION, (_, annotation: string, parameters: string) => annotation + blanked(parameters))
    .replace(OF_CONSTRUCTOR, (_, name: string, annotations: string) => name + blanked(annotations))
    .replace(/\bdynamic\b/g, 'dynamiC');
}

/** A directive of a condition, and whether an `if` goes on below it. */
const CONDITION = /^([ \t]*#[ \t]*(if|elif|else|endif)\b[^\n]*)(\n\s*else\b)?/gm;

/** C# without the conditions around a clause of an `if`, which its grammar takes for a function that is called `if`. */
export function withJoinedClauses(text: string): string {
  const around = new Set<number>();
  const open: { directives: number[]; splits: boolean }[] = [];
  for (const { index, 2: word, 3: clause } of text.matchAll(CONDITION)) {
    if (word === 'if') open.push({ directives: [], splits: false });
    const group = open.at(-1);
    if (!group) continue;
    group.directives.push(index);
    if (word !== 'endif') group.splits ||= clause !== undefined;
    else if (open.pop()?.splits) for (const directive of group.directives) around.add(directive);
  }
  return text.replace(CONDITION, (match, directive: string, _, clause: string | undefined, at: number) =>
    around.has(at) ? blanked(directive) + (clause ?? '') : match,
  );
}

/** Words of Vala that C# does not have, before a type or a declaration. */
const OF_VALA = /\b(?:unowned|owned|weak|dynamic|signal|inline)\b(?=[ \t]+[\w@])/g;
/** What a function of Vala promises behind its parameters. */
const PROMISES = /\)([ \t\r\n]*throws[ \t]+\w[\w.]*(?:[ \t]*,[ \t\r\n]*\w[\w.]*)*)/g;
const CONDITIONS = /\)([ \t\r\n]*(?:requires|ensures)[ \t]*\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\))/g;

/** Names with dots: of types, and of constructors behind the type's. */
const DOTTED =
  /\b((?:class|interface|struct|enum)[ \t]+\w+)((?:\.\w+)+)|^([ \t]*(?:(?:public|private|protected|internal)[ \t]+)+\w+)(\.)(?=\w+[ \t]*\()/gm;
/** Words of C# that are names in Vala. */
const NAMES_OF_VALA = /\b(checke|unchecke|even|operato|objec|fixe|decima|explici|implici)[a-z]\b/g;
const ACCESSORS = /\bconstruct(?=[ \t]*(?:set[ \t]*)?;)/g;
const DEFAULT = /\bdefault[ \t]*=[^;{}\n]*;/g;

/** Vala as far as it is C# with other words: what is owned, thrown and promised, names with dots, errors as enumerations, templates as strings. */
export function plainVala(text: string): string {
  const behind = (match: string, said: string): string => match.slice(0, match.length - said.length) + blanked(said);
  return text
    .replace(OF_VALA, blanked)
    .replace(PROMISES, behind)
    .replace(CONDITIONS, behind)
    .replace(/\berrordomain\b/g, 'enum       ')
    .replace(DOTTED, (_, type?: string, names?: string, constructor?: string) =>
      type === undefined ? `${constructor}_` : type + names!.replaceAll('.', '_'),
    )
    .replace(NAMES_OF_VALA, (name) => name.slice(0, -1) + name.at(-1)!.toUpperCase())
    .replace(DEFAULT, blanked)
    .replace(ACCESSORS, 'init     ')
    .replace(/\bconstruct(?=\s*\{)/g, 'constru()')
    .replace(/@(?=")/g, ' ');
}

/** A line of code, and below it a brace that opens a body. */
const LONE_BRACE = /^(?![^\n]*\/\/)([^\n]*[^\s{};])([ \t]*\r?\n)(?=[ \t]*\{[ \t]*(?:\w[\w.,: ]*=>[ \t]*)?\r?$)/gm;

/** Scala with each body beginning on the line of its header, below which the grammar sees none. */
export function withJoinedBraces(text: string): string {
  return text.replace(LONE_BRACE, (_, line: string, end: string) => line + end.replace(/[\r\n]/g, ' '));
}

/** HTML without the beginnings of comments that are never closed: from each of them, its grammar would look to the end of the text. */
export function withoutOpenComments(text: string): string {
  const closed = text.lastIndexOf('-->') + 1;
  return text.slice(0, closed) + text.slice(closed).replaceAll('<!--', blanked);
}
