/**
 * Places that mean what their document says they mean: the same lines stand several times in one file, in different surroundings,
 * and the question asks for one of them. By its own words no place is better than another, so whoever sees the passage alone guesses.
 * The files and questions in test/fixtures/context were written for this test.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { lexicalScores } from './bm25.mjs';
import { jsonLines, separateScores } from './data.mjs';
import { ROOT } from '../lib/root.mjs';

const FOLDER = path.join(ROOT, 'test/fixtures/context');
/** Lines of a window before and after the passage. */
export const AROUND = [5, 5];
/** A window that only looks back: what follows a passage is often the next section already. */
export const BEFORE = [10, 0];
/** Scores closer than this are equal: the same text gets the same vector but for rounding. */
const EQUAL = 1e-5;

/** Files with `lines`, `places` (`[first, last]` line of each occurrence, from 0) and `questions`, one for each place. */
function items() {
  const byFile = new Map();
  for (const row of jsonLines(path.join(FOLDER, 'questions.jsonl')))
    byFile.set(row.file, [...(byFile.get(row.file) ?? []), row]);
  return [...byFile].map(([name, questions]) => {
    const file = path.join(FOLDER, name);
    const text = readFileSync(file, 'utf8');
    const { passage } = questions[0];
    const lineOf = (offset) => text.slice(0, offset).split('\n').length - 1;
    const places = [];
    for (let at = text.indexOf(passage); at >= 0; at = text.indexOf(passage, at + 1))
      places.push([lineOf(at), lineOf(at + passage.length)]);
    return { name, file, lines: text.split('\n'), places, questions };
  });
}

/** A row for each question: the place asked for and the score of each place. `scored` has for each item a list a question. */
export const run = (all, scored) =>
  all.flatMap(({ name, questions }, f) =>
    questions.map(({ query, occurrence }, i) => ({
      query_id: `${name}#${occurrence}`,
      query,
      asked: occurrence,
      scores: Array.from(scored[f][i]),
    })),
  );

/** Heat of the passage's lines, from one pass over the file. */
async function composed(model) {
  const all = items();
  const scored = [];
  for (const { file, places, questions } of all) {
    const asked = questions.map(({ query }, id) => ({ id: String(id), query }));
    const ranked = await model.rank([file], asked, 'lines:1');
    scored.push(
      ranked.map((rows) => {
        const byLine = new Map(rows.map(({ startLine, score }) => [startLine - 1, score]));
        return places.map(([first, last]) => {
          let sum = 0;
          for (let line = first; line <= last; line++) sum += byLine.get(line);
          return sum / (last - first + 1);
        });
      }),
    );
  }
  return run(all, scored);
}

/** Texts of the places together with lines before and after them. */
const windows = ({ lines, places }, [before, after]) =>
  places.map(([first, last]) => lines.slice(Math.max(0, first - before), last + 1 + after).join('\n'));

/** The places with the lines around them as texts of their own, beside their questions. */
const separate = (all, around) =>
  all.map((item) => ({ texts: windows(item, around), queries: item.questions.map((q) => q.query) }));

/** Cosines of the places, each encoded with the lines around it. */
export const embedded = async (all, model, around) => run(all, await separateScores(model, separate(all, around)));

/** The same by BM25. */
export const lexical = (all, around) => run(all, lexicalScores(separate(all, around)));

/** Share of the questions whose place comes first; a tie counts as a guess. Rows: `asked`, the place, and `scores` of all. */
export function guesses(rows) {
  const right = rows.map(({ asked, scores }) => {
    const best = Math.max(...scores);
    const tied = scores.filter((s) => best - s < EQUAL).length;
    return best - scores[asked] < EQUAL ? 1 / tied : 0;
  });
  return {
    accuracy: right.reduce((sum, r) => sum + r, 0) / rows.length,
    chance: rows.reduce((sum, { scores }) => sum + 1 / scores.length, 0) / rows.length,
    queries: rows.length,
  };
}

export const CONTEXT = {
  metrics: ['accuracy', 'chance', 'queries'],
  fixtures: readdirSync(FOLDER)
    .sort()
    .map((name) => path.join(FOLDER, name)),
  score: guesses,
  systems: {
    'Strata, composed heat, one pass': ({ ours }) => composed(ours),
    'flat start model, passage alone': ({ flat }) => embedded(items(), flat, [0, 0]),
    'flat start model, passage with 5 lines around it': ({ flat }) => embedded(items(), flat, AROUND),
    'flat start model, passage with 10 lines before it': ({ flat }) => embedded(items(), flat, BEFORE),
    'BM25, passage with 5 lines around it': () => lexical(items(), AROUND),
    'BM25, passage with 10 lines before it': () => lexical(items(), BEFORE),
  },
};
