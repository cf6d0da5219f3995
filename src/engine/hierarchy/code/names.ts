/** Display names of classes, functions and blocks, read from their syntax nodes. */
import type { Node } from 'web-tree-sitter';
import { oneOf, words } from '../../patterns.js';
import { BINDING, targetOf } from './bindings.js';
import { headOfScalaTest } from './signatures.js';

const MAX_NAME = 80;
const NAME_FIELDS = ['name', 'declarator', 'left', 'key', 'trait', 'type', 'property'] as const;
/** Node types of names, beside those that are called identifiers. */
const NAMES = words`
  constant word name variable_name tag_name destructor_name computed_property_name operator operator_name attribute
  nested_namespace_specifier scope_resolution selectors bare_key dotted_key quoted_key
  field_expression member_expression subscript_expression selector_expression
  dot_index_expression method_index_expression
`;
const IDENTIFIER = new RegExp(`identifier$|^${oneOf(NAMES)}$`);

/** Name of a definition, or undefined for an anonymous one. */
export function nameOf(node: Node, text: string): string | undefined {
  const special = specialName(node, text);
  if (special !== undefined) return tidy(special);
  const direct = find(node, text, 0);
  if (direct !== undefined) return tidy(direct);
  return nameBeside(node, text);
}

/** What may stand between a function and the name of what it makes: `const f = once(() => …)`. */
const BETWEEN =
  /^(await|parenthesized|as|call|satisfies|non_null|reference)_?expression$|^(call|call_suffix|annotated_lambda|new_expression|(value_)?arguments?|literal_element|property_delegate)$|_list$/;
const STEPS = 8;

/** The name of what a function is assigned to, or is handed to for that; else of the call that it is handed to. */
function nameBeside(node: Node, text: string): string | undefined {
  let called: string | undefined;
  for (let up = node.parent, from = node, steps = 0; up && steps < STEPS; from = up, up = up.parent, steps++) {
    if (BINDING.test(up.type)) return tidy(boundName(up, text) ?? called ?? '');
    const callee = calleeOf(up, from);
    if (callee) {
      if (called !== undefined) break;
      called = callName(callee, from, text);
    } else if (!BETWEEN.test(up.type)) break;
  }
  return called === undefined ? undefined : tidy(called);
}

function boundName(binding: Node, text: string): string | undefined {
  const name = specialName(binding, text) ?? find(binding, text, 0);
  const target = name === undefined ? targetOf(binding) : undefined;
  return target ? (find(target, text, 1) ?? unquoted(text.slice(target.startIndex, target.endIndex))) : name;
}

/** What is called by `call`, if `from`, in it, is handed to that. */
function calleeOf(call: Node, from: Node): Node | null {
  if (!/call|invocation|new_expression/.test(call.type) || call.type === 'call_suffix') return null;
  const callee =
    ['function', 'method', 'name'].map((field) => call.childForFieldName(field)).find(Boolean) ?? call.namedChildren[0];
  return callee && callee.endIndex <= from.startIndex ? callee : null;
}

/** A callback's name is what it is handed to: `describe 'a store'`, `app.get '/users'`, `setTimeout(…)`. */
function callName(callee: Node, handed: Node, text: string): string | undefined {
  // `test.each(rows)` gives what is called then.
  const giver = callee.type === 'call_expression' ? callee.childForFieldName('function') : null;
  const { startIndex, endIndex } = giver ?? callee;
  const called = /(?<![\w$])[\w$][\w$.?]{0,39}$/.exec(text.slice(startIndex, endIndex))?.[0];
  if (!called) return undefined;
  const first = handed.namedChildren[0];
  if (!first || !/string/.test(first.type)) return `${called}(…)`;
  return `${called} ${text.slice(first.startIndex, first.endIndex)}`;
}

