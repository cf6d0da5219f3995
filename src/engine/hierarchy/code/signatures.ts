/**
 * What is a function to a reader though it does not have the form of one. Where a comment describes it, a declaration without a body: a prototype in a
 * header, a method of an interface, the type of a function; and a constant that is a function by its value or its type. In Ruby and Scala, a call that is handed a
 * block for a name: `describe 'a store' do`, `task :build do`, `test("opens") {`.
 */
import type { Node } from 'web-tree-sitter';
import { VARIABLE } from './bindings.js';

const SIGNATURE =
  /^(function_signature(_item)?|(abstract_)?method_signature|construct_signature|method_elem|(function|method|constructor|operator|init|protocol_function)_declaration|function_definition|preproc_function_def)$/;
const FUNCTION_VALUE = /^(arrow_function|function_expression)$/;
/** What may stand around a signature or a named value. */
const AROUND =
  /^(export_statement|ambient_declaration|linkage_specification|declaration|template_declaration|lexical_declaration|variable_declaration|expression_statement)$/;
/** Declarations of C, whose kind is told by what they declare. */
const DECLARATION = /^(field_)?declaration$/;
const DECLARATOR = /^(pointer|reference)_declarator$/;
/** In a body `lock guard(mutex)` declares a variable, which C++ cannot tell from a function by its form. */
const IN_BODY = /^(compound|case|labeled|for)_statement$/;
/** Where a function as a value is one of the file or of its class, rather than one of the steps of a function. */
const AT_TOP = /^(program|export_statement|class_body)$/;
/** The first argument that names a block, and what a call at the top of a file may be made on. */
const BLOCK_NAME = /^(string|simple_symbol|constant|scope_resolution|pair)$/;
const RECEIVER = /^(constant|scope_resolution)$/;
const DEPTH = 4;
/** What defines a test or a group of tests, which may be short. */
const TEST = /^[fx]?(?:it|they|test|specify|example|ignore|property|describe|context|feature|scenario)$/i;
/** The same in words, `"a store" should "open" in {…}`, and what they are about. */
const TEST_WORD = /^(?:in|should|must|can|when|which|that|ignore|>>)$/;
const TESTED = /^(?:"|it\b|they\b)/;

/** The signature or function that a declaration consists of; undefined where it declares something else. */
export function signatureIn(node: Node): Node | undefined {
  const parent = node.parent?.type ?? '';
  if (IN_BODY.test(parent)) return undefined;
  let at: Node | undefined = node;
  for (let depth = 0; at && depth < DEPTH; depth++) {
    if (SIGNATURE.test(at.type) || (DECLARATION.test(at.type) && declaresFunction(at))) return at;
    if (VARIABLE.test(at.type)) return AT_TOP.test(parent) ? functionIn(at) : undefined;
    if (!AROUND.test(at.type)) return undefined;
    at =
      at.childForFieldName('declaration') ??
      at.namedChildren.find((n) => [SIGNATURE, VARIABLE, AROUND].some((types) => types.test(n.type)));
  }
  return undefined;
}

/** `int *f(int)`, but not the variable in `int (*f)(int)`. */
function declaresFunction(declaration: Node): boolean {
  let at = declaration.childForFieldName('declarator');
  while (at && DECLARATOR.test(at.type)) at = at.childForFieldName('declarator') ?? at.namedChildren.at(-1) ?? null;
  return at?.type === 'function_declarator' && at.childForFieldName('declarator')?.type !== 'parenthesized_declarator';
}

/** The function that a name stands for; the named itself where only its type says that it is one: `const f: (x: T) => U = lift(g)`. */
function functionIn(named: Node): Node | undefined {
  const value = named.childForFieldName('value') ?? named.childForFieldName('right');
  if (value && FUNCTION_VALUE.test(value.type)) return value;
  const type = named.childForFieldName('type')?.namedChildren[0];
  const isCallable =
    type?.type === 'function_type' ||
    (type?.type === 'object_type' && type.namedChildren.some((c) => c.type === 'call_signature'));
  return isCallable ? named : undefined;
}

/** Ruby: whether a call hands a block to what its first argument names. A loop and an opened file do not, nor does a short call but for tests. */
export function takesNamedBlock(call: Node, isLong: boolean): boolean {
  if (call.childForFieldName('block')?.type !== 'do_block') return false;
  if (!BLOCK_NAME.test(call.childForFieldName('arguments')?.namedChildren[0]?.type ?? '')) return false;
  if (!isLong && !TEST.test(call.childForFieldName('method')?.text ?? '')) return false;
  const receiver = call.childForFieldName('receiver');
  return !receiver || (RECEIVER.test(receiver.type) && call.parent?.type === 'program');
}

/** Scala: whether a block is handed to what a string names, in a call or in words; in a short call to a test. */
export function isScalaTest(node: Node, isLong: boolean): boolean {
  const head = headOfScalaTest(node);
  return head !== undefined && (isLong || node.type !== 'call_expression' || TEST.test(calledBy(head)));
}

/** What stands before the block of `test("opens") {…}` or `"a store" should "open" in {…}`. */
export function headOfScalaTest(node: Node): Node | undefined {
  const words = node.type === 'infix_expression';
  const head = node.childForFieldName(words ? 'left' : 'function');
  if (!head || node.childForFieldName(words ? 'right' : 'arguments')?.type !== 'block') return undefined;
  const isNamed = words
    ? TEST_WORD.test(node.childForFieldName('operator')?.text ?? '') && TESTED.test(head.text)
    : head.childForFieldName('arguments')?.namedChildren[0]?.type === 'string';
  return isNamed ? head : undefined;
}

function calledBy(call: Node): string {
  return call.childForFieldName('function')?.text ?? '';
}
