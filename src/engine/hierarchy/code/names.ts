/** Display names of classes, functions and blocks, read from their syntax nodes. */
import type { Node } from 'web-tree-sitter';
import { isNaming, targetOf } from './bindings.js';
import { nameIn } from './field-names.js';
import { ownName, unquoted } from './own-names.js';

const MAX_NAME = 80;

/** Name of a definition, or undefined for an anonymous one. */
export function nameOf(node: Node, text: string): string | undefined {
  const name = nameInside(node, text);
  return name === undefined ? nameBeside(node, text) : tidy(name);
}

function nameInside(node: Node, text: string): string | undefined {
  const own = ownName(node, text);
  const special = typeof own === 'object' ? nameOf(own, text) : own;
  return special ?? nameIn(node, text, 0);
}

/** What may stand between a function and the name of what it makes: `const f = once(() => …)`. */
const BETWEEN =
  /^(await|parenthesized|as|call|satisfies|non_null|reference)_?expression$|^(call|call_suffix|annotated_lambda|new_expression|(value_)?arguments?|literal_element|property_delegate|jsx_expression|argument_part)$|_list$/;
const STEPS = 8;

/** The name of what a function is assigned to, or is handed to for that; else of the call that it is handed to. */
function nameBeside(node: Node, text: string): string | undefined {
  let called: string | undefined;
  for (let up = node.parent, from = node, steps = 0; up && steps < STEPS; from = up, up = up.parent, steps++) {
    if (isNaming(up)) return tidy(boundName(up, text) ?? called ?? '');
    const callee = calleeOf(up, from);
    if (callee) {
      if (called !== undefined) break;
      called = callName(callee, from, text);
    } else if (!BETWEEN.test(up.type)) break;
  }
  return called === undefined ? undefined : tidy(called);
}

function boundName(binding: Node, text: string): string | undefined {
  const name = nameInside(binding, text);
  const target = name === undefined ? targetOf(binding) : undefined;
  if (!target) return name;
  const isPattern = /pattern/.test(target.type);
  // What is taken apart has no one name; a part that may be missing has, `{ render = () => … }`.
  const part = isPattern && target.namedChildCount > 1 ? undefined : nameIn(target, text, 1);
  if (part !== undefined || (isPattern && target.namedChildCount > 0)) return part;
  return unquoted(text.slice(target.startIndex, target.endIndex).replace(/:$/, '').trimEnd());
}

/** What is called by `call`, if `from`, in it, is handed to that. */
function calleeOf(call: Node, from: Node): Node | null {
  // Dart: what is called stands before the call.
  if (call.type === 'selector') return call.previousNamedSibling;
  if (!/call|invocation|new_expression|object_creation/.test(call.type) || call.type === 'call_suffix') return null;
  const callee =
    ['function', 'method', 'name'].map((field) => call.childForFieldName(field)).find(Boolean) ?? call.namedChildren[0];
  return callee && callee.endIndex <= from.startIndex ? callee : null;
}

/** A callback's name is what it is handed to: `describe 'a store'`, `app.get '/users'`, `setTimeout(…)`. */
function callName(callee: Node, handed: Node, text: string): string | undefined {
  // `test.each(rows)` gives what is called then.
  const isGiven = callee.type === 'call_expression';
  const giver = isGiven ? (callee.childForFieldName('function') ?? callee.namedChildren[0]) : undefined;
  const { startIndex, endIndex } = giver ?? callee;
  const called = /(?<![\w$])[\w$][\w$.?]{0,39}$/.exec(text.slice(startIndex, endIndex))?.[0];
  if (!called) return undefined;
  // Kotlin: `test("opens") { … }` is handed the block behind its arguments.
  const title = titleIn(handed) ?? (isGiven ? titleIn(callee.namedChildren[1]) : undefined);
  return title ? `${called} ${text.slice(title.startIndex, title.endIndex)}` : `${called}(…)`;
}

/** The string that arguments begin with. */
function titleIn(handed: Node | undefined): Node | undefined {
  let first = handed?.namedChildren[0];
  while (first && /^(?:value_)?arguments?$/.test(first.type)) first = first.namedChildren[0];
  return first && /string/.test(first.type) ? first : undefined;
}

function tidy(name: string): string | undefined {
  const line = name.replace(/\s+/g, ' ').trim();
  if (!line) return undefined;
  return line.length > MAX_NAME ? `${line.slice(0, MAX_NAME - 1)}…` : line;
}
