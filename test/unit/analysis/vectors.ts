import { random } from '../random.js';

/** A seeded vector of unit length. */
export function randomUnit(seed: number, dimension: number): Float32Array {
  const draw = random(seed);
  const vector = Float32Array.from({ length: dimension }, () => draw(2001) / 1000 - 1);
  const norm = Math.hypot(...vector);
  return vector.map((x) => x / norm);
}
