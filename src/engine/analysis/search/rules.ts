/** What a search knows about places beside all vectors: what the question calls by its name comes first, tests come behind what they test. */
import { asksForTests, isTest } from './tests.js';

export interface Ruling {
  /** To the score of a place, where its heat has a weight of 1. */
  adds: number;
  /** For people, in a few words. */
  because: string;
}

/** Of a definition that the question calls by its name: nobody who asks for `BaseModel` looks for its uses (docs/experiments.md, 48). */
const DEFINED: Ruling = { adds: 1, because: 'defined here' };
/** A test says what it tests in the same words, and is not what was looked for (48). */
const A_TEST: Ruling = { adds: -0.15, because: 'a test' };

/** What holds in a file when this question is asked: for the places that define what it names, and for all others. */
export function rulesFor(question: string): (path: string) => { named: Ruling[]; others: Ruling[] } {
  const forTests = asksForTests(question);
  return (path) => {
    const others = !forTests && isTest(path) ? [A_TEST] : [];
    return { named: [DEFINED, ...others], others };
  };
}
