/** What a node of a syntax tree is to the outline: a class, a function, a body, a remark on what follows, or none of these. */
import type { Node } from 'web-tree-sitter';
import { bindingOf } from './bindings.js';
import type { LanguageSpec } from './languages.js';
import { BODY, CLASS, COMMENT, FUNCTION, PREFIX, TRANSPARENT } from './languages.js';
import { nameOf } from './names.js';

/** A nameless function from this length on is a function of its own, not a part of a statement. */
const CALLBACK_LINES = 6;
/** What begins a test of JavaScript, or a group of them. */
const TEST =
  /^(?:it|test|describe|context|suite|specify)(?:\.(?:only|skip|each|for|concurrent|sequential|serial|parallel|describe|step|fails|failing|fixme|runIf|skipIf))*\s*[(`]/;
/** Classes that are whole without a body: Kotlin's and Scala's, Rust's structures, Go's types. */
const ALWAYS_DEFINED = /^(class|object|struct|record)_(declaration|definition|item)$|^type_spec$/;
/** What a type may be written out in: a variable, a parameter, a function that returns it. */
const DECLARES = /^(?!template_|export_)\w*(declaration|definition|descriptor)$/;
/** What begins a statement and no function. */
const STATEMENT = /^(?:if|for|while|switch)\b/;

export type Role = 'class' | 'function' | 'body' | 'transparent' | 'comment' | 'prefix' | 'other';

export function roleOf(node: Node, text: string, spec: LanguageSpec): Role {
  const type = node.type;
  if (COMMENT.test(type)) return 'comment';
  if (PREFIX.test(type)) return 'prefix';
  if (spec.never?.includes(type)) return spec.bodies?.includes(type) ? 'body' : 'other';
  if (TRANSPARENT.test(type) || declaresSeveral(node)) return 'transparent';
  if (BODY.test(type) || spec.bodies?.includes(type) || spec.isList?.(node)) return 'body';
  if (CLASS.test(type) || spec.classes?.includes(type))
    return isMultiline(node) || isShortClass(node, text, spec) ? 'class' : 'other';
  if (FUNCTION.test(type) || spec.functions?.includes(type)) return isDefinition(node, text) ? 'function' : 'other';
  if (isMultiline(node) && spec.callDefines?.(node, rows(node) >= CALLBACK_LINES)) return 'function';
  return 'other';
}

/** `extern "C" {…}`; before a single declaration it is a part of that. */
function declaresSeveral(node: Node): boolean {
  return node.type === 'linkage_specification' && node.childForFieldName('body')?.type === 'declaration_list';
}

/** A class on one line (`class NotFound(Exception): pass`), not a forward declaration or the type of what is declared with it. */
function isShortClass(node: Node, text: string, spec: LanguageSpec): boolean {
  if (!node.childForFieldName('name') && !nameOf(node, text)) return false;
  if (/^(class|module)$/.test(node.type)) return spec.classes?.includes(node.type) === true;
  if (ALWAYS_DEFINED.test(node.type)) return true;
  // Scala: on one line it gives a value.
  if (node.type === 'given_definition') return false;
  if (!/_(declaration|definition|item|specifier)$/.test(node.type)) return false;
  if (node.type.endsWith('_specifier') && DECLARES.test(node.parent?.type ?? '')) return false;
  return node.childForFieldName('body') !== null || node.namedChildren.some((c) => BODY.test(c.type));
}

/** A definition, not a call, prototype or one-line arrow function inside an expression. */
function isDefinition(node: Node, text: string): boolean {
  // C: what stands behind a macro is read as a function of that type.
  const declarator = node.type === 'function_definition' ? node.childForFieldName('declarator') : null;
  if (declarator && STATEMENT.test(text.slice(declarator.startIndex, declarator.startIndex + 8))) return false;
  if (!isMultiline(node))
    return (
      /definition|declaration|_item$|^method$|singleton_method/.test(node.type) &&
      (node.childForFieldName('body') !== null || node.namedChildren.some((c) => c.type === 'function_body'))
    );
  // Of an interface: attributes on lines of their own make it no longer.
  if (node.type === 'method_declaration' && !node.childForFieldName('body')) return false;
  // A short callback is a part of its statement, unless the statement gives it a name or is a test.
  if (/arrow|lambda|closure|func_literal|anonymous|function_expression/.test(node.type))
    return bindingOf(node) !== undefined || rows(node) >= CALLBACK_LINES || isTest(node, text);
  return true;
}

/** Whether a callback is what a test of JavaScript does, or a group of tests: `it('works', () => …)`, `test.each(rows)('works', …)`. */
function isTest(callback: Node, text: string): boolean {
  const call = callback.parent?.parent;
  if (call?.type !== 'call_expression' || !/string/.test(callback.parent?.namedChildren[0]?.type ?? '')) return false;
  return TEST.test(text.slice(call.startIndex, callback.startIndex));
}

/** The callback of a statement that is a test and whose title stands on its first line. */
export function testIn(statement: Node, text: string): Node | undefined {
  const call = statement.type === 'expression_statement' ? statement.namedChildren[0] : undefined;
  const [, ...handed] = call?.childForFieldName('arguments')?.namedChildren ?? [];
  const callback = handed.find((node) => FUNCTION.test(node.type));
  const begins = callback?.startPosition.row === statement.startPosition.row;
  return callback && begins && isMultiline(callback) && isTest(callback, text) ? callback : undefined;
}

export function isMultiline(node: Node): boolean {
  return rows(node) > 0;
}

/** How many rows a node reaches down. */
export function rows(node: Node): number {
  return node.endPosition.row - node.startPosition.row;
}
