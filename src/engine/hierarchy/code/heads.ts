/** Where the head of a definition or of a condition ends. */
import type { Node } from 'web-tree-sitter';
import { COMMENT } from './languages.js';

/** The row of a definition's header, below its modifiers and annotations. */
export function headerRow(definition: Node): number {
  // Kotlin: what stands between braces may begin with its first statement.
  if (definition.type === 'lambda_literal') return definition.startPosition.row;
  const head = definition.namedChildren.find((c) => !/^modifiers$|annotation|attribute/.test(c.type));
  return (head ?? definition).startPosition.row;
}

/** What stands under a condition of a preprocessor or in `extern "C"`, whose own line is one statement. */
export function withoutHead(node: Node): Node[] {
  const body = node.childForFieldName('body');
  if (body?.type === 'declaration_list') return body.namedChildren;
  const head = node.childForFieldName('name') ?? node.childForFieldName('condition');
  const row = (head?.endPosition ?? node.startPosition).row;
  return node.namedChildren.filter(
    (c) => !(head && c.equals(head)) && !(COMMENT.test(c.type) && c.startPosition.row === row),
  );
}
