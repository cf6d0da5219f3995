/** Enter may be faster than the list of what was asked before. */
import { expect, it } from 'vitest';
import { QuestionChoice } from '../../../src/ui/question-choice.js';

const before = { remembered: 'where are errors reported' };
const typedRow = {};

it('is the earlier question that is active while nothing is typed', () => {
  const choice = new QuestionChoice();
  expect(choice.question).toBeUndefined();
  choice.activate(before);
  expect(choice.question).toBe(before.remembered);
});

it('is what was typed where Enter comes before the list for it', () => {
  const choice = new QuestionChoice();
  choice.activate(before);
  choice.type('errors');
  expect(choice.question).toBe('errors');
  // The list before was narrowed to what was typed.
  choice.activate(before);
  expect(choice.question).toBe('errors');
});

it('is the earlier question that somebody moves to in the list for what was typed', () => {
  const choice = new QuestionChoice();
  choice.type('errors');
  choice.activate(typedRow);
  expect(choice.question).toBe('errors');
  choice.activate(before);
  expect(choice.question).toBe(before.remembered);
  choice.type('errors in');
  expect(choice.question).toBe('errors in');
});
