/** The few steps in which the editor, the sidebar and the Scales view all show an intensity 0…1. */

export const HEAT_STEPS = 10;

/**
 * Steps from which a place is warm and hot: marked in the overview ruler and the sidebar, framed where colours alone do not tell
 * (high contrast). The hot spots that one can walk through are the warm ones too.
 */
export const WARM_STEP = 6;
export const HOT_STEP = 9;

/** Below this nothing is coloured. */
const COLD = 0.04;

/** Step of an intensity 0…1; 0 = no colour. */
export function stepOf(intensity: number): number {
  return intensity < COLD ? 0 : Math.min(HEAT_STEPS, Math.max(1, Math.ceil(intensity * HEAT_STEPS)));
}

/** `▁▂▃▄▅▆▇█` for an intensity 0…1: a cue that needs no colour. */
export function bar(intensity: number): string {
  const bars = '▁▂▃▄▅▆▇█';
  return bars[Math.min(bars.length - 1, Math.max(0, Math.floor(intensity * bars.length)))]!;
}
