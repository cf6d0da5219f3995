/**
 * What the code parser must know of each language: its grammar file, and which grammar nodes are classes, functions and
 * bodies. Grammars name these things alike, so the shared patterns serve most of them; a language lists only what differs.
 */
import type { Node } from 'web-tree-sitter';
import type { DocumentGenre } from '../../../protocol/document.js';
import { oneOf, words } from '../../patterns.js';
import { plainPython } from './cython.js';
import {
  plainApex,
  plainCpp,
  plainKotlin,
  plainTypeScript,
  plainVala,
  withJoinedBraces,
  withJoinedClauses,
  withoutAppleMacros,
  withoutConditionals,
  withoutMacros,
  withoutOpenComments,
  withoutPreprocessor,
} from './readable.js';
import { isScalaTest, takesNamedBlock } from './signatures.js';

export interface LanguageSpec {
  /** File name in the grammars directory. */
  grammar: string;
  genre: Extract<DocumentGenre, 'code' | 'data'>;
  extensions: readonly string[];
  /** Node types that hold a sequence of statements, in addition to `BODY`. */
  bodies?: readonly string[];
  /** Node types that are classes, in addition to `CLASS`. */
  classes?: readonly string[];
  /** Node types that are functions, in addition to `FUNCTION`. */
  functions?: readonly string[];
  /** Whether a call of several lines, long or not, defines what it is handed a block for. */
  callDefines?: (call: Node, isLong: boolean) => boolean;
  /** Whether a node is a list of declarations that share their keyword. */
  isList?: (node: Node) => boolean;
  /** Whether a comment is counted to what stands above it though it belongs to what follows. */
  commentsFollow?: true;
  /** Node types whose children stand in their place. */
  inlined?: readonly string[];
  /** The text without what its grammar does not know; all offsets stay what they were. */
  readable?: (text: string) => string;
  /** The same for a text of which the grammar makes little sense, when it loses more. */
  bare?: (text: string) => string;
  /** The language as which a text is read of which this grammar makes less sense. */
  otherwise?: string;
  /** Beyond so many lines its grammar sees nothing but errors. */
  mostLines?: number;
  /** Node types that look like one of the above by name but are not. */
  never?: readonly string[];
}

const CLASSES = words`
  class interface struct enum union trait impl protocol extension record record_struct annotation_type contract
  mod module internal_module namespace library object companion_object singleton_class
`;
/** Node types of classes and their kin. They count only with a body (C's `struct s x;` has none). */
export const CLASS = new RegExp(`^(?:abstract_)?${oneOf(CLASSES)}(?:_declaration|_definition|_specifier|_item)?$`);

const FUNCTIONS = words`
  function local_function protocol_function generator_function arrow_function anonymous_function
  method singleton_method anonymous_method operator conversion_operator subscript
  constructor compact_constructor secondary_constructor destructor init deinit
  lambda lambda_literal func_literal closure_expression macro modifier
`;
const FUNCTION_ENDINGS = words`declaration definition item expression creation_expression statement rule`;
/** Node types of functions and their kin; what is called a subscript elsewhere than in Swift is an expression. */
export const FUNCTION = new RegExp(
  `^(?!subscript(?:_expression)?$)(?:async_)?${oneOf(FUNCTIONS)}(?:_${oneOf(FUNCTION_ENDINGS)})?$`,
);

const WITH_BODY = words`
  class interface protocol enum enum_class record struct object trait contract module annotation_type
  function constructor template with_template switch case control_structure body
`;
const BODIES = words`
  body body_statement suite compound_statement statement_list statements
  block statement_block switch_block match_block indented_block colon_block case_block do_block do_group
  declaration_list field_declaration_list enum_member_declaration_list enum_declaration_list enum_variant_list enumerator_list
  accessor_list property_accessors
`;
/** Node types whose named children are statements (or members) in sequence. */
export const BODY = new RegExp(`^(?:${oneOf(WITH_BODY)}_body|${oneOf(BODIES)})$`);

/** Classes whose members are their own children, without a body around them. */
export const BODILESS = /^class_(interface|implementation)$/;

/** Containers that are looked through: their children stand where they stand. */
export const TRANSPARENT =
  /^(preproc_(if|ifdef|ifndef|else|elif|elifdef)|declaration_list_block|export_block|source|program_body)$/;

export const COMMENT =
  /^(line_comment|block_comment|comment|multiline_comment|doc_comment|documentation_comment|html_comment|Comment)$/;

/** Siblings before a declaration that belong to it. */
export const PREFIX = /^(attribute_item|inner_attribute_item|attribute_list|decorator|annotation|attribute|modifiers)$/;

const lib = (
  grammar: string,
  genre: 'code' | 'data',
  extensions: string[],
  more: Partial<LanguageSpec> = {},
): LanguageSpec => ({
  grammar: `tree-sitter-${grammar}.wasm`,
  genre,
  extensions,
  ...more,
});

