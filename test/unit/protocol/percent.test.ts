import { expect, it } from 'vitest';
import { percent } from '../../../src/protocol/percent.js';

it('a share that is too small for a decimal is not said to be nothing', () => {
  expect([0, 1e-9, 0.0004, 0.0005, 0.0012, 1].map(percent)).toEqual([
    '0.0 %',
    '< 0.1 %',
    '< 0.1 %',
    '0.1 %',
    '0.1 %',
    '100.0 %',
  ]);
});
