import { describe, expect, it } from 'vitest';
import type { TreeNode } from '../../../src/protocol/document.js';
import { MovingRanges, type TextChange } from '../../../src/ui/moving-ranges.js';
import { random } from '../random.js';

const TEXT = 'alpha one\nalpha two\n\nbeta one\nbeta two\nbeta three\n';

/** A file, its two paragraphs, and their lines. */
function nodes(): TreeNode[] {
  const made: TreeNode[] = [];
  const add = (kind: TreeNode['kind'], part: string, parent: number): number => {
    const start = TEXT.indexOf(part);
    const id = made.length;
    const startLine = TEXT.slice(0, start).split('\n').length;
    const endLine = startLine + part.split('\n').length - 1;
    made.push({ id, kind, start, end: start + part.length, startLine, endLine, parent, children: [] });
    if (parent >= 0) made[parent]!.children.push(id);
    return id;
  };
  const root = add('file', TEXT, -1);
  for (const paragraph of TEXT.trim().split('\n\n')) {
    const id = add('paragraph', paragraph, root);
    for (const line of paragraph.split('\n')) add('sentence', line, id);
  }
  return made;
}

const edit = (text: string, { offset, length, inserted }: TextChange, fill = '#'): string =>
  text.slice(0, offset) + fill.repeat(inserted) + text.slice(offset + length);

const textOf = (text: string, ranges: MovingRanges, node: number): string =>
  text.slice(ranges.start(node), ranges.end(node));

describe('ranges that move with the text', () => {
  it('starts as the analysis said', () => {
    const ranges = new MovingRanges(nodes());
    expect(nodes().some((n) => ranges.touched(n.id))).toBe(false);
    for (const n of nodes()) expect(textOf(TEXT, ranges, n.id)).toBe(TEXT.slice(n.start, n.end));
  });

  it('keeps the text of every node that was not touched, and every node inside its parent, after any edits', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const draw = random(seed);
      const tree = nodes();
      const ranges = new MovingRanges(tree);
      let text = TEXT;
      for (let step = 0; step < 8; step++) {
        const offset = draw(text.length + 1);
        const change = { offset, length: draw(Math.min(12, text.length - offset + 1)), inserted: draw(6) };
        text = edit(text, change);
        ranges.apply([change]);
        for (const n of tree) {
          const where = `seed ${seed}, step ${step}, node ${n.id}`;
          expect(ranges.start(n.id), where).toBeLessThanOrEqual(ranges.end(n.id));
          expect(ranges.end(n.id), where).toBeLessThanOrEqual(text.length);
          if (!ranges.touched(n.id)) expect(textOf(text, ranges, n.id), where).toBe(TEXT.slice(n.start, n.end));
        }
      }
    }
  });

  it('marks the node that was typed into and what it is part of, and nothing else', () => {
    const tree = nodes();
    const ranges = new MovingRanges(tree);
    const line = tree.find((n) => TEXT.slice(n.start, n.end) === 'beta two')!;
    ranges.apply([{ offset: line.start + 3, length: 0, inserted: 4 }]);
    const marked = tree.filter((n) => ranges.touched(n.id)).map((n) => n.id);
    expect(marked).toEqual([0, line.parent, line.id]);
  });

  it('gives text typed between two lines to neither', () => {
    const tree = nodes();
    const ranges = new MovingRanges(tree);
    const line = tree.find((n) => TEXT.slice(n.start, n.end) === 'alpha one')!;
    ranges.apply([{ offset: line.end, length: 0, inserted: 5 }]);
    expect(ranges.end(line.id)).toBe(line.end);
    expect(ranges.touched(line.id)).toBe(false);
    ranges.apply([{ offset: line.start, length: 0, inserted: 3 }]);
    expect([ranges.start(line.id), ranges.end(line.id)]).toEqual([line.start + 3, line.end + 3]);
    expect(ranges.touched(line.id)).toBe(false);
  });

  it('gives the whole text what is typed at its ends', () => {
    const ranges = new MovingRanges(nodes());
    ranges.apply([{ offset: 0, length: 0, inserted: 5 }]);
    ranges.apply([{ offset: TEXT.length + 5, length: 0, inserted: 2 }]);
    expect([ranges.start(0), ranges.end(0)]).toEqual([0, TEXT.length + 7]);
    expect(ranges.touched(0)).toBe(true);
  });

  it.each([
    [3, 'beta two'.slice(2)],
    [1, 'beta two'.slice(2)],
    [8, `#####${'beta two'.slice(2)}`],
  ])(
    'gives of %d characters written over the beginning of a line those that have no room before it',
    (inserted, line) => {
      const tree = nodes();
      const ranges = new MovingRanges(tree);
      const { id, start } = tree.find((n) => TEXT.slice(n.start, n.end) === 'beta two')!;
      const change = { offset: start - 3, length: 5, inserted };
      ranges.apply([change]);
      expect(textOf(edit(TEXT, change), ranges, id)).toBe(line);
      expect(ranges.touched(id)).toBe(true);
    },
  );

  it('is touched by no edit that changes nothing', () => {
    const ranges = new MovingRanges(nodes());
    ranges.apply([]);
    expect(ranges.touched(0)).toBe(false);
  });

  it('leaves an empty range where a node was deleted', () => {
    const tree = nodes();
    const ranges = new MovingRanges(tree);
    const line = tree.find((n) => TEXT.slice(n.start, n.end) === 'beta one')!;
    ranges.apply([{ offset: line.start - 2, length: line.end - line.start + 4, inserted: 0 }]);
    expect(ranges.end(line.id)).toBe(ranges.start(line.id));
    expect(ranges.touched(line.id)).toBe(true);
  });

  it('moves by many changes of one edit as by one after the other, the last in the text first', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const draw = random(seed);
      const tree = nodes();
      const [together, oneByOne] = [new MovingRanges(tree), new MovingRanges(tree)];
      const changes: TextChange[] = [];
      for (let at = draw(8); at < TEXT.length; at += 1 + draw(12)) {
        const length = draw(Math.min(9, TEXT.length - at + 1));
        const before = draw(4) === 0;
        if (before) changes.push({ offset: at, length: 0, inserted: draw(5) });
        changes.push({ offset: at, length, inserted: Number(before) + draw(5) });
        at += length;
      }
      // In any order, as editors tell them.
      together.apply(changes.toSorted((a, b) => (a.offset % 5) - (b.offset % 5) || b.length - a.length));
      for (const change of [...changes].reverse()) oneByOne.apply([change]);
      const all = (r: MovingRanges): unknown[] => tree.map((n) => [r.start(n.id), r.end(n.id), r.touched(n.id)]);
      expect(all(together), `seed ${seed}`).toEqual(all(oneByOne));
      for (const n of tree.slice(1)) {
        expect(together.start(n.id), `seed ${seed}`).toBeGreaterThanOrEqual(together.start(n.parent));
        expect(together.end(n.id), `seed ${seed}`).toBeLessThanOrEqual(together.end(n.parent));
      }
    }
  });
});
