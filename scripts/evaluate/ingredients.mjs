/** What an evaluation compares with and asks about; made where it is not there yet. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pythonPath, setup } from '../setup.mjs';
import { ROOT } from '../lib/root.mjs';

const CORPUS = path.join(ROOT, 'training/corpus');
/** Every usable file of every package. */
export const CORPUS_FILES = path.join(CORPUS, 'files.jsonl');
/** Files of the development packages with the questions that were cut out of them (training/mine_pairs.py), made last. */
export const DEVELOPMENT_FILES = path.join(CORPUS, 'pairs-dev.jsonl');
/** Files that readers asked about (training/gather_questions.py). */
export const ASKED_FILES = path.join(CORPUS, 'questions.jsonl');

async function python(script, ...args) {
  await setup({ parts: ['python'] });
  // What these print is for people; standard output is for the tables.
  execFileSync(pythonPath, [path.join(ROOT, 'training', script), ...args], { stdio: ['ignore', 2, 2] });
}

/** The contract that a model directory was made for; undefined without a model. */
function contractOf(dir) {
  const manifest = path.join(dir, 'manifest.json');
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).contract : undefined;
}

/** Whether a model's weights are rounded to int8: the export then names them so (training/strata_training/quantise.py). */
export const isRounded = (dir) => readFileSync(path.join(dir, 'encoder.onnx')).includes('.int8');

/**
 * The start weights as a model that reads texts flat, under the contract of the shipped one, in the folder `dir`. They are not rounded: ours
 * were trained with rounding, the start weights were not and lose by it (on cosqa-dev 0.5364 in MRR instead of about 0.541).
 */
export async function makeFlatModel(dir) {
  if (contractOf(dir) === contractOf(path.join(ROOT, 'models')) && !isRounded(dir)) return;
  console.error('evaluate: the flat start model is exported …');
  await python('export.py', '--flat', '--float32', '--out', dir);
}

/** The development packages of the training corpus and the questions cut out of them; texts of the evaluation folder `data` are left out. */
export async function makeDevelopmentFiles(data) {
  if (existsSync(DEVELOPMENT_FILES) && existsSync(ASKED_FILES)) return;
  console.error('evaluate: the development packages are downloaded and cut, about a quarter of an hour …');
  await python('prepare.py', '--measured', '--eval', data);
}
