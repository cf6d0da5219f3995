/** Why a place has its heat: parts that add up, in words that tell them apart. */
import { beforeAll, describe, expect, it } from 'vitest';
import { explainHeat } from '../../../src/engine/analysis/explanation.js';
import { LevelIndex } from '../../../src/engine/analysis/levels.js';
import { type Heat, heatOf, heatOfDocument } from '../../../src/engine/analysis/relevance.js';
import { type Question, wholeWords } from '../../../src/engine/encoder/index.js';
import { fakeDocument } from './fake-document.js';
import { asked, text, weights } from './slow-heat.js';

let index: LevelIndex;
let question: Question;
let heat: Heat;

beforeAll(async () => {
  ({ index, question, heat } = await asked());
});

describe('the explanation', () => {
  it('adds up to the score by scale, and its own part by word', () => {
    const { scores } = heatOfDocument(heat, text, { text: 'load' });
    for (const node of index.document.tree.nodes) {
      const why = explainHeat(heat, text, node);
      expect(why.scales.reduce((sum, s) => sum + s.contribution, 0)).toBeCloseTo(scores[node.id]!, 5);
      const own = why.scales.filter((s, i) => i === 0 || s.scale === 'ownWords');
      expect(why.words.reduce((sum, w) => sum + w.contribution, why.context)).toBeCloseTo(
        own.reduce((sum, s) => sum + s.contribution, 0),
        6,
      );
      for (const word of why.words)
        if (word.text !== '…') expect(text.slice(word.range.start, word.range.end)).toBe(word.text);
    }
  });

  it('tells apart what the words of a place give and what its neighbours lent them', () => {
    const { packed, pieceContext, dimension, tree } = index.document;
    let checked = 0;
    for (const node of tree.nodes.filter((n) => n.children.length === 0)) {
      const [first, last] = index.piecesOfNode(node.id);
      const [from, to] = index.tokensOf([first, last]);
      const tokens = Array.from({ length: to - from }, (_, i) => from + i);
      // What the markers of a function give is not looked at here.
      if (tokens.some((t) => packed.tokenStart[t] === packed.tokenEnd[t])) continue;
      let lent = 0;
      for (let p = first; p < last; p++)
        for (let d = 0; d < dimension; d++)
          lent += packed.pieceSizes[p]! * pieceContext[p * dimension + d]! * heat.query[d]!;
      const length = tokens.length * Math.hypot(...index.vector([first, last]));
      expect(explainHeat(heat, text, node).context).toBeCloseTo((weights.statement * lent) / length, 6);
      checked++;
    }
    expect(checked).toBeGreaterThan(20);
  });

  it('lists whole words, each by itself, of a long text the strongest and the others as one', () => {
    const whole = explainHeat(heat, text, index.document.tree.nodes[0]!).words;
    expect(whole).toHaveLength(401);
    expect(whole.at(-1)!.text).toBe('…');
    expect(whole.some((w) => w.contribution < 0)).toBe(true);
    for (const node of index.document.tree.nodes.filter((n) => n.children.length === 0)) {
      const { words } = explainHeat(heat, text, node);
      for (const { range, text: word } of words) {
        expect(word).toMatch(/^(?:[\p{L}\p{N}]+|[^\p{L}\p{N}\s])$/u);
        expect(wholeWords(text, range.start, range.end)).toEqual(range);
      }
    }
  });

  it('tells what each word of the question meets, and their mean is the scale of words', () => {
    const { ranking } = heatOfDocument(heat, text, { text: 'load' });
    const found = explainHeat(heat, text, index.document.tree.nodes[ranking[0]!]!);
    const { cosine, range } = found.scales.find((s) => s.scale === 'words')!;
    expect(found.met.map((m) => m.asked)).toEqual(question.words.map((w) => w.text));
    expect(found.met.reduce((sum, m) => sum + m.cosine / question.words.length, 0)).toBeCloseTo(cosine, 5);
    for (const m of found.met) {
      expect(text.slice(m.range.start, m.range.end)).toBe(m.text);
      expect(m.range.start).toBeGreaterThanOrEqual(range.start);
      expect(m.range.end).toBeLessThanOrEqual(range.end);
      expect(wholeWords(text, m.range.start, m.range.end)).toEqual(m.range);
    }
  });

  it('joins the tokens of one word of the question', () => {
    const [a, b, c] = question.words;
    const words = [a!, { ...b!, continues: true }, c!];
    const joined = heatOf(index, weights, { ...question, words });
    const { met } = explainHeat(joined, text, index.document.tree.nodes[0]!);
    expect(met.map((m) => m.asked)).toEqual([`${a!.text}${b!.text}`, c!.text]);
    const alone = explainHeat(heat, text, index.document.tree.nodes[0]!).met;
    expect(met[0]!.cosine).toBe(Math.max(alone[0]!.cosine, alone[1]!.cosine));
  });

  it('names every scale of a place differently', () => {
    const { ranking } = heatOfDocument(heat, text, { text: 'load' });
    for (const id of ranking.slice(0, 20)) {
      const { start, end } = index.document.tree.nodes[id]!;
      const { scales } = explainHeat(heat, text, index.document.tree.nodes[id]!);
      expect(new Set(scales.map((s) => s.label)).size).toBe(10);
      expect(scales[0]!.range).toEqual({ start, end });
      for (const { scale, range } of scales) expect(range.start <= start && range.end >= end, scale).toBe(true);
    }
  });

  const labelsOf = async (source: string, name: string, place: string): Promise<string[]> => {
    const index = new LevelIndex(await fakeDocument(source, name));
    const node = index.document.tree.nodes.find((n) => n.children.length === 0 && n.start === source.indexOf(place))!;
    return explainHeat(heatOf(index, weights, question), source, node).scales.map((s) => s.label);
  };

  it('says of what each scale is made, by its name where it has one', async () => {
    const itself = [
      'itself, as a whole',
      'itself, word by word',
      'the words of the question, each where it is met best',
    ];
    const runs = [20, 80].map((n, i) => `the best ${['passage', 'stretch'][i]} of ${n} statements around it`);
    const file = ['its part of the document', 'the whole document'];
    expect(await labelsOf(text, 'grammars.ts', 'return use(tree);')).toEqual([
      ...itself,
      'with the 10 statements before it',
      ...runs,
      'its paragraph',
      'function withTree',
      ...file,
    ]);
    const meeting = 'Ann: the price is ten\nBo: we said twelve\n'.repeat(20);
    expect(await labelsOf(meeting, 'meeting.txt', 'Bo: we said twelve')).toEqual([
      ...itself,
      'with the 7 statements before and the 3 after it',
      ...runs,
      'the turns around it',
      'section “Turns 1–40”',
      ...file,
    ]);
  });

  it('gives the first lines of a class not the name of all of it', async () => {
    const method = (i: number): string => `  write${i}(key) {\n    this.set(key, ${i});\n    return key;\n  }\n`;
    const source = `class Store {\n${Array.from({ length: 20 }, (_, i) => method(i)).join('')}}\n`;
    const labels = await labelsOf(source, 'store.ts', 'class Store {');
    expect(labels).toContain('its function or section');
    expect(await labelsOf(source, 'store.ts', 'this.set(key, 7)')).toContain('function write7');
  });

  it('leaves out a scale that the model does not use, and still splits what the place itself gives', () => {
    const without = heatOf(index, { ...weights, statement: 0, passage: 0 }, question);
    const { ranking, scores } = heatOfDocument(without, text, { text: 'load' });
    const why = explainHeat(without, text, index.document.tree.nodes[ranking[0]!]!);
    expect(why.scales.map((s) => s.scale)).not.toContain('passage');
    expect(why.scales[0]).toMatchObject({ scale: 'ownWords', label: 'itself, word by word' });
    expect(why.scales.reduce((sum, s) => sum + s.contribution, 0)).toBeCloseTo(scores[ranking[0]!]!, 5);
    const itself = why.words.reduce((sum, w) => sum + w.contribution, why.context);
    expect(itself).toBeCloseTo(why.scales[0]!.contribution, 6);
  });

  it('ranks a place among its own kind', () => {
    const { ranking } = heatOfDocument(heat, text, { text: 'load' });
    const first = explainHeat(heat, text, index.document.tree.nodes[ranking[0]!]!);
    expect(first).toMatchObject({ rank: 1, ranked: ranking.length });
  });
});
