import { describe, expect, it } from 'vitest';
import { bar, HEAT_STEPS, stepOf } from '../../../src/protocol/heat-steps.js';
import { type HeatBand, limitBands, mergeBands, rulerBands } from '../../../src/ui/heatmap/bands.js';
import { hotSpot, hotSpots } from '../../../src/ui/navigation.js';
import type { DocumentModel } from '../../../src/ui/document-model.js';

const band = (start: number, end: number, step: number): HeatBand => ({ start, end, step });

describe('colour steps', () => {
  it('grows with intensity from no colour to the last step, also outside 0…1', () => {
    const steps = Array.from({ length: 101 }, (_, i) => stepOf(i / 100));
    expect(steps[0]).toBe(0);
    expect(steps.at(-1)).toBe(HEAT_STEPS);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(new Set(steps).size).toBe(HEAT_STEPS + 1);
    expect(stepOf(1.5)).toBe(HEAT_STEPS);
    expect(stepOf(-1)).toBe(0);
    expect([0.03, 0.04, 0.1, 0.11].map(stepOf)).toEqual([0, 1, 1, 2]);
  });

  it('has a bar for every intensity', () => {
    expect([0, 0.5, 1, 2, -1].map(bar).join('')).toBe('▁▅██▁');
  });

  it('joins neighbours of one step over blanks only, and drops what has no colour', () => {
    const text = 'aa  bb;cc dd';
    const blank = (end: number, start: number): boolean => text.slice(end, start).trim() === '';
    const bands = [band(0, 2, 3), band(4, 6, 3), band(7, 9, 3), band(10, 12, 0)];
    expect(mergeBands(bands, blank)).toEqual([band(0, 6, 3), band(7, 9, 3)]);
    expect(bands[0]).toEqual(band(0, 2, 3));
    expect(mergeBands([band(0, 2, 3), band(4, 6, 4)], blank)).toEqual([band(0, 2, 3), band(4, 6, 4)]);
  });

  it('draws what is visible first, then the hottest, in text order', () => {
    const bands = [band(0, 1, 9), band(10, 11, 1), band(20, 21, 2), band(30, 31, 8)];
    expect(limitBands(bands, { start: 9, end: 25 }, 3)).toEqual([bands[0], bands[1], bands[2]]);
    expect(limitBands(bands, { start: 0, end: 99 }, 4)).toEqual(bands);
    const later = [band(0, 1, 2), band(10, 11, 9), band(20, 21, 1)];
    expect(limitBands(later, { start: 20, end: 25 }, 2)).toEqual([later[1], later[2]]);
  });

  it('marks hot and warm text in the ruler by themselves', () => {
    const bands = [band(0, 9, 5), band(10, 19, 6), band(20, 29, 9), band(40, 49, 10), band(60, 69, 8)];
    expect(rulerBands(bands, 100, 10)).toEqual({
      hot: [band(20, 29, 9), band(40, 49, 9)],
      warm: [band(10, 19, 6), band(60, 69, 6)],
    });
  });

  it('marks a very long text to its end, with few marks', () => {
    const bands = Array.from({ length: 100_000 }, (_, i) => band(10 * i, 10 * i + 4, i % 3 === 0 ? 10 : 7));
    const { hot, warm } = rulerBands(bands, 1_000_000, 500);
    for (const marks of [hot, warm]) {
      expect(marks.length).toBeLessThanOrEqual(501);
      expect(marks.at(-1)!.end).toBeGreaterThan(999_900);
    }
    const apart = rulerBands([band(0, 4, 10), band(5_000, 5_004, 10)], 1_000_000, 500);
    expect(apart.hot).toHaveLength(2);
  });
});

describe('hot spots', () => {
  const starts = [0, 100, 50, 200];
  const model = (intensity: number[], ranking: number[]): Pick<DocumentModel, 'heat' | 'ranges'> =>
    ({
      heat: { title: '', result: { intensity: Float32Array.from(intensity), ranking } },
      ranges: { start: (n: number) => starts[n]! },
    }) as unknown as DocumentModel;

  it('goes through the hot places in reading order, around the end', () => {
    const heat = model([0.9, 1, 0.1, 0.8], [1, 0, 3, 2]);
    expect([-1, 0, 100, 200].map((at) => hotSpot(heat, at, 1))).toEqual([0, 1, 3, 0]);
    expect([250, 200, 100, 0].map((at) => hotSpot(heat, at, -1))).toEqual([3, 1, 0, 3]);
  });

  it('are the hottest places, hottest first, none of them cold, at most thirty', () => {
    expect(hotSpots(model([0.5, 0.51, 0.1, 0.8], [3, 1, 0, 2]))).toEqual([3, 1]);
    const all = Array.from({ length: 40 }, (_, i) => i);
    const many = { heat: { title: '', result: { intensity: new Float32Array(40).fill(1), ranking: all } } };
    expect(hotSpots(many as unknown as DocumentModel)).toEqual(all.slice(0, 30));
  });

  it('has nowhere to go where nothing is hot', () => {
    expect(hotSpots(model([0.1, 0.1, 0.1, 0.1], [1, 0, 3, 2]))).toEqual([]);
    expect(hotSpot(model([0.1, 0.1, 0.1, 0.1], [1, 0, 3, 2]), 0, 1)).toBeUndefined();
    expect(hotSpot({ heat: undefined, ranges: undefined }, 0, 1)).toBeUndefined();
  });
});
