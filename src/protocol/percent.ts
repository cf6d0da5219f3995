/** Less is printed as 0.0 %. */
const LEAST_PRINTED = 0.0005;

/** A share between 0 and 1 as every view of Strata prints it; one that is small is not nothing. */
export function percent(share: number): string {
  return share > 0 && share < LEAST_PRINTED ? '< 0.1 %' : `${(100 * share).toFixed(1)} %`;
}

/** A share, such as an intensity, in whole percent. */
export function wholePercent(share: number): number {
  return Math.round(100 * share);
}
