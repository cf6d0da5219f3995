/** Reads the evaluation data folder (its own README.md describes it). */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ASKED_FILES, DEVELOPMENT_FILES } from './ingredients.mjs';
import { ROOT } from '../lib/root.mjs';

/** The data folder: as named, from the environment, or beside the checkout. Throws with what to do when there is none. */
export function findData(named) {
  const tried = named ?? process.env.STRATA_EVAL ?? path.join(ROOT, '../shared/eval');
  if (existsSync(path.join(tried, 'score.py'))) return path.resolve(tried);
  throw new Error(
    `No evaluation data in ${tried}: it must hold score.py and the data sets. Name the folder with --data or STRATA_EVAL; ` +
      'it is not part of this repository, because not all of its texts may be passed on.',
  );
}

/** The path of a finished run that came with the data. */
export const publishedRun = (data, name) => path.join(data, 'runs', `${name}.jsonl.gz`);

export function jsonLines(file) {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line));
}

/** Files of the development packages with the questions that were cut out of them. */
export const developmentFiles = () => jsonLines(DEVELOPMENT_FILES);

/** Files that readers asked about and that no weight was fitted to, with questions and the places that answer them. */
export const askedFiles = () => jsonLines(ASKED_FILES).filter(({ split }) => split === 'measure');

/** A temporary directory for the length of `work`. */
export async function inTemporary(work) {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'strata-evaluate-'));
  try {
    return await work(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Meetings with their turns as lines, as a transcript file has them. */
export function meetings(data) {
  return jsonLines(path.join(data, 'qmsum-val/meetings.jsonl')).map((meeting) => ({
    ...meeting,
    lines: meeting.turns.map(({ speaker, text }) => `${speaker}: ${text}`.replace(/\s+/g, ' ')),
  }));
}

/** Lines of a window and of a group, as which a flat encoder reads what is too long for it. */
export const WINDOW = 10;
export const GROUP = 40;

/** So many answers of a run are scored at most. */
export const DEPTH = 100;

/** Consecutive runs of `size` lines as texts. */
export function groups(lines, size) {
  const found = [];
  for (let i = 0; i < lines.length; i += size) found.push(lines.slice(i, i + size).join('\n'));
  return found;
}

/** Indices, highest score first; equal scores in order. */
export function best(scores, depth = scores.length) {
  return Array.from(scores, (_, i) => i)
    .sort((a, b) => scores[b] - scores[a] || a - b)
    .slice(0, depth);
}

export function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/**
 * Cosines of texts with questions, each text encoded alone, as any flat encoder would. `items`: `{ texts, queries }`, both of strings;
 * gives for each item a row of scores for each of its queries.
 */
export async function separateScores(model, items) {
  const vectors = await model.embed(
    items.flatMap(({ texts }) => texts),
    { kind: 'document', language: 'plaintext' },
  );
  const asked = await model.embed(
    items.flatMap(({ queries }) => queries),
    { kind: 'query' },
  );
  let text = 0;
  let question = 0;
  return items.map(({ texts, queries }) => {
    const own = vectors.slice(text, (text += texts.length));
    return queries.map(() => {
      const query = asked[question++];
      return own.map((vector) => dot(vector, query));
    });
  });
}

/** NaN where there is nothing. */
export const mean = (values) => values.reduce((sum, x) => sum + x, 0) / values.length;

const remembered = new WeakMap();

/** What `work` gave for this model and key before: several systems are scored from one pass. */
export function once(model, key, work) {
  const known = remembered.get(model) ?? new Map();
  remembered.set(model, known);
  if (!known.has(key)) known.set(key, work());
  return known.get(key);
}
