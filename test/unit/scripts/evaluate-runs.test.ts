import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CONTEXT } from '../../../scripts/evaluate/context.mjs';
import { jsonLines } from '../../../scripts/evaluate/data.mjs';
import { markdown } from '../../../scripts/evaluate/report.mjs';
import { filesIdentity, folderIdentity, modelIdentity, runOf } from '../../../scripts/evaluate/runs.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'strata-runs-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

type Context = Record<'data' | 'ours' | 'flat' | 'tree', string>;

/** What the systems may read, under identities that a test can change. */
function sources(identities: Record<string, string> = {}, always = false) {
  const named = (name: string) => ({ value: name, identity: () => identities[name] ?? `${name} 1`, always: false });
  return {
    data: named('data'),
    ours: named('ours'),
    flat: named('flat'),
    tree: { value: 'ours' },
    corpus: { ...named('corpus'), always },
  };
}

/** Runs a system that answers with what it reads; `commit` is in its row, too, so that one sees which run it is. */
async function evaluated(read: (c: Context) => unknown, commit: string, given = sources(), reuse = true) {
  const make = (context: Context) => [{ query_id: commit, read: read(context) }];
  const about = { commit, date: '2026-01-01' };
  const run = await runOf({ folder, name: 'a set.A system', make, sources: given, about, reuse });
  return { ...run, rows: readFileSync(run.file, 'utf8') };
}

test('a kept run of the same ingredients is used again, under the commit at which it was made', async () => {
  await evaluated((c) => [c.data, c.ours], 'old');
  const again = await evaluated((c) => [c.data, c.ours], 'new');
  expect(again.commit).toBe('old');
  expect(again.rows).toContain('old');
  expect((await evaluated((c) => c.ours, 'new', sources(), false)).commit).toBe('new');
});

test('a run is made again when what its system read is another now, and only then', async () => {
  const otherModel = sources({ ours: 'ours 2' });
  await evaluated((c) => c.ours, 'old');
  expect((await evaluated((c) => c.ours, 'new', otherModel)).rows).toContain('new');

  await evaluated((c) => [c.flat, c.tree, c.data], 'old', sources(), false);
  expect((await evaluated((c) => [c.flat, c.tree, c.data], 'new', otherModel)).commit).toBe('old');
  expect((await evaluated((c) => c.flat, 'new', sources({ data: 'data 2' }))).commit).toBe('new');
});

test('files that every system of a set reads count without being asked for', async () => {
  await evaluated(() => 'BM25', 'old', sources({}, true));
  expect((await evaluated(() => 'BM25', 'new', sources({}, true))).commit).toBe('old');
  expect((await evaluated(() => 'BM25', 'new', sources({ corpus: 'corpus 2' }, true))).commit).toBe('new');

  await evaluated(() => 'BM25', 'old', sources(), false);
  expect((await evaluated(() => 'BM25', 'new', sources({}, true))).commit, 'a record without them').toBe('new');
});

test('the questions about repeated passages, and the files that they are about, count so', () => {
  const [list] = CONTEXT.fixtures.filter((file) => file.endsWith('questions.jsonl'));
  const about = jsonLines(list!).map(({ file }: { file: string }) => file);
  expect(about.length).toBeGreaterThan(0);
  expect(CONTEXT.fixtures.map((file) => path.basename(file))).toEqual(expect.arrayContaining(about));
});

test('a kept run without a record is made again, and one that came with the data has no commit', async () => {
  writeFileSync(path.join(folder, 'a-set.A-system.jsonl'), '{}\n');
  expect((await evaluated((c) => c.ours, 'new')).commit).toBe('new');

  const published = path.join(folder, 'published.jsonl');
  const given = { folder, name: 'a set.BM25', sources: sources(), about: { commit: 'new', date: '' }, reuse: true };
  await expect(runOf({ ...given, make: () => published })).rejects.toThrow('lacks');
  writeFileSync(published, '');
  expect(await runOf({ ...given, make: () => published })).toEqual({ file: published });
});

test('a model is its files and its weights of the heat, whatever its version is called', () => {
  const manifest = {
    name: 'm',
    version: '1',
    files: { 'encoder.onnx': 'abc' },
    heat: { weights: { code: { file: 1 } } },
  };
  const identity = (changes: object) => {
    const dir = mkdtempSync(path.join(folder, 'model-'));
    writeFileSync(path.join(dir, 'manifest.json'), JSON.stringify({ ...manifest, ...changes }));
    return modelIdentity(dir);
  };
  expect(identity({ version: '2', trainingCommit: 'f00' })).toBe(identity({}));
  expect(identity({ heat: { weights: { code: { file: 2 } } } })).not.toBe(identity({}));
  expect(identity({ files: { 'encoder.onnx': 'abd' } })).not.toBe(identity({}));
});

test('a data folder is what lies in it', async () => {
  const write = (dir: string, text: string) => {
    mkdirSync(path.join(folder, dir, 'set'), { recursive: true });
    writeFileSync(path.join(folder, dir, 'set', 'queries.jsonl'), text);
    return path.join(folder, dir);
  };
  const [one, same, other] = [write('one', 'a'), write('same', 'a'), write('other', 'b')];
  expect(await folderIdentity(one)).toBe(await folderIdentity(same));
  expect(await folderIdentity(one)).not.toBe(await folderIdentity(other));
  const file = (dir: string) => path.join(dir, 'set/queries.jsonl');
  expect(await filesIdentity([file(one)])).toBe(await filesIdentity([file(same)]));
  expect(await filesIdentity([file(one)])).not.toBe(await filesIdentity([file(other)]));
});

test('the table says where each row was made, and prints nothing for a figure that a system has not', () => {
  const model = { name: 'm', version: '1', weights: 'int8', sha256: '0123456789abcdef', identity: '' };
  const systems = [
    {
      system: 'ours',
      figures: { MRR: 0.5, queries: 3 },
      parts: [{ go: { MRR: 0.75, queries: 2 }, rust: { MRR: 0, queries: 1 } }],
      seconds: 12.3,
      commit: 'old',
    },
    { system: 'BM25', figures: { MRR: NaN, queries: 3 }, parts: [{ go: { MRR: 0.25 }, rust: { MRR: 1 } }] },
  ];
  const about = { commit: 'new', command: 'run', date: '2026-01-02', model, baseline: model };
  const parts = [{ metric: 'MRR', by: 'language' }];
  const table = markdown(about, [{ set: 's', metrics: ['MRR', 'queries'], parts, systems }]);
  expect(table).toContain('Scored at commit new');
  expect(table).toContain('| ours | 0.5000 | 3 | 12 | old |');
  expect(table).toContain('| BM25 | – | 3 |  | – |');
  expect(table).toContain('MRR by language (questions):\n\n| system | go (2) | rust (1) |');
  expect(table).toContain('| ours | 0.7500 | 0.0000 |\n| BM25 | 0.2500 | 1.0000 |');
});
