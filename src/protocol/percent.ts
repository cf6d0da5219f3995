/** A share between 0 and 1 as every view of Strata prints it. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** A share, such as an intensity, in whole percent. */
export function wholePercent(share: number): number {
  return Math.round(100 * share);
}
