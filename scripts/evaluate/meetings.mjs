/** Questions about meetings (QMSum), and the turns, or windows of ten of them, that answer: by one pass over the whole meeting, or piece by piece. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { sourceModule } from '../lib/bundling.mjs';
import { bm25 } from './bm25.mjs';
import { best, GROUP, groups, inTemporary, meetings, once, publishedRun, separateScores, WINDOW } from './data.mjs';

/** One pass over each whole meeting; the scores of its blocks of `size` lines for each question. */
const blockScores = (data, model, size) =>
  once(model, `blocks ${size}`, () => inTemporary((dir) => blockScoresIn(dir, data, model, size)));

async function blockScoresIn(dir, data, model, size) {
  const found = [];
  for (const [i, meeting] of meetings(data).entries()) {
    const file = path.join(dir, `${i}.txt`);
    writeFileSync(file, `${meeting.lines.join('\n')}\n`);
    const ranked = await model.rank([file], meeting.specific, `lines:${size}`);
    const scores = ranked.map((blocks) => {
      const row = new Float64Array(Math.ceil(meeting.lines.length / size));
      for (const { startLine, score } of blocks) row[(startLine - 1) / size] = score;
      return row;
    });
    found.push({ meeting, scores });
  }
  return found;
}

/** The same of blocks where each window is a document of its own: by the same weights and sums, but what the rest of the meeting adds is gone. */
const blocksOfWindows = (data, model, size) =>
  inTemporary(async (dir) => {
    const found = [];
    for (const [m, meeting] of meetings(data).entries()) {
      const files = groups(meeting.lines, WINDOW).map((text, w) => {
        const file = path.join(dir, `${m}-${w}.txt`);
        writeFileSync(file, `${text}\n`);
        return file;
      });
      // Said to be a transcript, because in a window too few speakers may come back to tell one by.
      const ranked = await model.rank(files, meeting.specific, `lines:${size}`, { language: 'transcript' });
      const first = new Map(files.map((file, w) => [file, w * WINDOW]));
      const scores = ranked.map((blocks) => {
        const row = new Float64Array(Math.ceil(meeting.lines.length / size));
        for (const { file, startLine, score } of blocks) row[(first.get(file) + startLine - 1) / size] = score;
        return row;
      });
      found.push({ meeting, scores });
    }
    return found;
  });

const blockRun = (scored, size) =>
  scored.flatMap(({ meeting, scores }) =>
    meeting.specific.map((q, i) => ({
      query_id: q.id,
      ranked: best(scores[i]).map((block) => `${meeting.id}:${block * size}`),
    })),
  );

const lexical = (data, size) =>
  meetings(data).map((meeting) => {
    const scorer = bm25(groups(meeting.lines, size));
    return { meeting, scores: meeting.specific.map((q) => scorer(q.query)) };
  });

/** Groups of `size` lines, each encoded alone. */
async function separateGroups(data, model, size) {
  const all = meetings(data);
  const items = all.map(({ lines, specific }) => ({
    texts: groups(lines, size),
    queries: specific.map((q) => q.query),
  }));
  const scores = await separateScores(model, items);
  return all.map((meeting, m) => ({ meeting, scores: scores[m] }));
}

/** Scores of several resolutions added up on the finest one. */
function addScales(finest, coarser) {
  return finest.map(({ meeting, scores }, m) => ({
    meeting,
    scores: scores.map((row, q) =>
      Array.from(row, (s, i) =>
        coarser.reduce((sum, { scored, size, weight }) => sum + weight * scored[m].scores[q][Math.floor(i / size)], s),
      ),
    ),
  }));
}

function smoothed(scored, reach) {
  return scored.map(({ meeting, scores }) => ({
    meeting,
    scores: scores.map((row) =>
      Array.from(row, (_, i) => {
        let sum = 0;
        for (let d = -reach; d <= reach; d++) sum += (1 - Math.abs(d) / (reach + 1)) * (row[i + d] ?? 0);
        return sum;
      }),
    ),
  }));
}

/** Words that occur literally count half: the share that is best on meetings that training left out (docs/experiments.md, 18). */
const LEXICAL_SHARE = 0.5;

async function hybrid(a, b) {
  const { standardScores } = await sourceModule('src/engine/analysis/statistics.ts');
  return a.map(({ meeting, scores }, m) => ({
    meeting,
    scores: scores.map((row, q) => {
      const other = standardScores(b[m].scores[q]);
      return standardScores(row).map((s, i) => s + LEXICAL_SHARE * other[i]);
    }),
  }));
}

export const TURNS = {
  metrics: ['MAP', 'P@10'],
  systems: {
    'Strata, composed heat, one pass': async ({ data, ours }) => blockRun(await blockScores(data, ours, 1), 1),
    'Strata, tree cut at the window (each window a document)': async ({ data, ours }) =>
      blockRun(await blocksOfWindows(data, ours, 1), 1),
    'flat start model, turn alone': async ({ data, flat }) => blockRun(await separateGroups(data, flat, 1), 1),
    'flat start model, turn + 2 × window + group (three encodings)': async ({ data, flat }) => {
      const window = { scored: await separateGroups(data, flat, WINDOW), size: WINDOW, weight: 2 };
      const group = { scored: await separateGroups(data, flat, GROUP), size: GROUP, weight: 1 };
      return blockRun(addScales(await separateGroups(data, flat, 1), [window, group]), 1);
    },
    'BM25, turn alone': ({ data }) => blockRun(lexical(data, 1), 1),
    'BM25, smoothed over ±4 turns': ({ data }) => blockRun(smoothed(lexical(data, 1), 4), 1),
  },
};

export const WINDOWS = {
  metrics: ['MRR', 'Hit@1', 'Hit@5'],
  systems: {
    'Strata, one tree over the meeting': async ({ data, ours }) =>
      blockRun(await blockScores(data, ours, WINDOW), WINDOW),
    'Strata + BM25 (standard scores, BM25 counts half)': async ({ data, ours }) =>
      blockRun(await hybrid(await blockScores(data, ours, WINDOW), lexical(data, WINDOW)), WINDOW),
    'Strata, tree cut at the window (each window a document)': async ({ data, ours }) =>
      blockRun(await blocksOfWindows(data, ours, WINDOW), WINDOW),
    'Strata, window encoded alone, one vector': async ({ data, ours }) =>
      blockRun(await separateGroups(data, ours, WINDOW), WINDOW),
    'flat start model, windows': async ({ data, flat }) => blockRun(await separateGroups(data, flat, WINDOW), WINDOW),
    BM25: ({ data }) => publishedRun(data, 'qmsum-val.bm25'),
  },
};
