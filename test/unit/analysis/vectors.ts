import type { Question } from '../../../src/engine/encoder/index.js';
import { random } from '../random.js';

/** A seeded vector of unit length. */
export function randomUnit(seed: number, dimension: number): Float32Array {
  const draw = random(seed);
  const vector = Float32Array.from({ length: dimension }, () => draw(2001) / 1000 - 1);
  const norm = Math.hypot(...vector);
  return vector.map((x) => x / norm);
}

/** A seeded question of three words. */
export function randomQuestion(seed: number, dimension: number): Question {
  const words = ['one', 'two', 'three'].map((text, i) => ({
    text,
    continues: false,
    state: randomUnit(seed + i + 1, dimension),
  }));
  return { vector: randomUnit(seed, dimension), words };
}
