/** Topics on real files with stand-in vectors: what stands out is named, with the statements that earned it. */
import { describe, expect, it } from 'vitest';
import { LevelIndex } from '../../../src/engine/analysis/levels.js';
import { defaultTopics, TopicFinder } from '../../../src/engine/analysis/topics.js';
import { normalised } from '../../../src/engine/encoder/index.js';
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
    const { close } = pointingAt(index, [0, index.pieces]);
    expect(new TopicFinder([LABELS[0]!], [close], LEAST_COSINE).ofDocument(index)).toEqual([]);
    expect(new TopicFinder([LABELS[0]!], [close], LEAST_COSINE).ofSections(index)).toEqual([]);
  });

  it('are no labels that stand out and are still far from the text', async () => {
    const index = await store();
    const { close } = pointingAt(index, [0, index.pieces]);
    const near = (share: number): TopicFinder =>
      new TopicFinder(LABELS, LABELS.map((_, i) => close.map((x) => (i === 2 ? x : -x) * share)), LEAST_COSINE); // prettier-ignore
    expect(
      near(0.9)
        .ofDocument(index)
        .map((t) => t.label),
    ).toEqual(['c']);
    expect(near(0.9).ofSections(index)).not.toEqual([]);
    expect(near(0.1).ofDocument(index)).toEqual([]);
    expect(near(0.1).ofSections(index)).toEqual([]);
  });

  it('have the closeness of the text to the label, and how far that stands out from the others', async () => {
    const index = await store();
    const { close } = pointingAt(index, [0, index.pieces]);
    // As far from each other as can be, so that none of them is vague.
    const vectors = LABELS.map((_, i) => Float32Array.from(close, (_, d) => (i === d ? 1 : 0)));
    const cosines = vectors.map((v) => index.cosine(v, [0, index.pieces]));
    const mean = cosines.reduce((a, b) => a + b) / cosines.length;
    const deviation = Math.sqrt(cosines.reduce((sum, c) => sum + (c - mean) ** 2, 0) / cosines.length);
    const expected = cosines
      .map((cosine, i) => ({ label: LABELS[i]!.label, cosine, score: (cosine - mean) / deviation }))
      .filter(({ score }) => score >= 1.4)
      .sort((a, b) => b.score - a.score);
    expect(expected.length).toBeGreaterThan(0);
    const found = new TopicFinder(LABELS, vectors, -1).ofDocument(index);
    expect(found.map((t) => t.label)).toEqual(expected.map((t) => t.label));
    found.forEach(({ cosine, score }, i) => {
      expect(cosine).toBeCloseTo(expected[i]!.cosine, 5);
      expect(score).toBeCloseTo(expected[i]!.score, 3);
    });
  });

  it('are no three of eight, which stand out no further than many labels do', async () => {
    const index = await store();
    const { close } = pointingAt(index, [0, index.pieces]);
    const labels = [...LABELS, ...LABELS.slice(0, 2)];
    const sharing = (count: number): TopicFinder =>
      new TopicFinder(labels, labels.map((_, i) => close.map((x) => (i < count ? x : -x))), LEAST_COSINE); // prettier-ignore
    expect(sharing(2).ofDocument(index)).toHaveLength(2);
    expect(sharing(3).ofDocument(index)).toEqual([]);
  });

  it('are three at most', async () => {
    const index = await store();
    const { close } = pointingAt(index, [0, index.pieces]);
    const labels = Array.from({ length: 20 }, (_, i) => ({ label: `${i}`, description: '' }));
    const finder = new TopicFinder(labels, labels.map((_, i) => close.map((x) => (i < 4 ? x : -x))), LEAST_COSINE); // prettier-ignore
    expect(finder.ofDocument(index).map((t) => t.label)).toEqual(['0', '1', '2']);
  });

  it('may be two that share a document, of which neither is the topic of a section', async () => {
    const index = await store();
    const { close } = pointingAt(index, [0, index.pieces]);
    const labels = [...LABELS, { label: 'g', description: 'g' }];
    const finder = new TopicFinder(labels, labels.map((_, i) => close.map((x) => (i < 2 ? x : -x))), LEAST_COSINE); // prettier-ignore
    expect(finder.ofDocument(index).map((t) => t.label)).toEqual(['a', 'b']);
    expect(finder.ofSections(index)).toEqual([]);
  });

  it('are not vague labels, which are close to everything', async () => {
    const unit = (...numbers: number[]): Float32Array => Float32Array.from({ length: 8 }, (_, d) => numbers[d] ?? 0);
    const [clear, vague] = [unit(1), unit(0, ...Array<number>(5).fill(1 / Math.sqrt(5)))];
    const others = [1, 2, 3, 4, 5].map((at) => unit(...Array<number>(at).fill(0), 1));
    const text = 'one = 1\ntwo = 2\n';
    const vectorOf = (): number[] => [0.6, 0.29, 0.29, 0.29, 0.29, 0.29, 0.47];
    const index = new LevelIndex(await fakeDocument(text, 'a.py', { vectorOf }));
    const [closeToClear, closeToVague] = [clear, vague].map((v) => index.cosine(v, [0, index.pieces]));
    expect(closeToVague).toBeGreaterThan(closeToClear!);
    const labels = ['clear', 'vague', 'p', 'q', 'r', 's', 't'].map((label) => ({ label, description: label }));
    const finder = new TopicFinder(labels, [clear, vague, ...others], LEAST_COSINE);
    expect(finder.ofDocument(index).map((t) => t.label)).toEqual(['clear']);
  });

  it('of two that are nearly as close is none', async () => {
    const index = await store();
    const vector = index.vector([0, index.pieces]);
    const close = vector.map((x) => x / Math.hypot(...vector));
    const nearly = close.map((x, d) => (d === 0 ? x + 0.05 : x));
    const finder = new TopicFinder(LABELS.slice(0, 2), [close, nearly.map((x) => x / Math.hypot(...nearly))], 0);
    expect(finder.ofDocument(index)).toEqual([]);
    expect(finder.ofSections(index)).toEqual([]);
    const aside = normalised(close.map((x, d) => (d === 0 ? x + 0.5 : x)));
    expect(new TopicFinder(LABELS.slice(0, 2), [aside, close], 0).ofDocument(index).map((t) => t.label)).toEqual(['b']);
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
    const leaves = index.document.tree.nodes.filter((n) => n.children.length === 0 && !n.trivial).map((n) => n.id);
    const cosine = (n: number): number => index.cosine(close, index.piecesOfNode(n));
    expect(topic!.evidence).toEqual(leaves.toSorted((a, b) => cosine(b) - cosine(a)).slice(0, 5));
  });

  it('are never earned by a lone brace', async () => {
    const text = samples.find((s) => s.name === 'store.go')!.text;
    const index = new LevelIndex(await fakeDocument(text, 'store.go'));
    const { nodes } = index.document.tree;
    const brace = nodes.find((n) => n.trivial && text.slice(n.start, n.end) === '}')!;
    const [topic] = pointingAt(index, index.piecesOfNode(brace.id)).finder.ofDocument(index);
    expect(topic!.evidence).toHaveLength(5);
    expect(topic!.evidence.filter((n) => nodes[n]!.trivial)).toEqual([]);
  });

  it('are taken from one list for what programs read, from another for what people read', () => {
    const names = (genre: Parameters<typeof defaultTopics>[0]): string[] => defaultTopics(genre).map((t) => t.label);
    expect(names('code')).toContain('parsing');
    expect(names('data')).toEqual(names('code'));
    expect(names('prose')).toContain('tutorial');
    expect(names('transcript')).toEqual(names('prose'));
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

  it('are claimed from 64 tokens on, and of nothing but a class, function or section', async () => {
    // Each has one word more than the one before it.
    const words = 'one two three four five six seven eight nine ten'.split(' ');
    const sections = words.map((_, i) => `## Part\n\n${'so '.repeat(50)}${words.slice(0, i).join(' ')}.\n\n`);
    const index = new LevelIndex(await fakeDocument(`# All\n\n${sections.join('')}`, 'a.md', { vectorOf: () => [1] }));
    const sized = index.document.tree.nodes.filter((n) => n.kind === 'section');
    const size = (node: number): number => index.size(index.piecesOfNode(node));
    expect(sized.map(({ id }) => size(id))).toEqual(expect.arrayContaining([63, 64]));
    const { finder } = pointingAt(index, [0, index.pieces]);
    expect(finder.ofSections(index).map(({ node }) => node)).toEqual(
      sized.map(({ id }) => id).filter((id) => size(id) >= 64),
    );
  });
});
