/** Translated texts of the Scales page, by the keys that host and page share. */
import { l10n } from 'vscode';
import type { ScalesStrings } from '../protocol/scales-strings.js';

export function scalesStrings(): ScalesStrings {
  return {
    bands: l10n.t('Scales of the document'),
    bandsHelp: l10n.t(
      'Arrow keys move: up and down to the neighbour, right into a node, left out of it. Home goes to the whole file, plus and minus zoom, Enter shows the place in the editor. The mouse wheel moves the picture, with Ctrl it zooms.',
    ),
    table: l10n.t('As a table'),
    ladder: l10n.t('Where it looks'),
    ladderNote: l10n.t('Shares of its whole attention; they add up to 100 %.'),
    lookers: l10n.t('Who looks at it'),
    lookersNote: l10n.t('Share of their attention that falls on this place.'),
    noLookers: l10n.t('Nothing else looks at this place noticeably.'),
    layer: l10n.t('Layer'),
    head: l10n.t('Head'),
    mean: l10n.t('mean'),
    place: l10n.t('Place'),
    share: l10n.t('Share'),
    heat: l10n.t('Heat'),
    line: l10n.t('line {0}'),
    lineRange: l10n.t('lines {0}–{1}'),
    lines: l10n.t('Lines'),
    kind: l10n.t('Kind'),
    showInEditor: l10n.t('Show in editor'),
    analyze: l10n.t('Analyse this document'),
    question: l10n.t('Heat for'),
    stale: l10n.t('The text has changed since the analysis.'),
    sum: l10n.t('Sum'),
    more: l10n.t('… and {0} more, in the picture'),
    scaleFile: l10n.t('File'),
    scaleParts: l10n.t('Parts, functions, sections'),
    scaleBlocks: l10n.t('Blocks'),
    scaleStatements: l10n.t('Statements'),
    waiting: l10n.t('The engine is being asked…'),
  };
}
