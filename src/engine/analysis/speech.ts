/** What is special about spoken words: marks of the transcriber, words that fill pauses, turns that only say "go on". */

/** `{disfmarker}`, `[laughter]`, `<pause>`, `</v>`: written by the transcriber, said by nobody. */
const MARKS = /\{[\w ]+\}|\[[\w ]+\]|<\/?\w[\w .-]{0,40}>/g;

/** Words without content of their own, in speech more than half of all: function words, fillers, assent. */
const EMPTY = new Set(
  (
    'a about actually ah alright all also am an and any anyway are as at basically be because been being bit but by can cause ' +
    'could cuz did do does doing done each er even every exactly fine first for from get gets getting go goes going gonna good got ' +
    'great guess had has have having he her here hey hi him his hm hmm how huh i if in into is it its just kind know let like little ' +
    'look lot made make many may maybe me mean might mine mm more most much must my need no nope nor not now of off oh ok okay on one ' +
    'only or other our out over perhaps please point probably put quite really right said same saw say saying see seem she should ' +
    'since so some something sorry sort still stuff such sure take tell than thank thanks that the their them then there these ' +
    'they thing things think this those though through to too two uh uhhuh um up us very wait want wanted was way we well were what ' +
    'whatever when where whether which while who why will with without would yeah yep yes yet you your'
  ).split(' '),
);

/** The words that were said, on one line, without the blanks that some transcribers put before stops and apostrophes. */
export function spokenText(raw: string): string {
  return raw
    .replace(MARKS, ' ')
    .replace(/\s+([,.?!;:]|['’]\p{L})/gu, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Number of different words that carry content. */
export function contentWords(text: string): number {
  const words = text.toLowerCase().match(/\p{L}[\p{L}\p{N}]+/gu) ?? [];
  return new Set(words.filter((word) => word.length > 2 && !EMPTY.has(word))).size;
}
