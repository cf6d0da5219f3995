/**
 * Transcripts and logs: the turn or the line is the sentence. Ten consecutive turns make a block and four blocks a section
 * (design §2.2: the scales at which meetings were measured).
 */
import type { DraftNode } from './draft.js';
import { trim } from './draft.js';
import { LineIndex } from './text.js';

export const TURNS_PER_BLOCK = 10;
export const BLOCKS_PER_SECTION = 4;

/** `Speaker Name: words`, with at most six words of name and no sentence in it. */
const TURN = /^[ \t]*(\p{Lu}[\p{L}\p{N}.'’()-]*(?:[ \t]+[\p{L}\p{N}.'’()&-]+){0,6})[ \t]*:[ \t]+\S/u;
const TIMESTAMP =
  /^\W{0,2}(\d{4}[-/]\d\d[-/]\d\d|\d\d:\d\d:\d\d|\w{3} [ \d]\d \d\d:\d\d|\d{1,2}\/\w{3}\/\d{4}|\d+\.\d{3,}\])/;
const SAMPLE_LINES = 400;

function sampleLines(text: string): string[] {
  const lines: string[] = [];
  for (const match of text.slice(0, 200_000).matchAll(/[^\n]*\S[^\n]*/g)) {
    lines.push(match[0]);
    if (lines.length >= SAMPLE_LINES) break;
  }
  return lines;
}

/** Whether most lines are turns of at least two speakers who come back. */
export function looksLikeTranscript(text: string): boolean {
  const lines = sampleLines(text);
  const speakers = new Map<string, number>();
  let turns = 0;
  for (const line of lines) {
    const name = TURN.exec(line)?.[1];
    if (!name) continue;
    turns++;
    speakers.set(name, (speakers.get(name) ?? 0) + 1);
  }
  return lines.length >= 6 && turns >= 0.6 * lines.length && speakers.size >= 2 && turns >= 2 * speakers.size;
}

/** Whether most lines begin with a time. */
export function looksLikeLog(text: string): boolean {
  const lines = sampleLines(text);
  return lines.length >= 6 && lines.filter((l) => TIMESTAMP.test(l)).length >= 0.6 * lines.length;
}

/** Outline of a transcript or log. A line without a speaker belongs to the turn before it. */
export function transcriptOutline(text: string): DraftNode {
  const lines = new LineIndex(text);
  const spoken = looksLikeTranscript(text);
  const dated = !spoken && looksLikeLog(text);
  const turns: DraftNode[] = [];
  for (let i = 0; i < lines.count; i++) {
    const range = trim(text, lines.start(i), lines.start(i + 1));
    if (!range) continue;
    const line = text.slice(range.start, range.end);
    const speaker = spoken ? TURN.exec(line)?.[1] : undefined;
    const starts = spoken ? speaker !== undefined : !dated || TIMESTAMP.test(line);
    const last = turns.at(-1);
    if (!starts && last) {
      last.end = range.end;
      continue;
    }
    turns.push({ kind: 'sentence', ...range, ...(speaker ? { name: speaker } : {}), children: [] });
  }
  const word = spoken ? 'Turns' : 'Lines';
  const sections = group(group(turns, TURNS_PER_BLOCK, 'block'), BLOCKS_PER_SECTION, 'section');
  const size = TURNS_PER_BLOCK * BLOCKS_PER_SECTION;
  sections.forEach((section, i) => {
    section.name = `${word} ${i * size + 1}–${Math.min((i + 1) * size, turns.length)}`;
  });
  return { kind: 'file', start: 0, end: text.length, children: sections };
}

function group(nodes: DraftNode[], size: number, kind: 'block' | 'section'): DraftNode[] {
  const groups: DraftNode[] = [];
  for (let i = 0; i < nodes.length; i += size) {
    const children = nodes.slice(i, i + size);
    groups.push({ kind, start: children[0]!.start, end: children.at(-1)!.end, children });
  }
  return groups;
}
