/** What a search knows about places beside all vectors: what the question calls by its name comes first, tests come behind what they test. */
import { asksForTests, isTest } from './tests.js';

/** Of a definition that the question calls by its name: nobody who asks for `BaseModel` looks for its uses (docs/experiments.md, 48). */
const DEFINITION_BONUS = 1;
/** A test says what it tests in the same words, and is not what was looked for (48). */
const TEST_DISCOUNT = 0.15;

export interface Ruling {
  /** To the score of a place, where its heat has a weight of 1. */
  adds: number;
  /** For people, in a few words. */
  because: string;
}

/** What holds for a place when this question is asked. */
export function rulesFor(question: string): (place: { path: string; isNamed: boolean }) => Ruling[] {
  const forTests = asksForTests(question);
  return ({ path, isNamed }) => [
    ...(isNamed ? [{ adds: DEFINITION_BONUS, because: 'defined here' }] : []),
    ...(!forTests && isTest(path) ? [{ adds: -TEST_DISCOUNT, because: 'a test' }] : []),
  ];
}
