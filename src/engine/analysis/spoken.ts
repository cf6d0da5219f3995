/** What a summary may quote of speech: short turns as they are, the sentences of long ones, and of subtitles what goes on from cue to cue. */
import { sentences } from '../hierarchy/prose/sentences.js';
import { looksLikeSubtitles } from '../hierarchy/speech/subtitles.js';
import { startOfWords } from '../hierarchy/speech/transcript.js';
import { endsLikeSentence } from '../hierarchy/text.js';
import type { TextRange, TreeNode } from '../../protocol/document.js';
import type { LevelIndex } from './levels.js';
import type { Passage } from './passage.js';
import { countWords, passage } from './passage.js';
import { contentWords, spokenText } from './speech.js';

/** A turn with fewer words of content than this says "yes" or "go on". */
const LEAST_CONTENT = 4;
/** Up to this many words a turn is quoted whole. */
const WHOLE_TURN = 25;
/** A sentence of subtitles with more words than this has no full stop where it ends: it is quoted cue by cue. */
const LONGEST_SENTENCE = 60;

/** The words of one leaf, without the name of who says them. */
interface Cue extends TextRange {
  leaf: TreeNode;
}

/** The passages of a transcript, in reading order. */
export function spoken(index: LevelIndex, text: string, flow: Float64Array, leastWords: number): Passage[] {
  const { tree } = index.document;
  const cues: Cue[] = [];
  for (const leaf of tree.nodes) {
    const [first, last] = index.piecesOfNode(leaf.id);
    if (leaf.children.length > 0 || leaf.trivial || first === last) continue;
    const start = leaf.start + (leaf.name ? startOfWords(text.slice(leaf.start, leaf.end), leaf.name) : 0);
    cues.push({ leaf, start, end: leaf.end });
  }
  const turns = looksLikeSubtitles(text) ? joined(cues, text) : cues.map((cue) => [cue]);
  const found: Passage[] = [];
  for (const turn of turns) {
    for (const { first, last, range, raw } of thoughts(turn, text, tree.language)) {
      const said = spokenText(raw, tree.language);
      const words = countWords(said);
      if (words < leastWords || (leastWords > 1 && contentWords(said) < LEAST_CONTENT)) continue;
      const name = turn[0]!.leaf.name;
      const own = index.piecesInRange(range, [
        index.piecesOfNode(first.leaf.id)[0],
        index.piecesOfNode(last.leaf.id)[1],
      ]);
      found.push(passage(index, flow, first.leaf, range, `${name ? `${name}: ` : ''}${said}`, own, true));
    }
  }
  return found;
}

/** The cues of each turn: those of one speaker, and those without a name that end a sentence. */
function joined(cues: readonly Cue[], text: string): Cue[][] {
  const turns: Cue[][] = [];
  for (const cue of cues) {
    const turn = turns.at(-1);
    const before = turn?.at(-1);
    const isUnfinished = before !== undefined && !endsLikeSentence(text.slice(before.start, before.end));
    const name = turn?.[0]?.leaf.name;
    if (turn && (cue.leaf.name === name || (cue.leaf.name === undefined && isUnfinished))) turn.push(cue);
    else turns.push([cue]);
  }
  return turns;
}

/** What is said in some cues on end, from somewhere in the first to somewhere in the last. */
interface Thought {
  first: Cue;
  last: Cue;
  range: TextRange;
  /** Without the times between the cues. */
  raw: string;
}

/** A short turn as it is; a long one sentence by sentence. */
function thoughts(turn: readonly Cue[], text: string, language: string): Thought[] {
  const all = turn.map(({ start, end }) => text.slice(start, end));
  const words = all.join('\n');
  // Where each cue begins in the words of the turn.
  const begins: number[] = [];
  for (let at = 0; begins.length < all.length;) {
    begins.push(at);
    at += all[begins.length - 1]!.length + 1;
  }
  const between = (first: number, last: number, start: number, end: number): Thought => ({
    first: turn[first]!,
    last: turn[last]!,
    range: { start: turn[first]!.start + start - begins[first]!, end: turn[last]!.start + end - begins[last]! },
    raw: words.slice(start, end),
  });
  // Cue by cue: of one turn of a whole recording, the marks are found far more slowly than of its parts.
  const length = all.reduce((sum, cue) => sum + countWords(spokenText(cue, language)), 0);
  if (length <= WHOLE_TURN) return [between(0, turn.length - 1, 0, words.length)];
  const found: Thought[] = [];
  let at = 0;
  for (const { start, end } of sentences(words, 0, words.length)) {
    while (at + 1 < begins.length && begins[at + 1]! <= start) at++;
    let last = at;
    while (last + 1 < begins.length && begins[last + 1]! < end) last++;
    if (last === at || countWords(words.slice(start, end)) <= LONGEST_SENTENCE)
      found.push(between(at, last, start, end));
    else
      for (let i = at; i <= last; i++) {
        const begin = begins[i]!;
        found.push(between(i, i, Math.max(start, begin), Math.min(end, begin + all[i]!.length)));
      }
  }
  return found;
}
