/** Which node's heat a leaf shows at the scale of functions. No `vscode` here. */
import { OUTLINE_KINDS, type TreeNode } from '../../protocol/document.js';

type Place = Pick<TreeNode, 'id' | 'kind' | 'parent'>;

/**
 * By leaf's id: the innermost function, section or class around it. A file or class that holds others is hot because of them, which
 * says nothing of what else is in it; there a leaf shows its own heat.
 */
export function colouredBy(nodes: readonly Place[]): number[] {
  const innermost: number[] = [];
  const holdsParts = new Set([0]);
  for (const { id, kind, parent } of nodes) {
    const around = innermost[parent] ?? 0;
    const isPart = OUTLINE_KINDS.includes(kind);
    innermost.push(isPart ? id : around);
    if (isPart && nodes[around]!.kind === 'class') holdsParts.add(around);
  }
  return innermost.map((part, id) => (holdsParts.has(part) ? id : part));
}
