/** The ladder and the flow against a dense matrix that is built entry by entry from the definition. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { inflow } from '../../../src/engine/analysis/flow.js';
import { attentionFrom, attentionLadder, attentionTo, chosen } from '../../../src/engine/analysis/ladder.js';
import { LevelIndex, type PackedLevel } from '../../../src/engine/analysis/levels.js';
import { attentionTables } from '../../../src/engine/analysis/tables.js';
import type { TableLevel } from '../../../src/engine/encoder/index.js';
import { ROOT } from '../hierarchy/invariants.js';
import { fakeDocument, HEADS, LAYERS } from './fake-document.js';

const text = readFileSync(path.join(ROOT, 'src/engine/hierarchy/names.ts'), 'utf8');
let index: LevelIndex;
let dense: number[][];
const PAIRS = Array.from({ length: LAYERS * HEADS }, (_, i): [number, number] => [Math.floor(i / HEADS), i % HEADS]);

/** Share of the attention of piece p that falls on piece q, for one layer and head: the product along the path of the tree. */
function share(p: number, q: number, layer: number, head: number): number {
  let mass = 1;
  for (const level of [4, 3, 2, 1] as const satisfies readonly TableLevel[]) {
    const family = index.ancestor(p, (level + 1) as PackedLevel);
    const [first, last] = index.childrenOf((level + 1) as 2 | 3 | 4 | 5, family);
    const table = index.document.attention.family(level, family, layer, head);
    const row = index.ancestor(p, level) - first;
    const column = index.ancestor(q, level) - first;
    const cell = table[row * (last - first) + column]!;
    if (row !== column) {
      const other = index.piecesOf(level, first + column);
      return (mass * cell * index.size([q, q + 1])) / index.size(other);
    }
    mass *= cell;
  }
  return mass;
}

beforeAll(async () => {
  index = new LevelIndex(await fakeDocument(text, 'names.ts'));
  dense = Array.from({ length: index.pieces }, (_, p) =>
    Array.from(
      { length: index.pieces },
      (__, q) => PAIRS.reduce((sum, [l, h]) => sum + share(p, q, l, h), 0) / PAIRS.length,
    ),
  );
});

const size = (p: number): number => index.size([p, p + 1]);

describe('exact attention', () => {
  it('the dense matrix is attention: its rows add up to 1', () => {
    for (const row of dense) expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
  });

  it.each([
    [0, 1],
    [3, 9],
    [0, 40],
    [17, 18],
  ])('from and to pieces %d to %d', (first, last) => {
    const density = attentionFrom(index, [first, last], PAIRS);
    const toward = attentionTo(index, [first, last], PAIRS);
    const n = index.size([first, last]);
    for (let q = 0; q < index.pieces; q++) {
      let expected = 0;
      for (let p = first; p < last; p++) expected += (dense[p]![q]! * size(p)) / n;
      const [from, to] = index.tokensOf([q, q + 1]);
      expect(density.subarray(from, to).reduce((a, b) => a + b, 0)).toBeCloseTo(expected, 6);
      expect(toward[q]).toBeCloseTo(
        dense[q]!.slice(first, last).reduce((a, b) => a + b, 0),
        6,
      );
    }
  });

  it('what arrives at a piece is what the others give it', () => {
    const arriving = inflow(index);
    for (let q = 0; q < index.pieces; q++) {
      let expected = 0;
      for (let p = 0; p < index.pieces; p++) if (p !== q) expected += (dense[p]![q]! * size(p)) / size(q);
      expect(arriving[q]).toBeCloseTo(expected, 5);
    }
  });

  it('the tables of one layer and head are the families themselves', () => {
    const levels = attentionTables(index, { layer: 1, head: 0 });
    expect(levels.map((l) => l.level)).toEqual(['piece', 'block', 'unit', 'part']);
    for (const level of levels)
      for (const { members, table } of level.families) {
        expect(table).toHaveLength(members.length);
        for (const row of table) expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
      }
  });
});

describe('the ladder', () => {
  it('adds up to 1 for every node, layer and head, and begins with the node itself', () => {
    for (const node of index.document.tree.nodes) {
      const pieces = index.piecesOfNode(node.id);
      for (const [layer, head] of [
        ['mean', 'mean'],
        [0, 'mean'],
        [1, 1],
      ] as const) {
        const ladder = attentionLadder(index, text, node.id, { layer, head, targets: 5 });
        if (pieces[0] === pieces[1]) {
          expect(ladder.rungs).toEqual([]);
          continue;
        }
        expect(ladder.rungs[0]).toMatchObject({ node: node.id, label: 'itself' });
        expect(ladder.rungs.reduce((sum, r) => sum + r.share, 0)).toBeCloseTo(1, 6);
        for (const rung of ladder.rungs) expect(rung.share).toBeGreaterThanOrEqual(-1e-9);
      }
    }
  });

  it('its first rung is what the dense matrix says stays inside', () => {
    for (const node of index.document.tree.nodes
      .filter((n) => n.kind === 'function' || n.children.length === 0)
      .slice(0, 30)) {
      const [first, last] = index.piecesOfNode(node.id);
      if (first === last) continue;
      let inside = 0;
      for (let p = first; p < last; p++)
        for (let q = first; q < last; q++) inside += (dense[p]![q]! * size(p)) / index.size([first, last]);
      const ladder = attentionLadder(index, text, node.id, { layer: 'mean', head: 'mean', targets: 3 });
      expect(ladder.rungs[0]!.share).toBeCloseTo(inside, 6);
    }
  });

  it('lists as lookers those who give most of their attention', () => {
    const node = index.document.tree.nodes.find(
      (n) => n.kind === 'function' && index.size(index.piecesOfNode(n.id)) > 30,
    )!;
    const { lookers } = attentionLadder(index, text, node.id, { layer: 'mean', head: 'mean', targets: 6 });
    expect(lookers.length).toBeGreaterThan(0);
    const [first, last] = index.piecesOfNode(node.id);
    for (const looker of lookers) {
      const [a, b] = index.piecesOfNode(looker.node);
      let expected = 0;
      for (let p = a; p < b; p++)
        for (let q = first; q < last; q++) expected += (dense[p]![q]! * size(p)) / index.size([a, b]);
      expect(looker.share).toBeCloseTo(expected, 6);
    }
    const shares = lookers.map((l) => l.share);
    expect(shares).toEqual(shares.toSorted((x, y) => y - x));
  });

  it('a layer or head that does not exist is the last one', () => {
    expect(chosen(index, { layer: 99, head: 99 })).toEqual([[LAYERS - 1, HEADS - 1]]);
  });
});
