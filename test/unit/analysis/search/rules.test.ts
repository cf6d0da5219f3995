import { expect, it } from 'vitest';
import { rulesFor } from '../../../../src/engine/analysis/search/rules.js';

const of = (question: string, path: string): { named: number; others: number; because: string[] } => {
  const { named, others } = rulesFor(question)(path);
  const sum = (rulings: typeof named): number => rulings.reduce((total, { adds }) => total + adds, 0);
  return { named: sum(named), others: sum(others), because: named.map((r) => r.because) };
};

it('what a question calls by its name comes first, tests come behind what they test', () => {
  const code = of('parse duration', 'src/duration.js');
  const test = of('parse duration', 'test/duration.test.js');
  expect(code).toEqual({ named: 1, others: 0, because: ['defined here'] });
  expect(test).toEqual({ named: 0.85, others: -0.15, because: ['defined here', 'a test'] });
});

it('tests are places like all others for a question about them', () => {
  expect(of('how is parse duration tested', 'test/duration.test.js')).toEqual(of('parse duration', 'src/duration.js'));
});