/** What a document of YAML describes to Kubernetes and its like: its kind, and its name among the metadata. */
function manifestName(document: string): string | undefined {
  const kind = /^kind:[ \t]*["']?([\w.-]+)/m.exec(document)?.[1];
  const metadata = /^metadata:[ \t]*\r?\n((?:[ \t]+[^\n]*\n?|[ \t]*\r?\n)*)/m.exec(document)?.[1];
  const name = metadata && /^[ \t]{1,4}name:[ \t]*["']?([\w.-]+)/m.exec(metadata)?.[1];
  return kind && name ? `${kind} ${name}` : kind;
}

function specialName(node: Node, text: string): string | undefined {
  const slice = (n: Node | null): string | undefined => (n ? text.slice(n.startIndex, n.endIndex) : undefined);
  switch (node.type) {
    case 'impl_item': {
      const trait = slice(node.childForFieldName('trait'));
      const type = slice(node.childForFieldName('type'));
      return trait ? `${trait} for ${type ?? '?'}` : type;
    }
    case 'constructor_declaration':
      // Vala: what is done with each new object, however it is made.
      return /^(?:static\s+)?construct\s*\{/.test(slice(node)!) ? 'construct' : undefined;
    case 'document':
      return manifestName(slice(node)!);
    case 'construct_signature':
      return 'new';
    case 'method_signature': {
      // Dart: around that of a function, a constructor or an operator.
      const own = node.namedChildren.find((c) => c.type.endsWith('_signature'));
      return own ? nameOf(own, text) : undefined;
    }
    case 'constructor_signature':
    case 'constant_constructor_signature':
    case 'factory_constructor_signature':
    case 'redirecting_factory_constructor_signature':
      return node.namedChildren
        .filter((c) => c.type === 'identifier')
        .map(slice)
        .join('.');
    case 'method':
    case 'singleton_method': {
      // Ruby: what is called to assign something has the sign in its name.
      const name = node.childForFieldName('name');
      return name?.type === 'setter' ? slice(name) : undefined;
    }
    case 'operator_declaration':
    case 'conversion_operator_declaration': {
      // C#: what it is for stands before its parameters.
      const parameters = node.childForFieldName('parameters');
      return parameters ? /\boperator\b.*/s.exec(text.slice(node.startIndex, parameters.startIndex))?.[0] : undefined;
    }
    case 'namespace_declaration':
    case 'file_scoped_namespace_declaration':
      return slice(node.childForFieldName('name'));
    case 'destructor_declaration': {
      const name = slice(node.childForFieldName('name'));
      return name && `~${name}`;
    }
    case 'operator_signature':
      return /\boperator\s*[^\s(\w]+/.exec(slice(node)!)?.[0];
    case 'method_declaration': {
      if (/[+-]/.test(text[node.startIndex]!)) return selector(node, text);
      // Go: the receiver's type belongs to the name.
      const receiver = node.childForFieldName('receiver');
      const name = slice(node.childForFieldName('name'));
      const type = receiver
        ? /([A-Za-z_]\w*)(\[[^\]]*\])?\s*\)$/.exec(text.slice(receiver.startIndex, receiver.endIndex))?.[1]
        : undefined;
      return type && name ? `${type}.${name}` : name;
    }
    case 'function_definition':
    case 'declaration':
    case 'field_declaration':
      return cFunctionName(node, text);
    case 'var_declaration':
    case 'const_declaration':
    case 'lexical_declaration':
    case 'variable_declaration':
      // The name stands in the specification or declarator; a group is called after its first.
      return slice(node.namedChildren[0]?.childForFieldName('name') ?? null);
    case 'export_statement': {
      const declaration = node.childForFieldName('declaration');
      return declaration ? nameOf(declaration, text) : undefined;
    }
    case 'class_interface':
    case 'class_implementation':
      return objectiveClassName(text.slice(node.startIndex, node.startIndex + MAX_NAME));
    case 'method_definition':
      // A macro may stand where the sign would.
      return /[+-]/.test(text[node.startIndex]!) || node.namedChildren[0]?.type === 'method_type'
        ? selector(node, text)
        : undefined;
    case 'call':
      // Ruby: `describe 'a store' do`.
      return node.childForFieldName('block')
        ? [node.childForFieldName('method'), node.childForFieldName('arguments')?.namedChildren[0] ?? null]
            .map(slice)
            .join(' ')
        : undefined;
    case 'infix_expression':
    case 'call_expression':
      return slice(headOfScalaTest(node) ?? null);
    case 'given_definition': {
      const type = slice(node.childForFieldName('return_type'));
      return slice(node.childForFieldName('name')) ?? (type && `given ${type}`);
    }
    case 'extension_definition': {
      // Scala: what it extends is all that it is called by.
      const extended = slice(node.childForFieldName('parameters'));
      return extended && `extension ${extended}`;
    }
    case 'singleton_class':
      return `<< ${slice(node.childForFieldName('value')) ?? 'self'}`;
    case 'constructor_definition':
    case 'secondary_constructor':
      return slice(node.childForFieldName('name')) ?? 'constructor';
    case 'function_declaration': {
      // Swift: of an operator.
      const name = slice(node.childForFieldName('name'));
      return name && !/\w/.test(name) ? name : undefined;
    }
    case 'subscript_declaration':
      return 'subscript';
    case 'init_declaration':
      return 'init';
    case 'deinit_declaration':
      return 'deinit';
    case 'companion_object':
      return 'companion object';
    case 'rule_set':
    case 'media_statement':
    case 'supports_statement':
    case 'keyframes_statement':
    case 'at_rule':
      return /^[^{]*/.exec(slice(node)!)?.[0];
    case 'element':
      return /^<\s*([\w:.-]+)/.exec(text.slice(node.startIndex, node.startIndex + 60))?.[1];
    case 'pair':
    case 'flow_pair':
    case 'block_mapping_pair':
      return unquoted(slice(node.childForFieldName('key')));
    case 'array_element_initializer':
      // PHP: the name is a key, where there is one.
      return node.namedChildCount > 1 ? unquoted(slice(node.namedChildren[0] ?? null)) : undefined;
    case 'module':
      return unquoted(slice(node.childForFieldName('name')));
    case 'table':
    case 'table_array_element':
      return text.slice(node.startIndex, node.endIndex).split('\n')[0];
    default:
      return undefined;
  }
}

function unquoted(written: string | undefined): string | undefined {
  return written?.replace(/^(["'])(.*)\1$/s, '$2');
}

/** Objective-C: a class, with its category if it has one. */
function objectiveClassName(head: string): string | undefined {
  const [, name, category] = /^@\w+\s+(\w+)(?:\s*\(\s*(\w+)\s*\))?/.exec(head) ?? [];
  return category ? `${name!} (${category})` : name;
}

/** Objective-C: the parts of a method's name, each before its argument. */
function selector(method: Node, text: string): string {
  const of = (c: Node): string => text.slice(c.startIndex, c.endIndex);
  const parts = method.namedChildren.filter((c) => c.type === 'identifier');
  const taking = parts.filter((c) => c.nextNamedSibling?.type === 'method_parameter');
  // What follows a name without parameters is a macro.
  return taking.length > 0 ? taking.map((c) => `${of(c)}:`).join('') : parts.slice(0, 1).map(of).join('');
}

/** C and C++, whose grammars take macros for names: `void EXPORT read(void)`, `TEST(Store, Reads) { … }`. */
function cFunctionName(node: Node, text: string): string | undefined {
  const declarator = node.childForFieldName('declarator');
  if (!declarator) return undefined;
  const type = node.childForFieldName('type');
  if (type && declarator.type === 'parenthesized_declarator') return text.slice(type.startIndex, type.endIndex);
  const header = text.slice(declarator.startIndex, declarator.endIndex);
  if (!type && /^[A-Z][A-Z0-9_]+\s*\(/.test(header)) return header;
  const conversion = /^(?:[\w:<>, ]+::\s*)?operator\s+[^()]*\w/.exec(header)?.[0];
  if (conversion) return conversion;
  const name = find(declarator, text, 1);
  return name !== undefined && /^(?:[A-Z0-9_]+|__\w+)\s+\w+$/.test(name) ? name.split(/\s+/).at(-1) : name;
}

function find(node: Node, text: string, depth: number): string | undefined {
  if (depth > 6) return undefined;
  for (const field of NAME_FIELDS) {
    const child = node.childForFieldName(field);
    if (!child || (field === 'type' && depth === 0 && node.type !== 'extension_declaration')) continue;
    if (IDENTIFIER.test(child.type)) return text.slice(child.startIndex, child.endIndex);
    const below = find(child, text, depth + 1);
    if (below !== undefined) return below;
  }
  if (
    /_declarator$|parenthesized|pattern|variable_declaration|let_declaration|user_type|init_declarator|expression_list|^class_|^function_|^method|^enum_|^mixin_|^object_|^interface_|protocol_/.test(
      node.type,
    )
  ) {
    const child = node.namedChildren.find((c) => IDENTIFIER.test(c.type));
    if (child) return text.slice(child.startIndex, child.endIndex);
    // What `&` stands before has no field of its own.
    const referred = node.type === 'reference_declarator' ? node.namedChildren.at(-1) : undefined;
    if (referred) return find(referred, text, depth + 1);
  }
  return undefined;
}

function tidy(name: string): string | undefined {
  const line = name.replace(/\s+/g, ' ').trim();
  if (!line) return undefined;
  return line.length > MAX_NAME ? `${line.slice(0, MAX_NAME - 1)}…` : line;
}
