/** Hot spots: which they are, and the way from one to the next. No `vscode` here. */
import type { DocumentModel } from './document-model.js';
import { stepOf, WARM_STEP } from '../protocol/heat-steps.js';

const MOST_SPOTS = 30;

/** The hottest leaves, at most thirty and all of them at least warm, hottest first. */
export function hotSpots({ heat }: Pick<DocumentModel, 'heat'>): number[] {
  if (!heat) return [];
  const { ranking, intensity } = heat.result;
  return ranking.slice(0, MOST_SPOTS).filter((n) => stepOf(intensity[n]!) >= WARM_STEP);
}

/** The next (or previous) hot spot after an offset, around the end of the document. Undefined when there is none. */
export function hotSpot(
  model: Pick<DocumentModel, 'heat' | 'ranges'>,
  offset: number,
  direction: 1 | -1,
): number | undefined {
  const { ranges } = model;
  if (!ranges) return undefined;
  const hot = hotSpots(model).sort((a, b) => ranges.start(a) - ranges.start(b));
  if (hot.length === 0) return undefined;
  return direction > 0
    ? (hot.find((n) => ranges.start(n) > offset) ?? hot[0])
    : (hot.findLast((n) => ranges.start(n) < offset) ?? hot.at(-1));
}
