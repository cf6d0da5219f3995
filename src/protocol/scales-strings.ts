/** Keys of the translated texts that the Scales page shows; the host fills them, the page reads them. */
export const SCALES_STRING_KEYS = [
  'bands', 'bandsHelp', 'table', 'ladder', 'ladderNote', 'lookers', 'lookersNote', 'noLookers', 'layer', 'head', 'mean',
  'place', 'share', 'heat', 'line', 'lineRange', 'lines', 'kind', 'showInEditor', 'analyze', 'question', 'stale', 'sum', 'more',
  'scaleFile', 'scaleParts', 'scaleBlocks', 'scaleStatements', 'waiting',
] as const; // prettier-ignore
export type ScalesStrings = Record<(typeof SCALES_STRING_KEYS)[number], string>;
