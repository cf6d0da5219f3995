/** Dart, whose grammar puts side by side what belongs together: a signature and its body; outside of classes, the type of a variable and the variable. */
import type { Node } from 'web-tree-sitter';
import type { TextRange } from '../../../protocol/document.js';

const VARIABLES = /^(static_final_declaration_list|initialized_identifier_list)$/;
const TYPE =
  /^(const_builtin|final_builtin|inferred_type|void_type|type_identifier|type_arguments|nullable_type|function_type|record_type)$/;

/** Whether a node is the body of the signature before it. */
export function isSigned(before: Node | null | undefined, node: Node): boolean {
  return node.type === 'function_body' && /_signature$/.test(before?.type ?? '');
}

/** Whether a node is a part of the type, or the keyword, of variables that follow. */
export function isTypeOfNext(node: Node): boolean {
  if (!TYPE.test(node.type) || node.parent?.type !== 'program') return false;
  let at: Node | null = node;
  while (at && TYPE.test(at.type)) at = at.nextNamedSibling;
  return at !== null && VARIABLES.test(at.type);
}

/** From the keyword or the type of variables to their semicolon; undefined for anything else. */
export function variablesAt(node: Node, text: string): TextRange | undefined {
  if (!VARIABLES.test(node.type) || node.parent?.type !== 'program') return undefined;
  let before = node.previousNamedSibling;
  while (before && TYPE.test(before.type)) before = before.previousNamedSibling;
  const from = before?.endIndex ?? 0;
  // Before the type words may stand that are no nodes: `late`.
  const gap = /^\s*;?\s*/.exec(text.slice(from, node.startIndex))![0];
  return { start: from + gap.length, end: node.endIndex + (text[node.endIndex] === ';' ? 1 : 0) };
}
