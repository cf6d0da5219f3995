/** Heat against sums over token vectors. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { explainHeat } from '../../../src/engine/analysis/explanation.js';
import { LevelIndex } from '../../../src/engine/analysis/levels.js';
import {
  type Heat,
  heatOf,
  heatOfDocument,
  heatOfTokens,
  intensities,
  ledHeat,
  scaleOf,
} from '../../../src/engine/analysis/relevance.js';
import { normalised, type Question } from '../../../src/engine/encoder/index.js';
import { ROOT, samples } from '../hierarchy/invariants.js';
import { fakeDocument } from './fake-document.js';
import { asked, slowCosine, slowWords, text, VECTOR_SCALES, weights } from './slow-heat.js';
import { randomQuestion } from './vectors.js';

const ANCESTORS = ['block', 'unit', 'part', 'file'] as const;
let index: LevelIndex;
let question: Question;
let heat: Heat;

beforeAll(async () => {
  ({ index, question, heat } = await asked());
});

describe('heat', () => {
  it.each([
    ['grammars.ts', text],
    ['meeting.txt', Array.from({ length: 130 }, (_, i) => `${i % 3 ? 'Ann' : 'Bo'}: item ${i} is done\n`).join('')],
    ['app.log', Array.from({ length: 130 }, (_, i) => `[INFO] ${i % 3 ? 'Ann' : 'Bo'} has done item ${i}\n`).join('')],
    ['guide.md', Array.from({ length: 30 }, (_, i) => `# Item ${i}\n\nIt is done. So is all of it.\n\n`).join('')],
    ['items.yaml', Array.from({ length: 40 }, (_, i) => `item${i}:\n  done: yes\n  by: ann\n`).join('')],
  ])('of every node of %s is the weighted sum of cosines over itself and what it belongs to', async (name, source) => {
    const index = new LevelIndex(await fakeDocument(source, name, { seed: 7 }));
    const question = randomQuestion(3, index.document.dimension);
    const heat = heatOf(index, weights, question);
    const result = heatOfDocument(heat, source, { text: 'load' });
    const leaves = [...new Set(index.document.packed.pieceLeaf)];
    const runOfLeaves = (first: number, last: number): readonly [number, number] => [
      index.piecesOfNode(leaves[Math.max(0, first)]!)[0],
      index.piecesOfNode(leaves[Math.min(leaves.length - 1, last)]!)[1],
    ];
    for (const node of index.document.tree.nodes) {
      const pieces = index.piecesOfNode(node.id);
      if (pieces[0] === pieces[1]) continue;
      const own = scaleOf(node.kind);
      const at = leaves.indexOf(index.document.packed.pieceLeaf[pieces[0]]!);
      let expected = weights[own] * slowCosine(pieces, heat);
      const upwards = VECTOR_SCALES.slice(VECTOR_SCALES.indexOf(own)).reduce((sum, s) => sum + weights[s], 0);
      const words = (weights.words * upwards) / VECTOR_SCALES.reduce((sum, s) => sum + weights[s], 0);
      if (own !== 'statement') expected += words * slowWords(question, pieces, index);
      else {
        const bestRun = (size: number): number => {
          const length = Math.min(size, leaves.length);
          const starts = Array.from({ length: leaves.length - length + 1 }, (_, i) => i);
          const around = starts.filter((i) => i <= at && at < i + length);
          return Math.max(...around.map((i) => slowCosine(runOfLeaves(i, i + length - 1), heat)));
        };
        const [length, after] = { code: [15, 3], prose: [15, 0], transcript: [20, 0], data: [15, 3] }[
          name === 'app.log' ? 'data' : index.document.tree.genre
        ] as [number, number];
        const ends = Array.from({ length: after + 1 }, (_, i) => at + i).filter((end) => end < leaves.length);
        expected += weights.ownWords * slowWords(question, pieces, index);
        expected +=
          words * Math.max(...ends.map((end) => slowWords(question, runOfLeaves(end - length + 1, end), index)));
        const near = name === 'meeting.txt' ? runOfLeaves(at - 7, at + 3) : runOfLeaves(at - 10, at);
        expected += weights.neighbours * slowCosine(near, heat);
        expected += weights.passage * bestRun(20) + weights.stretch * bestRun(80);
      }
      ANCESTORS.slice(ANCESTORS.indexOf(own as 'block') + 1).forEach((scale) => {
        // Of a meeting or a log: the ten and the forty turns or entries that it lies in.
        const turns = ['meeting.txt', 'app.log'].includes(name) ? { block: 10, unit: 40, part: 0, file: 0 }[scale] : 0;
        const level = (ANCESTORS.indexOf(scale) + 2) as 2 | 3 | 4 | 5;
        const first = at - (at % (turns || 1));
        const ancestor = index.piecesOf(level, index.ancestor(pieces[0], level));
        // Of anything else its paragraph, which is no level of the encoder's tree.
        const { pieceParagraph } = index.document.packed;
        const paragraph = pieceParagraph[pieces[0]]!;
        const run = turns
          ? runOfLeaves(first, first + turns - 1)
          : scale === 'block'
            ? ([pieceParagraph.indexOf(paragraph), pieceParagraph.lastIndexOf(paragraph) + 1] as const)
            : ancestor;
        expected += weights[scale] * slowCosine(run, heat);
      });
      expect(result.scores[node.id]).toBeCloseTo(expected, 5);
      expect(result.meanCosines[node.id]).toBeCloseTo(expected / heat.largestScore(own), 5);
    }
  });

  it('ranks every leaf with words once, hottest first', () => {
    const { ranking, scores } = heatOfDocument(heat, text, { text: 'load' });
    const leaves = index.document.tree.nodes.filter((n) => n.children.length === 0 && !n.trivial);
    expect(ranking.toSorted((a, b) => a - b)).toEqual(leaves.map((n) => n.id));
    const values = ranking.map((n) => scores[n]!);
    expect(values).toEqual(values.toSorted((a, b) => b - a));
  });

  it('is none where nothing is written that can be read', async () => {
    const source = samples.find((s) => s.name === 'notes.ipynb')!.text;
    const index = new LevelIndex(await fakeDocument(source, 'notes.ipynb'));
    const heat = heatOf(index, weights, question);
    const { scores, ranking } = heatOfDocument(heat, source, { text: 'load' });
    const unread = index.document.tree.nodes.filter((n) => index.size(index.piecesOfNode(n.id)) === 0);
    expect(unread.length).toBeGreaterThan(0);
    for (const node of unread) {
      expect(scores[node.id]).toBe(0);
      expect(ranking).not.toContain(node.id);
      expect(explainHeat(heat, source, node)).toMatchObject({ scales: [], words: [], met: [] });
    }
  });

  it('is the largest that there can be where each of its parts is the question itself', () => {
    for (const node of index.document.tree.nodes) {
      const all = heat.terms(node).reduce((sum, term) => sum + term.weight, 0);
      expect(heat.largestScore(scaleOf(node.kind))).toBeCloseTo(all, 9);
    }
  });

  it('comes with the words of a question that stand in the text; a selection has none', () => {
    const { literal } = heatOfDocument(heat, text, { text: 'which grammar' });
    expect(literal.length).toBeGreaterThan(0);
    for (const { start, end } of literal) expect(text.slice(start, end)).toMatch(/^grammar$/i);
    expect(heatOfDocument(heat, text, { range: { start: 0, end: 9 } }).literal).toEqual([]);
  });

  it('colours: the best place of each kind is the strongest, and most places are cold', () => {
    const { intensity, ranking } = heatOfDocument(heat, text, { text: 'load' });
    expect(intensity[ranking[0]!]).toBe(Math.max(...ranking.map((n) => intensity[n]!)));
    expect(ranking.filter((n) => intensity[n] === 0).length).toBeGreaterThan(ranking.length / 2);
    expect([...intensity].every((x) => x >= 0 && x <= 1)).toBe(true);
  });

  it.each([
    ['seven classes', 7],
    ['two classes', 2],
  ])('of %s, functions, blocks and statements, the best of each has the strongest colour', async (_, classes) => {
    const methods = (i: number): string =>
      [1, 2, 3]
        .map((m) => `  read${i}${m}(key) {\n    if (key) {\n      open(key);\n      close(${m});\n    }\n  }\n`)
        .join('');
    const source = Array.from({ length: classes }, (_, i) => `class Store${i} {\n${methods(i)}}\n`).join('\n');
    const index = new LevelIndex(await fakeDocument(source, 'stores.ts', { seed: 3 }));
    const { nodes } = index.document.tree;
    // The weights of the shipped model, under which a class can be less than half as hot as a function.
    const { heat: shipped } = JSON.parse(readFileSync(path.join(ROOT, 'models/manifest.json'), 'utf8')) as {
      heat: { weights: { code: typeof weights } };
    };
    const heat = heatOf(index, shipped.weights.code, question);
    const { intensity, scores } = heatOfDocument(heat, source, { text: 'load' });
    for (const kind of ['class', 'function', 'block', 'statement'] as const) {
      const ofKind = nodes.filter((n) => n.kind === kind && !n.trivial).map((n) => n.id);
      expect(ofKind.length, kind).toBeGreaterThan(1);
      const hottest = ofKind.reduce((a, b) => (scores[b]! > scores[a]! ? b : a));
      expect(intensity[hottest], kind).toBeGreaterThan(0);
      expect(intensity[hottest], kind).toBe(Math.max(...ofKind.map((n) => intensity[n]!)));
      expect(ofKind.filter((n) => intensity[n] === 0).length, kind).toBeGreaterThanOrEqual(ofKind.length / 2);
    }
  });

  it('says how surely a question is answered, by the hottest statement as a share of the largest heat', () => {
    const { nodes } = index.document.tree;
    const { packed } = index.document;
    const token = packed.ids.findIndex((_, t) => packed.tokenStart[t] !== packed.tokenEnd[t]);
    const standing = { text: 'word', continues: false, state: normalised(index.document.tokenState(token)) };
    const largest = Object.entries(weights).reduce((sum, [scale, w]) => sum + (scale === 'token' ? 0 : w), 0);
    const shareOf = (vector: Float32Array): [share: number, answered: number] => {
      const heat = heatOf(index, weights, { vector, words: [standing] });
      const leaves = nodes.filter((n) => n.children.length === 0 && !n.trivial);
      return [Math.max(0, ...leaves.map((n) => heat.score(n))) / largest, heat.answered];
    };
    const place = normalised(index.vector(index.piecesOfNode(nodes.find((n) => n.kind === 'function')!.id)));
    // From the opposite of a place by way of the question to the place.
    const between = Array.from({ length: 41 }, (_, i) => i / 20 - 1).map((part) =>
      shareOf(normalised(place.map((x, d) => part * x + (1 - Math.abs(part)) * question.vector[d]!))),
    );
    for (const [share, answered] of between)
      expect(answered).toBeCloseTo(Math.min(1, Math.max(0, (share - 0.26) / 0.14)), 5);
    expect(between.some(([, answered]) => answered > 0 && answered < 1)).toBe(true);
    expect(between[0]![1]).toBe(0);
    // What the question is led on by does not make it look answered.
    const faint = between.findIndex(([, answered]) => answered > 0 && answered < 1) / 20 - 1;
    const vector = normalised(place.map((x, d) => faint * x + (1 - Math.abs(faint)) * question.vector[d]!));
    const led = ledHeat(index, { ...weights, feedback: 2 }, { vector, words: [standing] });
    expect(led.ledBy).not.toEqual([]);
    expect(led.answered).toBe(shareOf(vector)[1]);
  });

  it('says of a meeting how surely it answers, by how many words of the question are met', async () => {
    const said = 'Ann: the price is ten\nBo: we said twelve\n'.repeat(4);
    const index = new LevelIndex(await fakeDocument(said, 'meeting.txt', { seed: 7 }));
    const { packed } = index.document;
    const standing = packed.ids.findIndex((_, t) => packed.tokenStart[t] !== packed.tokenEnd[t]);
    const word = { text: 'word', continues: false };
    const met = { ...word, state: normalised(index.document.tokenState(standing)) };
    const unmet = { ...word, state: new Float32Array(index.document.dimension) };
    const { vector } = randomQuestion(3, index.document.dimension);
    const answered = (...words: Question['words']): number => heatOf(index, weights, { vector, words }).answered;
    expect(answered(met)).toBe(1);
    expect(answered(met, unmet)).toBeCloseTo(2 / 3, 1);
    expect(answered(met, unmet, unmet)).toBe(0);
    expect(answered()).toBe(0);
  });

  it('colours are as strong as the question is answered, and weak where lines are all alike', () => {
    expect(intensities([0.5, 0.5, 0.5], 1, 1)).toEqual([0, 0, 0]);
    expect(intensities([], 1, 1)).toEqual([]);
    const spread = Array.from({ length: 20 }, (_, i) => i / 20);
    expect(Math.max(...intensities(spread, 1, 1))).toBeCloseTo(1);
    expect(Math.max(...intensities(spread, 0.3, 1))).toBeCloseTo(0.3);
    expect(Math.max(...intensities(spread, 0, 1))).toBeCloseTo(0.1);
    const alike = spread.map((x) => x / 100);
    expect(Math.max(...intensities(alike, 1, 1))).toBeCloseTo(0.15);
    expect(Math.max(...intensities(alike, 1, 0.15))).toBeCloseTo(1);
  });

  it('colours the hottest three of ten, of few the upper half', () => {
    const warm = (count: number): number =>
      intensities(Array.from(Array(count).keys()), 1, 1).filter((x) => x > 0).length;
    expect([20, 100, 1000].map(warm)).toEqual([5, 29, 299]);
    expect([11, 5, 3, 2, 1].map(warm)).toEqual([5, 2, 1, 1, 0]);
  });

  it('of tokens has the same colours on every screen', () => {
    const whole = heatOfTokens(heat, { start: 0, end: text.length });
    const middle = Math.floor(text.length / 2);
    const screens = [
      heatOfTokens(heat, { start: 0, end: middle }),
      heatOfTokens(heat, { start: middle, end: text.length }),
    ];
    const colours = new Map<number, number>();
    for (const { offsets, intensity } of screens) intensity.forEach((x, i) => colours.set(offsets[2 * i]!, x));
    expect(Array.from(whole.intensity, (_, i) => colours.get(whole.offsets[2 * i]!))).toEqual([...whole.intensity]);
    expect(Math.max(...whole.intensity)).toBeGreaterThan(0);
    expect(Math.min(...screens.map(({ intensity }) => Math.max(...intensity)))).toBeLessThan(
      Math.max(...whole.intensity),
    );
  });

  it('of tokens is that of their statement and their own word; those of statements that say nothing have none', () => {
    const { offsets, scores } = heatOfTokens(heat, { start: 0, end: text.length });
    const { packed, tree } = index.document;
    const expected = new Map<number, number>();
    for (let piece = 0; piece < index.pieces; piece++) {
      const leaf = tree.nodes[packed.pieceLeaf[piece]!]!;
      const [from, to] = index.tokensOf([piece, piece + 1]);
      for (let t = from; t < to; t++) {
        if (leaf.trivial || packed.tokenStart[t] === packed.tokenEnd[t]) continue;
        const state = index.document.tokenState(t);
        const norm = Math.hypot(...state);
        const cosine = state.reduce((sum, x, d) => sum + (x / norm) * heat.query[d]!, 0);
        expected.set(packed.tokenStart[t]!, heat.score(leaf) + weights.token * cosine);
      }
    }
    expect(tree.nodes.some((n) => n.trivial && index.size(index.piecesOfNode(n.id)) > 0)).toBe(true);
    expect(Array.from(scores, (_, i) => offsets[2 * i])).toEqual([...expected.keys()]);
    scores.forEach((score, i) => {
      expect(score).toBeCloseTo(expected.get(offsets[2 * i]!)!, 3);
    });
  });
});

describe('a question that the document leads on', () => {
  const norm = (v: Float32Array): Float32Array => v.map((x) => x / Math.hypot(...v));

  it('is the question where the model gives feedback no weight', () => {
    expect(ledHeat(index, weights, question).query).toEqual(heat.query);
  });

  it('is the question plus the mean direction of the ten hottest leaves, by how much they agree with it', () => {
    const led = ledHeat(index, { ...weights, feedback: 2.2 }, question);
    const { ranking } = heatOfDocument(heat, text, { text: '' });
    const sum = new Float32Array(heat.query.length);
    for (const leaf of ranking.slice(0, 10))
      norm(index.vector(index.piecesOfNode(leaf))).forEach((x, d) => (sum[d]! += x / 10));
    const answer = norm(sum);
    const agreement = heat.query.reduce((total, x, d) => total + x * answer[d]!, 0);
    expect(agreement).toBeGreaterThan(0);
    const expected = norm(heat.query.map((x, d) => x + 2.2 * agreement ** 2 * answer[d]!));
    expected.forEach((x, d) => {
      expect(led.query[d]).toBeCloseTo(x, 5);
    });
    expect(led.ledBy).toEqual(ranking.slice(0, 10));
    expect(led.words.words).toBe(question.words);
  });

  it('is not led away from what it asks by places that have nothing in common with it', () => {
    const all = index.vector([0, index.pieces]);
    const opposite = { ...question, vector: norm(all.map((x) => -x)) };
    const led = ledHeat(index, { ...weights, feedback: 2.2 }, opposite);
    expect(led.query).toEqual(opposite.vector);
    expect(led.ledBy).toEqual([]);
  });

  it('still has heat that is explained by scales that add up', () => {
    const led = ledHeat(index, { ...weights, feedback: 0.6 }, question);
    const { scores, ranking } = heatOfDocument(led, text, { text: '' });
    const found = explainHeat(led, text, index.document.tree.nodes[ranking[0]!]!);
    expect(found.scales.reduce((sum, s) => sum + s.contribution, 0)).toBeCloseTo(scores[ranking[0]!]!, 4);
    expect(found.ledBy).toHaveLength(10);
  });
});
