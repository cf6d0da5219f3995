/**
 * Statements that stand word for word in several functions of one real file: which of them does the description of one function mean?
 * By its own words none is better than another. Files and descriptions (cut out of them) are those of the development packages.
 */
import { bm25 } from './bm25.mjs';
import { AROUND, BEFORE, guesses, windows } from './context.mjs';
import { separateScores } from './data.mjs';
import { rankedStatements, statementTexts } from './statements.mjs';

/** Shorter statements (`return x;`) are not what anybody asks for. */
const LEAST_CHARACTERS = 12;
const MOST_PLACES = 8;
/** A statement is far from the head of its function when so many lines lie between: out of reach for the longest window of the comparison. */
const FAR = 10;

/** The file's questions: `{ id, query, asked, distance, places, units }`, for each the places (lines from 0) that are equal. */
function questionsOf({ file, units }, texts) {
  const byText = new Map();
  texts.forEach((text, unit) => byText.set(text.trim(), [...(byText.get(text.trim()) ?? []), unit]));
  const twins = [...byText].filter(
    ([text, all]) => text.length >= LEAST_CHARACTERS && all.length > 1 && all.length <= MOST_PLACES,
  );
  return file.queries.flatMap(({ id, query, first, last }, q) =>
    twins.flatMap(([, all]) => {
      const inside = all.filter((u) => units[u].startLine >= first && units[u].endLine <= last);
      if (inside.length !== 1) return [];
      return {
        id: `${id}/${inside[0]}`,
        query,
        q,
        units: all,
        asked: all.indexOf(inside[0]),
        distance: units[inside[0]].startLine - first,
        places: all.map((u) => [units[u].startLine - 1, units[u].endLine - 1]),
      };
    }),
  );
}

/** A row for each question; `scored` gives for each file the scores of the places of each of its questions. */
async function run({ ours }, scored) {
  const files = (await rankedStatements(ours, 'description')).map((found) => ({
    ...found,
    lines: found.file.text.split('\n'),
    questions: questionsOf(found, statementTexts(found)),
  }));
  const all = await scored(files);
  return files.flatMap(({ questions }, f) =>
    questions.map(({ id, query, asked, distance }, i) => ({
      query_id: id,
      query,
      asked,
      distance,
      scores: Array.from(all[f][i]),
    })),
  );
}

const composed = (files) =>
  files.map(({ questions, scores }) => questions.map(({ q, units }) => units.map((u) => scores[q][u])));

const texts = ({ lines, questions }, around) => questions.map(({ places }) => windows({ lines, places }, around));

async function embedded(model, files, around) {
  const items = files.flatMap((file) =>
    texts(file, around).map((all, i) => ({ texts: all, queries: [file.questions[i].query] })),
  );
  const scores = await separateScores(model, items);
  let at = 0;
  return files.map(({ questions }) => questions.map(() => scores[at++][0]));
}

const lexical = (files, around) =>
  files.map((file) => texts(file, around).map((all, i) => bm25(all)(file.questions[i].query)));

function score(rows) {
  const far = rows.filter(({ distance }) => distance > FAR);
  return {
    ...guesses(rows),
    'accuracy far': guesses(far).accuracy,
    'chance far': guesses(far).chance,
    far: far.length,
  };
}

export const TWINS = {
  metrics: ['accuracy', 'chance', 'queries', 'accuracy far', 'chance far', 'far'],
  score,
  systems: {
    'Strata, composed heat, one pass': (c) => run(c, composed),
    'flat start model, statement alone': (c) => c.flat && run(c, (files) => embedded(c.flat, files, [0, 0])),
    'flat start model, statement with 5 lines around it': (c) =>
      c.flat && run(c, (files) => embedded(c.flat, files, AROUND)),
    'flat start model, statement with 10 lines before it': (c) =>
      c.flat && run(c, (files) => embedded(c.flat, files, BEFORE)),
    'BM25, statement with 5 lines around it': (c) => run(c, (files) => lexical(files, AROUND)),
    'BM25, statement with 10 lines before it': (c) => run(c, (files) => lexical(files, BEFORE)),
  },
};
