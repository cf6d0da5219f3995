/** CoSQA: questions that were typed into a web search, and the function of Python that answers each. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { best, DEPTH, dot, inTemporary, jsonLines, publishedRun } from './data.mjs';

async function cosqa({ data }, model) {
  const corpus = jsonLines(path.join(data, 'cosqa-dev/corpus.jsonl'));
  const queries = jsonLines(path.join(data, 'cosqa-dev/queries.jsonl'));
  const codes = await model.embed(
    corpus.map((c) => c.code),
    { kind: 'document', language: 'python' },
  );
  const asked = await model.embed(
    queries.map((q) => q.query),
    { kind: 'query' },
  );
  return queries.map((q, i) => ({
    query_id: q.id,
    ranked: best(
      codes.map((v) => dot(v, asked[i])),
      DEPTH,
    ).map((c) => corpus[c].id),
  }));
}

/** The same by `rank`, which also looks for each word of the question. */
const cosqaByWords = ({ data }, model) =>
  inTemporary(async (dir) => {
    const corpus = jsonLines(path.join(data, 'cosqa-dev/corpus.jsonl'));
    const of = new Map(
      corpus.map(({ id, code }) => {
        const file = path.join(dir, `${id}.py`);
        writeFileSync(file, code);
        return [file, id];
      }),
    );
    const queries = jsonLines(path.join(data, 'cosqa-dev/queries.jsonl'));
    const ranked = await model.rank([dir], queries, 'file', { language: 'python', top: DEPTH });
    return queries.map((q, i) => ({ query_id: q.id, ranked: ranked[i].map(({ file }) => of.get(file)) }));
  });

export const COSQA = {
  metrics: ['MRR', 'NDCG@10', 'R@1', 'R@10'],
  systems: {
    'Strata, one vector': (c) => cosqa(c, c.ours),
    'Strata, rank: vector and words': (c) => cosqaByWords(c, c.ours),
    'flat start model': (c) => cosqa(c, c.flat),
    BM25: ({ data }) => publishedRun(data, 'cosqa-dev.bm25'),
  },
};
