/**
 * Does a file answer a question at all? Heat is relative to a file: something is always hottest. Asked are the questions that were cut out of each
 * development file (comments, descriptions, headings), or that readers asked about it, and as many from files of other packages, which it does not answer.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { sourceModule } from '../lib/bundling.mjs';
import { lexicalScores } from './bm25.mjs';
import { askedFiles, developmentFiles, inTemporary, mean, once, separateScores } from './data.mjs';
import { ASKED_FILES, DEVELOPMENT_FILES } from './ingredients.mjs';
import { statementTexts } from './statements.mjs';

const QUESTIONS = 6;
/** A large step through all questions that has no factor in common with their number spreads what is asked over the other packages. */
const STEP = 7919;

/** The files of `rows` with `asked`: `{ id, query, own }`. */
function filesOf(rows) {
  const all = rows.flatMap((row) => row.pairs.map(({ query }) => ({ query, source: row.package })));
  let next = 0;
  return rows.map(({ id, text, fileName, language, package: source, pairs }) => {
    const own = pairs.slice(0, QUESTIONS).map(({ query }) => ({ query, own: true }));
    const others = [];
    while (others.length < own.length) {
      next = (next + STEP) % all.length;
      if (all[next].source !== source) others.push({ query: all[next].query, own: false });
    }
    const asked = [...own, ...others].map((question, i) => ({ id: `${id}#${i}`, ...question }));
    return { text, language, name: path.basename(fileName), asked };
  });
}

/** A row for each question: whether it is the file's own, and how surely it is answered. `scored` has for each file a list. */
const run = (all, scored) =>
  all.flatMap(({ asked }, f) => asked.map(({ id, own }, i) => ({ query_id: id, own, answered: scored[f][i] })));

/** All files with what `strata rank` tells of them: how surely each question is answered, and the statements of the tree. */
const ranked = (model, rows) =>
  once(model, `answers ${rows.name}`, () => inTemporary((dir) => rankedIn(dir, model, filesOf(rows()))));

async function rankedIn(dir, model, all) {
  const scored = [];
  const structure = [];
  for (const [i, file] of all.entries()) {
    const target = path.join(dir, `${i}-${file.name}`);
    writeFileSync(target, file.text);
    const rows = await model.rankings([target], file.asked, 'statement');
    scored.push(rows.map((row) => row.answered));
    structure.push({ file, units: rows[0].ranked });
  }
  return { all, scored, structure };
}

/** The best statement of each file for each question, each statement alone. */
async function bestAlone({ tree }, scoresOf, rows) {
  const { all, structure } = await ranked(tree, rows);
  const items = structure.map((found, f) => ({
    texts: statementTexts(found),
    queries: all[f].asked.map(({ query }) => query),
  }));
  const scored = await scoresOf(items);
  return run(
    all,
    scored.map((rows) => rows.map((row) => Math.max(...row))),
  );
}

/** Of a file's own questions so many may be taken for others; how many others are then told from them? */
const LOST = 0.05;

/** Area under the curve: how often an own question scores above another one, a tie counting half; others told apart; the mean scores of both. */
function score(rows) {
  const scores = (own) => rows.filter((row) => row.own === own).map((row) => row.answered);
  const [own, others] = [scores(true), scores(false)];
  const wins = mean(own.map((x) => mean(others.map((y) => (x > y ? 1 : x === y ? 0.5 : 0)))));
  const least = own.toSorted((a, b) => a - b)[Math.floor(LOST * own.length)];
  const told = mean(others.map((y) => (y < least ? 1 : 0)));
  return {
    AUC: wins,
    'others told': told,
    'own questions': mean(own),
    'others’ questions': mean(others),
    queries: rows.length,
  };
}

/** The same, and how many people are told that nothing answers; only Strata tells anybody so (of other scores the bound says nothing). */
function scoreTold(rows) {
  const judged = rows.filter((row) => row.told !== undefined);
  const told = (own) => mean(judged.filter((row) => row.own === own).map((row) => (row.told ? 1 : 0)));
  return { ...score(rows), 'own told so': told(true), 'others told so': told(false) };
}

const baselines = (rows) => ({
  'flat start model, best statement alone': (c) => bestAlone(c, (items) => separateScores(c.flat, items), rows),
  'BM25, best statement': (c) => bestAlone(c, lexicalScores, rows),
});

/** Of readers' questions, by no text of their file. */
export const READERS_ANSWERS = {
  metrics: ['AUC', 'others told', 'own told so', 'others told so', 'queries'],
  score: scoreTold,
  corpus: [ASKED_FILES],
  systems: {
    'Strata, how surely it is answered': async ({ ours }) => {
      const { all, scored } = await ranked(ours, askedFiles);
      // Below this a person is told that nothing answers.
      const { UNANSWERED } = await sourceModule('src/protocol/document.ts');
      return run(all, scored).map((row) => ({ ...row, told: row.answered < UNANSWERED }));
    },
    ...baselines(askedFiles),
  },
};

export const ANSWERS = {
  metrics: ['AUC', 'others told', 'own questions', 'others’ questions', 'queries'],
  score,
  corpus: [DEVELOPMENT_FILES],
  systems: {
    'Strata, how surely it is answered': async ({ ours }) => {
      const { all, scored } = await ranked(ours, developmentFiles);
      return run(all, scored);
    },
    ...baselines(developmentFiles),
  },
};
