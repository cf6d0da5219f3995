import { expect, it } from 'vitest';
import { normalised } from '../../../src/engine/encoder/index.js';

it('a vector of zeros has no direction and stays as it is; every other one gets unit length', () => {
  expect(normalised(Float32Array.of(0, 0))).toEqual(Float32Array.of(0, 0));
  expect(normalised(Float32Array.of(3, -4))).toEqual(Float32Array.of(0.6, -0.8));
});
