/**
 * The evaluation sets: for each the metrics, and the systems as functions that return a run in the scorer's format.
 * `ours` and `flat` are command lines with a model (see strata.mjs); `tree` is one that is asked only for the statements of files, which no
 * weights decide. A set with `corpus` is made from these files of the training corpus, one with `fixtures` from these of the repository.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sourceModule } from '../lib/bundling.mjs';
import { ANSWERS, READERS_ANSWERS } from './answers.mjs';
import { bm25 } from './bm25.mjs';
import { CONTEXT } from './context.mjs';
import { FAITHFULNESS } from './faithfulness.mjs';
import { QUESTIONS } from './questions.mjs';
import { STATEMENTS } from './statements.mjs';
import { MEETING_SUMMARIES, PAPER_SUMMARIES } from './summaries.mjs';
import { TOPICS } from './topics.mjs';
import { TWINS } from './twins.mjs';
import {
  best,
  dot,
  GROUP,
  groups,
  inTemporary,
  jsonLines,
  meetings,
  once,
  publishedRun,
  separateScores,
  WINDOW,
} from './data.mjs';

const DEPTH = 100;

async function cosqa({ data }, model) {
  const corpus = jsonLines(path.join(data, 'cosqa-dev/corpus.jsonl'));
  const queries = jsonLines(path.join(data, 'cosqa-dev/queries.jsonl'));
  const codes = await model.embed(
    corpus.map((c) => c.code),
    { kind: 'document', language: 'python' },
  );
  const asked = await model.embed(
    queries.map((q) => q.query),
    { kind: 'query' },
  );
  return queries.map((q, i) => ({
    query_id: q.id,
    ranked: best(
      codes.map((v) => dot(v, asked[i])),
      DEPTH,
    ).map((c) => corpus[c].id),
  }));
}

/** The same by `rank`, which also looks for each word of the question. */
const cosqaByWords = ({ data }, model) =>
  inTemporary(async (dir) => {
    const corpus = jsonLines(path.join(data, 'cosqa-dev/corpus.jsonl'));
    const of = new Map(
      corpus.map(({ id, code }) => {
        const file = path.join(dir, `${id}.py`);
        writeFileSync(file, code);
        return [file, id];
      }),
    );
    const queries = jsonLines(path.join(data, 'cosqa-dev/queries.jsonl'));
    const ranked = await model.rank([dir], queries, 'file', { language: 'python', top: DEPTH });
    return queries.map((q, i) => ({ query_id: q.id, ranked: ranked[i].map(({ file }) => of.get(file)) }));
  });

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

const { standardScores } = await sourceModule('src/engine/analysis/statistics.ts');

/** Words that occur literally count half: the share that is best on meetings that training left out (docs/experiments.md, 18). */
const LEXICAL_SHARE = 0.5;

function hybrid(a, b) {
  return a.map(({ meeting, scores }, m) => ({
    meeting,
    scores: scores.map((row, q) => {
      const other = standardScores(b[m].scores[q]);
      return standardScores(row).map((s, i) => s + LEXICAL_SHARE * other[i]);
    }),
  }));
}

async function codeSearch({ data }, rankFiles) {
  return inTemporary(async (dir) => {
    const rows = [];
    for (const { name } of jsonLines(path.join(data, 'code-search-dev/repos.jsonl'))) {
      const root = path.join(dir, name);
      mkdirSync(root);
      execFileSync('tar', ['xzf', path.join(data, 'code-search-dev', name, 'source.tar.gz'), '-C', root]);
      const queries = jsonLines(path.join(data, 'code-search-dev', name, 'queries.jsonl'));
      const ranked = await rankFiles(root, queries);
      queries.forEach((q, i) => rows.push({ query_id: q.id, ranked: ranked[i] }));
    }
    return rows;
  });
}

/** What `strata search` finds, one place for each file. */
const foundPlaces = ({ data, ours }) =>
  once(ours, 'code search', () => codeSearch({ data }, (root, queries) => ours.search(root, queries, DEPTH)));

const pathsBy = (rows, score) =>
  rows.map(({ query_id, ranked }) => ({
    query_id,
    ranked: [...ranked].sort((a, b) => score(b) - score(a)).map((hit) => hit.path),
  }));

/** Chunks of 30 lines with the path as first line; a file counts by its best chunk. */
async function chunkSearch(model, root, queries) {
  const files = execFileSync('find', [root, '-type', 'f'], { encoding: 'utf8' }).trim().split('\n').sort();
  const chunks = files.flatMap((file) => {
    const name = path.relative(root, file);
    return groups(readFileSync(file, 'utf8').split('\n'), 30).map((text) => ({ name, text: `${name}\n${text}` }));
  });
  const items = [{ texts: chunks.map((c) => c.text), queries: queries.map((q) => q.query) }];
  const [rows] = await separateScores(model, items);
  return rows.map((scores) => {
    const order = best(scores);
    return [...new Set(order.map((i) => chunks[i].name))].slice(0, DEPTH);
  });
}

export const SETS = {
  'cosqa-dev': {
    metrics: ['MRR', 'NDCG@10', 'R@1', 'R@10'],
    systems: {
      'Strata, one vector': (c) => cosqa(c, c.ours),
      'Strata, rank: vector and words': (c) => cosqaByWords(c, c.ours),
      'flat start model': (c) => cosqa(c, c.flat),
      BM25: ({ data }) => publishedRun(data, 'cosqa-dev.bm25'),
    },
  },
  'qmsum-turns': {
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
  },
  'qmsum-val': {
    metrics: ['MRR', 'Hit@1', 'Hit@5'],
    systems: {
      'Strata, one tree over the meeting': async ({ data, ours }) =>
        blockRun(await blockScores(data, ours, WINDOW), WINDOW),
      'Strata + BM25 (standard scores, BM25 counts half)': async ({ data, ours }) =>
        blockRun(hybrid(await blockScores(data, ours, WINDOW), lexical(data, WINDOW)), WINDOW),
      'Strata, tree cut at the window (each window a document)': async ({ data, ours }) =>
        blockRun(await blocksOfWindows(data, ours, WINDOW), WINDOW),
      'Strata, window encoded alone, one vector': async ({ data, ours }) =>
        blockRun(await separateGroups(data, ours, WINDOW), WINDOW),
      'flat start model, windows': async ({ data, flat }) => blockRun(await separateGroups(data, flat, WINDOW), WINDOW),
      BM25: ({ data }) => publishedRun(data, 'qmsum-val.bm25'),
    },
  },
  'code-search-dev': {
    metrics: ['NDCG@10', 'Hit@1', 'MRR'],
    part: 'mean over repositories',
    systems: {
      'Strata, best place of each file': async (c) => pathsBy(await foundPlaces(c), (hit) => hit.score),
      'Strata, by vectors alone (without the rules for definitions and tests)': async (c) =>
        pathsBy(await foundPlaces(c), (hit) => hit.score - hit.byRule),
      'flat start model, 30-line chunks': (c) => codeSearch(c, (root, queries) => chunkSearch(c.flat, root, queries)),
      BM25: ({ data }) => publishedRun(data, 'code-search-dev.bm25'),
    },
  },
  'questions-prose': QUESTIONS.prose,
  'questions-code': QUESTIONS.code,
  'code-statements': STATEMENTS,
  context: CONTEXT,
  twins: TWINS,
  answers: ANSWERS,
  'answers-readers': READERS_ANSWERS,
  'heat-faithfulness': FAITHFULNESS,
  topics: TOPICS,
  'scitldr-a-dev': PAPER_SUMMARIES,
  'qmsum-general': MEETING_SUMMARIES,
};
