import { describe, expect, it } from 'vitest';
import type { BandNode } from '../../../src/protocol/scales.js';
import { type Band, bandsBetween, columnWidths, Tree } from '../../../src/webview/columns.js';
import { random } from '../random.js';

const KINDS = ['class', 'function', 'block', 'section'] as const;

/** A random tree whose leaves cover [0, leaves · 10) without gaps. */
function tree(seed: number, leaves: number): BandNode[] {
  const draw = random(seed);
  const nodes: BandNode[] = [];
  let at = 0;
  const add = (kind: BandNode['kind'], parent: number, depth: number): void => {
    const id = nodes.length;
    const node: BandNode = { id, kind, label: `${id}`, startLine: 1, endLine: 1, start: at, end: at, parent };
    nodes.push(node);
    if (kind === 'statement') at += 10;
    else
      do add(depth > 3 || draw(3) === 0 ? 'statement' : KINDS[draw(4)]!, id, depth + 1);
      while (parent < 0 ? at < leaves * 10 : draw(3) > 0);
    node.end = at;
  };
  add('file', -1, 0);
  return nodes;
}

describe('columns of bands', () => {
  it('are ordered and disjoint, and every node can be shown in one of them', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const made = new Tree(tree(seed, 40));
      for (const column of made.columns)
        for (const [i, b] of column.entries()) {
          expect(b.start).toBeLessThan(b.end);
          const { start, end } = made.nodes[b.node]!;
          expect(b.start >= start && b.end <= end).toBe(true);
          const before = column[i - 1];
          if (!before) continue;
          expect(b.start).toBeGreaterThanOrEqual(before.end);
          // One node has one band as long as nothing is between.
          if (b.start === before.end) expect(b.node).not.toBe(before.node);
        }
      for (const { id, kind } of made.nodes) {
        const columns = { file: [0], block: [3], statement: [4] }[kind as string] ?? [1, 2];
        expect(columns).toContain(made.columnOf[id]);
      }
      // The finest column is the text itself.
      const leaves = made.nodes.filter((n) => n.kind === 'statement');
      expect(made.columns[4]!.map((b) => b.node)).toEqual(leaves.map((n) => n.id));
    }
  });

  it('hold for every statement what it lies in: the outermost and the innermost section, and the block in that', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const made = new Tree(tree(seed, 40));
      for (const { id, kind, start } of made.nodes) {
        if (kind !== 'statement') continue;
        const path = made.path(id).map((n) => made.nodes[n]!);
        const sections = path.filter((n) => ['class', 'function', 'section'].includes(n.kind));
        const block = path.slice(path.indexOf(sections.at(-1)!) + 1).findLast((n) => n.kind === 'block');
        const expected = [path[0], sections[0], sections.length > 1 ? sections.at(-1) : undefined, block, path.at(-1)];
        const shown = made.columns.map((bands) => bandsBetween(bands, start, start + 1).map((b) => b.node));
        // The band of a block goes on behind a function in it.
        if (!block) shown[3] = shown[3]!.filter((b) => !path.includes(made.nodes[b]!));
        expect(shown).toEqual(expected.map((n) => (n ? [n.id] : [])));
      }
    }
  });

  it('arrow keys reach every node from the top', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const made = new Tree(tree(seed, 15));
      const reached = new Set([0]);
      for (const at of reached)
        for (const key of ['right', 'down', 'up', 'left'] as const) {
          const next = made.move(at, key);
          expect(made.nodes[next]).toBeDefined();
          reached.add(next);
        }
      expect(reached.size).toBe(made.nodes.length);
    }
  });

  it('down leads past a section to the next one, never into it, and stays where there is none', () => {
    const of = (id: number, parent: number, kind: BandNode['kind'], start: number, end: number): BandNode => ({
      id, parent, kind, start, end, label: '', startLine: 1, endLine: 1,
    }); // prettier-ignore
    const made = new Tree([
      of(0, -1, 'file', 0, 90),
      of(1, 0, 'section', 0, 60), // a chapter with two sections, of which the second has one of its own
      of(2, 1, 'section', 0, 20), of(3, 2, 'sentence', 0, 20),
      of(4, 1, 'section', 20, 60), of(5, 4, 'sentence', 20, 30), of(6, 4, 'section', 30, 60), of(7, 6, 'sentence', 30, 60),
      of(8, 0, 'section', 60, 90), of(9, 8, 'section', 60, 90), of(10, 9, 'block', 60, 90), of(11, 10, 'block', 60, 90), of(12, 11, 'sentence', 60, 90),
    ]); // prettier-ignore
    expect(made.move(4, 'down')).toBe(9);
    expect(made.move(9, 'up')).toBe(6);
    // A block around blocks has no band of its own.
    expect(made.move(10, 'down')).toBe(10);
    expect(made.move(10, 'up')).toBe(10);
  });

  it('columns without bands take no room, and the others share all of it', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const made = new Tree(tree(seed, 10));
      const widths = columnWidths(made);
      expect(widths.reduce((total, w) => total + w, 0)).toBeCloseTo(1, 9);
      for (const [i, width] of widths.entries()) expect(width > 0).toBe(made.columns[i]!.length > 0);
    }
  });

  it('the path leads from the file to the node', () => {
    const made = new Tree(tree(3, 20));
    const last = made.nodes.at(-1)!;
    const path = made.path(last.id);
    expect(path[0]).toBe(0);
    expect(path.at(-1)).toBe(last.id);
    for (const [i, id] of path.entries()) if (i > 0) expect(made.nodes[id]!.parent).toBe(path[i - 1]);
  });

  it('bandsBetween finds what a scan over all finds', () => {
    const bands: Band[] = Array.from({ length: 50 }, (_, i) => ({ node: i, start: i * 7, end: i * 7 + 5 }));
    for (let from = -3; from < 360; from += 4)
      for (const length of [1, 6, 40, 400]) {
        const slow = bands.filter((b) => b.end > from && b.start < from + length);
        expect(bandsBetween(bands, from, from + length)).toEqual(slow);
      }
  });

  it('an empty document has no bands', () => {
    expect(new Tree([]).columns.flat()).toEqual([]);
  });
});
