/** Shares of attention against a matrix that says for every token how much it looks at every other token. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { inflow } from '../../../src/engine/analysis/flow.js';
import { nodeLabel } from '../../../src/engine/analysis/labels.js';
import { attentionFrom, attentionLadder, attentionTo, chosen } from '../../../src/engine/analysis/ladder.js';
import { LevelIndex } from '../../../src/engine/analysis/levels.js';
import { masses } from '../../../src/engine/analysis/masses.js';
import { attentionTables } from '../../../src/engine/analysis/tables.js';
import { type EncodedDocument, TABLE_LEVELS } from '../../../src/engine/encoder/index.js';
import { sizesAt } from '../../../src/engine/encoder/packed.js';
import { ROOT } from '../hierarchy/invariants.js';
import { fakeDocument, withEvenAttention } from './fake-document.js';

const fixture = (name: string): string => readFileSync(path.join(ROOT, 'test/fixtures/hierarchy', name), 'utf8');

/** `path[level]`: for each token the number of its node on levels 1…4, counted through the document. */
function ancestors(document: EncodedDocument): number[][] {
  let below = Array.from(document.packed.pieceSizes, (size, piece) => Array<number>(size).fill(piece)).flat();
  const paths = [[], below];
  for (const level of [1, 2, 3] as const) {
    const parentOf = Array.from(sizesAt(document.packed, level), (size, f) => Array<number>(size).fill(f)).flat();
    below = below.map((node) => parentOf[node]!);
    paths.push(below);
  }
  return paths;
}

/**
 * matrix[i][j]: share of token i's attention that falls on token j, by the definition: going up from i, what stays inside the
 * node below and what goes to each of its siblings, spread evenly over their tokens; inside its own piece evenly, too.
 */
