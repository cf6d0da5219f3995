/** Units of a document in the order in which they answer: what the command line's `rank` prints. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { LevelIndex } from '../../../src/engine/analysis/levels.js';
import { heatToRank, type RankUnit, rankUnits } from '../../../src/engine/analysis/ranking.js';
import { type Heat, heatOf, ledHeat } from '../../../src/engine/analysis/relevance.js';
import type { Question } from '../../../src/engine/encoder/index.js';
import { asked, slowCosine, slowWords, text, VECTOR_SCALES, weights } from './slow-heat.js';

let index: LevelIndex;
let question: Question;
let heat: Heat;

beforeAll(async () => {
  ({ index, question, heat } = await asked());
});

describe('ranking for other programs', () => {
  it.each([1, 10, 30])('covers the text with blocks of %d lines', (lines) => {
    const total = text.split('\n').length - 1;
    const ranked = rankUnits(heat, { lines }, total);
    const ordered = ranked.toSorted((a, b) => a.startLine - b.startLine);
    expect(ordered.map((r) => r.startLine)).toEqual(
      Array.from({ length: Math.ceil(total / lines) }, (_, i) => i * lines + 1),
    );
    expect(ordered.at(-1)!.endLine).toBe(total);
    const scores = ranked.map((r) => r.score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  });

  it('scores a block by its own vector, its best statement and the mean heat of all of its statements', () => {
    const size = 10;
    const leaves = index.document.tree.nodes.filter((n) => {
      const [first, last] = index.piecesOfNode(n.id);
      return n.children.length === 0 && last > first;
    });
    const scales = weights.statement + weights.neighbours + weights.passage + weights.stretch + weights.block;
    let checked = 0;
    for (const { startLine, score } of rankUnits(heat, { lines: size }, text.split('\n').length - 1)) {
      const inside = leaves.filter((n) => n.startLine >= startLine && n.endLine < startLine + size);
      const touching = leaves.filter((n) => n.startLine < startLine + size && n.endLine >= startLine);
      // The share of a statement that crosses a border is not looked at here.
      if (inside.length === 0 || inside.length < touching.length) continue;
      const runs = inside.map((n) => index.piecesOfNode(n.id));
      const tokens = runs.map((r) => index.size(r));
      const mean = inside.reduce((sum, n, i) => sum + heat.score(n) * tokens[i]!, 0) / tokens.reduce((a, b) => a + b);
      const own = slowCosine([runs[0]![0], runs.at(-1)![1]], heat);
      const best = Math.max(...runs.map((run) => slowCosine(run, heat)));
      const all = VECTOR_SCALES.reduce((sum, s) => sum + weights[s], 0);
      const wordsWeight = (2 * weights.words * scales) / all;
      const words = wordsWeight * slowWords(question, [runs[0]![0], runs.at(-1)![1]], index);
      const largest = all + weights.words + weights.ownWords + 1.6 * scales + wordsWeight;
      expect(score).toBeCloseTo((mean + scales * (own + 0.6 * best) + words) / largest, 4);
      checked++;
    }
    expect(checked).toBeGreaterThan(0);
  });

  it('has room for more lines than a function can have arguments', () => {
    const lines = 300_000;
    const ranked = rankUnits(heat, { lines: 1 }, lines);
    expect(ranked).toHaveLength(lines);
    expect(ranked.at(-1)!.score).toBeLessThan(ranked[0]!.score);
  });

  it('leads the question on for statements and lines, not for blocks', () => {
    const given = { ...weights, feedback: 0.6 };
    const asked = (unit: RankUnit): Float32Array => heatToRank(index, given, question, unit).query;
    const led = ledHeat(index, given, question).query;
    expect(asked('statement')).toEqual(led);
    expect(asked({ lines: 1 })).toEqual(led);
    expect(asked({ lines: 10 })).toEqual(heat.query);
    expect(asked('function')).toEqual(heat.query);
  });

  it.each<RankUnit>(['statement', 'function', 'file', { lines: 1 }, { lines: 10 }])(
    'of %j gives scores that do not depend on how large the weights of a genre are',
    (unit) => {
      const fiveTimes = Object.fromEntries(Object.entries(weights).map(([scale, w]) => [scale, 5 * w]));
      const other = heatOf(index, { ...weights, ...fiveTimes }, question);
      const [some, same] = [heat, other].map((h) => rankUnits(h, unit, 200));
      expect(some!.length).toBeGreaterThan(0);
      same!.forEach(({ score }, i) => {
        expect(score).toBeCloseTo(some![i]!.score, 6);
        expect(Math.abs(score)).toBeLessThanOrEqual(1);
      });
    },
  );
});
