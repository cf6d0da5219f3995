/** Greek letters by the names that HTML and LaTeX have for them. */
import { words } from '../../patterns.js';

const NAMES = words`
  alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi psi omega
`;
/** Before the small sigma stands that of the end of a word, which no capital is like. */
const SIGMA = NAMES.indexOf('sigma');

/** Small letters, and capitals by names with a capital. */
export const GREEK: Readonly<Record<string, string>> = Object.fromEntries(
  NAMES.flatMap((name, i) => {
    const at = i < SIGMA ? i : i + 1;
    return [
      [name, String.fromCodePoint(0x3b1 + at)],
      [name[0]!.toUpperCase() + name.slice(1), String.fromCodePoint(0x391 + at)],
    ];
  }),
);
