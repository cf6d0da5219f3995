/** Topics on real files with stand-in vectors: what stands out is named, with the statements that earned it. */
import { describe, expect, it } from 'vitest';
import { LevelIndex } from '../../../src/engine/analysis/levels.js';
import { TopicFinder } from '../../../src/engine/analysis/topics.js';
import { samples } from '../hierarchy/invariants.js';
import { fakeDocument } from './fake-document.js';
import { randomUnit } from './vectors.js';

const LABELS = ['a', 'b', 'c', 'd', 'e', 'f'].map((label) => ({ label, description: label }));

const LEAST_COSINE = 0.25;

const store = async (): Promise<LevelIndex> =>
  new LevelIndex(await fakeDocument(samples.find((s) => s.name === 'store.py')!.text, 'store.py'));

/** The third label lies in the direction of these pieces, the others away from it. */
function pointingAt(
  index: LevelIndex,
  pieces: readonly [number, number],
): { close: Float32Array; finder: TopicFinder } {
  const vector = index.vector(pieces);
  const norm = Math.hypot(...vector);
  const close = vector.map((x) => x / norm);
  const vectors = LABELS.map((_, i) =>
    i === 2 ? close : close.map((x, d) => (d === i ? -x - 1 : -x)).map((x) => x / 3),
  );
  return { close, finder: new TopicFinder(LABELS, vectors, LEAST_COSINE) };
}

describe('topics of a document', () => {
  it('need a label that stands out from the others', async () => {
    const index = await store();
    const same = LABELS.map(() => randomUnit(5, index.document.dimension));
    expect(new TopicFinder(LABELS, same, LEAST_COSINE).ofDocument(index)).toEqual([]);
    expect(new TopicFinder(LABELS, same, LEAST_COSINE).ofSections(index)).toEqual([]);
    expect(new TopicFinder([LABELS[0]!], [same[0]!], LEAST_COSINE).ofDocument(index)).toEqual([]);
    expect(new TopicFinder([LABELS[0]!], [same[0]!], LEAST_COSINE).ofSections(index)).toEqual([]);
  });

  it('of two that are nearly as close is none', async () => {
    const index = await store();
    const vector = index.vector([0, index.pieces]);
    const close = vector.map((x) => x / Math.hypot(...vector));
    const nearly = close.map((x, d) => (d === 0 ? x + 0.05 : x));
    const finder = new TopicFinder(LABELS.slice(0, 2), [close, nearly.map((x) => x / Math.hypot(...nearly))], 0);
    expect(finder.ofDocument(index)).toEqual([]);
    expect(finder.ofSections(index)).toEqual([]);
  });

  it.each([2, 3, 4, 5])('among %d labels are those that stand out as far as one can', async (count) => {
    const index = await store();
    const vector = index.vector([0, index.pieces]);
    const close = vector.map((x) => x / Math.hypot(...vector));
    const labels = LABELS.slice(0, count);
    const away = labels.map((_, i) => close.map((x, d) => (d === i ? -x - 1 : -x) / 3));
    const one = new TopicFinder(labels, [close, ...away.slice(1)], LEAST_COSINE);
    expect(one.ofDocument(index).map((t) => t.label)).toEqual(['a']);
    expect(one.ofSections(index)).not.toEqual([]);
    expect(new Set(one.ofSections(index).map((t) => t.label))).toEqual(new Set(['a']));
    // Nothing is named that no label is close to, nor one of two that are equally close.
    expect(new TopicFinder(labels, away, LEAST_COSINE).ofDocument(index)).toEqual([]);
    const twins = new TopicFinder(labels, [close, close, ...away.slice(2)], LEAST_COSINE);
    if (count < 4) expect(twins.ofDocument(index)).toEqual([]);
  });

  it('name the statements that earned them', async () => {
    const index = await store();
    const { close, finder } = pointingAt(index, [0, index.pieces]);
    const [topic] = finder.ofDocument(index);
    expect(topic?.label).toBe('c');
    expect(topic!.evidence.length).toBeGreaterThan(0);
    const cosines = topic!.evidence.map((n) => index.cosine(close, index.piecesOfNode(n)));
    expect(cosines).toEqual(cosines.toSorted((a, b) => b - a));
  });
});

describe('topics of sections', () => {
  it('name the section that a label points at, with evidence from inside it', async () => {
    const index = await store();
    const { nodes } = index.document.tree;
    const sections = nodes.filter((n) => n.kind === 'function' && index.size(index.piecesOfNode(n.id)) >= 64);
    expect(sections.length).toBeGreaterThan(0);
    for (const section of sections) {
      const { finder } = pointingAt(index, index.piecesOfNode(section.id));
      const found = finder.ofSections(index).find((t) => t.node === section.id);
      expect(found?.label).toBe('c');
      for (const leaf of found!.evidence.map((id) => nodes[id]!)) {
        expect(leaf.children).toEqual([]);
        expect(leaf.start).toBeGreaterThanOrEqual(section.start);
        expect(leaf.end).toBeLessThanOrEqual(section.end);
      }
    }
  });

  it('are not claimed of what is too short to have one', async () => {
    const index = await store();
    const { finder } = pointingAt(index, [0, index.pieces]);
    const size = (node: number): number => index.size(index.piecesOfNode(node));
    const claimed = finder.ofSections(index).map(({ node }) => size(node));
    expect(claimed.length).toBeGreaterThan(0);
    expect(Math.min(...claimed)).toBeGreaterThanOrEqual(64);
    const { nodes } = index.document.tree;
    expect(nodes.some(({ kind, id }) => kind === 'function' && size(id) < 64)).toBe(true);
  });
});
