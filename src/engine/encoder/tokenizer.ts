/**
 * WordPiece with exact UTF-16 offsets. The library (`@huggingface/tokenizers`) normalises and splits words but returns no
 * offsets; so words are found here, given to it one by one (and remembered), and their pieces are mapped back. Names of several
 * words are read as these words: in lower case `readFileSync` would be read, fi, les, yn, c.
 */
import { Tokenizer as LibraryTokenizer } from '@huggingface/tokenizers';
import * as z from 'zod';

export interface Tokens {
  ids: number[];
  /** UTF-16 offsets into the whole text that was given, whatever part of it was read. */
  starts: number[];
  ends: number[];
}

interface Word {
  ids: number[];
  /** Start of each piece inside the raw word; one more entry for its end. */
  cuts: number[];
}

/** Characters that are tokens, and words, of their own. */
export const CJK = /[\u4E00-\u9FFF\u3400-\u4DBF\uF900-\uFAFF\u{20000}-\u{2FA1F}]/u;
const PUNCTUATION = /[!-/:-@[-`{-~]|\p{P}/u;
const DROPPED = /[\uFFFD\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}]/u;
/** Where the words of a name meet, as its capitals show; not before the plural of an abbreviation (the twin of training's questions.py). */
const CAPITAL = /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])(?![A-Z]s(?![a-z]))/;
/** Distinct words remembered before the cache is emptied; bounds memory on minified or binary-like text. */
const MAX_CACHE = 200_000;

/** What a character does to a word. */
const SPACE = 0;
const WORD = 1;
const SINGLE = 2;
const DROP = 3;
type CharClass = typeof SPACE | typeof WORD | typeof SINGLE | typeof DROP;

const tokenizerFileSchema = z.looseObject({ model: z.looseObject({ type: z.literal('WordPiece') }) });

export class Tokenizer {
  private readonly library: LibraryTokenizer;
  private readonly cache = new Map<string, Word>();
  private readonly ascii = new Uint8Array(128);
  readonly cls: number;
  readonly sep: number;

  /**
   * `json` is the content of `tokenizer.json`; `names` says how names of several words are read: a model that was published with whole ones
   * is compared as it is. Throws when it is not a WordPiece tokenizer with BERT's markers.
   */
  constructor(
    json: string,
    private readonly names: 'words' | 'whole' = 'words',
  ) {
    const file: unknown = JSON.parse(json);
    tokenizerFileSchema.parse(file);
    this.library = new LibraryTokenizer(file as object, {});
    const marker = (name: string): number => {
      const id = this.library.token_to_id(name);
      if (id === undefined) throw new Error(`The tokenizer has no ${name}.`);
      return id;
    };
    this.cls = marker('[CLS]');
    this.sep = marker('[SEP]');
    for (let c = 0; c < 128; c++) this.ascii[c] = classify(String.fromCharCode(c));
  }

  /** Tokens of `text[start, end)`, offsets relative to the whole `text`. No markers are added. */
  tokenize(text: string, start = 0, end = text.length): Tokens {
    const out: Tokens = { ids: [], starts: [], ends: [] };
    let wordStart = -1;
    let at = start;
    while (at < end) {
      const code = text.codePointAt(at)!;
      const length = code > 0xffff && at + 1 < end ? 2 : 1;
      const kind = code < 128 ? this.ascii[code]! : classify(text.slice(at, at + length));
      if (kind === WORD) {
        if (wordStart < 0) wordStart = at;
      } else if (kind !== DROP) {
        if (wordStart >= 0) this.add(out, text.slice(wordStart, at), wordStart);
        wordStart = -1;
        if (kind === SINGLE) this.add(out, text.slice(at, at + length), at);
      }
      at += length;
    }
    if (wordStart >= 0) this.add(out, text.slice(wordStart, end), wordStart);
    return out;
  }

  private add(out: Tokens, raw: string, at: number): void {
    let word = this.cache.get(raw);
    if (!word) {
      word = this.split(raw);
      if (this.cache.size >= MAX_CACHE) this.cache.clear();
      this.cache.set(copied(raw), word);
    }
    for (let i = 0; i < word.ids.length; i++) {
      out.ids.push(word.ids[i]!);
      out.starts.push(at + word.cuts[i]!);
      out.ends.push(at + word.cuts[i + 1]!);
    }
  }

  /** The pieces of a word; of a name that is no word of the vocabulary, those of its words. */
  private split(raw: string): Word {
    const whole = this.pieces(raw);
    if (this.names === 'whole' || whole.ids.length < 2 || !CAPITAL.test(raw)) return whole;
    const ids: number[] = [];
    const cuts = [0];
    for (const part of raw.split(CAPITAL)) {
      const at = cuts.at(-1)!;
      const word = this.pieces(part);
      ids.push(...word.ids);
      cuts.push(...word.cuts.slice(1).map((cut) => at + cut));
    }
    return { ids, cuts };
  }

  private pieces(raw: string): Word {
    const { ids, tokens } = this.library.encode(raw, { add_special_tokens: false });
    // Raw offset of every UTF-16 unit of the normalised word.
    const origin: number[] = [];
    let at = 0;
    for (const char of raw) {
      const normal = DROPPED.test(char)
        ? ''
        : char
            .normalize('NFD')
            .replace(/\p{Mn}/gu, '')
            .toLowerCase();
      for (let i = 0; i < normal.length; i++) origin.push(at);
      at += char.length;
    }
    origin.push(raw.length);
    const cuts = [0];
    let length = 0;
    for (const token of tokens) {
      length += token.startsWith('##') && cuts.length > 1 ? token.length - 2 : token.length;
      cuts.push(origin[length]!);
    }
    // An unknown word is one token over all of it; also the safe answer if lengths ever disagree.
    if (length !== origin.length - 1 && ids.length > 0) return { ids: ids.slice(0, 1), cuts: [0, raw.length] };
    return { ids, cuts };
  }
}

/** The same characters in memory of their own: V8 keeps a whole text alive for a slice of it. */
function copied(slice: string): string {
  return Array.from(slice).join('');
}

function classify(char: string): CharClass {
  if (/\s/.test(char) && char !== '\uFEFF') return SPACE;
  if (DROPPED.test(char)) return DROP;
  if (CJK.test(char) || PUNCTUATION.test(char)) return SINGLE;
  return WORD;
}
