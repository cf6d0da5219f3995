/** Vector scaled to unit length; zeros stay zeros. */
export function normalised(vector: Float32Array): Float32Array {
  const norm = Math.hypot(...vector) || 1;
  return vector.map((x) => x / norm);
}
