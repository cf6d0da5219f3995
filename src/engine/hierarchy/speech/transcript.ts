/**
 * Transcripts, chats and logs: the turn or the line is the sentence. Ten consecutive turns make a block and four blocks a section
 * (the scales at which meetings were measured).
 */
import type { DraftNode } from '../draft.js';
import { trim } from '../draft.js';
import { hasHeadedTurns, headedTurns } from './headed-turns.js';
import { cueTurns, looksLikeSubtitles } from './subtitles.js';
import { isBlank, LineIndex } from '../text.js';

const TURNS_PER_BLOCK = 10;
const BLOCKS_PER_SECTION = 4;

/** `Speaker Name: words`, with at most six words of name and no sentence in it. */
const TURN = /^[ \t]*(\p{Lu}[\p{L}\p{N}.'’()-]*(?:[ \t]+[\p{L}\p{N}.'’()&-]+){0,6})[ \t]*:[ \t]+(?=\S)/u;
/** What a chat puts before a message: a date, a time of day, in brackets or before a dash. */
const STAMP =
  /^[ \t\u200e\u200f]*[[(]?(?=[^\n]{0,24}\d:\d\d)\d(?:[\d:.,/ T]|-(?!!)){2,24}(?:[ \u00a0\u202f]?[AaPp]\.?[Mm]\.?)?Z?[\])]?[ \t]*(?:[-–][ \t]+)?/;
