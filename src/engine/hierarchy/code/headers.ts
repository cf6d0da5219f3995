/** Names in languages without a grammar: headers that many of them write alike. */
import type { NodeKind } from '../../../protocol/document.js';
import { entryOf } from '../../patterns.js';
import { DERIVED, INTERFACE, PROCEDURE, UNIT } from './fortran.js';

const MODIFIERS =
  '(?:(?:export|public|private|protected|internal|static|async|local|inline|pub|abstract|final|override|global|default|shared|create|or|replace|alter|temp|temporary|unique|materialized|recursive|pure|elemental|generic|virtual|partial|sealed)\\s+)*';
const CALLED =
  'functions?!?|func!?|fn|fun|def|defn-?|defp|defmacro|defun|define|sub|proc|procedure|subroutine|macro|method|task|rule|trigger|process|job|action|rpc|test|it|describe';
const TYPED =
  'class|module|defmodule|package|struct|enum|union|record|interface|trait|protocol|service|message|type|namespace|table|view|index|schema|resource|data|variable|output|provider|component|entity|architecture|program|object|input|extend|mixin';
const NAME = `(?:"([^"]+)"(?:\\s+"([^"]+)")?|'([^']+)'|([\\w.$:@/*?!<>-]*\\w[\\w.$:@/*?!-]*))`;
/** A keyword and a name: after a blank, or in brackets as CMake has it. */
const DEFINITION = new RegExp(
  `^\\(?${MODIFIERS}(?:(${CALLED})|(${TYPED}))(?:\\s+(?:if\\s+not\\s+exists\\s+)?|(?<=^(?:function|macro))\\s*\\(\\s*)${NAME}`,
  'i',
);
/** What begins a definition, and its name as the first group that matched. */
type Header = readonly [kind: 'class' | 'function', RegExp];
/** A type and a name with parameters, as C has it; no keyword that takes parentheses. */
const TYPED_FUNCTION: Header = [
  'function',
  /^(?!(?:return|else|case|throw|new|delete|goto|import|class|struct|interface|union|enum|template)\b)(?:[\w<>[\],*&.@]+\s+)+[*&]*(?!(?:if|for|while|switch|foreach|catch|return)\b)(~?\w+)\s*\([^;]*$/,
];
/** Assembly: `name:`. */
const LABEL: Header = ['function', /^([A-Za-z_.$][\w.$@]*):(?!=)/];
/** Haskell and Elm: `f :: A -> B`, `f x = …` or `f x | …`, `data T = …`. */
const SIGNATURE: Header = ['function', /^([a-z_][\w']*|\([^)\w]+\))(?:\s*,\s*[\w']+)*\s*::?\s/];
const EQUATION: Header = [
  'function',
  /^(?!(?:type|data|newtype|class|instance|module|import|deriving|infix[lr]?|port|let|in|where|do|case|of|if|then|else)\b)([a-z_][\w']*)(?![\w'])[^=|<>/]*(?:=(?![=>])|\|(?!\|))/,
];
const ALGEBRAIC: Header = [
  'class',
  /^(?:type(?:\s+alias)?|data|newtype|class|instance)\s+(.+?)\s*(?:\bwhere\b.*|=.*|\{.*)?$/,
];
/** OCaml and F#: `let rec f x = …`, `type 'a t = …`. */
const BOUND: Header = ['function', /^(?:let|and)(?:\s+(?:rec|inline|private|mutable))*\s+([a-z_][\w']*|\([^)\w]+\))/];
const DECLARED_TYPE: Header = [
  'class',
  /^(?:module(?:\s+type)?|type|class)(?:\s+(?:private|virtual|rec|(?:'\w+|\([^)]*\))(?=\s)))*\s+([\w']+)/,
];
/** Lean and Coq: what is proved, and what is defined for that. */
const PROVED =
  /^(?:@\[[^\]]*\]\s*)?(?:(?:private|protected|noncomputable|unsafe|partial|scoped|local|global|program|polymorphic)\s+)*(?:theorem|lemma|def|definition|instance|abbrev|axiom|opaque|fixpoint|cofixpoint|corollary|proposition|remark|fact|example|function|ltac)\s+([^\s:({[]+)/i;
/** SQL: what may be made, and its name, each part of which may be in quotes. */
const SQL_MADE =
  '^(?:create|alter)\\s+(?:(?:or|replace|alter|temp|temporary|global|local|unique|materialized|recursive|unlogged|external|foreign|virtual|force|fulltext|clustered|nonclustered|constraint|definer\\s*=\\s*\\S+)\\s+)*';
const SQL_PART = '(?:"[^"]+"|`[^`]+`|\\[[^\\]]+\\]|[\\w$#@]+)';
const SQL_NAME = `\\s+(?:concurrently\\s+)?(?:if\\s+(?:not\\s+)?exists\\s+)?(${SQL_PART}(?:\\.${SQL_PART})*)`;
const QUOTES = /["`[\]]/g;
const VB_MODIFIERS =
  '(?:(?:public|private|protected|friend|shared|shadows|overrides|overridable|notoverridable|mustoverride|mustinherit|notinheritable|overloads|default|readonly|writeonly|partial|async|iterator|static|widening|narrowing)\\s+)*';
/** Ada and VHDL: what was declared elsewhere is called by the word behind `body`. */
const BODY_OF: Header = ['class', /^(?:package|protected)\s+(?:body|type)\s+([\w.]+)/i];
/** What definitions look like in languages that have no keyword for them, or other keywords. */
const OWN: Readonly<Record<string, readonly Header[]>> = {
  // `target: what it needs`, with a recipe below.
  makefile: [['function', /^([\w./%$(){}*-][^:=#]*?)\s*::?(?!=)/]],
  r: [
    ['class', /^([\w.]+)\s*(?:<-|=)\s*(?:R6::)?(?:R6Class|setRefClass|setClass)\s*\(/],
    ['function', /^([\w.]+|`[^`]+`)\s*(?:<-|=)\s*function\s*\(/],
    ['function', /^(?:set(?:Method|Generic|Validity)|test_that|describe|it)\s*\(\s*["']([^"']+)/],
  ],
  haskell: [ALGEBRAIC, SIGNATURE, EQUATION],
  purescript: [ALGEBRAIC, SIGNATURE, EQUATION],
  elm: [ALGEBRAIC, ['function', /^([a-z_][\w']*)\s*:\s/], EQUATION],
  ocaml: [BOUND, DECLARED_TYPE],
  fsharp: [BOUND, DECLARED_TYPE, ['function', /^(?:(?:static|abstract|override|default)\s+)*(?:member|override)\s+(?:\w+\.)?(\w+)/]],
  lisp: [
    ['function', /^\((?:define\s+\(|(?:cl-)?def(?:un|macro|subst|generic|method|advice|setf|type|ine-[a-z]*-?mode)\*?\s+'?\(?|(?:ert-deftest|iter-defun)\s+)([^\s()]+)/],
    ['class', /^\((?:cl-)?def(?:struct|class|ine-condition)\s+\(?([^\s()]+)/],
    ['class', /^\(define-(?:record-type|class|struct)\s+\(?([^\s()]+)/]],
  elixir: [['class', /^(?:defimpl|defprotocol)\s+([\w.]+)/], ['function', /^def(?:delegate|guardp?|macrop|np)\s+(\w+[!?]?)/]],
  erlang: [['function', /^([a-z]\w*|'[^']+')\s*\(/]],
  matlab: [['class', /^classdef\s+(?:\([^)]*\)\s*)?(\w+)/], ['function', /^function\s+(?:(?:\[[^\]]*\]|\w+)\s*=\s*)?([\w.]+)/]],
  viml: [['function', /^(?:export\s+)?(?:fu(?:n\w*)?|def)!?\s+([\w.:#<>]+)/]],
  tex: [
    ['function', /^(?:\\(?:long|protected|global|outer))*\\[egx]?def\s*(\\[A-Za-z@:_]+)/],
    ['function', /^\\(?:(?:re)?newcommand|providecommand|(?:New|Renew|Provide|Declare)\w*DocumentCommand|DeclareRobustCommand|cs_(?:g?set|new)(?:_protected)?(?:_nopar)?:N\w+)\*?\s*\{?\s*(\\[A-Za-z@:_]+)/],
    ['function', /^\\(?:(?:re)?newenvironment|(?:New|Renew|Provide|Declare)DocumentEnvironment)\*?\s*\{([^{}]+)\}/],
  ],
  // A test is called by a sentence.
  gherkin: [['class', /^(?:Feature|Rule|Business Need):\s*(.*\S)/], ['function', /^(?:Scenario|Example|Scenario Outline|Scenario Template):\s*(.*\S)/], ['function', /^(Background):/]],
  bibtex: [['class', /^@(?!comment|preamble|string)\w+\s*[{(]\s*([^\s,{}]+)/i]],
  graphql: [['class', /^(?:extend\s+)?(?:type|interface|enum|input|union|scalar)\s+(\w+)/], ['function', /^(?:query|mutation|subscription|fragment)\s+(\w+)/]],
  sql: [
    ['function', new RegExp(`${SQL_MADE}(?:function|proc|procedure|trigger)${SQL_NAME}`, 'i')],
    ['class', new RegExp(`${SQL_MADE}(?:table|view|index|type|schema|package(?:\\s+body)?)${SQL_NAME}`, 'i')],
  ],
  prisma: [['class', /^(?:model|type|enum|view)\s+(\w+)/]],
  scss: [['function', /^@(?:mixin|function)\s+([\w-]+)/]],
  sass: [['function', /^(?:@(?:mixin|function)\s+|=)([\w-]+)/]],
  less: [['function', /^([.#][\w-]+)\s*\([^{]*\{/]],
  pug: [['function', /^mixin\s+([\w-]+)/]],
  lean: [['function', PROVED], ['class', /^(?:structure|class(?:\s+inductive)?|inductive|namespace|section)\s+([^\s:({[]+)/]],
  coq: [['function', PROVED], ['class', /^(?:(?:Co)?Inductive|Variant|Record|Structure|Class|Module(?:\s+Type)?|Section)\s+([\w']+)/]],
  rego: [['function', /^(?:default\s+)?([a-z_]\w*)(?:\[[^\]]*\]|\([^)]*\))?\s*(?::?=|if\b|contains\b|\{)/]],
  prolog: [['function', /^([a-z]\w*|'[^']+')\s*(?:\(.*)?(?::-|-->)/]],
  puppet: [['class', /^(?:class|define|node|type)\s+['"]?([\w:.-]+)/]],
  tcl: [['class', /^(?:namespace\s+eval|oo::class\s+create)\s+([\w:]+)/]],
  coffeescript: [['function', /^@?([\w.$]+)\s*[:=]\s*(?:\([^)]*\)\s*)?[-=]>/]],
  clojure: [['class', /^\((?:defprotocol|defrecord|deftype|definterface)\s+(?:\^\S+\s+)*([^\s()[\]]+)/], ['function', /^\((?:defn-?|defmacro|defmulti|defmethod|deftest)\s+(?:\^\S+\s+)*([^\s()[\]]+)/]],
  nim: [['class', /^([A-Z]\w*)\*?(?:\[[^\]]*\])?\s*=\s*(?:ref\s+)?(?:object|enum|tuple|distinct|concept)\b/], ['function', /^(?:proc|func|method|iterator|template|macro|converter)\s+`?(\w+)/]],
  // A method of a class, which has no keyword.
  powershell: [['function', /^(?:(?:static|hidden)\s+)*(?:\[[^\]]+(?:\[\])?\]\s*)?(?!(?:if|elseif|for|foreach|while|until|switch|catch|trap|param|return|throw)\b)([A-Za-z_]\w*)\s*\([^{}]*\)\s*\{?$/i]],
  // What a function gives stands before its name.
  verilog: [['function', /^(?:(?:virtual|static|protected|local|extern|pure)\s+)*(?:function|task)\b[^(;]*?((?:\w+::)*[\w$]+)\s*[(;]/]],
  ada: [BODY_OF, ['function', /^task\s+(?:body|type)\s+([\w.]+)|^(?:not\s+)?overriding\s+(?:procedure|function)\s+("[^"]+"|[\w.]+)/i]],
  vhdl: [BODY_OF],
  pascal: [
    ['function', /^(?:class\s+)?(?:procedure|function|constructor|destructor|operator)\s+([\w.]+)/i],
    ['class', /^(\w+)(?:<[^>]*>)?\s*=\s*(?:packed\s+)?(?:class|record|interface|object)\b(?!\s*(?:of\b|;))/i]],
  vb: [
    ['function', new RegExp(`^${VB_MODIFIERS}(?:sub|function|operator|property(?:\\s+(?:get|let|set)(?!\\s*\\())?)\\s+([^\\s(]+)`, 'i')],
    ['class', new RegExp(`^${VB_MODIFIERS}(?:class|module|structure|interface|enum|namespace)\\s+([\\w.]+)`, 'i')]],
  // A method may be of another module, and of an operator: `Base.:+`.
  julia: [['class', /^mutable\s+struct\s+(\w+)/], ['function', /^function\s+((?:\w+\.)*(?::\([^()]+\)|:?[^\s\w.(]+|\w+!?))\s*[({]/]],
  fortran: [['function', PROCEDURE], ['class', UNIT], ['class', DERIVED], ['class', INTERFACE]],
  cobol: [['function', /^(?:\d{6}\s*)?([A-Z][A-Z0-9-]*)\.\s*$/]],
  assembly: [LABEL],
  zig: [['class', /^(?:pub\s+)?const\s+(\w+)\s*=\s*(?:packed\s+|extern\s+)?(?:struct|enum|union|opaque)\b/]],
  c: [TYPED_FUNCTION], cpp: [TYPED_FUNCTION], csharp: [TYPED_FUNCTION], java: [TYPED_FUNCTION],
  d: [TYPED_FUNCTION], glsl: [TYPED_FUNCTION], hlsl: [TYPED_FUNCTION], groovy: [TYPED_FUNCTION], vala: [TYPED_FUNCTION],
  yacc: [['class', /^(?!(?:int|void|char|long|short|unsigned|float|double|bool|static|extern|const|else|do|default|public|private|protected)\b)([A-Za-z_][\w.]*)\s*(?::(?![:=])|$)/], TYPED_FUNCTION],
}; // prettier-ignore
/** Languages with other words for all that defines something, in which the common ones mean something else. */
const NOTHING_ELSE: ReadonlySet<string> = new Set(['makefile', 'fortran', 'scss', 'sass', 'less', 'stylus']);
/** Languages in which several equations or clauses below each other define one function. */
const IN_CLAUSES: ReadonlySet<string> = new Set(['haskell', 'purescript', 'elm', 'erlang', 'prolog']);
/** What gives a name to all that follows; `.editorconfig` lists the ends of names in braces. */
const SECTION =
  /^\[\[?\s*((?:[^\][,(){}\s]|\{[^{}\s"':]*\})(?:(?:[^\][,(){}]|\{[^{}\s"':]*\})*(?:[^\][,(){}\s]|\{[^{}\s"':]*\}))?)\s*\]\]?\s*([#;].*)?$/;
/** The same in single languages: a label, a division; the last group that matched is the name. */
const RUNNING: Readonly<Record<string, RegExp>> = {
  // A query of SQL has a line of its own that begins alike.
  dockerfile: /^FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?\s*$/i,
  bat: /^:(\w[\w.-]*)\s*$/,
  http: /^###\s*(\S.*?)\s*$/,
  cobol: /^(?:\d{6}\s*)?([A-Z][A-Z0-9-]*\s+(?:DIVISION|SECTION))\.\s*$/,
};
const MOST = 80;

/** What a header line that has a body below it defines; undefined where it is only a line. */
export function definitionOf(
  line: string,
  language: string,
): { kind: Extract<NodeKind, 'class' | 'function'>; name: string } | undefined {
  for (const [kind, pattern] of entryOf(OWN, language) ?? []) {
    const own = pattern.exec(line)?.slice(1).find(Boolean);
    if (own) return { kind, name: (language === 'sql' ? own.replace(QUOTES, '') : own).slice(0, MOST) };
  }
  if (NOTHING_ELSE.has(language)) return undefined;
  const match = DEFINITION.exec(line);
  const name = match?.[4] ?? match?.[3] ?? match?.[5] ?? match?.[6];
  if (!match || !name) return undefined;
  return { kind: match[1] ? 'function' : 'class', name: name.replace(/[:.]+$/, '').slice(0, MOST) };
}

/** Elixir: a body that stands behind its head. */
const BEHIND = /,\s*do:/;

/** Whether a line is a whole function; one that is described needs no body: it has its clauses elsewhere. */
export function isWhole(line: string, language: string, described: boolean): boolean {
  if (language !== 'elixir' || !(described || BEHIND.test(line))) return false;
  return definitionOf(line, language)?.kind === 'function';
}

/** Whether a line goes on with the definition that another began directly above: the next clause of a function. */
export function isNextClause(first: string, line: string, language: string): boolean {
  if (language === 'elixir')
    return isWhole(line, language, false) && definitionOf(first, language)?.name === definitionOf(line, language)?.name;
  if (!IN_CLAUSES.has(language)) return false;
  const [kind] = (entryOf(OWN, language) ?? []).find(([, pattern]) => pattern.test(first)) ?? [];
  if (kind !== 'function') return false;
  const [name] = /^(?:[\w']+|\([^)]*\))/.exec(first) ?? [''];
  // An operator stands between what it is defined for.
  return name.startsWith('(') ? line.includes(` ${name.slice(1, -1)} `) : /^[\w']+/.exec(line)?.[0] === name;
}

/**
 * The name that a line gives to all that follows it up to the next such line: `[section]`, a file of a diff, a stage of a Dockerfile, a label of
 * a batch file, a division of COBOL; a function of MATLAB, whose body need not be indented.
 */
export function runningHead(
  line: string,
  language: string,
): { kind: Extract<NodeKind, 'section' | 'function'>; name: string } | undefined {
  if (language === 'matlab') {
    const own = definitionOf(line, language);
    return own?.kind === 'function' ? { kind: own.kind, name: own.name } : undefined;
  }
  const own = entryOf(RUNNING, language)?.exec(line);
  // Where something else defines, brackets are attributes (F#) or orders (`[bits 16]`).
  const section = entryOf(OWN, language) ? undefined : SECTION.exec(line)?.[1];
  const name = own?.[2] ?? own?.[1] ?? section;
  return name === undefined ? undefined : { kind: 'section', name };
}

/** Lines that belong to the definition directly below them: what is declared of it for compilers and frameworks. */
const BEFORE: Readonly<Record<string, RegExp>> = {
  elixir: /^@(?:(?:spec|impl|deprecated|since|dialyzer)\b|doc\s+(?:false\b|\w+:))/,
  erlang: /^-spec\b/,
  groovy: /^@\w[\w.]*(?:\(.*\))?$/,
  d: /^@\w+(?:\(.*\))?$/,
  fsharp: /^\[<.*>\]$/,
  powershell: /^\[\w+\(.*\)\]$/,
  vb: /^<.*>\s*_?$/,
};

export function standsBefore(line: string, language: string): boolean {
  return entryOf(BEFORE, language)?.test(line) ?? false;
}

const DOCSTRING = /^\s*[rRuU]?(?:"""|''')/;
/** How what stands directly below a header begins when it says what that is for. */
const BELOW: Readonly<Record<string, RegExp>> = {
  clojure: /^\s*"/, lisp: /^\s*"/, matlab: /^\s*[%#]/, elixir: /^\s*@moduledoc\s/, powershell: /^\s*<#/, python: DOCSTRING, cython: DOCSTRING,
}; // prettier-ignore

export function describesAbove(line: string, language: string): boolean {
  return entryOf(BELOW, language)?.test(line) ?? false;
}