/** Scala's and Kotlin's objects are classes; a literal is not. */
const OBJECT_LITERALS = { never: ['object'] };

/** JavaScript with types (Flow's) is nearer to TypeScript. */
const JAVASCRIPT = { ...OBJECT_LITERALS, otherwise: 'typescriptreact' };
const TYPESCRIPT = { ...OBJECT_LITERALS, classes: ['type_alias_declaration'], readable: plainTypeScript };
const PREPROCESSED = { bare: withoutPreprocessor };

/** What follows the constants of an enumeration. */
const JAVA = { inlined: ['enum_body_declarations'] };
/** What stands outside of all types. */
const C_SHARP = { inlined: ['global_statement'], bare: withoutConditionals };

const OBJECTIVE_C = {
  readable: withoutAppleMacros,
  classes: ['class_interface', 'class_implementation', 'category_interface', 'category_implementation'],
  inlined: ['implementation_definition', 'qualified_protocol_interface_declaration'],
};

/** By VS Code language id. */
export const LANGUAGES: Readonly<Record<string, LanguageSpec>> = {
  python: lib('python', 'code', ['.py', '.pyi', '.pyw', '.bzl', '.bazel']),
  cython: lib('python', 'code', ['.pyx', '.pxd', '.pxi'], { readable: plainPython }),
  typescript: lib('typescript', 'code', ['.ts', '.mts', '.cts'], TYPESCRIPT),
  typescriptreact: lib('tsx', 'code', ['.tsx'], TYPESCRIPT),
  javascript: lib('javascript', 'code', ['.js', '.mjs', '.cjs', '.es6'], JAVASCRIPT),
  javascriptreact: lib('javascript', 'code', ['.jsx'], JAVASCRIPT),
  java: lib('java', 'code', ['.java'], JAVA),
  apex: lib('java', 'code', ['.trigger'], { ...JAVA, readable: plainApex }),
  c: lib('c', 'code', ['.c', '.h'], { ...PREPROCESSED, readable: withoutMacros }),
  cpp: lib(
    'cpp',
    'code',
    ['.cpp', '.cc', '.cxx', '.hpp', '.hh', '.hxx', '.ipp', '.inl', '.cppm', '.ixx', '.cu', '.ino'],
    {
      ...PREPROCESSED,
      readable: plainCpp,
    },
  ),
  'objective-c': lib('objc', 'code', ['.m'], { ...OBJECTIVE_C, ...PREPROCESSED }),
  'objective-cpp': lib('objc', 'code', ['.mm'], { ...OBJECTIVE_C, otherwise: 'cpp' }),
  csharp: lib('c_sharp', 'code', ['.cs', '.csx'], { ...C_SHARP, readable: withJoinedClauses }),
  // Read as the language that it was made after.
  vala: lib('c_sharp', 'code', ['.vala', '.vapi'], { ...C_SHARP, readable: plainVala }),
  go: lib('go', 'code', ['.go'], {
    classes: ['type_spec', 'type_alias'],
    bodies: ['interface_type'],
    // `type (…)`, `const (…)`, `var (…)`; what it holds alone and without a comment is as if it stood without it.
    isList: (node) => /^(?:type|const)_declaration$|^var_spec_list$/.test(node.type) && node.namedChildCount > 1,
  }),
  rust: lib('rust', 'code', ['.rs'], { never: ['macro_rule'] }),
  ruby: lib('ruby', 'code', ['.rb', '.rake', '.gemspec', '.ru'], {
    classes: ['class', 'module'],
    functions: ['method'],
    inlined: ['body_statement', 'block_body'],
    callDefines: takesNamedBlock,
  }),
  php: lib('php', 'code', ['.php', '.phtml'], { never: ['namespace_definition'] }),
  shellscript: lib('bash', 'code', ['.sh', '.bash', '.zsh', '.ksh']),
  kotlin: lib('kotlin', 'code', ['.kt', '.kts'], { readable: plainKotlin }),
  scala: lib('scala', 'code', ['.scala', '.sc', '.sbt'], {
    classes: ['given_definition'],
    callDefines: isScalaTest,
    readable: withJoinedBraces,
  }),
  swift: lib('swift', 'code', ['.swift'], { readable: withoutConditionals }),
  lua: lib('lua', 'code', ['.lua']),
  html: lib(
    'html',
    'code',
    [
      '.html',
      '.htm',
      '.xhtml',
      '.vue',
      '.svelte',
      '.astro',
      '.jsp',
      '.jspx',
      '.ejs',
      '.hbs',
      '.handlebars',
      '.mustache',
      '.liquid',
      '.njk',
      '.cshtml',
      '.aspx',
    ],
    {
      bodies: ['element'],
      readable: withoutOpenComments,
    },
  ),
  css: lib('css', 'code', ['.css'], { bodies: ['keyframe_block_list'] }),
  json: lib('json', 'data', ['.json', '.json5', '.jsonl', '.ndjson', '.webmanifest', '.map'], {
    bodies: ['object', 'array'],
    never: ['object'],
  }),
  jsonc: lib('json', 'data', ['.jsonc', '.code-workspace'], { bodies: ['object', 'array'], never: ['object'] }),
  xml: lib(
    'xml',
    'data',
    [
      '.xml',
      '.xsd',
      '.xsl',
      '.xslt',
      '.svg',
      '.plist',
      '.csproj',
      '.vcxproj',
      '.fsproj',
      '.props',
      '.targets',
      '.xaml',
      '.resx',
      '.wsdl',
      '.xul',
    ],
    { bodies: ['element'], inlined: ['content', 'prolog'] },
  ),
  yaml: lib('yaml', 'data', ['.yaml', '.yml'], {
    // Rows are numbers of 16 bits there.
    mostLines: 32_768,
    bodies: ['stream', 'document', 'block_mapping', 'block_sequence', 'flow_mapping', 'flow_sequence'],
    commentsFollow: true,
  }),
  dart: lib('dart', 'code', ['.dart'], { classes: ['mixin_declaration'], bodies: ['extension_body'] }),
  solidity: lib('solidity', 'code', ['.sol']),
  toml: lib('toml', 'data', ['.toml'], { bodies: ['table', 'table_array_element', 'array'], commentsFollow: true }),
};