function tokenMatrix(document: EncodedDocument, pairs: readonly (readonly [number, number])[]): number[][] {
  const of = ancestors(document);
  const n = document.packed.ids.length;
  const tokensOn = [1, 2, 3, 4].map((level) => {
    const counts = new Map<number, number>();
    of[level]!.forEach((node) => counts.set(node, (counts.get(node) ?? 0) + 1));
    return counts;
  });
  const firstChild = TABLE_LEVELS.map((level) => {
    const firsts = [0];
    sizesAt(document.packed, level).forEach((size) => firsts.push(firsts.at(-1)! + size));
    return firsts;
  });
  const share = (i: number, j: number, layer: number, head: number): number => {
    let mass = 1;
    for (const level of [4, 3, 2, 1] as const) {
      const family = level === 4 ? 0 : of[level + 1]![i]!;
      const first = firstChild[level - 1]![family]!;
      const size = sizesAt(document.packed, level)[family]!;
      const [a, b] = [of[level]![i]!, of[level]![j]!];
      const p = document.attention.family(level, family, layer, head)[(a - first) * size + (b - first)]!;
      if (a !== b) return (mass * p) / tokensOn[level - 1]!.get(b)!;
      mass *= p;
    }
    return mass / tokensOn[0]!.get(of[1]![i]!)!;
  };
  return Array.from({ length: n }, (_, i) =>
    Array.from(
      { length: n },
      (__, j) => pairs.reduce((sum, [layer, head]) => sum + share(i, j, layer, head), 0) / pairs.length,
    ),
  );
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const mean = (numbers: readonly number[]): number => sum(numbers) / numbers.length;

/** Tokens of a tree node, by its leaves. */
function tokensOfNode(document: EncodedDocument, id: number): number[] {
  const { tree, packed } = document;
  const inside = (leaf: number): boolean => {
    for (let at = leaf; at >= 0; at = tree.nodes[at]!.parent) if (at === id) return true;
    return false;
  };
  const tokens: number[] = [];
  let token = 0;
  packed.pieceSizes.forEach((size, piece) => {
    for (let i = 0; i < size; i++, token++) if (inside(packed.pieceLeaf[piece]!)) tokens.push(token);
  });
  return tokens;
}

const documents = await Promise.all(
  [
    ['store.py', true],
    ['meeting.txt', true],
    ['store.md', true],
    ['panel.tsx', false],
  ].map(async ([name, regrouped], i) => {
    const document = await fakeDocument(fixture(name as string), name as string, {
      seed: i + 1,
      regrouped: regrouped as boolean,
    });
    return { name: name as string, document, index: new LevelIndex(document), text: fixture(name as string) };
  }),
);

describe.each(documents)('$name', ({ document, index, text }) => {
  const choices = [
    { layer: 'mean', head: 'mean' },
    { layer: 0, head: 'mean' },
    { layer: 2, head: 1 },
  ] as const;

  it.each(choices)('layer $layer, head $head: the ladder is what the matrix says', (choice) => {
    const matrix = tokenMatrix(document, chosen(index.document.attention, choice));
    for (const row of matrix) expect(sum(row)).toBeCloseTo(1, 5);
    const between = (from: readonly number[], to: readonly number[]): number =>
      mean(from.map((i) => sum(to.map((j) => matrix[i]![j]!))));
    for (const node of document.tree.nodes) {
      const own = tokensOfNode(document, node.id);
      const ladder = attentionLadder(index, text, node.id, { ...choice, targets: 1000 });
      if (own.length === 0) {
        expect([ladder.rungs, ladder.lookers]).toEqual([[], []]);
        continue;
      }
      expect(sum(ladder.rungs.map((r) => r.share))).toBeCloseTo(1, 9);
      let below: readonly number[] = [];
      for (const rung of ladder.rungs) {
        const all = tokensOfNode(document, rung.node);
        const rest = all.filter((t) => !below.includes(t));
        expect(rung.share).toBeCloseTo(between(own, rest), 6);
        for (const target of rung.targets)
          expect(target.share).toBeCloseTo(between(own, tokensOfNode(document, target.node)), 6);
        expect(rung.targets.map((t) => t.share)).toEqual(rung.targets.map((t) => t.share).toSorted((a, b) => b - a));
        below = all;
      }
      for (const looker of ladder.lookers)
        expect(looker.share).toBeCloseTo(between(tokensOfNode(document, looker.node), own), 6);
    }
  });

  it('lists all places outside by their rungs, the strongest first, and no more than are asked for', () => {
    const { nodes } = document.tree;
    const isIn = (inner: number, outer: number): boolean => {
      for (let at = inner; at >= 0; at = nodes[at]!.parent) if (at === outer) return true;
      return false;
    };
    const speaks = (id: number): boolean => !nodes[id]!.trivial && index.size(index.piecesOfNode(id)) > 0;
    const shown = { layer: 'mean', head: 'mean' } as const;
    for (const { id } of nodes.filter((n) => index.size(index.piecesOfNode(n.id)) > 0)) {
      const { rungs, lookers } = attentionLadder(index, text, id, { ...shown, targets: 1000 });
      expect(rungs[0]).toMatchObject({ node: id, label: 'itself' });
      rungs.slice(1).forEach(({ node, label }, i) => {
        expect(label).toBe(`elsewhere in ${nodeLabel(document.tree, text, node)}`);
        expect(isIn(rungs[i]!.node, node)).toBe(true);
        // One that has no more text than the rung below is none.
        expect(tokensOfNode(document, node).length).toBeGreaterThan(tokensOfNode(document, rungs[i]!.node).length);
      });
      for (const { node, targets } of rungs) {
        const beside = nodes[node]!.children.filter((c) => speaks(c) && (node === id || !isIn(id, c)));
        expect(targets.map((t) => t.node).toSorted((a, b) => a - b)).toEqual(beside);
      }
      const looking = lookers.map((l) => l.node);
      expect(new Set(looking).size).toBe(looking.length);
      expect(looking.filter((n) => isIn(n, id) || isIn(id, n))).toEqual([]);
      const leaves = nodes.filter((n) => n.children.length === 0 && speaks(n.id) && !isIn(n.id, id));
      expect(looking).toEqual(expect.arrayContaining(leaves.map((n) => n.id)));
      expect(lookers.map((l) => l.share)).toEqual(lookers.map((l) => l.share).toSorted((a, b) => b - a));
      const few = attentionLadder(index, text, id, { ...shown, targets: 2 });
      expect(few.rungs).toEqual(rungs.map((r) => ({ ...r, targets: r.targets.slice(0, 2) })));
      expect(few.lookers).toEqual(lookers.slice(0, 2));
    }
  });

  it('a run of pieces looks, and is looked at, as the matrix says', () => {
    const pairs = chosen(index.document.attention, { layer: 1, head: 'mean' });
    const matrix = tokenMatrix(document, pairs);
    for (const pieces of [
      [0, 1],
      [0, index.pieces],
      [Math.floor(index.pieces / 3), Math.floor(index.pieces / 2) + 1],
    ] as const) {
      const [from, to] = index.tokensOf(pieces);
      const density = attentionFrom(index, pieces, pairs);
      matrix.forEach((_, j) => {
        expect(density[j]).toBeCloseTo(mean(matrix.slice(from, to).map((row) => row[j]!)), 6);
      });
      attentionTo(index, pieces, pairs).forEach((share, piece) => {
        const [first] = index.tokensOf([piece, piece + 1]);
        expect(share).toBeCloseTo(sum(matrix[first]!.slice(from, to)), 6);
      });
    }
  });

  it('what flows into a piece is what all others give to it', () => {
    const matrix = tokenMatrix(document, chosen(index.document.attention, { layer: 'mean', head: 'mean' }));
    const flow = inflow(index);
    for (let piece = 0; piece < index.pieces; piece++) {
      const [from, to] = index.tokensOf([piece, piece + 1]);
      const given = matrix.map((row, i) => (i >= from && i < to ? 0 : sum(row.slice(from, to))));
      expect(flow[piece]).toBeCloseTo(sum(given) / (to - from), 6);
    }
  });

  it('the printed tables hold the shares that stay inside', () => {
    const choice = { layer: 2, head: 0 } as const;
    const matrix = tokenMatrix(document, chosen(index.document.attention, choice));
    const levels = attentionTables(index, choice);
    expect(levels.map((l) => l.level)).toEqual(['piece', 'block', 'unit', 'part']);
    for (const { families } of levels) {
      expect(sum(families.flatMap((f) => f.members.map((m) => m.tokens)))).toBe(document.packed.ids.length);
      let first = 0;
      for (const { members, table } of families) {
        table.forEach((row) => {
          expect(sum(row)).toBeCloseTo(1, 5);
        });
        for (const { tokens, mass } of members) {
          const inside = matrix.slice(first, first + tokens).map((row) => sum(row.slice(first, first + tokens)));
          expect(mass).toBeCloseTo(mean(inside), 6);
          first += tokens;
        }
      }
    }
  });
});

it('under even attention every piece receives as much as it would of a flat text', async () => {
  const document = await fakeDocument(fixture('store.py'), 'store.py', { regrouped: true });
  const even = new LevelIndex(withEvenAttention(document));
  const n = document.packed.ids.length;
  inflow(even).forEach((flow, piece) => {
    // Everything but its own share of its own tokens' attention.
    expect(flow).toBeCloseTo((n - document.packed.pieceSizes[piece]!) / n, 5);
  });
  const inside = masses(even, 0, 0)[1];
  inside.forEach((mass, piece) => {
    expect(mass).toBeCloseTo(document.packed.pieceSizes[piece]! / n, 5);
  });
});

it('a place that looks at another is found however much stands before it', async () => {
  const lines = Array.from({ length: 450 }, (_, i) => `    value${i} = read(${i})\n`);
  const text = `def short():\n    return read(0)\n\n\ndef long():\n${lines.join('')}`;
  const document = await fakeDocument(text, 'a.py');
  const [short, long] = document.tree.nodes.filter((n) => n.kind === 'function');
  const choice = { layer: 'mean', head: 'mean', targets: 1000 } as const;
  const { lookers } = attentionLadder(new LevelIndex(document), text, short!.id, choice);
  expect(lookers.map((l) => l.node)).toEqual(expect.arrayContaining(long!.children));
});

it('a layer or head that the model does not have is refused', () => {
  const { attention } = documents[0]!.index.document;
  expect(chosen(attention, { layer: attention.layers - 1, head: attention.heads - 1 })).toHaveLength(1);
  const refused = (layer: number, head: number) => () => chosen(attention, { layer, head });
  expect(refused(attention.layers, 0)).toThrow(`no layer ${attention.layers}: its layers are 0 to`);
  expect(refused(0, attention.heads)).toThrow(`no head ${attention.heads}: its heads are 0 to`);
});

it.each([
  ['store.py', 'file', 'the whole document'],
  ['store.py', 'class', /^class [A-Z]\w+$/],
  ['store.py', 'function', /^function \w+$/],
  ['store.py', 'block', /^block, (line \d+|lines (\d+)–(?!\2$)\d+)$/],
  ['store.md', 'section', /^section “.+”$/],
  ['store.md', 'paragraph', /^paragraph, (line \d+|lines (\d+)–(?!\2$)\d+)$/],
] as const)('of %s every %s has a label that says where it is', async (name, kind, label) => {
  const text = fixture(name);
  const { tree } = await fakeDocument(text, name);
  const places = tree.nodes.filter((n) => n.kind === kind && n.children.length > 0);
  expect(places.length).toBeGreaterThan(0);
  for (const { id, startLine, endLine } of places) {
    expect(nodeLabel(tree, text, id)).toMatch(label);
    const [, first, last] = /lines? (\d+)(?:–(\d+))?$/.exec(nodeLabel(tree, text, id)) ?? [];
    if (first !== undefined) expect([Number(first), Number(last ?? first)]).toEqual([startLine, endLine]);
  }
});

it('every statement has its own beginning as a label, on one line', async () => {
  const name = 'store.py';
  const text = fixture(name);
  const { tree } = await fakeDocument(text, name);
  const lengths = tree.nodes
    .filter((n) => n.children.length === 0)
    .map(({ id, start, end }) => {
      const [label, own] = [nodeLabel(tree, text, id), text.slice(start, end).replace(/\s+/g, ' ').trim()];
      if (own.length <= 60) expect(label).toBe(own);
      else {
        expect(label).toMatch(/^.{30,59}…$/);
        expect(own.startsWith(label.slice(0, -1))).toBe(true);
      }
      return own.length;
    });
  expect(Math.min(...lengths) <= 60 && Math.max(...lengths) > 60).toBe(true);
});

it('lone braces are neither targets nor lookers', async () => {
  const text = fixture('store.go');
  const document = await fakeDocument(text, 'store.go');
  const { nodes } = document.tree;
  expect(nodes.some((n) => n.trivial)).toBe(true);
  for (const node of nodes) {
    const ladder = attentionLadder(new LevelIndex(document), text, node.id, {
      layer: 0,
      head: 0,
      targets: 1000,
    });
    const listed = [...ladder.rungs.flatMap((r) => r.targets), ...ladder.lookers];
    expect(listed.filter((l) => nodes[l.node]!.trivial)).toEqual([]);
  }
});
