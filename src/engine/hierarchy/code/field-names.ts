/** The name of a syntax node by those of its parts that its grammar calls names, or by whatever else stands where a name would. */
import type { Node } from 'web-tree-sitter';
import { oneOf, words } from '../../patterns.js';

const NAME_FIELDS = ['name', 'declarator', 'left', 'key', 'trait', 'type', 'property'] as const;
/** Node types of names, beside those that are called identifiers. */
const NAMES = words`
  constant word name variable_name tag_name destructor_name computed_property_name operator operator_name attribute
  nested_namespace_specifier scope_resolution selectors bare_key dotted_key quoted_key
  field_expression member_expression subscript_expression selector_expression
  dot_index_expression method_index_expression
`;
const IDENTIFIER = new RegExp(`identifier$|^${oneOf(NAMES)}$`);
/** What has its name among its children. */
const WITHOUT_FIELD =
  /_declarator$|parenthesized|pattern|variable_declaration|let_declaration|user_type|expression_list|^class_|^function_|^method|^enum_|^mixin_|^object_|^interface_|protocol_/;
const MOST_DEPTH = 6;

/** `depth` counts from the definition: its own type is not its name, unlike what stands for a type in its declarator. */
export function nameIn(node: Node, text: string, depth: number): string | undefined {
  if (depth > MOST_DEPTH) return undefined;
  for (const field of NAME_FIELDS) {
    const child = node.childForFieldName(field);
    if (!child || (field === 'type' && depth === 0 && node.type !== 'extension_declaration')) continue;
    if (IDENTIFIER.test(child.type)) return text.slice(child.startIndex, child.endIndex);
    const below = nameIn(child, text, depth + 1);
    if (below !== undefined) return below;
  }
  if (!WITHOUT_FIELD.test(node.type)) return undefined;
  const child = node.namedChildren.find((c) => IDENTIFIER.test(c.type));
  if (child) return text.slice(child.startIndex, child.endIndex);
  // What `&` stands before has no field of its own.
  const referred = node.type === 'reference_declarator' ? node.namedChildren.at(-1) : undefined;
  return referred && nameIn(referred, text, depth + 1);
}
