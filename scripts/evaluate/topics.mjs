/**
 * Topics of files whose kind is known from where they stand: tests, configuration, user interface, …. The files are chosen from the
 * training corpus (training/prepare.py), because topics are zero-shot: nothing was ever trained to find them. A file that two
 * conventions claim is left out. "None" is an answer too, and a wrong one here.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { inTemporary } from './data.mjs';
import { ROOT } from './strata.mjs';

const SOURCE = path.join(ROOT, 'training/corpus/files.jsonl');
const FILES_OF_KIND = 15;
const CHARACTERS = [1_000, 12_000];

/** Where files of a kind stand, by the part of the id after the package. */
const CONVENTIONS = {
  tests: /(^|\/)(tests?|__tests__|spec)\/|(^|\/)test_[^/]+\.py$|[._-](test|spec)\.\w+$/i,
  configuration: /(^|\/)[^/]*(config|configuration|settings|options)\.(py|js|ts|go|rb|php|java|rs|c|h)$/i,
  'user interface': /(^|\/)(widgets?|ui|gui|components?)\//i,
  parsing: /(^|\/)[^/]*(parser|lexer|tokenizer)[^/]*\.\w+$/i,
  networking: /(^|\/)[^/]*(http|socket|tcp|connection)[^/]*\.\w+$/i,
  database: /(^|\/)(db|database|sql|orm|migrations)\/|(^|\/)[^/]*(sql|database)[^/]*\.\w+$/i,
  build:
    /(^|\/)(setup|webpack\.config|rollup\.config|gulpfile|gruntfile)\.(py|js|ts|mjs|cjs)$|(^|\/)(build|packaging|installer)\//i,
  documentation: /\.(md|rst)$/i,
};
/** Topics of prose that say "documentation". */
const DOCUMENTATION = new Set(['specification', 'reference', 'tutorial', 'coding style', 'release notes']);

/** `{ id, text, name, kind }`: the same few of each kind every time, one of a package before two. */
async function files() {
  if (!existsSync(SOURCE))
    throw new Error('training/corpus/files.jsonl is missing: make it with "python training/prepare.py".');
  const found = new Map(Object.keys(CONVENTIONS).map((kind) => [kind, []]));
  for await (const line of createInterface({ input: createReadStream(SOURCE), crlfDelay: Infinity })) {
    const { id, text, package: source } = JSON.parse(line);
    if (text.length < CHARACTERS[0] || text.length > CHARACTERS[1]) continue;
    const place = id.slice(id.indexOf('/') + 1);
    const kinds = Object.keys(CONVENTIONS).filter((kind) => CONVENTIONS[kind].test(place));
    if (kinds.length !== 1) continue;
    const order = createHash('sha256').update(id).digest('hex');
    found.get(kinds[0]).push({ id, text, name: path.basename(place), kind: kinds[0], source, order });
  }
  return [...found.values()].flatMap((candidates) => {
    candidates.sort((a, b) => (a.order < b.order ? -1 : 1));
    const seen = new Map();
    const turn = (file) => seen.set(file.source, (seen.get(file.source) ?? 0) + 1).get(file.source);
    return candidates
      .map((file) => ({ file, turn: turn(file) }))
      .sort((a, b) => a.turn - b.turn)
      .slice(0, FILES_OF_KIND)
      .map(({ file }) => file);
  });
}

async function run(model) {
  const chosen = await files();
  return inTemporary(async (dir) => {
    // A name of its own for each, without the folder that gives the kind away.
    const paths = chosen.map(({ name, text }, i) => {
      const file = path.join(dir, `${i}${path.extname(name)}`);
      writeFileSync(file, text);
      return file;
    });
    const analyses = await model.analyze(paths, 30);
    return chosen.map(({ id, kind }, i) => {
      const label = analyses[i].topics[0]?.label ?? 'none';
      return { query_id: id, kind, found: DOCUMENTATION.has(label) ? 'documentation' : label };
    });
  });
}

function score(rows) {
  const f1 = Object.keys(CONVENTIONS).map((kind) => {
    const right = rows.filter((row) => row.kind === kind && row.found === kind).length;
    const claimed = rows.filter((row) => row.found === kind).length;
    const there = rows.filter((row) => row.kind === kind).length;
    return right === 0 ? 0 : (2 * right) / (claimed + there);
  });
  return {
    'macro-F1': f1.reduce((a, b) => a + b, 0) / f1.length,
    accuracy: rows.filter((row) => row.kind === row.found).length / rows.length,
    none: rows.filter((row) => row.found === 'none').length / rows.length,
    files: rows.length,
  };
}

export const TOPICS = {
  metrics: ['macro-F1', 'accuracy', 'none', 'files'],
  score,
  systems: {
    Strata: ({ ours }) => run(ours),
    'flat start model, first 512 tokens': ({ flat }) => flat && run(flat),
  },
};
