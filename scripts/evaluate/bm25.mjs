/** BM25 as the data folder's baseline has it: words split on camelCase and snake_case, no stemming. */

/** How soon more of a word adds little, and how much the length of a text counts. */
const K1 = 1.2;
const B = 0.75;

/** Python's `\w+`, and its `[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+`: there \w and \d are of all alphabets, here of ASCII only. */
const WORD = /[\p{L}\p{N}_]+/gu;
const PART = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\p{Nd}+|(?:(?![a-zA-Z])[\p{L}\p{Nl}\p{No}])+/gu;

function* words(text) {
  for (const [word] of text.matchAll(WORD)) {
    const parts = word.match(PART) ?? [];
    for (const part of parts) yield part.toLowerCase();
    if (parts.length > 1) yield word.toLowerCase();
  }
}

function counts(text) {
  const found = new Map();
  for (const word of words(text)) found.set(word, (found.get(word) ?? 0) + 1);
  return found;
}

/** Scores of `{ texts, queries }` items: for each item a row for each question. */
export function lexicalScores(items) {
  return items.map(({ texts, queries }) => {
    const scorer = bm25(texts);
    return queries.map((query) => scorer(query));
  });
}

/** A scorer over texts: question → score of each text. */
export function bm25(texts) {
  const frequencies = texts.map(counts);
  const lengths = frequencies.map((f) => [...f.values()].reduce((sum, n) => sum + n, 0));
  const mean = lengths.reduce((sum, n) => sum + n, 0) / Math.max(1, texts.length) || 1;
  const containing = new Map();
  for (const f of frequencies) for (const word of f.keys()) containing.set(word, (containing.get(word) ?? 0) + 1);
  return (question) => {
    const scores = new Float64Array(texts.length);
    for (const [word, asked] of counts(question)) {
      const n = containing.get(word) ?? 0;
      const idf = Math.log(1 + (texts.length - n + 0.5) / (n + 0.5));
      frequencies.forEach((f, i) => {
        const tf = f.get(word);
        if (tf) scores[i] += (asked * idf * tf * (K1 + 1)) / (tf + K1 * (1 - B + (B * lengths[i]) / mean));
      });
    }
    return scores;
  };
}
