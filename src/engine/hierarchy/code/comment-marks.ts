/** How comments are written, by language: `#` begins one in Python, an id in CSS and a field in JavaScript. */
import { oneOf } from '../../patterns.js';

/** One way to write comments; all regular expressions. */
interface Form {
  begins: string;
  /** Stands before the words of a line; `begins` where it is not said. */
  before?: string;
  /** Stands after the words of a line. */
  after?: string;
  /** Ends a comment of several lines; one without it ends with its line. */
  closes?: string;
}

const { raw } = String;

const SLASHES: Form = { begins: '//', before: '//+[!<]?' };
/** Some are drawn as a box, whose corners may be `\` and whose right side is `*`. */
const STARS: Form = {
  begins: raw`/\*`,
  before: raw`/\*+(?:[!<]|\\(?=\s*$))?|\\?\*+/|\*{1,2}(?=\s|$)|\*`,
  after: raw`\*+/|\s\*+`,
  closes: raw`\*/`,
};
const HASH: Form = { begins: '#', before: '#+!?', after: raw`\s#+` };
const DASHES: Form = { begins: '--', before: '--+' };
/** Haddock marks what is described: `-- |` what follows, `-- ^` what came before. */
const HADDOCK: Form = { begins: '--', before: raw`--+(?:\s*[|^](?=\s|$))?` };
const SEMICOLON: Form = { begins: ';', before: ';+' };
const PERCENT: Form = { begins: '%', before: '%+' };
const BANG: Form = { begins: '!', before: '!+[<>]?' };
/** Fortran on punched cards; `c = 1`, `c(1)` and `c%x` are none. */
const FIRST_COLUMN: Form = {
  begins: raw`(?<=^|\n)(?:\*|[cC](?=[^\w\s=(%,]|\s+[^=\s(%,]|\s*$))`,
  before: raw`[cC*]+>?(?=[^\w]|$)`,
};
const APOSTROPHE: Form = { begins: "'", before: "'+" };
const REM: Form = { begins: raw`@?[Rr][Ee][Mm](?=\s|$)` };
const MARKUP: Form = { begins: '<!--', after: '-->', closes: '-->' };
const POD: Form = {
  begins: raw`(?<=^|\n)=[a-z]\w*`,
  before: raw`=(?:head\d?|pod|begin|item|over|back)\b(?:\s+(?:\*|\d+\.?)(?=\s|$))?`,
  closes: raw`(?<=^|\n)=(?:cut|end)\b`,
};
const ML: Form = { begins: raw`\(\*`, before: raw`\(\*+|\*(?!\))`, after: raw`\*+\)`, closes: raw`\*\)` };
/** A brace and a hash is an order to the compiler. */
const BRACES: Form = { begins: raw`\{-(?!#)`, before: raw`\{-\s*\|?`, after: raw`-\}`, closes: raw`-\}` };
const ANGLES: Form = { begins: '<#', after: '#>', closes: '#>' };
const HASH_BRACKETS: Form = {
  begins: raw`#\[=*\[`,
  before: raw`#\[=*\[(?:\.rst:)?`,
  after: raw`#?\]=*\]`,
  closes: raw`\]=*\]`,
};
const DASH_BRACKETS: Form = { begins: raw`--\[=*\[`, after: raw`-*\]=*\]`, closes: raw`\]=*\]` };
/** Where `#` may as well begin a line of C's preprocessor or an attribute. */
const NO_DIRECTIVE: Form = {
  ...HASH,
  begins:
    raw`#(?!(?:include|import|define|if|ifdef|ifndef|elif|else|endif|undef|pragma|error|region|endregion)\b|!?\[[^=[]` +
    raw`|\s+(?:include\s*[<"]|(?:define|undef|ifdef|ifndef)\s+[A-Z_]{2}|if\s+(?:!?defined|[A-Z_]{3,})|elif\s+(?:!?defined|[A-Z_]{3,})|endif\b|pragma\s|(?:error|warning)\s+"))`,
};
const QUOTES = '"""';
/** Elixir: attributes that hold what is said of what follows. */
const DOC_ATTRIBUTE: Form = { begins: raw`@(?:module|type)?doc\s+(?:~[sS])?"""`, after: QUOTES, closes: QUOTES };
const DOC_LINE: Form = { begins: raw`@(?:module|type)?doc\s+"(?!"")`, after: '"' };
/** Strings that stand where comments would; they close with what they open with. */
const DOCSTRING: Form = { begins: '[rRbBuUfF]{0,2}(?:"""|\'\'\')', after: '"""|\'\'\'' };

