/**
 * TextRank (Mihalcea & Tarau 2004) in its plain form: passages that share many words vouch for each other, and PageRank over
 * these votes orders them. The words are those of the passages, lower-cased, without the commonest.
 */

const DAMPING = 0.85;
const ROUNDS = 50;
const COMMON = new Set(
  (
    'a about after all also am an and any are as at be because been but by can could did do does for from get go had has have he her him ' +
    'his how i if in into is it its just like me more most my no not now of on one only or other our out over she should so some such ' +
    'than that the their them then there these they this to too up us very was we were what when where which who will with would you your'
  ).split(' '),
);

function wordsOf(text) {
  return new Set((text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !COMMON.has(word)));
}

/** The weight of each passage; they add up to 1. */
function textrank(passages) {
  const words = passages.map(wordsOf);
  const containing = new Map();
  words.forEach((set, i) => {
    for (const word of set) containing.set(word, [...(containing.get(word) ?? []), i]);
  });
  const edges = words.map((set, i) => {
    const shared = new Map();
    for (const word of set) for (const j of containing.get(word)) if (j !== i) shared.set(j, (shared.get(j) ?? 0) + 1);
    // Two words at least: the logarithm of one is no length to divide by.
    return [...shared]
      .filter(([j]) => set.size > 1 && words[j].size > 1)
      .map(([j, count]) => [j, count / (Math.log(set.size) + Math.log(words[j].size))]);
  });
  const out = edges.map((list) => list.reduce((sum, [, weight]) => sum + weight, 0));
  let rank = new Float64Array(passages.length).fill(1 / passages.length);
  for (let round = 0; round < ROUNDS; round++) {
    // What has no neighbour gives its weight to all.
    const loose = rank.reduce((sum, r, i) => (out[i] === 0 ? sum + r : sum), 0);
    const next = new Float64Array(passages.length).fill((1 - DAMPING + DAMPING * loose) / passages.length);
    edges.forEach((list, i) => {
      for (const [j, weight] of list) next[j] += (DAMPING * rank[i] * weight) / out[i];
    });
    rank = next;
  }
  return rank;
}

/** The best passages within `budget` words, in reading order; the best one alone where none fits. */
export function textrankSummary(passages, budget) {
  const rank = textrank(passages);
  const order = Array.from(rank, (_, i) => i).sort((a, b) => rank[b] - rank[a] || a - b);
  const length = (i) => passages[i].split(/\s+/).filter(Boolean).length;
  const chosen = [];
  let left = budget;
  for (const i of order) {
    if (length(i) > left) continue;
    chosen.push(i);
    left -= length(i);
  }
  if (chosen.length === 0) chosen.push(order[0]);
  return chosen
    .sort((a, b) => a - b)
    .map((i) => passages[i])
    .join(' ');
}
