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
    for (const { node } of finder.ofSections(index))
      expect(index.size(index.piecesOfNode(node))).toBeGreaterThanOrEqual(64);
  });
});
