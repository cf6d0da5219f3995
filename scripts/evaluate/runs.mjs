/**
 * Kept runs: what the systems answered, in .cache/evaluate, each beside a record of what it was made from, so that `--reuse` never scores
 * the run of one model, device or data folder as that of another. What a run depends on is watched, not declared: its record holds
 * the identity of everything that its system asked for. What depends on the engine's code has only the commit to say so, which is printed.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { filesBelow } from '../lib/files.mjs';

/** What a manifest says of a model's origin; all the rest of it changes what the model answers. */
const ORIGIN = new Set(['name', 'version', 'trainingCommit']);

/** SHA-256 of all that decides what a model answers: its files (by the hashes in the manifest) and its weights of the heat. */
export function modelIdentity(dir) {
  const manifest = JSON.parse(readFileSync(path.join(dir, 'manifest.json'), 'utf8'));
  const kept = Object.entries(manifest).filter(([field]) => !ORIGIN.has(field));
  kept.sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(kept)).digest('hex');
}

/** SHA-256 of files; some are larger than a string can be. */
export async function filesIdentity(files) {
  const all = createHash('sha256');
  for (const file of files) {
    const one = createHash('sha256');
    for await (const chunk of createReadStream(file)) one.update(chunk);
    all.update(`${path.basename(file)} ${one.digest('hex')}\n`);
  }
  return all.digest('hex');
}

/** SHA-256 of all that lies in a folder, by names and contents: the same on every machine. */
export async function folderIdentity(dir) {
  const all = createHash('sha256');
  for (const file of filesBelow(dir)) all.update(`${file} ${await filesIdentity([path.join(dir, file)])}\n`);
  return all.digest('hex');
}

/** A context for a system: the values of `sources` by name; what is read of them is added to `used`. */
function watched(sources, used) {
  const context = {};
  for (const [name, { value }] of Object.entries(sources)) {
    const get = () => {
      used.add(name);
      return value;
    };
    Object.defineProperty(context, name, { get, enumerable: true });
  }
  return context;
}

/** What the record of a kept run says, if it was made from what `sources` are now; else undefined. */
async function stillGood({ file, record, sources }) {
  if (!existsSync(file) || !existsSync(record)) return undefined;
  const { from, ...made } = JSON.parse(readFileSync(record, 'utf8'));
  // One that was made before these files counted says nothing of them.
  if (Object.keys(sources).some((name) => sources[name].always && !(name in from))) return undefined;
  for (const [name, identity] of Object.entries(from)) {
    if ((await sources[name]?.identity?.()) !== identity) return undefined;
  }
  return made;
}

/**
 * The run of one system: a kept one with `reuse`, where its record holds; else a new one, which is kept.
 * @typedef {{ value?: unknown, identity?: () => string | Promise<string>, always?: boolean }} Source without `identity` nothing is
 *   recorded of it; with `always` it is recorded whether the system asked for it or not
 * @param {object} options
 * @param {string} options.folder where runs are kept
 * @param {string} options.name of the set and the system
 * @param {(context: any) => unknown} options.make gives the rows of the run, or the path of one that came with the data
 * @param {Record<string, Source>} options.sources
 * @param {{ commit: string, date: string }} options.about the engine that makes new runs
 * @param {boolean} options.reuse
 * @returns {Promise<{ file: string, commit?: string, date?: string, seconds?: number }>} only the file of a run that came with the data
 */
export async function runOf({ folder, name, make, sources, about, reuse }) {
  const file = path.join(folder, `${name.replace(/[^a-z0-9.]+/gi, '-')}.jsonl`);
  const record = file.replace(/\.jsonl$/, '.made.json');
  const known = reuse ? await stillGood({ file, record, sources }) : undefined;
  if (known) return { file, ...known };
  const used = new Set(Object.keys(sources).filter((source) => sources[source].always));
  const start = performance.now();
  const run = await make(watched(sources, used));
  if (typeof run === 'string') {
    if (!existsSync(run)) throw new Error(`The data folder lacks ${run}.`);
    return { file: run };
  }
  const made = { ...about, seconds: (performance.now() - start) / 1000 };
  const from = {};
  for (const source of [...used].sort()) {
    if (sources[source].identity) from[source] = await sources[source].identity();
  }
  // An interrupted write must not leave the record of an older run beside it.
  rmSync(record, { force: true });
  writeFileSync(file, run.map((row) => `${JSON.stringify(row)}\n`).join(''));
  writeFileSync(record, `${JSON.stringify({ ...made, from }, null, 2)}\n`);
  return { file, ...made };
}
