/**
 * Measures the shipped model on the development sets through the command line, beside the flat start model and BM25.
 *   npm run evaluate -- [--sets cosqa-dev,qmsum-turns,…] [--data DIR] [--model DIR] [--baseline DIR] [--exact DIR] [--device D] [--reuse] [--out FILE] [--card]
 * What is missing is made first: the flat start model (`--baseline` names another model directory with the packing policy "flat"), and
 * for the sets made from code the packages of the training corpus.
 * `--exact` is the same model with unrounded weights (training/export.py --float32): what rounding costs, in a row of its own.
 * Runs are kept in .cache/evaluate; with `--reuse` a run that is there is scored again instead of made again.
 * Results: a table on standard output; with `--out FILE.md` also FILE.md and FILE.json; with `--card` also the model card.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { setup } from './setup.mjs';

function readArguments() {
  const text = { type: 'string' };
  try {
    return parseArgs({
      options: {
        sets: text,
        data: text,
        model: text,
        baseline: text,
        exact: text,
        device: text,
        out: text,
        reuse: { type: 'boolean', default: false },
        card: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    console.error(`evaluate: ${error.message}`);
    process.exit(2);
  }
}

const options = readArguments();
await setup({ parts: ['node', 'build'] });
const { makeDevelopmentFiles, makeFlatModel } = await import('./evaluate/ingredients.mjs');
const { findData, jsonLines } = await import('./evaluate/data.mjs');
const { ROOT, score, strata } = await import('./evaluate/strata.mjs');
const { isRunFile, SETS } = await import('./evaluate/sets.mjs');

function modelName(dir) {
  const manifest = path.join(dir, 'manifest.json');
  if (!existsSync(manifest)) throw new Error(`There is no model in ${dir}.`);
  const { name, version, files } = JSON.parse(readFileSync(manifest, 'utf8'));
  return { name, version, sha256: files['encoder.onnx'] };
}

/** Options whose values differ between machines and say nothing about the result. */
const FOLDERS = ['--data', '--out'];

/** What is being measured, for the report. */
function provenance(model, baseline) {
  const git = (...args) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--untracked-files=no') === '' ? '' : ' with local changes';
  return {
    commit: `${git('rev-parse', '--short', 'HEAD')}${changed}`,
    command: `npm run evaluate -- ${process.argv
      .slice(2)
      .filter((arg, i, all) => !FOLDERS.includes(arg) && !FOLDERS.includes(all[i - 1]))
      .join(' ')}`.trim(),
    date: new Date().toISOString().slice(0, 10),
    model: modelName(model),
    baseline: modelName(baseline),
  };
}

const CARD_MARKS = ['<!-- figures -->', '<!-- /figures -->'];

/** Metrics that are counts. */
const WHOLE = ['mean words', 'queries', 'files', 'far'];

function markdown({ commit, command, date, model, baseline }, results) {
  const lines = [
    '# Evaluation',
    '',
    `Commit ${commit}, ${date}. Model ${model.name} ${model.version} (\`${model.sha256.slice(0, 12)}\`)` +
      `; baseline ${baseline.name} (\`${baseline.sha256.slice(0, 12)}\`).`,
    'Development sets; the scorer is that of the data folder.',
    '',
    `    ${command}`,
  ];
  for (const { set, metrics, systems } of results) {
    lines.push(
      '',
      `## ${set}`,
      '',
      `| system | ${metrics.join(' | ')} | seconds |`,
      `| --- |${' --- |'.repeat(metrics.length + 1)}`,
    );
    for (const { system, figures, seconds } of systems) {
      const cells = metrics.map((m) => (WHOLE.includes(m) ? figures[m].toFixed(0) : figures[m].toFixed(4)));
      lines.push(`| ${system} | ${cells.join(' | ')} | ${seconds === undefined ? '' : seconds.toFixed(0)} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** The systems, and the first one once more with weights that were never rounded, where there are such. */
function withExact(systems, { exact }) {
  if (!exact) return systems;
  const [[first, make], ...others] = Object.entries(systems);
  const unrounded = (context) => make({ ...context, ours: context.exact });
  return Object.fromEntries([[first, make], [`${first}, float32 weights`, unrounded], ...others]);
}

async function evaluateSet(name, context, runs) {
  const set = SETS[name];
  const systems = [];
  for (const [system, make] of Object.entries(withExact(set.systems, context))) {
    const kept = path.join(runs, `${name}.${system.replace(/[^a-z0-9]+/gi, '-')}.jsonl`);
    let file = kept;
    let seconds;
    if (!(options.reuse && existsSync(kept))) {
      console.error(`evaluate: ${name}: ${system} …`);
      const start = performance.now();
      const run = await make(context);
      if (isRunFile(run)) file = run;
      else {
        seconds = (performance.now() - start) / 1000;
        writeFileSync(kept, run.map((row) => `${JSON.stringify(row)}\n`).join(''));
      }
    }
    const scored = set.score ? set.score(jsonLines(file)) : await score(context.data, name, file);
    const figures = set.part ? scored[set.part] : scored;
    systems.push({ system, figures, ...(seconds === undefined ? {} : { seconds }) });
    console.error(
      `evaluate: ${name}: ${system}: ${set.metrics.map((m) => `${m} ${figures[m].toFixed(4)}`).join(', ')}`,
    );
  }
  return { set: name, metrics: set.metrics, systems };
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
  const runs = path.join(ROOT, '.cache/evaluate');
  mkdirSync(runs, { recursive: true });
  const context = {
    data,
    ours: strata({ model, device }),
    flat: strata({ model: baseline, device }),
    exact: options.exact && strata({ model: path.resolve(options.exact), device }),
  };
  const results = [];
  const report = () => {
    if (!options.out) return;
    writeFileSync(options.out, markdown(about, results));
    writeFileSync(options.out.replace(/(\.md)?$/, '.json'), `${JSON.stringify({ ...about, results }, null, 2)}\n`);
  };
  for (const name of names) {
    results.push(await evaluateSet(name, context, runs));
    // A long evaluation that is interrupted keeps what it has.
    report();
  }
  process.stdout.write(markdown(about, results));
  if (options.card) writeCard(markdown(about, results));
}

/** Puts the tables between the marks of the model card. */
function writeCard(tables) {
  const card = path.join(ROOT, 'models/README.md');
  const text = readFileSync(card, 'utf8');
  const [before, after] = [text.indexOf(CARD_MARKS[0]), text.indexOf(CARD_MARKS[1])];
  if (before < 0 || after < before) throw new Error(`${card} lacks the marks ${CARD_MARKS.join(' and ')}.`);
  const body = tables.replace('# Evaluation\n\n', '').replaceAll('\n## ', '\n### ');
  writeFileSync(card, `${text.slice(0, before + CARD_MARKS[0].length)}\n${body}${text.slice(after)}`);
}

try {
  await main();
} catch (error) {
  console.error(`evaluate: ${error.message}`);
  process.exitCode = 1;
}
