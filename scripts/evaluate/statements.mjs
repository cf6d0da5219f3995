/**
 * Statements of code: comments inside functions, cut out of their files, as questions for the statements that they described.
 * The set is made from the development packages of the training corpus (training/prepare.py), which are never trained on.
 * A run's row holds the ranks of the relevant statements, so that it can be scored without the texts.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { lexicalScores } from './bm25.mjs';
import { best, developmentFiles, GROUP, groups, inTemporary, mean, once, separateScores, WINDOW } from './data.mjs';
import { openParser } from '../lib/parser.mjs';
import { DEVELOPMENT_FILES } from './ingredients.mjs';

/** Line of an offset, from 1. */
export const lineOf = (text, offset) => text.slice(0, offset).split('\n').length;

/** Files with their questions of a kind (`comment` or `description`): `{ text, name, queries: [{ id, query, first, last }] }`, lines from 1. */
function files(kind) {
  return developmentFiles()
    .map(({ id, text, fileName, language, pairs }) => ({
      text,
      language,
      name: path.basename(fileName),
      queries: pairs
        .map((pair, i) => ({ ...pair, id: `${id}#${i}` }))
        .filter((pair) => pair.kind === kind)
        .map((pair) => ({
          id: pair.id,
          query: pair.query,
          first: lineOf(text, pair.start),
          last: lineOf(text, Math.max(pair.start, pair.end - 1)),
        })),
    }))
    .filter((file) => file.queries.length > 0);
}

/** `{ file, units, scores }`: the statements as the tree has them, and one row of heat for each question. */
export const rankedStatements = (model, kind = 'comment') =>
  once(model, `statements ${kind}`, () => rankedFiles(model, files(kind)));

/** The same for files that come with their questions. */
export const rankedFiles = (model, asked) => inTemporary((dir) => rankedIn(dir, model, asked));

async function rankedIn(dir, model, asked) {
  const found = [];
  for (const [i, file] of asked.entries()) {
    const target = path.join(dir, `${i}-${file.name}`);
    writeFileSync(target, file.text);
    const rows = await model.rank([target], file.queries, 'statement');
    const units = [...rows[0]].sort((a, b) => a.startLine - b.startLine || a.endLine - b.endLine);
    const key = (u) => `${u.startLine}-${u.endLine}`;
    const scores = rows.map((row) => {
      const byPlace = new Map();
      for (const unit of row) byPlace.set(key(unit), Math.max(unit.score, byPlace.get(key(unit)) ?? -Infinity));
      return units.map((unit) => byPlace.get(key(unit)));
    });
    found.push({ file, units, scores });
  }
  return found;
}

/** The texts of statements, by their lines. */
export function statementTexts({ file, units }) {
  const lines = file.text.split('\n');
  return units.map(({ startLine, endLine }) => lines.slice(startLine - 1, endLine).join('\n'));
}

/** The ranks of the units that answer; by default those within the lines `first` to `last` of the question. */
export function ranksOf(scored, answers = (unit, { first, last }) => unit.startLine >= first && unit.endLine <= last) {
  return scored.flatMap(({ file, units, scores }) =>
    file.queries.map((query, q) => {
      const ranks = best(scores[q]).flatMap((unit, rank) => (answers(units[unit], query) ? [rank + 1] : []));
      return { query_id: query.id, ranks };
    }),
  );
}

/** The statements, each scored as a text of its own; `scoresOf` as `separateScores` and `lexicalScores` are. */
export async function alone(structure, scoresOf) {
  const items = structure.map((found) => ({
    texts: statementTexts(found),
    queries: found.file.queries.map((q) => q.query),
  }));
  const scores = await scoresOf(items);
  return structure.map((found, i) => ({ ...found, scores: scores[i] }));
}

/** Scores of consecutive windows of `size` lines, each encoded alone, given to the statements that begin in them. */
export async function windowScores(model, structure, size) {
  const items = structure.map(({ file }) => ({
    texts: groups(file.text.split('\n'), size),
    queries: file.queries.map(({ query }) => query),
  }));
  const scores = await separateScores(model, items);
  return structure.map(({ units }, i) =>
    scores[i].map((row) => units.map(({ startLine }) => row[Math.floor((startLine - 1) / size)])),
  );
}

/** What a flat encoder knows of a statement, its window and its group, by three encodings of the whole file (as of turns of meetings). */
export async function threeEncodings(model, structure) {
  const statements = await alone(structure, (items) => separateScores(model, items));
  const window = await windowScores(model, structure, WINDOW);
  const group = await windowScores(model, structure, GROUP);
  return statements.map((found, i) => ({
    ...found,
    scores: found.scores.map((row, q) => row.map((score, u) => score + 2 * window[i][q][u] + group[i][q][u])),
  }));
}

/** MAP, MRR and how often one of the first is right, over the questions that have a relevant statement in the tree. */
export function scoreRanks(rows) {
  const judged = rows.filter((row) => row.ranks.length > 0);
  const within = (depth) => mean(judged.map(({ ranks }) => (ranks[0] <= depth ? 1 : 0)));
  return {
    MAP: mean(judged.map(({ ranks }) => mean(ranks.map((rank, i) => (i + 1) / rank)))),
    MRR: mean(judged.map(({ ranks }) => 1 / ranks[0])),
    'Hit@1': within(1),
    'Hit@3': within(3),
    queries: judged.length,
  };
}

/** The language of the file that a question is about. */
function languages() {
  const known = new Map(files('comment').flatMap(({ language, queries }) => queries.map(({ id }) => [id, language])));
  return ({ query_id }) => known.get(query_id);
}

/** Whether what a comment describes is done in a function or declared outside of all, and whether it is one statement. */
async function places() {
  const parseDocument = await openParser();
  const inFunction = new Set();
  for (const { text, name, language, queries } of files('comment')) {
    const { nodes } = await parseDocument({ text, fileName: name, language });
    const functions = nodes.filter(({ kind }) => kind === 'function');
    for (const { id, first, last } of queries)
      if (functions.some(({ startLine, endLine }) => startLine <= first && last <= endLine)) inFunction.add(id);
  }
  return ({ query_id, ranks }) => {
    if (ranks.length === 0) return undefined;
    return `${inFunction.has(query_id) ? 'in a function' : 'elsewhere'}, ${ranks.length === 1 ? 'one' : 'several'}`;
  };
}

export const STATEMENTS = {
  metrics: ['MAP', 'MRR', 'queries'],
  score: scoreRanks,
  parts: [
    { metric: 'MAP', by: 'language', labels: languages },
    { metric: 'MAP', by: 'place and number of the statements', labels: places },
  ],
  corpus: [DEVELOPMENT_FILES],
  systems: {
    'Strata, composed heat, one pass': async ({ ours }) => ranksOf(await rankedStatements(ours)),
    'Strata, each statement encoded alone': async ({ ours }) =>
      ranksOf(await alone(await rankedStatements(ours), (items) => separateScores(ours, items))),
    'flat start model, each statement alone': async ({ tree, flat }) =>
      ranksOf(await alone(await rankedStatements(tree), (items) => separateScores(flat, items))),
    'flat start model, statement + 2 × window + group (three encodings)': async ({ tree, flat }) =>
      ranksOf(await threeEncodings(flat, await rankedStatements(tree))),
    'BM25, each statement alone': async ({ tree }) => ranksOf(await alone(await rankedStatements(tree), lexicalScores)),
  },
};
