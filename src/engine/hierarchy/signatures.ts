/**
 * Functions that are declared and have no body where they are read: prototypes in headers, methods of interfaces, declarations of types. Where a comment
 * describes one, it is a function of the outline: in such files these are what a reader looks for.
 */
import type { Node } from 'web-tree-sitter';

const SIGNATURE =
  /^(function_signature|function_signature_item|(abstract_)?method_signature|construct_signature|method_(elem|spec)|(function|method|constructor|operator|init|protocol_function)_declaration|function_definition|preproc_function_def)$/;
/** What may stand around a signature. */
const AROUND = /^(export_statement|ambient_declaration|declaration|template_declaration|class_member)$/;
/** Declarations of C, whose kind is told by what they declare. */
const DECLARATION = /^(field_)?declaration$/;
const DECLARATOR = /^(pointer|reference)_declarator$/;
/** Inside a body `lock guard(mutex)` declares a variable, which C++ cannot tell from a function by its form. */
const STATEMENTS = /^(compound|case|labeled|for)_statement$/;
const DEPTH = 4;

/** The signature that a declaration consists of; undefined where it declares something else. */
export function signatureIn(node: Node): Node | undefined {
  if (STATEMENTS.test(node.parent?.type ?? '')) return undefined;
  let at: Node | undefined = node;
  for (let depth = 0; at && depth < DEPTH; depth++) {
    if (SIGNATURE.test(at.type) || (DECLARATION.test(at.type) && declaresFunction(at))) return at;
    if (!AROUND.test(at.type)) return undefined;
    at =
      at.childForFieldName('declaration') ??
      at.namedChildren.find((n) => SIGNATURE.test(n.type) || AROUND.test(n.type));
  }
  return undefined;
}

/** `int *f(int)`, but not the variable in `int (*f)(int)`. */
function declaresFunction(declaration: Node): boolean {
  let at = declaration.childForFieldName('declarator');
  while (at && DECLARATOR.test(at.type)) at = at.childForFieldName('declarator') ?? at.namedChildren.at(-1) ?? null;
  return at?.type === 'function_declarator' && at.childForFieldName('declarator')?.type !== 'parenthesized_declarator';
}