const C = [STARS, SLASHES];

/** The languages that write comments in the same ways, by VS Code language id. */
const WRITTEN_ALIKE: readonly (readonly [readonly Form[], languages: string])[] = [
  [C, 'c cpp csharp css dart glsl go groovy hlsl java javascript javascriptreact json jsonc kotlin less objective-c'],
  [C, 'apex bicep go.mod haxe prisma vala yacc'],
  [C, 'objective-cpp proto3 rust sass scala scss solidity stylus swift typescript typescriptreact verilog wgsl zig'],
  [
    [HASH],
    'awk coffeescript crystal dockerfile gdscript gherkin ignore lock makefile meson perl pip-requirements puppet qmake rego shellscript tcl toml yaml',
  ],
  [[DOC_ATTRIBUTE, DOC_LINE, HASH], 'elixir'],
  [[HASH, DOCSTRING], 'cython python'],
  // A string at the beginning of a line says what is below it.
  [[HASH, { ...DOCSTRING, closes: QUOTES }, { begins: '"(?!"")', after: '"' }], 'graphql'],
  [[{ begins: '#=', after: '=#', closes: '=#' }, HASH, { ...DOCSTRING, closes: QUOTES }], 'julia'],
  [[POD, HASH], 'ruby'],
  [[{ ...HASH, before: "#+'?" }], 'r'],
  [[{ begins: raw`#\[`, after: raw`\]#`, closes: raw`\]#` }, HASH], 'nim'],
  [[ANGLES, { ...HASH, begins: '#(?!>)', before: '#+(?!>)' }], 'powershell'],
  [[STARS, HASH], 'nix'],
  [[...C, HASH], 'terraform thrift'],
  [[...C, { ...HASH, begins: raw`#(?!\[)` }], 'php'],
  [[HASH, SEMICOLON], 'ini'],
  [[HASH, BANG], 'properties'],
  [[HASH_BRACKETS, NO_DIRECTIVE], 'cmake'],
  [[{ begins: raw`dnl(?=\s|$)` }, NO_DIRECTIVE], 'm4'],
  [[...C, NO_DIRECTIVE, SEMICOLON, { begins: raw`@(?=\s)` }], 'assembly'],
  [[MARKUP, ...C], 'html'],
  [[MARKUP], 'xml'],
  [[{ begins: raw`/\+`, after: raw`\+/`, closes: raw`\+/` }, ...C], 'd'],
  [[DASHES], 'ada vhdl'],
  // What MySQL does in `/*! … */` is done.
  [[{ ...STARS, begins: raw`/\*(?![!+])` }, DASHES], 'sql'],
  [[DASH_BRACKETS, DASHES], 'lua'],
  [[BRACES, HADDOCK], 'elm haskell purescript'],
  [[{ begins: '/-', before: '/-+!?', after: '-+/', closes: '-/' }, DASHES], 'lean'],
  [[ML], 'coq ocaml'],
  [[ML, SLASHES], 'fsharp'],
  [[{ begins: raw`\{(?!\$)`, after: raw`\}`, closes: raw`\}` }, ML, SLASHES], 'pascal'],
  [[SEMICOLON], 'clojure'],
  [[{ begins: raw`#\|`, after: raw`\|#`, closes: raw`\|#` }, SEMICOLON], 'lisp'],
  [[PERCENT], 'bibtex erlang latex mermaid tex'],
  // Octave's.
  [[{ begins: raw`%\{`, after: raw`%\}`, closes: raw`%\}` }, PERCENT, HASH], 'matlab'],
  [[STARS, { ...PERCENT, before: '%+!?' }], 'prolog'],
  [[BANG, FIRST_COLUMN], 'fortran'],
  [[{ begins: raw`\*>?` }], 'cobol'],
  [[REM, { begins: '::' }], 'bat'],
  [[APOSTROPHE, REM], 'vb'],
  [[APOSTROPHE], 'plantuml'],
  // Where a text stands, and what is to be done about it, is no remark on it.
  [[{ begins: raw`#(?=[\s.]|$)`, before: raw`#\.?` }], 'po'],
  [[SLASHES], 'pug'],
  // Three begin the next request.
  [[{ ...HASH, begins: '#(?!##)' }, SLASHES], 'http'],
  [[{ begins: '"', before: '"+' }, HASH], 'viml'],
  [[], 'csv diff'],
];
const FORMS = new Map(
  WRITTEN_ALIKE.flatMap(([forms, languages]) =>
    languages.split(' ').map((language): [string, readonly Form[]] => [language, forms]),
  ),
);

