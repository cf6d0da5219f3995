/** The definitions that a question calls by their names: `BaseModel`, `how Store.get falls back`. */
import type { TreeNode } from '../protocol/document.js';

const IDENTIFIER = String.raw`[\p{L}_$][\p{L}\p{N}_$]*`;
const NAME = new RegExp(String.raw`${IDENTIFIER}(?:(?:\.|::|#)${IDENTIFIER})*`, 'gu');
const SEPARATOR = /\.|::|#/;
/** How no sentence writes a word: `readFile`, `HTTPServer`, `read_file`. */
const CODE = /[\p{Ll}\p{N}]\p{Lu}|\p{Lu}{2}\p{Ll}|[\p{L}\p{N}]_+[\p{L}\p{N}]/u;

interface Named {
  name: string;
  /** What it must be a member of, as in `Store.get`. */
  owner?: string;
  /** A plain word stands for what is defined at the top alone: `session` is a subject more often than some class's member. */
  plain: boolean;
}

/** A test for the nodes of a tree: whether the question names what the node defines. */
export function namedBy(question: string): (node: TreeNode, nodes: readonly TreeNode[]) => boolean {
  const alone = question.trim();
  const named = (alone.match(NAME) ?? []).flatMap((found): Named[] => {
    const parts = found.split(SEPARATOR);
    const name = parts.at(-1)!;
    const owner = parts.at(-2);
    if (owner !== undefined) return [{ name, owner, plain: false }];
    const plain = !CODE.test(name);
    return plain && found !== alone ? [] : [{ name, plain }];
  });
  return (node, nodes) => {
    if (node.kind !== 'function' && node.kind !== 'class') return false;
    const path = pathOf(node, nodes);
    return named.some(
      ({ name, owner, plain }) =>
        path.at(-1) === name && (owner === undefined || path.includes(owner)) && (!plain || path.length === 1),
    );
  };
}

/** The names of a definition and of what it is a member of, outermost first, without type parameters. */
function pathOf(node: TreeNode, nodes: readonly TreeNode[]): string[] {
  const names: string[] = [];
  for (let at: TreeNode | undefined = node; at; at = nodes[at.parent]) {
    if (at.name === undefined || (at.kind !== 'function' && at.kind !== 'class')) continue;
    names.unshift(...at.name.replace(/[<([].*$/s, '').split(SEPARATOR));
  }
  return names;
}
