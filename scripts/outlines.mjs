/**
 * What the parsers make of the files of folders, by language: how long they take, and what is wrong with names at first sight.
 *   node scripts/outlines.mjs FOLDER…
 * Results: a table on standard output, the files that took longest below it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setup } from './setup.mjs';

const MOST_BYTES = 1_000_000;
const SLOWEST = 3;
/** What no class or function can be called in the languages that have these words. */
const KEYWORD = /^(if|for|while|switch|return|else|catch|noexcept)$/;
const WITHOUT_WORDS = /^[^\p{L}\p{N}_$]+$/u;

function* filesIn(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!/^(\.git|node_modules)$/.test(entry.name)) yield* filesIn(full);
    } else if (entry.isFile()) yield full;
  }
}

const folders = process.argv.slice(2);
if (folders.length === 0) {
  console.error('usage: node scripts/outlines.mjs FOLDER…');
  process.exit(2);
}
await setup({ parts: ['node'] });
const { openParser } = await import('./lib/parser.mjs');
const parseDocument = await openParser();

const rows = new Map();
const times = [];
for (const file of folders.flatMap((folder) => [...filesIn(folder)])) {
  const bytes = readFileSync(file);
  if (bytes.length > MOST_BYTES || bytes.includes(0)) continue;
  const begun = performance.now();
  const tree = await parseDocument({ text: bytes.toString('utf8'), fileName: file }).catch(() => undefined);
  const seconds = (performance.now() - begun) / 1000;
  times.push({ file, seconds });
  const key = tree?.language ?? '(refused)';
  const row = rows.get(key) ?? {
    files: 0,
    seconds: 0,
    fallback: 0,
    definitions: 0,
    described: 0,
    nameless: 0,
    misnamed: 0,
  };
  rows.set(key, row);
  row.files++;
  row.seconds += seconds;
  if (tree?.fallback) row.fallback++;
  for (const { kind, name, description } of tree?.nodes ?? []) {
    if (!/^(class|function|block)$/.test(kind)) continue;
    if (name !== undefined && (WITHOUT_WORDS.test(name) || (kind !== 'block' && KEYWORD.test(name)))) row.misnamed++;
    if (kind === 'block') continue;
    row.definitions++;
    if (description) row.described++;
    if (name === undefined) row.nameless++;
  }
}

console.log(
  '| language | files | seconds | without a grammar | classes and functions | described | nameless | misnamed |',
);
console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
for (const [language, row] of [...rows].sort(([, a], [, b]) => b.files - a.files)) {
  const { files, seconds, fallback, definitions, described, nameless, misnamed } = row;
  console.log(
    `| ${language} | ${files} | ${seconds.toFixed(1)} | ${fallback} | ${definitions} | ${described} | ${nameless} | ${misnamed} |`,
  );
}
times.sort((a, b) => b.seconds - a.seconds);
console.log(`\n${times.length} files; the slowest:`);
for (const { file, seconds } of times.slice(0, SLOWEST)) console.log(`${seconds.toFixed(1)} s  ${file}`);