/** Where writing changes its direction: some phones write so around what they insert. */
const TURNING = String.raw`[\u200e\u200f\u202a-\u202e\u2066-\u2069]*`;
/** After a stamp a nickname is enough: `<alice> words`, `alice: words`, in capitals or not, or the number of who is no contact. */
const NICKNAME = new RegExp(
  String.raw`^(?:<[@+ ]?([^<>\s][^<>\n]{0,39})>|${TURNING}([\p{L}\p{N}_~][\p{L}\p{N}_.'’()&~-]*(?:[ \u00a0\u202f][\p{L}\p{N}_.'’()&-]+){0,4}|` +
    String.raw`\+[1-9][\d().\u00a0\u202f -]{5,22})${TURNING}:)[ \t]+(?=\S)`,
  'u',
);
/** What somebody does in a chat, `* alice waves`; who came and went is told alike. */
const ACTION =
  /^\*[ \t]+(\S{1,40})[ \t]+(?=\S)(?!has (?:joined|left|quit|been|set|changed)\b|is now known\b|sets mode\b|[[(]\S*@)/;
/** Levels of a log, which look like names. */
const LOG_LEVEL = /^(trace|debug|info|notice|warn|warning|error|fatal|critical|alert|emerg|severe|fine)$/i;
/** How an entry of a log begins: with a time, or with its level; Kubernetes and Google write both in one. */
const ENTRY =
  /^\W{0,2}([IWEF](?:\d{4}|\d{8}) \d\d:\d\d:\d\d|\d{4}[-/]\d\d[-/]\d\d|\d\d:\d\d:\d\d|\w{3} [ \d]\d \d\d:\d\d|\d{1,2}\/\w{3}\/\d{4}|\d+\.\d{3,}\]|(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL|CRITICAL|SEVERE)\b)/;
/** Lines of what a program leaves below an error: where it was, and what caused that. */
const TRACE =
  /^(?:\s+(?:at\s|\.{3} \d+ more\b|File "|from \S+:\d+)|Traceback |Caused by: |goroutine \d+ |(?:[\w$]+\.)*\w*(?:Exception|Error)(?::|$))/;
const LEAST_ENTRIES = 3;
const SAMPLE_LINES = 400;
/** For each turn, so many lines at most that the chat itself says: a log has more without a name. */
const MOST_ASIDES = 0.25;
/** Two names in a paragraph may be a question and its answer. */
const LEAST_FIELDS = 3;

function sampleLines(text: string): string[] {
  const lines = text.slice(0, 200_000).split('\n');
  return lines.filter((line) => !isBlank(line)).slice(0, SAMPLE_LINES);
}

/** A draft that is in a turn's place; `aside`: what a chat tells of who came and went. */
interface Turn extends DraftNode {
  aside?: true;
}

/** Who speaks in a line, and what before the name only says when; undefined for a line that begins no turn. */
function speakerOf(line: string): { name: string; stamp: string } | undefined {
  const name = TURN.exec(line)?.[1];
  if (name) return LOG_LEVEL.test(name) ? undefined : { name, stamp: '' };
  const stamp = stampOf(line);
  const nickname = stamp && nicknameBehind(stamp, line);
  return nickname && !LOG_LEVEL.test(nickname) ? { name: nickname, stamp } : undefined;
}

/** The time before a line; empty where there is none. */
function stampOf(line: string): string {
  return STAMP.exec(line)?.[0] ?? '';
}

function nicknameBehind(stamp: string, line: string): string | undefined {
  const match = NICKNAME.exec(line.slice(stamp.length));
  return (match?.[1] ?? match?.[2])?.replace(/\s/g, ' ');
}

/** Where in a turn of this speaker begins what is said: behind the name, `Anna: …` or `<anna> …`; in subtitles the name stands elsewhere. */
export function startOfWords(turn: string, speaker: string): number {
  const [before, name] = TURN.exec(turn) ?? [];
  if (name === speaker) return before!.length;
  if (nicknameBehind('', turn) === speaker) return NICKNAME.exec(turn)![0].length;
  const [action, doer] = ACTION.exec(turn) ?? [];
  return doer === speaker ? action!.length : 0;
}

/** How a time is written, whatever time that is. */
function formOf(stamp: string): string {
  const marks = stamp.replace(/[AaPp]\.?[Mm]\.?/, 'm').replace(/\d+/g, '0');
  return marks.replace(/[\s\u200e\u200f]+/g, ' ').replace(/[ –-]+$/, '');
}

/** The time before what a chat itself says, `10:31 - Ben joined`; empty for other lines. */
function toldAt(line: string): string {
  const stamp = stampOf(line);
  return stamp && !nicknameBehind(stamp, line) ? stamp : '';
}

/**
 * Whether most lines with a name before them stand in records: paragraphs of three or more of which none has a name twice, as the
 * packages in Debian's control files. Who talks comes back before the next blank line, or leaves one after each turn.
 */
function looksLikeRecords(text: string): boolean {
  let names: string[] = [];
  let all = 0;
  let inRecords = 0;
  for (const line of [...text.slice(0, 200_000).split('\n'), '']) {
    // A field has no time before it, and no blank.
    const speaker = /^\S/.test(line) ? speakerOf(line) : undefined;
    if (speaker?.stamp === '') names.push(speaker.name);
    if (!isBlank(line)) continue;
    if (new Set(names).size < names.length && names.length >= LEAST_FIELDS) return false;
    all += names.length;
    if (names.length >= LEAST_FIELDS) inRecords += names.length;
    names = [];
  }
  return inRecords > all / 2;
}

/** Whether most lines are turns of at least two speakers who come back; what the chat itself says among them does not count. */
function looksLikeTranscript(text: string): boolean {
  const lines = sampleLines(text);
  const speakers = new Map<string, number>();
  const stamps = new Set<string>();
  let turns = 0;
  for (const line of lines) {
    const speaker = speakerOf(line);
    if (!speaker) continue;
    turns++;
    speakers.set(speaker.name, (speakers.get(speaker.name) ?? 0) + 1);
    if (speaker.stamp) stamps.add(formOf(speaker.stamp));
  }
  if (turns < 2 * speakers.size || speakers.size < 2) return false;
  const asides = lines.filter((line) => stamps.has(formOf(toldAt(line)))).length;
  const others = lines.length - Math.min(asides, MOST_ASIDES * turns);
  return lines.length >= 6 && turns >= 0.6 * others && !looksLikeRecords(text);
}

/** Whether most lines begin an entry; traces do not count, and what is indented below their lines belongs to them. */
function looksLikeLog(text: string): boolean {
  const lines = sampleLines(text);
  let entries = 0;
  let others = 0;
  let inTrace = false;
  for (const line of lines) {
    const isEntry = ENTRY.test(line);
    inTrace = !isEntry && (TRACE.test(line) || (inTrace && /^\s/.test(line)));
    if (isEntry) entries++;
    else if (!inTrace) others++;
  }
  return lines.length >= 6 && entries >= LEAST_ENTRIES && entries >= 0.6 * (entries + others);
}

/**
 * What a text of speech or of a log consists of: cues of subtitles, turns of speakers (headed: below a line that says who speaks), entries of a
 * log; undefined for any other text.
 */
export function speechOf(text: string): 'cues' | 'turns' | 'headed turns' | 'entries' | undefined {
  if (looksLikeSubtitles(text)) return 'cues';
  if (looksLikeTranscript(text)) return 'turns';
  if (hasHeadedTurns(text)) return 'headed turns';
  return looksLikeLog(text) ? 'entries' : undefined;
}

/** Outline of a transcript, of subtitles or of a log. What of a conversation only says when is left out of its turns. */
export function transcriptOutline(text: string): DraftNode {
  const speech = speechOf(text);
  const cues = speech === 'cues' ? cueTurns(text, (words) => speakerOf(words)?.name) : [];
  // Subtitles may still be without words.
  const told = cues.some((cue) => !cue.silent);
  const turns = told ? cues : turnsOf(text, speech);
  const word = turns.some((turn) => turn.name !== undefined || turn.silent) ? 'Turns' : 'Lines';
  return { kind: 'file', start: 0, end: text.length, children: sectionsOf(turns, word) };
}

function turnsOf(text: string, speech: ReturnType<typeof speechOf>): DraftNode[] {
  if (speech === 'turns') return spokenTurns(text);
  return speech === 'headed turns' ? headedTurns(text) : logLines(text, speech === 'entries');
}

/** A line without a speaker belongs to the turn before it, unless it has a time before it as that turn has. */
function spokenTurns(text: string): Turn[] {
  const lines = new LineIndex(text);
  const turns: Turn[] = [];
  const names = new Set<string>();
  let form = '';
  for (let i = 0; i < lines.count; i++) {
    const range = trim(text, lines.start(i), lines.start(i + 1));
    if (!range) continue;
    const line = text.slice(range.start, range.end);
    const speaker = speakerOf(line);
    const told = speaker ? '' : toldAt(line);
    const aside = told !== '' && (form === '' || formOf(told) === form);
    const last = turns.at(-1);
    if (!speaker && !aside && last) {
      last.end = range.end;
      continue;
    }
    if (speaker?.stamp) form = formOf(speaker.stamp);
    const doer = aside ? ACTION.exec(line.slice(told.length))?.[1] : undefined;
    const name = speaker?.name ?? (doer !== undefined && names.has(doer) ? doer : undefined);
    if (name !== undefined) names.add(name);
    const start = range.start + (aside ? told : (speaker?.stamp ?? '')).length;
    if (start > range.start)
      turns.push({ kind: 'sentence', start: range.start, end: start, children: [], silent: true });
    turns.push({
      kind: 'sentence',
      ...range,
      start,
      ...(name === undefined ? (aside ? { aside } : {}) : { name }),
      children: [],
    });
  }
  return turns;
}

/** `entries`: most lines begin an entry, and the others belong to the one before them, as a stack trace to its error. */
function logLines(text: string, entries: boolean): DraftNode[] {
  const lines = new LineIndex(text);
  const found: DraftNode[] = [];
  for (let i = 0; i < lines.count; i++) {
    const range = trim(text, lines.start(i), lines.start(i + 1));
    if (!range) continue;
    const last = found.at(-1);
    if (entries && last && !ENTRY.test(text.slice(range.start, range.end))) last.end = range.end;
    else found.push({ kind: 'sentence', ...range, children: [] });
  }
  return found;
}

/** Blocks and sections of turns; what is silent or no turn stands with the turn after it and does not count. */
function sectionsOf(turns: readonly Turn[], word: string): DraftNode[] {
  const groups: DraftNode[][] = [];
  let before: DraftNode[] = [];
  for (const turn of turns) {
    if (turn.silent || turn.aside) before.push(turn);
    else {
      groups.push([...before, turn]);
      before = [];
    }
  }
  for (const turn of before) groups.at(-1)?.push(turn);
  const blocks = chunks(groups, TURNS_PER_BLOCK).map((some) => parent('block', some.flat()));
  const size = TURNS_PER_BLOCK * BLOCKS_PER_SECTION;
  return chunks(blocks, BLOCKS_PER_SECTION).map((some, i) => ({
    ...parent('section', some),
    name: `${word} ${i * size + 1}–${Math.min((i + 1) * size, groups.length)}`,
  }));
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const found: T[][] = [];
  for (let i = 0; i < items.length; i += size) found.push(items.slice(i, i + size));
  return found;
}

function parent(kind: 'block' | 'section', children: DraftNode[]): DraftNode {
  return { kind, start: children[0]!.start, end: children.at(-1)!.end, children };
}