/**
 * Languages without a grammar here, by VS Code language id where there is one: read by indentation, blank lines, comments and
 * headers (fallback.ts), because as prose they would be paragraphs without sentences.
 */
export const WITHOUT_GRAMMAR: Readonly<Record<string, readonly string[]>> = {
  ada: ['.adb', '.ads'], assembly: ['.s', '.asm'], awk: ['.awk'], bat: ['.bat', '.cmd'], bibtex: ['.bib'], bicep: ['.bicep'], clojure: ['.clj', '.cljs', '.cljc', '.edn'],
  cmake: ['.cmake'], cobol: ['.cob', '.cbl'], coffeescript: ['.coffee'], coq: [], crystal: ['.cr'], csv: ['.csv', '.tsv'], d: ['.d'],
  diff: ['.diff', '.patch'], dockerfile: ['.dockerfile'], elixir: ['.ex', '.exs'], elm: ['.elm'], erlang: ['.erl', '.hrl'],
  fortran: ['.f', '.for', '.f77', '.f90', '.f95', '.f03', '.f08'], fsharp: ['.fs', '.fsi', '.fsx'], glsl: ['.glsl', '.vert', '.frag', '.comp'],
  gdscript: ['.gd'], gherkin: ['.feature'], graphql: ['.graphql', '.gql'], groovy: ['.groovy', '.gradle'], haskell: ['.hs', '.lhs'], haxe: ['.hx'], hlsl: ['.hlsl'], http: ['.http'], julia: ['.jl'],
  ini: ['.ini', '.cfg', '.conf', '.cnf', '.desktop', '.service', '.editorconfig'], lean: ['.lean'], less: ['.less'],
  lisp: ['.lisp', '.cl', '.el', '.scm', '.rkt', '.ss'], m4: ['.m4', '.ac'], matlab: [], mermaid: ['.mmd', '.mermaid'], makefile: ['.mk', '.mak'], nim: ['.nim'], nix: ['.nix'],
  ocaml: ['.ml', '.mli'], pascal: ['.pas', '.dpr'], perl: ['.pl', '.pm', '.pod', '.psgi'], plantuml: ['.puml', '.plantuml'], po: ['.po', '.pot'], powershell: ['.ps1', '.psm1', '.psd1'],
  prisma: ['.prisma'], prolog: ['.pro'], properties: ['.properties'], proto3: ['.proto'], pug: ['.pug', '.jade'], puppet: ['.pp'], purescript: ['.purs'], qmake: ['.pri', '.prf'], r: ['.r'], rego: ['.rego'], sass: ['.sass'], scss: ['.scss'],
  sql: ['.sql', '.ddl', '.pgsql', '.plsql'], stylus: ['.styl'], tcl: ['.tcl'], terraform: ['.tf', '.tfvars', '.hcl'],
  tex: ['.sty', '.cls', '.bbx', '.cbx', '.dtx'], thrift: ['.thrift'],
  vb: ['.vb', '.vbs', '.bas'], verilog: ['.v', '.sv', '.svh'], vhdl: ['.vhd', '.vhdl'], viml: ['.vim'], wgsl: ['.wgsl'], yacc: ['.y', '.yy', '.ypp'], zig: ['.zig'],
}; // prettier-ignore
