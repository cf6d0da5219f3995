/** Every name and value that the manifest and the code share; scripts/check-manifest.mjs holds package.json against this list. */
import { DEVICE_CHOICES, MOST_THREADS } from '../protocol/engine.js';
import { HEAT_STEPS } from '../protocol/heat-steps.js';

export const COMMANDS = {
  analyze: 'strata.analyze',
  showHeatmap: 'strata.showHeatmap',
  heatBySelection: 'strata.heatBySelection',
  clearHeatmap: 'strata.clearHeatmap',
  nextHotSpot: 'strata.nextHotSpot',
  previousHotSpot: 'strata.previousHotSpot',
  chooseHeatScale: 'strata.chooseHeatScale',
  openScales: 'strata.openScales',
  explainPlace: 'strata.explainPlace',
  copySummary: 'strata.copySummary',
  showLog: 'strata.showLog',
  selectDevice: 'strata.selectDevice',
  restartEngine: 'strata.restartEngine',
} as const;
export type CommandName = keyof typeof COMMANDS;

/** Called by links in the views and in hovers; not in the palette. */
export const INTERNAL_COMMANDS = { reveal: 'strata.reveal', explainNode: 'strata.explainNode' } as const;

export const VIEWS = { summary: 'strata.summary', outline: 'strata.outline' } as const;
export const VIEW_CONTAINERS = { strata: 'strata' } as const;
export const PANEL = 'strata.scales';

export const CONTEXT_KEYS = {
  /** No document that commands can mean is on screen. */
  nothingToRead: 'strata.nothingToRead',
  /** The active document has an analysis. */
  analysed: 'strata.analysed',
  /** The active document has a summary. */
  summarised: 'strata.summarised',
  /** The active document shows heat. */
  heat: 'strata.heat',
  /** The active document is being analysed. */
  analysing: 'strata.analysing',
  /** The engine gave up. */
  engineDown: 'strata.engineDown',
} as const;

/**
 * Of what nobody reads as a document: output channels, the debug console, code in a chat, what is typed at a prompt and the like. Who
 * clicks into it still means the document beside it. The editor's context menu leaves them out, too.
 */
export const UNREAD_SCHEMES: readonly string[] = [
  'output',
  'debug',
  'comment',
  'vscode',
  'search-editor',
  'vscode-chat-code-block',
  'vscode-interactive-input',
  'accessible-view',
];

export const SETTINGS = {
  device: 'strata.device',
  threads: 'strata.threads',
  summaryWords: 'strata.summaryWords',
  heatScale: 'strata.heatScale',
  reanalyzeOnEdit: 'strata.reanalyzeOnEdit',
  followCursor: 'strata.followCursor',
  topics: 'strata.topics',
} as const;

export const DISPLAY_SCALES = ['token', 'statement', 'function'] as const;
export type DisplayScale = (typeof DISPLAY_SCALES)[number];

/** What each setting is where nobody has set it, and what it can be, by the words of the manifest. */
export const SETTING_VALUES = {
  device: { default: 'auto', enum: DEVICE_CHOICES },
  threads: { default: 0, minimum: 0, maximum: MOST_THREADS },
  summaryWords: { default: 120, minimum: 10, maximum: 2000 },
  heatScale: { default: 'statement', enum: DISPLAY_SCALES },
  reanalyzeOnEdit: { default: true },
  followCursor: { default: true },
  /** None of one's own: the built-in ones. */
  topics: { default: [] },
} as const satisfies Record<keyof typeof SETTINGS, object>;

export const COLOURS = {
  heat: Array.from({ length: HEAT_STEPS }, (_, i) => `strata.heat${i + 1}`),
  border: 'strata.heatBorder',
  ruler: 'strata.overviewRulerHot',
  rulerWarm: 'strata.overviewRulerWarm',
  stale: 'strata.staleBorder',
} as const;
