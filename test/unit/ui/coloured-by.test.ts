/** Whose heat a leaf shows at the scale of functions. */
import { expect, it } from 'vitest';
import type { NodeKind } from '../../../src/protocol/document.js';
import { colouredBy } from '../../../src/ui/heatmap/coloured-by.js';

const tree = (...nodes: [NodeKind, parent: number][]): number[] =>
  colouredBy(nodes.map(([kind, parent], id) => ({ id, kind, parent })));

it('a statement shows the heat of its function, wherever in it it stands', () => {
  const by = tree(['file', -1], ['function', 0], ['block', 1], ['statement', 2], ['function', 2], ['statement', 4]);
  expect([by[3], by[5]]).toEqual([1, 4]);
});

it('one outside of all functions shows its own', () => {
  expect(tree(['file', -1], ['statement', 0], ['block', 0], ['statement', 2])).toEqual([0, 1, 2, 3]);
});

it('a field shows its own heat beside functions, and that of its class where there are none', () => {
  const withFunctions = tree(['file', -1], ['class', 0], ['statement', 1], ['function', 1], ['statement', 3]);
  expect([withFunctions[2], withFunctions[4]]).toEqual([2, 3]);
  const without = tree(['file', -1], ['class', 0], ['statement', 1], ['class', 0], ['function', 3], ['statement', 4]);
  expect([without[2], without[5]]).toEqual([1, 4]);
});

it('words under a heading show the heat of their section, also where it has others', () => {
  const by = tree(['file', -1], ['section', 0], ['sentence', 1], ['section', 1], ['sentence', 3]);
  expect([by[2], by[4]]).toEqual([1, 3]);
});
