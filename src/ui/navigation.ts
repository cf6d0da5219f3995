/** Hot spots in reading order. No `vscode` here. */
import type { DocumentModel } from './document-model.js';
import { stepOf, WARM_STEP } from '../protocol/heat-steps.js';

const MOST_SPOTS = 30;

/**
 * The next (or previous) hot leaf after an offset, around the end of the document: one of the thirty hottest that are at
 * least warm. Undefined when there is none.
 */
export function hotSpot(
  model: Pick<DocumentModel, 'heat' | 'ranges'>,
  offset: number,
  direction: 1 | -1,
): number | undefined {
  const { heat, ranges } = model;
  if (!heat || !ranges) return undefined;
  const hot = heat.result.ranking
    .slice(0, MOST_SPOTS)
    .filter((n) => stepOf(heat.result.intensity[n]!) >= WARM_STEP)
    .sort((a, b) => ranges.start(a) - ranges.start(b));
  if (hot.length === 0) return undefined;
  return direction > 0
    ? (hot.find((n) => ranges.start(n) > offset) ?? hot[0])
    : (hot.findLast((n) => ranges.start(n) < offset) ?? hot.at(-1));
}
