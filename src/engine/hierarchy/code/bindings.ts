/** What gives a name to a value that has none of its own, in the words of all grammars: a variable, an assignment, an entry of a table. */
import type { Node } from 'web-tree-sitter';
import { whole, words } from '../../patterns.js';

const VARIABLES = words`
  variable_declarator init_declarator let_declaration short_var_declaration var_spec static_item const_item
  property_declaration field_definition field_declaration public_field_definition val_definition var_definition
  initialized_variable_definition static_final_declaration
  assignment assignment_statement assignment_expression assignment_expression_without_cascade
  augmented_assignment_expression operator_assignment
`;
const ENTRIES = words`
  pair dictionary_pair initializer_pair keyed_element field_initializer array_element_initializer field
  assignment_pattern object_assignment_pattern
`;
/** An argument with a label. A callback that has one has its name, too, but does not thereby define anything. */
const LABELLED = whole(words`named_argument value_argument keyword_argument jsx_attribute`);
/** What stands around a variable, with its keyword and its type, or between it and its value. */
const AROUND = words`
  expression_statement expression_list static_final_declaration_list local_declaration_statement
  declaration lexical_declaration var_declaration variable_declaration local_variable_declaration
`;
export const VARIABLE = whole(VARIABLES);
export const BINDING = whole([...VARIABLES, ...ENTRIES]);
const HOLDS_VARIABLE = whole([...VARIABLES, ...AROUND]);
/** What holds values; several have as many names. */
const VALUES = /^(expression_list|literal_element|jsx_expression)$/;
/** Where the name stands; elsewhere it is among the children. */
const TARGETS = ['name', 'left', 'target', 'key', 'field', 'pattern'] as const;
const TARGET = /^(variable_declaration|variable_list|label|.*identifier)$/;

/** What names a value, which may be the only one in a list. */
export function bindingOf(value: Node): Node | undefined {
  const naming = namingOf(value);
  return naming && BINDING.test(naming.type) ? naming : undefined;
}

/** The same, or the argument with a label that a value is. */
export function namingOf(value: Node): Node | undefined {
  let at = value.parent;
  while (at && VALUES.test(at.type) && at.namedChildCount === 1) at = at.parent;
  return at && isNaming(at) ? at : undefined;
}

/** An entry without a key, or an argument without a label, is counted, not named. */
export function isNaming(node: Node): boolean {
  return (BINDING.test(node.type) || LABELLED.test(node.type)) && node.namedChildCount > 1;
}

/** Whether a value is called by the key or the label under which it stands in another. */
export function isEntry(value: Node): boolean {
  const naming = namingOf(value);
  return naming !== undefined && !VARIABLE.test(naming.type);
}

/** One step from a statement to the one value that it gives to one variable; undefined where it does something else. */
export function boundIn(node: Node): Node | undefined {
  if (VARIABLE.test(node.type)) return node.namedChildren.at(-1);
  if (!HOLDS_VARIABLE.test(node.type)) return undefined;
  if (node.namedChildCount === 1) return node.namedChildren[0];
  const [only, ...more] = node.namedChildren.filter((child) => HOLDS_VARIABLE.test(child.type));
  return more.length === 0 ? only : undefined;
}

/** What stands in a binding for the name. */
export function targetOf(binding: Node): Node | undefined {
  const target = TARGETS.map((field) => binding.childForFieldName(field)).find((child) => child !== null);
  return target ?? binding.namedChildren.find((child) => TARGET.test(child.type));
}
