/** Stretches of text with one colour step, few enough for the editor. No `vscode` here: this is arithmetic. */

/** A stretch of text with one colour step, 1…HEAT_STEPS. */
export interface HeatBand {
  start: number;
  end: number;
  step: number;
}

/**
 * Joins neighbours of the same step. `bands` are in text order without overlap; two are joined when `blankBetween` says that
 * nothing but blanks lies between them.
 */
export function mergeBands(
  bands: readonly HeatBand[],
  blankBetween: (end: number, start: number) => boolean,
): HeatBand[] {
  const merged: HeatBand[] = [];
  for (const band of bands) {
    if (band.step === 0) continue;
    const last = merged.at(-1);
    if (last?.step === band.step && blankBetween(last.end, band.start)) last.end = band.end;
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

/** `▁▂▃▄▅▆▇█` for an intensity 0…1: a cue that needs no colour. */
export function bar(intensity: number): string {
  const bars = '▁▂▃▄▅▆▇█';
  return bars[Math.min(bars.length - 1, Math.max(0, Math.floor(intensity * bars.length)))]!;
}
