/**
 * Faithfulness of the heat: delete the tenth of a file's statements that a system finds hottest for a question, encode what is
 * left again, and see how far the file's closeness to the question falls. One question for each file of the statements set.
 * Whoever says how close a file is favours the system that reads as it does, so there are two judges: our own encoder, and the flat
 * start model. A heat is the more faithful the more both of them miss what it names.
 */
import { bm25 } from './bm25.mjs';
import { best, dot, groups, mean, once, separateScores, WINDOW } from './data.mjs';
import { DEVELOPMENT_FILES } from './ingredients.mjs';
import { alone, rankedStatements, statementTexts, windowScores } from './statements.mjs';

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

/** Vectors of `{ text, language }`; what a model has read before for another system it does not read again. */
async function vectorsOf(model, documents) {
  const known = once(model, 'judged', () => new Map());
  const key = ({ text, language }) => `${language}\n${text}`;
  const fresh = [...new Map(documents.map((d) => [key(d), d])).values()].filter((d) => !known.has(key(d)));
  const texts = fresh.map((d) => d.text);
  const languages = fresh.map((d) => d.language);
  const vectors = fresh.length === 0 ? [] : await model.embed(texts, { kind: 'document', languages });
  fresh.forEach((d, i) => known.set(key(d), vectors[i]));
  return documents.map((d) => known.get(key(d)));
}

/** Our encoder reads a file whole, as the tree that it is. */
const wholeFiles = (model, documents) => vectorsOf(model, documents);

/** The flat model reads 512 tokens and no more: a file is the mean of its windows, at unit length. */
async function meansOfWindows(model, documents) {
  const windows = documents.map(({ text }) =>
    groups(text.split('\n'), WINDOW)
      .filter((window) => window.trim() !== '')
      .map((window) => ({ text: window, language: 'plaintext' })),
  );
  const vectors = await vectorsOf(model, windows.flat());
  let next = 0;
  return windows.map((own) => {
    const sum = new Float32Array(vectors[0].length);
    for (const vector of vectors.slice(next, (next += own.length))) vector.forEach((x, d) => (sum[d] += x));
    const length = Math.sqrt(dot(sum, sum));
    return sum.map((x) => x / length);
  });
}

/** Closeness of each file to its first question, before and after the deletion that `scores` decides, for each judge. */
async function run({ ours, flat }, scores) {
  const found = await rankedStatements(ours);
  const scored = await scores(found);
  const language = (i) => found[i].file.language;
  const whole = found.map(({ file }, i) => ({ text: file.text, language: language(i) }));
  const cut = found.map((entry, i) => ({
    text: without(entry, best(scored[i], Math.max(1, Math.round(SHARE * entry.units.length)))),
    language: language(i),
  }));
  const questions = found.map(({ file }) => file.queries[0]);
  const judged = {};
  for (const [judge, model, read] of [
    ['ours', ours, wholeFiles],
    ['flat', flat, meansOfWindows],
  ]) {
    const vectors = await read(model, [...whole, ...cut]);
    const texts = questions.map(({ query }) => query);
    const asked = await once(model, 'judged questions', () => model.embed(texts, { kind: 'query' }));
    judged[judge] = asked.map((q, i) => ({ before: dot(vectors[i], q), after: dot(vectors[found.length + i], q) }));
  }
  return questions.map(({ id }, i) => ({ query_id: id, ours: judged.ours[i], flat: judged.flat[i] }));
}

function score(rows) {
  const fall = (judge) => mean(rows.map((r) => r[judge].before - r[judge].after));
  const before = (judge) => mean(rows.map((r) => r[judge].before));
  return {
    'mean fall, our encoder judges': fall('ours'),
    'cosine before': before('ours'),
    'mean fall, the flat model judges': fall('flat'),
    'cosine before (flat)': before('flat'),
    queries: rows.length,
  };
}

export const FAITHFULNESS = {
  metrics: [
    'mean fall, our encoder judges',
    'cosine before',
    'mean fall, the flat model judges',
    'cosine before (flat)',
    'queries',
  ],
  score,
  corpus: [DEVELOPMENT_FILES],
  systems: {
    'Strata, composed heat': (c) => run(c, (found) => found.map(({ scores }) => scores[0])),
    'flat start model, each statement alone': (c) =>
      run(c, async (found) =>
        (await alone(found, (items) => separateScores(c.flat, items))).map(({ scores }) => scores[0]),
      ),
    'flat start model, windows of 10 lines': (c) =>
      run(c, async (found) => (await windowScores(c.flat, found, WINDOW)).map(([first]) => first)),
    BM25: (c) => run(c, (found) => found.map((entry) => bm25(statementTexts(entry))(entry.file.queries[0].query))),
    random: (c) => run(c, (found) => found.map(({ units }, i) => shuffledScores(units.length, i))),
  },
};
