/**
 * Faithfulness of the heat: delete the tenth of a file's statements that a system finds hottest for a question, encode what is
 * left again, and see how far the file's closeness to the question falls. One question for each file of the statements set.
 */
import { bm25 } from './bm25.mjs';
import { best, dot, mean } from './data.mjs';
import { rankedStatements, statementTexts, windowScores } from './statements.mjs';

const SHARE = 0.1;

/** The text without the lines of these statements. */
function without({ file, units }, doomed) {
  const lines = file.text.split('\n');
  for (const unit of doomed) {
    const { startLine, endLine } = units[unit];
    for (let line = startLine; line <= endLine; line++) lines[line - 1] = '';
  }
  return lines.join('\n');
}

/** Seeded, so that the run can be repeated. */
function shuffledScores(count, seed) {
  let state = seed + 1;
  return Array.from({ length: count }, () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0));
}

/** Closeness of each file to its first question, before and after the deletion that `scores` decides. */
async function run({ ours }, scores) {
  const found = await rankedStatements(ours);
  const scored = await scores(found);
  const cut = found.map((entry, i) =>
    without(entry, best(scored[i], Math.max(1, Math.round(SHARE * entry.units.length)))),
  );
  const vectors = await ours.embed([...found.map(({ file }) => file.text), ...cut], {
    kind: 'document',
    languages: [...found, ...found].map(({ file }) => file.language),
  });
  const asked = await ours.embed(
    found.map(({ file }) => file.queries[0].query),
    { kind: 'query' },
  );
  return found.map(({ file }, i) => ({
    query_id: file.queries[0].id,
    before: dot(vectors[i], asked[i]),
    after: dot(vectors[found.length + i], asked[i]),
  }));
}

function score(rows) {
  return {
    'mean fall': mean(rows.map((r) => r.before - r.after)),
    'cosine before': mean(rows.map((r) => r.before)),
    queries: rows.length,
  };
}

export const FAITHFULNESS = {
  metrics: ['mean fall', 'cosine before', 'queries'],
  score,
  corpus: true,
  systems: {
    'Strata, composed heat': (c) => run(c, (found) => found.map(({ scores }) => scores[0])),
    'flat start model, windows of 10 lines': (c) =>
      run(c, async (found) => (await windowScores(c.flat, found, 10)).map(([first]) => first)),
    BM25: (c) => run(c, (found) => found.map((entry) => bm25(statementTexts(entry))(entry.file.queries[0].query))),
    random: (c) => run(c, (found) => found.map(({ units }, i) => shuffledScores(units.length, i))),
  },
};
