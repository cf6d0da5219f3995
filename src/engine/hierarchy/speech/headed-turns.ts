/** Transcripts in which who speaks, and when, stands in a line above what is said: `Anna Smith  0:05`, `00:05 Anna Smith`, `Anna [10:32 AM]`. */
import type { DraftNode } from '../draft.js';
import { trim } from '../draft.js';
import { endsLikeSentence, isBlank, LineIndex } from '../text.js';

const { raw } = String;
const NAME = raw`(\p{Lu}[\p{L}\p{N}.'’-]*(?:[ \t]+[\p{L}\p{N}.'’()&-]+){0,5})`;
const TIME = raw`[[(]?(\d{1,2}(?::\d\d){1,2})(?:[.,]\d{1,3})?(?:[ \u202f]?[AaPp]\.?[Mm]\.?)?[\])]?`;
const BETWEEN = raw`[ \t]+(?:[-–—][ \t]+)?`;
const HEAD = new RegExp(raw`^(?:${NAME}${BETWEEN}${TIME}|${TIME}${BETWEEN}${NAME}):?$`, 'u');
const SAMPLE_LINES = 600;
/** Of the paragraphs so many begin with a head. */
const HEADED = 0.6;
/** How often each speaker speaks at least; entries of a programme hardly come back. */
const TURNS_EACH = 1.5;
/** So many of the times are later than the one before; those of verses are none. */
const LATER = 0.8;

function headOf(line: string): { name: string; seconds: number } | undefined {
  const [, before, late, early, behind] = HEAD.exec(line.trim()) ?? [];
  const name = before ?? behind;
  const time = late ?? early;
  if (name === undefined || time === undefined) return undefined;
  return { name, seconds: time.split(':').reduce((sum, part) => 60 * sum + Number(part), 0) };
}

/** Whether most paragraphs begin with who speaks and when, and go on with sentences. */
export function hasHeadedTurns(text: string): boolean {
  const lines = text.slice(0, 200_000).split('\n', SAMPLE_LINES);
  const speakers = new Set<string>();
  const times: number[] = [];
  let paragraphs = 0;
  let headed = 0;
  let told = 0;
  lines.forEach((line, i) => {
    const begins = !isBlank(line) && isBlank(lines[i - 1] ?? '');
    if (begins) paragraphs++;
    const head = headOf(line);
    const said = lines[i + 1]?.trim() ?? '';
    if (!head || said === '' || headOf(said)) return;
    speakers.add(head.name);
    times.push(head.seconds);
    if (begins) headed++;
    const end = lines.findIndex((below, j) => j > i && (isBlank(below) || headOf(below)));
    if (endsLikeSentence(lines.at(end < 0 ? -1 : end - 1)!)) told++;
  });
  const later = times.filter((time, i) => i > 0 && time >= times[i - 1]!).length;
  return (
    speakers.size > 1 &&
    times.length >= TURNS_EACH * speakers.size &&
    headed >= HEADED * paragraphs &&
    2 * told >= times.length &&
    later >= LATER * (times.length - 1)
  );
}

/** The turns in order, each with who speaks; the lines that say who it is are silent. */
export function headedTurns(text: string): DraftNode[] {
  const lines = new LineIndex(text);
  const turns: DraftNode[] = [];
  let name: string | undefined;
  let open: DraftNode | undefined;
  for (let i = 0; i < lines.count; i++) {
    const range = trim(text, lines.start(i), lines.start(i + 1));
    if (!range) continue;
    const head = headOf(lines.line(i));
    if (head) {
      turns.push({ kind: 'sentence', ...range, children: [], silent: true });
      name = head.name;
      open = undefined;
    } else if (open) open.end = range.end;
    else {
      open = { kind: 'sentence', ...range, ...(name === undefined ? {} : { name }), children: [] };
      turns.push(open);
    }
  }
  return turns;
}
