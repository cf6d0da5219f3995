/** What is special about spoken words: marks of the transcriber, words that fill pauses, turns that only say "go on". */

/** What transcribers say of sounds and of what they could not write down. A closed list: chats and logs have brackets of their own, which mean something. */
const SOUND =
  '(?:(?:non)?vocalsound|disfmarker|(?:short |long )?pause|gap|noise|(?:background )?(?:noise|music|laughter|chatter|conversation)|laugh(?:s|ing|ter)?|chuckl(?:e|es|ing)|applause|cough(?:s|ing)?|' +
  'sigh(?:s|ing)?|sniff(?:s|ing)?|breath(?:s|ing)?|mouth|click|beep|silence|crosstalk|overlapping(?: speech)?|inaudible|indiscernible|unintelligible|foreign language|unk|uh|um)';
/** A time in a mark: `[inaudible 00:12:40]`. */
const AT = '(?:[ @]+(?:at )?\\d{1,2}(?::\\d\\d){1,2}(?:\\.\\d+)?)?';
/** `{vocalsound}`, `[laughter]`, `<unk>`, `</v>`, `<v Anna>`: written by the transcriber, said by nobody. */
const MARKS = new RegExp(
  `\\{${SOUND}${AT}\\}|\\[${SOUND}${AT}\\]|<${SOUND}>|</v>|<v(?:\\.[\\w.]+)?(?: [^<>\\n]{1,60})?>|<\\d\\d:\\d\\d(?::\\d\\d)?\\.\\d{3}>`,
  'gi',
);
/** How subtitles are printed: around words, or around sentences of which only one is looked at. */
const PRINTED = /<(i|b|u|c|font|lang)(?:[. ][^<>\n]{0,60})?>([^<>]*)<\/\1>/gi;
const PRINTED_PART = /^\s*<[ibu]>(?=[^<>]*$)|(?<=^[^<>]*)<\/[ibu]>\s*$/gi;

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

/**
 * The words that were said, on one line, without the blanks that some transcribers put before stops and contractions. What a
 * program wrote into a log is shown as it stands.
 */
export function spokenText(raw: string, language: string): string {
  if (language === 'log') return raw.replace(/\s+/g, ' ').trim();
  return raw
    .replace(MARKS, ' ')
    .replace(PRINTED, '$2')
    .replace(PRINTED_PART, '')
    .replace(/\s+([,.?!;:]+)(?=\s|$)/g, '$1')
    .replace(/(?<=\p{L})\s+(['’](?:s|t|m|d|re|ve|ll)\b)/giu, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Number of different words that carry content. */
export function contentWords(text: string): number {
  const words = text.toLowerCase().match(/\p{L}[\p{L}\p{N}]+/gu) ?? [];
  return new Set(words.filter((word) => word.length > 2 && !EMPTY.has(word))).size;
}
