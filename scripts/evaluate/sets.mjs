/**
 * The evaluation sets: for each the metrics, and the systems as functions that return a run in the scorer's format.
 * `ours` and `flat` are command lines with a model (see strata.mjs); `tree` is one that is asked only for the statements of files, which no
 * weights decide. A set with `corpus` is made from these files of the training corpus, one with `fixtures` from these of the repository.
 */
import { ANSWERS, READERS_ANSWERS } from './answers.mjs';
import { CODE_SEARCH } from './code-search.mjs';
import { CONTEXT } from './context.mjs';
import { COSQA } from './cosqa.mjs';
import { FAITHFULNESS } from './faithfulness.mjs';
import { TURNS, WINDOWS } from './meetings.mjs';
import { QUESTIONS } from './questions.mjs';
import { STATEMENTS } from './statements.mjs';
import { MEETING_SUMMARIES, PAPER_SUMMARIES } from './summaries.mjs';
import { TOPICS } from './topics.mjs';
import { TWINS } from './twins.mjs';

export const SETS = {
  'cosqa-dev': COSQA,
  'qmsum-turns': TURNS,
  'qmsum-val': WINDOWS,
  'code-search-dev': CODE_SEARCH,
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
