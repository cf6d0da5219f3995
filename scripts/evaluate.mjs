/**
 * Measures the shipped model on the development sets through the command line, beside the flat start model and BM25.
 *   npm run evaluate -- [--sets cosqa-dev,qmsum-turns,…] [--data DIR] [--model DIR] [--baseline DIR] [--exact DIR] [--device D] [--reuse] [--out FILE] [--card]
 * What is missing is made first: the flat start model (`--baseline` names another model directory with the packing policy "flat"), and
 * for the sets made from code the packages of the training corpus.
 * `--exact` is the same model with unrounded weights (training/export.py --float32): what rounding costs, in a row of its own.
 * Runs are kept in .cache/evaluate with what they were made from; with `--reuse` a run that is there is scored again instead of made again,
 * unless the model, the baseline, the device or the data that it used are others now. The report names the commit of each run.
 * Results: a table on standard output; with `--out FILE.md` also FILE.md and FILE.json; with `--card` also the model card.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readOptions } from './lib/options.mjs';
import { ROOT } from './lib/root.mjs';
import { setup } from './setup.mjs';

/** Options that measure something else than the model card holds: all sets, of the shipped model beside the flat start model. */
const NOT_FOR_THE_CARD = ['sets', 'model', 'baseline', 'exact'];

function readArguments() {
  const text = { type: 'string' };
  const values = readOptions('evaluate', {
    sets: text,
    data: text,
    model: text,
    baseline: text,
    exact: text,
    device: text,
    out: text,
    reuse: { type: 'boolean', default: false },
    card: { type: 'boolean', default: false },
  });
  const other = NOT_FOR_THE_CARD.filter((name) => values.card && values[name] !== undefined);
  if (other.length === 0) return values;
  console.error(
    `evaluate: --card replaces all figures of the model card, which are of the shipped model: leave out --${other.join(', --')}`,
  );
  return process.exit(2);
}

const options = readArguments();
await setup({ parts: ['node', 'build'] });
const { makeDevelopmentFiles, makeFlatModel } = await import('./evaluate/ingredients.mjs');
const { findData, jsonLines } = await import('./evaluate/data.mjs');
const { score, strata } = await import('./evaluate/strata.mjs');
const { figure, markdown, provenance, writeCard } = await import('./evaluate/report.mjs');
const { filesIdentity, folderIdentity, modelIdentity, runOf } = await import('./evaluate/runs.mjs');
const { SETS } = await import('./evaluate/sets.mjs');

/** The value of `work`, asked for once and only when it is wanted. */
function lazily(work) {
  let value;
  return () => (value ??= work());
}

/** What the systems may ask for, each with what says that it is still the same (scripts/evaluate/runs.mjs). */
function sourcesOf({ data, model, baseline, exact, device }) {
  const answering = (dir) => ({
    value: strata({ model: dir, device }),
    identity: lazily(() => `${modelIdentity(dir)} on ${device}`),
  });
  const ours = answering(model);
  return {
    data: { value: data, identity: lazily(() => folderIdentity(data)) },
    ours,
    flat: answering(baseline),
    // How a file is divided into statements, which no weights decide: a run that asks for no more is good with other weights too.
    tree: { value: ours.value },
    ...(exact && { exact: answering(exact) }),
  };
}

/** Names, functions and sources of the systems; the first one once more with weights that were never rounded, where there are such. */
function systemsOf(set, { exact, ...sources }) {
  const always = (files) => ({ identity: lazily(() => filesIdentity(files)), always: true });
  const corpus = set.corpus && { corpus: always(set.corpus) };
  const fixtures = set.fixtures && { fixtures: always(set.fixtures) };
  const systems = Object.entries(set.systems).map(([system, make]) => ({
    system,
    make,
    sources: { ...sources, ...corpus, ...fixtures },
  }));
  if (!exact) return systems;
  const [first, ...others] = systems;
  const unrounded = {
    ...first,
    system: `${first.system}, float32 weights`,
    sources: { ...first.sources, ours: exact },
  };
  return [first, unrounded, ...others];
}

/** The figures of the questions of each label, by label; questions without one count nowhere. */
function partsOf(scoreRows, rows, labelOf) {
  const labels = [...new Set(rows.map(labelOf))].filter((label) => label !== undefined).sort();
  return Object.fromEntries(labels.map((label) => [label, scoreRows(rows.filter((row) => labelOf(row) === label))]));
}

async function evaluateSet(name, { data, sources, about, folder }) {
  const set = SETS[name];
  const divisions = [];
  for (const { metric, by, labels } of set.parts ?? []) divisions.push({ metric, by, labelOf: await labels() });
  const systems = [];
  for (const { system, make, sources: from } of systemsOf(set, sources)) {
    const { commit, date } = about;
    const announced = (context) => {
      console.error(`evaluate: ${name}: ${system} …`);
      return make(context);
    };
    const { file, ...run } = await runOf({
      folder,
      name: `${name}.${system}`,
      make: announced,
      sources: from,
      about: { commit, date },
      reuse: options.reuse,
    });
    const rows = set.score && jsonLines(file);
    const scored = rows ? set.score(rows) : await score(data, name, file);
    const figures = set.part ? scored[set.part] : scored;
    const parts = divisions.map(({ labelOf }) => partsOf(set.score, rows, labelOf));
    systems.push({ system, figures, parts, ...run });
    console.error(
      `evaluate: ${name}: ${system}: ${set.metrics.map((m) => `${m} ${figure(m, figures[m])}`).join(', ')}`,
    );
  }
  const parts = divisions.map(({ metric, by }) => ({ metric, by }));
  return { set: name, metrics: set.metrics, parts, systems };
}

async function main() {
  const names = options.sets?.split(',') ?? Object.keys(SETS);
  const unknown = names.filter((name) => !Object.hasOwn(SETS, name));
  if (unknown.length > 0)
    throw new Error(`There is no set ${unknown.join(', ')}. Sets: ${Object.keys(SETS).join(', ')}`);
  const data = findData(options.data);
  const device = options.device ?? 'cpu';
  const model = path.resolve(options.model ?? path.join(ROOT, 'models'));
  const baseline = path.resolve(options.baseline ?? path.join(ROOT, '.cache/flat-model'));
  if (!options.baseline) await makeFlatModel(baseline);
  const about = provenance(model, baseline);
  if (names.some((name) => SETS[name].corpus)) await makeDevelopmentFiles(data);
  const folder = path.join(ROOT, '.cache/evaluate');
  mkdirSync(folder, { recursive: true });
  // Now: the first set takes long, and would be lost to a folder that is not there.
  if (options.out) mkdirSync(path.dirname(options.out), { recursive: true });
  const exact = options.exact && path.resolve(options.exact);
  const sources = sourcesOf({ data, model, baseline, exact, device });
  const results = [];
  const report = () => {
    if (!options.out) return;
    writeFileSync(options.out, markdown(about, results));
    writeFileSync(options.out.replace(/(\.md)?$/, '.json'), `${JSON.stringify({ ...about, results }, null, 2)}\n`);
  };
  for (const name of names) {
    results.push(await evaluateSet(name, { data, sources, about, folder }));
    // A long evaluation that is interrupted keeps what it has.
    report();
  }
  process.stdout.write(markdown(about, results));
  if (options.card) writeCard(markdown(about, results));
}

try {
  await main();
} catch (error) {
  console.error(`evaluate: ${error.message}`);
  process.exitCode = 1;
}
