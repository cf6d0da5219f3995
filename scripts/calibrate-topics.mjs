/**
 * What other thresholds of topics would give: files of kinds that are known from convention, others than `npm run evaluate -- --sets topics`
 * measures, with all labels and with the right one taken from the list, where "none" is right.
 *   node scripts/calibrate-topics.mjs [--model DIR] [--cosines 0.2,0.25,…]
 * Needs the training corpus (training/prepare.py). Results: a table of thresholds on standard output.
 */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inTemporary } from './evaluate/data.mjs';
import { strata } from './evaluate/strata.mjs';
import { readOptions } from './lib/options.mjs';
import { ROOT } from './lib/root.mjs';
import { files, HELD_OUT, TOPICS, topicsOf } from './evaluate/topics.mjs';
import { setup } from './setup.mjs';

const { model, cosines } = readOptions('calibrate-topics', {
  model: { type: 'string', default: path.join(ROOT, 'models') },
  cosines: { type: 'string', default: '0.2,0.22,0.24,0.26,0.28,0.3,0.32' },
});
/** From what the engine leaves out on (src/engine/analysis/topics.ts). */
const DEVIATIONS = [1.4, 1.6, 1.8, 2, 2.2];
const COSINES = cosines.split(',').map(Number);

/** Topics of all held-out files by a model that leaves none out for its distance. */
async function allTopics(dir) {
  cpSync(model, dir, { recursive: true });
  const manifest = path.join(dir, 'manifest.json');
  writeFileSync(
    manifest,
    JSON.stringify({ ...JSON.parse(readFileSync(manifest, 'utf8')), topics: { leastCosine: -1 } }),
  );
  const open = strata({ model: dir, device: 'cpu' });
  const chosen = await files(HELD_OUT);
  return Promise.all([false, true].map((missing) => topicsOf(open, chosen, missing)));
}

/** The first topic of each row within the thresholds; "none" where there is no such topic. */
function chosen(rows, leastScore, leastCosine) {
  return rows.map(({ kind, topics }) => ({
    kind,
    found: topics.find((t) => t.score >= leastScore && t.cosine >= leastCosine)?.label ?? 'none',
  }));
}

await setup({ parts: ['node', 'build'] });
const [given, missing] = await inTemporary(allTopics);
console.log(`${given.length} files\n`);
console.log('| deviations | cosine | macro-F1 | right | "none" where it is right |\n| --- | --- | --- | --- | --- |');
for (const deviations of DEVIATIONS)
  for (const cosine of COSINES) {
    const [a, b] = [given, missing].map((rows) => TOPICS.score(chosen(rows, deviations, cosine)));
    const figures = [a['macro-F1'], a.accuracy, b.none].map((n) => n.toFixed(3));
    console.log(`| ${deviations} | ${cosine} | ${figures.join(' | ')} |`);
  }