/** Of text that may be in any language: what begins a comment in many and something else in few. */
const ANY: readonly Form[] = [
  STARS, SLASHES, HASH_BRACKETS, NO_DIRECTIVE,
  DASH_BRACKETS, DASHES, SEMICOLON, { ...PERCENT, begins: raw`%+\s` }, REM, { begins: raw`dnl\s` }, { begins: raw`::\s` }, MARKUP, ANGLES,
  { ...BRACES, begins: raw`\{-\s` }, { ...ML, begins: raw`\(\*+\s` }, { ...POD, begins: raw`(?<=^|\n)=(?:head\d?|pod|begin)\b` }, DOCSTRING,
]; // prettier-ignore

/** How to tell comments of a language from its code, and their marks from their words. */
export interface CommentMarks {
  /** A text that begins with a comment. */
  begins: RegExp;
  /** A line that is a comment to its end. */
  line: RegExp;
  /** What opens and what closes comments of several lines. */
  blocks: readonly (readonly [opens: RegExp, closes: RegExp])[];
  /** What stands before and after the words in a line of a comment. */
  before: RegExp;
  after: RegExp;
  /** What opens and closes strings of several lines, which may look like comments; undefined where there are none. */
  strings: RegExp | undefined;
}

const known = new Map<readonly Form[], CommentMarks>();

/** The marks of a language by its id in VS Code; those of many languages together where its own are not known. */
export function commentMarks(language: string): CommentMarks {
  const forms = FORMS.get(language) ?? ANY;
  const found = known.get(forms) ?? marksOf(forms);
  known.set(forms, found);
  return found;
}

function marksOf(forms: readonly Form[]): CommentMarks {
  const blocks = forms.filter(({ closes }) => closes !== undefined);
  const lines = forms.filter((form) => form.closes === undefined && form !== DOCSTRING);
  return {
    begins: either('^\\s*', forms.map(({ begins }) => begins), ''),
    // A block that begins like a line is none.
    line: either(`^\\s*(?!${oneOf(blocks.map(({ begins }) => begins))})`, lines.map(({ begins }) => begins), ''),
    blocks: blocks.map(({ begins, closes }) => [new RegExp(`^\\s*${begins}`), new RegExp(closes!)]),
    before: either('^\\s*', forms.map(({ begins, before }) => before ?? begins), '\\s?'),
    after: either('', forms.flatMap(({ after }) => after ?? []), '\\s*$'),
    strings: blocks.some(({ closes }) => closes === QUOTES) ? new RegExp(QUOTES, 'g') : undefined,
  }; // prettier-ignore
}

function either(before: string, sources: readonly string[], after: string): RegExp {
  return new RegExp(`${before}${oneOf(sources)}${after}`);
}
