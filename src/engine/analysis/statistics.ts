/** (x − mean) / standard deviation; zeros where all are equal. */
export function standardScores(values: readonly number[]): number[] {
  const mean = values.reduce((a, b) => a + b, 0) / (values.length || 1);
  const deviation = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length || 1));
  return values.map((x) => (deviation > 1e-6 ? (x - mean) / deviation : 0));
}
