/**
 * Topics of files whose kind is known from where they stand: tests, configuration, user interface, …. The files are chosen from the
 * training corpus (training/prepare.py), because topics are zero-shot: nothing was ever trained to find them. A file that two
 * conventions claim is left out. "None" is an answer too, and a wrong one here.
 */
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inTemporary } from './data.mjs';
import { CORPUS_FILES } from './ingredients.mjs';
import { sourceModule } from '../lib/bundling.mjs';
import { ROOT } from '../lib/root.mjs';

const BUILT_IN = path.join(ROOT, 'src/engine/analysis/topics.json');
const MEASURED = { from: 0, count: 15 };
/** What other thresholds are tried on. */
export const HELD_OUT = { from: 15, count: 30 };
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

/** `{ id, text, name, kind }`: the same few of each kind every time, one of a package before two; others where `from` is not 0. */
export async function files({ from, count }) {
  const found = new Map(Object.keys(CONVENTIONS).map((kind) => [kind, []]));
  const { streamedLines } = await sourceModule('src/engine/streamed-lines.ts');
  for await (const line of streamedLines(createReadStream(CORPUS_FILES))) {
    const { id, text, package: source, split } = JSON.parse(line);
    // Packages that were added later would change what is measured.
    if (split === 'more') continue;
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
      .slice(from, from + count)
      .map(({ file }) => file);
  });
}

/** The built-in labels without those that name this kind, so that "none" is right. */
function labelsWithout(kind, dir) {
  const names = kind === 'documentation' ? DOCUMENTATION : new Set([kind]);
  const { code, prose } = JSON.parse(readFileSync(BUILT_IN, 'utf8'));
  const file = path.join(dir, `without ${kind}.json`);
  writeFileSync(file, JSON.stringify((kind === 'documentation' ? prose : code).filter((t) => !names.has(t.label))));
  return file;
}

/** Kind and topics of each file; with `missing` the label of its own kind is not among those to choose from. */
export async function topicsOf(model, chosen, missing) {
  return inTemporary(async (dir) => {
    // A name of its own for each, without the folder that gives the kind away.
    const written = chosen.map((file, i) => {
      const at = path.join(dir, `${i}${path.extname(file.name)}`);
      writeFileSync(at, file.text);
      return { ...file, at };
    });
    const rows = [];
    for (const kind of Object.keys(CONVENTIONS)) {
      const ofKind = written.filter((file) => file.kind === kind);
      if (ofKind.length === 0) continue;
      const topics = missing ? labelsWithout(kind, dir) : undefined;
      const analyses = await model.analyze(
        ofKind.map(({ at }) => at),
        { summaryWords: 30, topics },
      );
      ofKind.forEach(({ id }, i) => {
        const topics = analyses[i].topics.map((t) => ({
          ...t,
          label: DOCUMENTATION.has(t.label) ? 'documentation' : t.label,
        }));
        rows.push({ id, kind: missing ? 'none' : kind, topics });
      });
    }
    return rows;
  });
}

async function run(model, missing = false) {
  const rows = await topicsOf(model, await files(MEASURED), missing);
  return rows.map(({ id, kind, topics }) => ({ query_id: id, kind, found: topics[0]?.label ?? 'none' }));
}

function score(rows) {
  const kinds = [...new Set(rows.map((row) => row.kind))];
  const f1 = kinds.map((kind) => {
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
  corpus: [CORPUS_FILES],
  systems: {
    Strata: ({ ours }) => run(ours),
    'Strata, the right label taken from the list ("none" is right)': ({ ours }) => run(ours, true),
    'flat start model, first 512 tokens': ({ flat }) => run(flat),
    'flat start model, the right label taken from the list': ({ flat }) => run(flat, true),
  },
};
