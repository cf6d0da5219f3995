/** By what the editor knows the outline's entries again. */
import { expect, it } from 'vitest';
import type { NodeKind, TreeNode } from '../../../src/protocol/document.js';
import { outlineEntries } from '../../../src/ui/outline-entries.js';

/** A tree from lines of depth, kind and name; the file itself is before them. */
function nodes(...lines: readonly [depth: number, kind: NodeKind, name?: string][]): TreeNode[] {
  const around: number[] = [0];
  return [[0, 'file'] as const, ...lines].map(([depth, kind, name], id) => {
    around[depth] = id;
    const place = { start: id, end: id + 1, startLine: id + 1, endLine: id + 1 };
    return { id, kind, ...(name ? { name } : {}), ...place, parent: id > 0 ? around[depth - 1]! : -1, children: [] };
  });
}

const ids = (tree: TreeNode[], name: string): string[] =>
  [...outlineEntries(tree).values()].filter((entry) => entry.node.name === name).map((entry) => entry.id);

it('keep what they are known by when an edit gives their nodes other numbers', () => {
  const before = nodes([1, 'class', 'A'], [2, 'function', 'read'], [1, 'class', 'B'], [2, 'function', 'read']);
  const after = nodes(
    [1, 'function', 'added'],
    [1, 'class', 'A'],
    [2, 'function', 'also added'],
    [2, 'function', 'read'],
    [1, 'class', 'B'],
    [2, 'statement'],
    [2, 'function', 'read'],
  );
  for (const name of ['A', 'B', 'read']) expect(ids(after, name)).toEqual(ids(before, name));
});

it('are all known by something else, also where names are equal, missing or look like a path', () => {
  const tree = nodes(
    [1, 'section', 'A'],
    [2, 'function', 'f'],
    [2, 'function', 'f'],
    [1, 'section', 'A'],
    [2, 'function', 'f'],
    [1, 'section', 'A"]1["function","f'],
    [1, 'class'],
    [1, 'class'],
    [1, 'class', 'null'],
  );
  const entries = [...outlineEntries(tree).values()];
  expect(entries).toHaveLength(9);
  expect(new Set(entries.map((entry) => entry.id)).size).toBe(9);
});

it('are held by the next entry around them; what has no name and is no class is none', () => {
  const tree = nodes([1, 'class', 'A'], [2, 'function'], [3, 'block'], [4, 'function', 'inner'], [1, 'function', 'B']);
  const entries = outlineEntries(tree);
  expect([...entries.keys()]).toEqual([1, 4, 5]);
  expect(entries.get(4)!.above).toBe(entries.get(1));
  expect(entries.get(1)!.below).toEqual([entries.get(4)]);
  expect(entries.get(5)!.above).toBeUndefined();
});
