/** Lines of programs that say no more than a brace does, although there are letters in them. */
import { oneOf, words } from '../../patterns.js';

/** What `end` is written together with: `endif`, `endforeach`. */
const ENDED = words`
  if for foreach while switch do loop try case function def sub subroutine macro task module class package
  program process block generate augroup
`;
/** What ends a block: `end`, alone or together with what it ends. */
export const END = `end${oneOf(ENDED)}?`;
/** Words of their own that do, in shells and in proofs; where the latter are verbs as well, they stop. */
export const CLOSERS: readonly string[] = words`fi done esac od qed defined\. admitted\.`;

/**
 * Words that end or open what other lines say, alone on their line: `end`, `END IF;`, `endforeach ()`, `fi`, `} else {`. Without a
 * bracket behind it: a test calls `done()`.
 */
const BARE = bareWords();

function bareWords(): RegExp {
  const { raw } = String;
  const opened = `end${oneOf(ENDED)}`;
  const word = oneOf([...CLOSERS, ...words`else begin then do`]);
  // What `end` ends is no such word itself: a row of them could be read in more ways than can be tried.
  const end = raw`end(?:\s+(?!(?:end|${word}|${opened})(?!\w))\w+)?`;
  return new RegExp(
    raw`^[\s(){}[\];,]*(?:(?:${end}|${opened}(?:\s*\(\s*\))?|${word}(?!\s*\())(?!\w)[\s){}\];,.:]*)+$`,
    'i',
  );
}
/** What is closed with a word about what that was: `}  // namespace a`, `#endif // STORE_H`. */
const TOLD = /^(?:[\s)}\];,]*[)}\]][\s;,]*(?:\/\/[^\n]*|\/\*[^*]*\*\/)|#\s*endif\b[^\n]*)\s*$/;
/** Longer than any of them; what is longer need not be tried. */
const MOST_CHARS = 200;
/** What a script is run by; an attribute of Rust begins alike. */
const RUN_BY = /^\uFEFF?#!(?!\[)[^\n]*$/;
/** Lists, records and pages, in which such a word is an entry. */
const NO_PROGRAM =
  /^(?:csv|diff|ignore|pip-requirements|lock|go\.sum|po|http|bibtex|ini|properties|html|pug|gherkin|tex)$/;

/** Whether a statement, of a language, that begins at an offset of its text only closes or opens others, or tells what runs the script. */
export function saysNothing(statement: string, language: string, start: number): boolean {
  if (statement.length > MOST_CHARS || NO_PROGRAM.test(language)) return false;
  return BARE.test(statement) || TOLD.test(statement) || (start <= 1 && RUN_BY.test(statement));
}
