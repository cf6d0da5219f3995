/**
 * Statements that stand word for word in several functions of one real file: which of them does the description of one function mean?
 * By its own words none is better than another. Files and descriptions (cut out of them) are those of the development packages.
 */
import { AROUND, BEFORE, embedded, guesses, lexical, run } from './context.mjs';
import { DEVELOPMENT_FILES } from './ingredients.mjs';
import { rankedStatements, statementTexts } from './statements.mjs';

/** Shorter statements (`return x;`) are not what anybody asks for. */
const LEAST_CHARACTERS = 12;
const MOST_PLACES = 8;
/** A statement is far from the head of its function when so many lines lie between: out of reach for the longest window of the comparison. */
const FAR = 10;

/** Items as in the set "context", each with one question, the `scores` that the heat gives to its places, and the `distance` to its function's head. */
const items = async (model) => (await rankedStatements(model, 'description')).flatMap(itemsOf);

function itemsOf(found) {
  const { file, units, scores } = found;
  const lines = file.text.split('\n');
  const byText = new Map();
  statementTexts(found).forEach((text, unit) => byText.set(text.trim(), [...(byText.get(text.trim()) ?? []), unit]));
  const twins = [...byText].filter(
    ([text, all]) => text.length >= LEAST_CHARACTERS && all.length > 1 && all.length <= MOST_PLACES,
  );
  return file.queries.flatMap(({ id, query, first, last }, q) =>
    twins.flatMap(([, all]) => {
      const inside = all.filter((u) => units[u].startLine >= first && units[u].endLine <= last);
      if (inside.length !== 1) return [];
      return {
        name: `${id}/${inside[0]}`,
        lines,
        places: all.map((u) => [units[u].startLine - 1, units[u].endLine - 1]),
        questions: [{ query, occurrence: all.indexOf(inside[0]) }],
        scores: all.map((u) => scores[q][u]),
        distance: units[inside[0]].startLine - first,
      };
    }),
  );
}

/** The rows that `scored` gives for the items that `model` finds, with the distance that a far question is known by. */
async function rows(model, scored) {
  const all = await items(model);
  return (await scored(all)).map((row, i) => ({ ...row, distance: all[i].distance }));
}

const flatRows = ({ tree, flat }, around) => rows(tree, (all) => embedded(all, flat, around));

const composed = (all) =>
  run(
    all,
    all.map(({ scores }) => [scores]),
  );

function score(all) {
  const far = all.filter(({ distance }) => distance > FAR);
  return {
    ...guesses(all),
    'accuracy far': guesses(far).accuracy,
    'chance far': guesses(far).chance,
    far: far.length,
  };
}

export const TWINS = {
  metrics: ['accuracy', 'chance', 'queries', 'accuracy far', 'chance far', 'far'],
  score,
  corpus: [DEVELOPMENT_FILES],
  systems: {
    'Strata, composed heat, one pass': ({ ours }) => rows(ours, composed),
    'flat start model, statement alone': (c) => flatRows(c, [0, 0]),
    'flat start model, statement with 5 lines around it': (c) => flatRows(c, AROUND),
    'flat start model, statement with 10 lines before it': (c) => flatRows(c, BEFORE),
    'BM25, statement with 5 lines around it': ({ tree }) => rows(tree, (all) => lexical(all, AROUND)),
    'BM25, statement with 10 lines before it': ({ tree }) => rows(tree, (all) => lexical(all, BEFORE)),
  },
};
