/** Questions about repositories, and the files that answer them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { filesBelow } from '../lib/files.mjs';
import { best, DEPTH, groups, inTemporary, jsonLines, once, publishedRun, separateScores } from './data.mjs';

async function codeSearch({ data }, rankFiles) {
  return inTemporary(async (dir) => {
    const rows = [];
    for (const { name } of jsonLines(path.join(data, 'code-search-dev/repos.jsonl'))) {
      const root = path.join(dir, name);
      mkdirSync(root);
      execFileSync('tar', ['xzf', path.join(data, 'code-search-dev', name, 'source.tar.gz'), '-C', root]);
      const queries = jsonLines(path.join(data, 'code-search-dev', name, 'queries.jsonl'));
      const ranked = await rankFiles(root, queries);
      queries.forEach((q, i) => rows.push({ query_id: q.id, ranked: ranked[i] }));
    }
    return rows;
  });
}

/** What `strata search` finds, one place for each file. */
const foundPlaces = ({ data, ours }) =>
  once(ours, 'code search', () => codeSearch({ data }, (root, queries) => ours.search(root, queries, DEPTH)));

const pathsBy = (rows, score) =>
  rows.map(({ query_id, ranked }) => ({
    query_id,
    ranked: [...ranked].sort((a, b) => score(b) - score(a)).map((hit) => hit.path),
  }));

/** Chunks of 30 lines with the path as first line; a file counts by its best chunk. */
async function chunkSearch(model, root, queries) {
  const chunks = filesBelow(root).flatMap((name) =>
    groups(readFileSync(path.join(root, name), 'utf8').split('\n'), 30).map((text) => ({
      name,
      text: `${name}\n${text}`,
    })),
  );
  const items = [{ texts: chunks.map((c) => c.text), queries: queries.map((q) => q.query) }];
  const [rows] = await separateScores(model, items);
  return rows.map((scores) => {
    const order = best(scores);
    return [...new Set(order.map((i) => chunks[i].name))].slice(0, DEPTH);
  });
}

export const CODE_SEARCH = {
  metrics: ['NDCG@10', 'Hit@1', 'MRR'],
  part: 'mean over repositories',
  systems: {
    'Strata, best place of each file': async (c) => pathsBy(await foundPlaces(c), (hit) => hit.score),
    'Strata, by vectors alone (without the rules for definitions and tests)': async (c) =>
      pathsBy(await foundPlaces(c), (hit) => hit.score - hit.byRule),
    'flat start model, 30-line chunks': (c) => codeSearch(c, (root, queries) => chunkSearch(c.flat, root, queries)),
    BM25: ({ data }) => publishedRun(data, 'code-search-dev.bm25'),
  },
};
