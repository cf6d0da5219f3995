/** Subtitles and recordings of meetings as WebVTT or SubRip: what is said in each cue is a turn, its number and times are not. */
import type { DraftNode } from '../draft.js';
import { trim } from '../draft.js';
import { isBlank, LineIndex } from '../text.js';

/** `00:01:02.000 --> 00:01:04.500`, with hours or without (W3C WebVTT, 4.1; SubRip writes a comma). */
const TIMES = /^\s*(?:\d{1,3}:)?\d\d:\d\d[.,]\d{3}\s+-->\s+(?:\d{1,3}:)?\d\d:\d\d[.,]\d{3}(?:\s.*)?$/;
/** WebVTT's voice: the speaker of a cue. */
const VOICE = /^\s*<v(?:\.[^\s>]*)?\s([^>]+)>/;

/** Lines of what is said in a cue, [from, to). */
interface Cue {
  from: number;
  to: number;
}

/** Whether the text consists of cues: two at least, and at least one in twenty of the first lines. */
export function looksLikeSubtitles(text: string): boolean {
  const head = text.slice(0, 100_000).split(/\r?\n/);
  const cues = head.filter((line) => TIMES.test(line)).length;
  return cues >= 2 && cues * 20 >= head.filter((line) => !isBlank(line)).length;
}

/** The turns of the cues in order, `silent` drafts between them; `speakerOf` finds the name in words such as `Anna: Good morning.` */
export function cueTurns(text: string, speakerOf: (line: string) => string | undefined): DraftNode[] {
  const lines = new LineIndex(text);
  const drafts: DraftNode[] = [];
  let covered = 0;
  const silence = (end: number): void => {
    const range = trim(text, covered, end);
    if (range) drafts.push({ kind: 'sentence', ...range, children: [], silent: true });
  };
  for (const cue of findCues(lines)) {
    const voice = VOICE.exec(lines.line(cue.from));
    const range = trim(text, lines.start(cue.from) + (voice?.[0].length ?? 0), lines.start(cue.to));
    if (!range) continue;
    silence(range.start);
    const name = voice?.[1]?.trim() ?? speakerOf(text.slice(range.start, range.end));
    drafts.push({ kind: 'sentence', ...range, ...(name ? { name } : {}), children: [] });
    covered = range.end;
  }
  silence(text.length);
  return drafts;
}

function findCues(lines: LineIndex): Cue[] {
  const cues: Cue[] = [];
  for (let i = 0; i < lines.count; i++) {
    if (!TIMES.test(lines.line(i))) continue;
    let to = i + 1;
    while (to < lines.count && !isBlank(lines.line(to)) && !TIMES.test(lines.line(to))) to++;
    // Without a blank line between them, the number of the next cue stands at the end of this one.
    const numbered = to < lines.count && TIMES.test(lines.line(to)) && /^\s*\d+\s*$/.test(lines.line(to - 1));
    if (to > i + 1) cues.push({ from: i + 1, to: numbered ? to - 1 : to });
    i = to - 1;
  }
  return cues;
}
