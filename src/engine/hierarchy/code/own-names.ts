/** Names of nodes that are not called by one identifier in them, as each language writes these: a method by its selector, `impl` by its trait. */
import type { Node } from 'web-tree-sitter';
import { entryOf } from '../../patterns.js';
import { nameIn } from './field-names.js';
import { headOfScalaTest } from './signatures.js';

/** A name, or the node that has it. */
type Named = string | Node | undefined;
/** By node type. */
type Names = Readonly<Record<string, (node: Node, text: string) => Named>>;

/** What a node is called, or the node by which it is; undefined where its type has no way of its own, or this one does not need it. */
export function ownName(node: Node, text: string): Named {
  return entryOf(OWN, node.type)?.(node, text);
}

function written(node: Node | null | undefined, text: string): string | undefined {
  return node ? text.slice(node.startIndex, node.endIndex) : undefined;
}

function field(node: Node, name: string, text: string): string | undefined {
  return written(node.childForFieldName(name), text);
}

export function unquoted(raw: string | undefined): string | undefined {
  return raw?.replace(/^(["'])(.*)\1$/s, '$2');
}

/** Always called the same. */
const always =
  (name: string): (() => string) =>
  () =>
    name;

/** By the name alone, whatever has a name in it as well. */
const byName = (node: Node, text: string): string | undefined => field(node, 'name', text);

const C: Names = {
  function_definition: cFunctionName,
  declaration: cFunctionName,
  field_declaration: cFunctionName,
};

/** C and C++, whose grammars take macros for names: `void EXPORT read(void)`, `TEST(Store, Reads) { … }`. */
function cFunctionName(node: Node, text: string): string | undefined {
  const declarator = node.childForFieldName('declarator');
  if (!declarator) return undefined;
  const type = node.childForFieldName('type');
  if (type && declarator.type === 'parenthesized_declarator') return written(type, text);
  const header = text.slice(declarator.startIndex, declarator.endIndex);
  if (!type && /^[A-Z][A-Z0-9_]+\s*\(/.test(header)) return header;
  const conversion = /^(?:[\w:<>, ]+::\s*)?operator\s+[^()]*\w/.exec(header)?.[0];
  if (conversion) return conversion;
  const name = nameIn(declarator, text, 1);
  return name !== undefined && /^(?:[A-Z0-9_]+|__\w+)\s+\w+$/.test(name) ? name.split(/\s+/).at(-1) : name;
}

const OBJECTIVE_C: Names = {
  class_interface: objectiveClassName,
  class_implementation: objectiveClassName,
  // A macro may stand where the sign would.
  method_definition: (node, text) =>
    hasSign(node, text) || node.namedChildren[0]?.type === 'method_type' ? selector(node, text) : undefined,
};

function hasSign(method: Node, text: string): boolean {
  return /[+-]/.test(text[method.startIndex]!);
}

/** Longer than any class with its category. */
const CLASS_HEAD = 80;

/** A class, with its category if it has one. */
function objectiveClassName({ startIndex }: Node, text: string): string | undefined {
  const head = text.slice(startIndex, startIndex + CLASS_HEAD);
  const [, name, category] = /^@\w+\s+(\w+)(?:\s*\(\s*(\w+)\s*\))?/.exec(head) ?? [];
  return category ? `${name!} (${category})` : name;
}

/** The parts of a method's name, each before its argument. */
function selector(method: Node, text: string): string {
  const parts = method.namedChildren.filter((c) => c.type === 'identifier');
  const taking = parts.filter((c) => c.nextNamedSibling?.type === 'method_parameter');
  // What follows a name without parameters is a macro.
  const shown = taking.length > 0 ? taking : parts.slice(0, 1);
  return shown.map((c) => `${written(c, text)!}${taking.length > 0 ? ':' : ''}`).join('');
}

const GO: Names = {
  method_declaration: (node, text) => {
    // Objective-C's begins with a sign.
    if (hasSign(node, text)) return selector(node, text);
    // The receiver's type belongs to the name.
    const receiver = field(node, 'receiver', text) ?? '';
    const type = /([A-Za-z_]\w*)(\[[^\]]*\])?\s*\)$/.exec(receiver)?.[1];
    const name = byName(node, text);
    return type && name ? `${type}.${name}` : name;
  },
  var_declaration: firstDeclared,
  const_declaration: firstDeclared,
};

/** The name stands in the specification or declarator; a group is called after its first. */
function firstDeclared(node: Node, text: string): string | undefined {
  const first = node.namedChildren[0];
  return first && byName(first, text);
}

const JAVASCRIPT: Names = {
  lexical_declaration: firstDeclared,
  variable_declaration: firstDeclared,
  export_statement: (node) => node.childForFieldName('declaration') ?? undefined,
  construct_signature: always('new'),
  module: (node, text) => unquoted(byName(node, text)),
};

const C_SHARP: Names = {
  namespace_declaration: byName,
  file_scoped_namespace_declaration: byName,
  operator_declaration: operatorName,
  conversion_operator_declaration: operatorName,
  destructor_declaration: (node, text) => {
    const name = byName(node, text);
    return name && `~${name}`;
  },
  // Vala: what is done with each new object, however it is made.
  constructor_declaration: (node, text) =>
    /^(?:static\s+)?construct\s*\{/.test(written(node, text)!) ? 'construct' : undefined,
};

/** What an operator is for stands before its parameters. */
function operatorName(node: Node, text: string): string | undefined {
  const parameters = node.childForFieldName('parameters');
  return parameters ? /\boperator\b.*/s.exec(text.slice(node.startIndex, parameters.startIndex))?.[0] : undefined;
}

const RUST: Names = {
  impl_item: (node, text) => {
    const trait = field(node, 'trait', text);
    const type = field(node, 'type', text);
    return trait ? `${trait} for ${type ?? '?'}` : type;
  },
};

const RUBY: Names = {
  method: setterName,
  singleton_method: setterName,
  singleton_class: (node, text) => `<< ${field(node, 'value', text) ?? 'self'}`,
  // `describe 'a store' do`.
  call: (node, text) => {
    if (!node.childForFieldName('block')) return undefined;
    const first = node.childForFieldName('arguments')?.namedChildren[0];
    return [node.childForFieldName('method'), first].map((part) => written(part, text)).join(' ');
  },
};

/** What is called to assign something has the sign in its name. */
function setterName(node: Node, text: string): string | undefined {
  return node.childForFieldName('name')?.type === 'setter' ? byName(node, text) : undefined;
}

const SCALA: Names = {
  infix_expression: (node, text) => written(headOfScalaTest(node), text),
  call_expression: (node, text) => written(headOfScalaTest(node), text),
  given_definition: (node, text) => {
    const type = field(node, 'return_type', text);
    return byName(node, text) ?? (type && `given ${type}`);
  },
  // What it extends is all that it is called by.
  extension_definition: (node, text) => {
    const extended = field(node, 'parameters', text);
    return extended && `extension ${extended}`;
  },
};

const KOTLIN_AND_SOLIDITY: Names = {
  constructor_definition: (node, text) => byName(node, text) ?? 'constructor',
  secondary_constructor: (node, text) => byName(node, text) ?? 'constructor',
  companion_object: always('companion object'),
};

const SWIFT: Names = {
  // Of an operator.
  function_declaration: (node, text) => {
    const name = byName(node, text);
    return name && !/\w/.test(name) ? name : undefined;
  },
  subscript_declaration: always('subscript'),
  init_declaration: always('init'),
  deinit_declaration: always('deinit'),
};

const DART: Names = {
  // Around that of a function, a constructor or an operator.
  method_signature: (node) => node.namedChildren.find((c) => c.type.endsWith('_signature')),
  constructor_signature: dartConstructorName,
  constant_constructor_signature: dartConstructorName,
  factory_constructor_signature: dartConstructorName,
  redirecting_factory_constructor_signature: dartConstructorName,
  // A function inside a function.
  local_function_declaration: (node) => node.namedChildren[0]?.childForFieldName('parameters') ?? undefined,
  operator_signature: (node, text) => /\boperator\s*[^\s(\w]+/.exec(written(node, text)!)?.[0],
};

function dartConstructorName(node: Node, text: string): string {
  const parts = node.namedChildren.filter((c) => c.type === 'identifier');
  return parts.map((part) => written(part, text)).join('.');
}

const MARKUP: Names = {
  rule_set: untilBrace,
  media_statement: untilBrace,
  supports_statement: untilBrace,
  keyframes_statement: untilBrace,
  at_rule: untilBrace,
  element: ({ startIndex }, text) => /^<\s*([\w:.-]+)/.exec(text.slice(startIndex, startIndex + 60))?.[1],
};

function untilBrace(node: Node, text: string): string | undefined {
  return /^[^{]*/.exec(written(node, text)!)?.[0];
}

const DATA: Names = {
  document: (node, text) => manifestName(written(node, text)!),
  pair: byKey,
  flow_pair: byKey,
  block_mapping_pair: byKey,
  // PHP: the name is a key, where there is one.
  array_element_initializer: ({ namedChildren: [key, value] }, text) =>
    value ? unquoted(written(key, text)) : undefined,
  table: firstLine,
  table_array_element: firstLine,
};

function byKey(node: Node, text: string): string | undefined {
  return unquoted(field(node, 'key', text));
}

function firstLine(node: Node, text: string): string | undefined {
  return written(node, text)!.split('\n')[0];
}

/** What a document of YAML describes to Kubernetes and its like: its kind, and its name among the metadata. */
function manifestName(document: string): string | undefined {
  const kind = /^kind:[ \t]*["']?([\w.-]+)/m.exec(document)?.[1];
  const metadata = /^metadata:[ \t]*\r?\n((?:[ \t]+[^\n]*\n?|[ \t]*\r?\n)*)/m.exec(document)?.[1];
  const name = metadata && /^[ \t]{1,4}name:[ \t]*["']?([\w.-]+)/m.exec(metadata)?.[1];
  return kind && name ? `${kind} ${name}` : kind;
}

/** Of all languages: a node type stands in one of the tables alone, where its rule serves every grammar that has it. */
const OWN: Names = {
  ...C,
  ...OBJECTIVE_C,
  ...GO,
  ...JAVASCRIPT,
  ...C_SHARP,
  ...RUST,
  ...RUBY,
  ...SCALA,
  ...KOTLIN_AND_SOLIDITY,
  ...SWIFT,
  ...DART,
  ...MARKUP,
  ...DATA,
};
