/** Stretches of text with one colour step, few enough for the editor. No `vscode` here: this is arithmetic. */
import { HOT_STEP, WARM_STEP } from '../../protocol/heat-steps.js';

/** A stretch of text with one colour step, 1…HEAT_STEPS. */
export interface HeatBand {
  start: number;
  end: number;
  step: number;
}

/**
 * Joins neighbours of the same step. `bands` are in text order without overlap; two are joined when `nothingBetween` says that what
 * lies between them does not count.
 */
export function mergeBands(
  bands: readonly HeatBand[],
  nothingBetween: (end: number, start: number) => boolean,
): HeatBand[] {
  const merged: HeatBand[] = [];
  for (const band of bands) {
    if (band.step === 0) continue;
    const last = merged.at(-1);
    if (last?.step === band.step && nothingBetween(last.end, band.start)) last.end = band.end;
    else merged.push({ ...band });
  }
  return merged;
}

/** At most `most` bands: those that touch the visible text first, then the hottest. In text order. */
export function limitBands(
  bands: readonly HeatBand[],
  visible: { start: number; end: number },
  most: number,
): HeatBand[] {
  if (bands.length <= most) return [...bands];
  const seen = (b: HeatBand): boolean => b.end > visible.start && b.start < visible.end;
  const inside = bands.filter(seen);
  const outside = bands.filter((b) => !seen(b)).sort((a, b) => b.step - a.step);
  return [...inside, ...outside].slice(0, most).sort((a, b) => a.start - b.start);
}

/**
 * What the overview ruler marks as hot and as warm in a text of `length` units, at most one mark more of each than `most`: what lies
 * closer together than that share of the text is one mark, for on the ruler it would look like one.
 */
export function rulerBands(
  bands: readonly HeatBand[],
  length: number,
  most: number,
): { hot: HeatBand[]; warm: HeatBand[] } {
  const near = (end: number, start: number): boolean => start - end < length / most;
  const joined = (step: number, next: number): HeatBand[] =>
    mergeBands(
      bands.filter((b) => b.step >= step && b.step < next).map((b) => ({ ...b, step })),
      near,
    );
  return { hot: joined(HOT_STEP, Infinity), warm: joined(WARM_STEP, HOT_STEP) };
}
