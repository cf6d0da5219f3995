/** A share between 0 and 1 as every view of Strata prints it. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
