/** What was measured, as a table for people and in the model card. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isRounded } from './ingredients.mjs';
import { modelIdentity } from './runs.mjs';
import { ROOT } from '../lib/root.mjs';

const CARD = path.join(ROOT, 'models/README.md');
const CARD_MARKS = ['<!-- figures -->', '<!-- /figures -->'];

/** Metrics that are counts. */
const WHOLE = ['mean words', 'queries', 'files', 'far'];

/** Options whose values differ between machines and say nothing about the result. */
const FOLDERS = ['--data', '--out'];

function describeModel(dir) {
  const manifest = path.join(dir, 'manifest.json');
  if (!existsSync(manifest)) throw new Error(`There is no model in ${dir}.`);
  const { name, version, files } = JSON.parse(readFileSync(manifest, 'utf8'));
  const weights = isRounded(dir) ? 'int8' : 'float32';
  return { name, version, weights, sha256: files['encoder.onnx'], identity: modelIdentity(dir) };
}

/** What is being measured: `{ commit, date, command, model, baseline }`; a plus at the commit stands for local changes. */
export function provenance(model, baseline) {
  const git = (...args) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '+';
  return {
    commit: `${git('rev-parse', '--short', 'HEAD')}${changed}`,
    command: `npm run evaluate -- ${process.argv
      .slice(2)
      .filter((arg, i, all) => !FOLDERS.includes(arg) && !FOLDERS.includes(all[i - 1]))
      .join(' ')}`.trim(),
    date: new Date().toISOString().slice(0, 10),
    model: describeModel(model),
    baseline: describeModel(baseline),
  };
}

/** A figure as it is printed; some systems have none of a kind. */
export function figure(metric, value) {
  if (!Number.isFinite(value)) return '–';
  return value.toFixed(WHOLE.includes(metric) ? 0 : 4);
}

const describe = ({ name, version, weights, sha256 }) =>
  `${name} ${version} (\`${sha256.slice(0, 12)}\`, ${weights} weights)`;

/** The tables; `results` holds for each set its `metrics` and `systems`, each with `figures` and what is known of its run. */
export function markdown({ commit, command, date, model, baseline }, results) {
  const lines = [
    '# Evaluation',
    '',
    `Scored at commit ${commit}, ${date}. Model ${describe(model)}; baseline ${describe(baseline)}.`,
    'Development sets; the scorer is that of the data folder. The last column names the commit at which a run was made (+: with local changes;',
    '–: it came with the data); all are of this model, baseline, device and data, as far as their systems use them.',
    '',
    `    ${command}`,
  ];
  for (const { set, metrics, parts, systems } of results) {
    lines.push(
      '',
      `## ${set}`,
      '',
      `| system | ${metrics.join(' | ')} | seconds | commit |`,
      `| --- |${' --- |'.repeat(metrics.length + 2)}`,
    );
    for (const { system, figures, seconds, commit: madeAt } of systems) {
      const cells = metrics.map((metric) => figure(metric, figures[metric]));
      lines.push(`| ${[system, ...cells, seconds?.toFixed(0) ?? '', madeAt ?? '–'].join(' | ')} |`);
    }
    parts.forEach((division, i) => lines.push(...tableOfParts(division, i, systems)));
  }
  return `${lines.join('\n')}\n`;
}

/** One metric of each system for each part of a set's questions, divided in one of its ways, and how many these are. */
function tableOfParts({ metric, by }, division, systems) {
  const partsOf = ({ parts }) => parts[division];
  const [first] = systems.map(partsOf);
  const labels = Object.keys(first);
  const heads = labels.map((label) => `${label} (${figure('queries', first[label].queries)})`);
  return [
    '',
    `${metric} by ${by} (questions):`,
    '',
    `| system | ${heads.join(' | ')} |`,
    `| --- |${' --- |'.repeat(heads.length)}`,
    ...systems.map((s) => `| ${[s.system, ...labels.map((l) => figure(metric, partsOf(s)[l][metric]))].join(' | ')} |`),
  ];
}

/** Puts the tables between the marks of the model card. */
export function writeCard(tables) {
  const text = readFileSync(CARD, 'utf8');
  const [before, after] = [text.indexOf(CARD_MARKS[0]), text.indexOf(CARD_MARKS[1])];
  if (before < 0 || after < before) throw new Error(`${CARD} lacks the marks ${CARD_MARKS.join(' and ')}.`);
  const body = tables.replace('# Evaluation\n\n', '').replaceAll('\n## ', '\n### ');
  writeFileSync(CARD, `${text.slice(0, before + CARD_MARKS[0].length)}\n${body}${text.slice(after)}`);
}
