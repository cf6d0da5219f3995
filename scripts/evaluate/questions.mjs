/**
 * Questions that readers asked of files that they did not know (training/questions.jsonl), and how early the statements and sentences come
 * that answer them: what the heat of one document is for. Only files that no weight was fitted to.
 */
import path from 'node:path';
import { lexicalScores } from './bm25.mjs';
import { askedFiles, once, separateScores } from './data.mjs';
import { ASKED_FILES } from './ingredients.mjs';
import { alone, lineOf, ranksOf, rankedFiles, scoreRanks, threeEncodings } from './statements.mjs';

const PROSE = ['markdown', 'restructuredtext', 'plaintext'];

function files(wanted) {
  return askedFiles()
    .filter(({ language }) => wanted(PROSE.includes(language)))
    .map(({ id, text, fileName, language, pairs }) => ({
      text,
      language,
      name: path.basename(fileName),
      queries: pairs.map(({ query, places }, i) => ({
        id: `${id}#${i}`,
        query,
        lines: places.map(([start, end]) => [lineOf(text, start), lineOf(text, Math.max(start, end - 1))]),
      })),
    }));
}

/** A unit answers when it shares a line with a place that does. */
const answers = (unit, { lines }) => lines.some(([first, last]) => unit.startLine <= last && unit.endLine >= first);

/** The set of one kind of file. */
function asked(kind, wanted) {
  const ranked = (model) => once(model, `questions ${kind}`, () => rankedFiles(model, files(wanted)));
  const separate = async ({ tree }, scoresOf) => ranksOf(await alone(await ranked(tree), scoresOf), answers);
  const by = (model) => (items) => separateScores(model, items);
  return {
    metrics: ['MRR', 'Hit@1', 'Hit@3', 'MAP', 'queries'],
    score: scoreRanks,
    corpus: [ASKED_FILES],
    systems: {
      'Strata, composed heat, one pass': async ({ ours }) => ranksOf(await ranked(ours), answers),
      'Strata, each statement encoded alone': (c) => separate(c, by(c.ours)),
      'flat start model, each statement alone': (c) => separate(c, by(c.flat)),
      'flat start model, statement + 2 × window + group (three encodings)': async ({ tree, flat }) =>
        ranksOf(await threeEncodings(flat, await ranked(tree)), answers),
      'BM25, each statement alone': (c) => separate(c, lexicalScores),
    },
  };
}

export const QUESTIONS = { prose: asked('prose', (prose) => prose), code: asked('code', (prose) => !prose) };
