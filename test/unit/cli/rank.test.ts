/** What `strata rank` makes of rankings, whatever they come from. */
import path from 'node:path';
import { expect, it } from 'vitest';
import { Failures } from '../../../src/cli/failures.js';
import { FolderReport } from '../../../src/cli/files.js';
import type { TextFile } from '../../../src/cli/io.js';
import type { QueryLine } from '../../../src/cli/questions.js';
import { rank, type RankOptions } from '../../../src/cli/rank.js';
import type { Ranking } from '../../../src/engine/analysis/ranking.js';
import type { EngineService } from '../../../src/engine/service.js';
import { StrataError } from '../../../src/protocol/errors.js';
import { captured, lines } from './command-line.js';

type Service = Pick<EngineService, 'encodeQuestions' | 'rank'>;

/** Each line of a text is a unit; its score for the i-th question is the i-th number in it, and the first line says how surely each is answered. */
const byNumbers: Service = {
  encodeQuestions: (queries) => Promise.resolve(queries.map(() => ({ vector: new Float32Array(1), words: [] }))),
  rank: ({ text }, questions, _unit, options) => {
    if (text.trim() === '') return Promise.reject(new StrataError('empty', 'There is nothing to read.'));
    if (text.includes('long')) options?.onTruncated?.('Only a part was read.');
    const rows = text.trimEnd().split('\n');
    const numbers = (row: string): number[] => row.match(/[\d.]+/g)!.map(Number);
    return Promise.resolve(
      questions.map((_, i): Ranking => {
        const ranked = rows.map((row, at) => ({ startLine: at + 1, endLine: at + 1, score: numbers(row)[i]! }));
        return { answered: numbers(rows[0]!)[i]!, ranked: ranked.sort((a, b) => b.score - a.score) };
      }),
    );
  },
};

async function ranked(
  files: readonly (TextFile | [string, string])[],
  options: Partial<RankOptions>,
  queries: readonly QueryLine[] = [{ id: '', query: 'a' }],
  service = byNumbers,
): Promise<{ out: string; err: string; failed: number }> {
  const { io, written } = captured();
  const [failures, report] = [new Failures(io), new FolderReport()];
  const texts = files.map((f) => (Array.isArray(f) ? { file: f[0], text: f[1] } : f));
  const all = { unit: 'statement' as const, ...options };
  await rank(io, service, texts, queries, all, { failures, report, several: texts.length > 1 });
  report.tell(io);
  return { ...written, failed: failures.count };
}

it('units of many files are printed with their files, the best of all first, of equals the one that was named first', async () => {
  const files = Array.from({ length: 9 }, (_, i): [string, string] => [`f${i}`, `0.${(i * 7) % 9}\n0.5\n0.${i}\n`]);
  const all = files
    .flatMap(([file, text]) => text.trimEnd().split('\n').map((row, i) => ({ file, startLine: i + 1, endLine: i + 1, score: Number(row) })))
    .sort((a, b) => b.score - a.score); // prettier-ignore
  for (const top of [undefined, 1, 2, 5, 100]) {
    const { out } = await ranked(files, { json: true, ...(top === undefined ? {} : { top }) });
    const found = JSON.parse(out) as typeof all;
    const scores = all.map((unit) => unit.score).slice(0, top);
    expect(found.map((unit) => unit.score)).toEqual(scores);
    for (const unit of found) expect(all).toContainEqual(unit);
  }
});

it('each of many questions has its own units, and how surely it is answered is told by the file that answers it best', async () => {
  const queries = [{ id: 'x', query: 'a' }, { id: 7, query: 'b' }]; // prettier-ignore
  const files: [string, string][] = [['one', '0.9 0.1\n0.2 0.8\n'], ['two', '0.3 0.4\n0.5 0.6\n']]; // prettier-ignore
  const { out } = await ranked(files, { queries: '-', top: 2 }, queries);
  const unit = (file: string, line: number, score: number) => ({ file, startLine: line, endLine: line, score });
  expect(lines(out)).toEqual([
    { id: 'x', answered: 0.9, ranked: [unit('one', 1, 0.9), unit('two', 2, 0.5)] },
    { id: 7, answered: 0.4, ranked: [unit('one', 2, 0.8), unit('two', 2, 0.6)] },
  ]);
});

it('nobody who asks nothing is told that there is nothing to rank', async () => {
  expect(await ranked([['a.py', '0.5 first\n']], { queries: '-' }, [])).toEqual({ out: '', err: '', failed: 0 });
});

it('people are shown the lines of each unit, without what could change their terminal', async () => {
  const one = await ranked([['a.py', '0.25 first\n0.5 sec\u001b[31mond\n']], {});
  expect(one.out).toBe('  0.500  2            0.5 second\n  0.250  1            0.25 first\n');
  const two = await ranked([['a.py', '0.25 first\n'], ['b\u001b[31m.py', '0.5 other\n']], { top: 1 }); // prettier-ignore
  expect(two.out).toBe('  0.500  b.py:1  0.5 other\n');
  const block: Service = {
    ...byNumbers,
    rank: () => Promise.resolve([{ answered: 1, ranked: [{ startLine: 2, endLine: 3, score: -1 }] }]),
  };
  const text = 'one\ntwo\nthree\nfour\n';
  expect((await ranked([['a.py', text]], {}, undefined, block)).out).toBe(' -1.000  2-3          two three\n');
});

it('a question that nothing answers is told of people alone, and not where nothing was found', async () => {
  const told = /^Nothing here seems to answer/;
  expect((await ranked([['a', '0.1\n']], {})).err).toMatch(told);
  expect((await ranked([['a', '0.2\n']], {})).err).toBe('');
  expect((await ranked([['a', '0.1\n']], { json: true })).err).toBe('');
  const found = path.join('folder', 'empty.txt');
  const { err, ...rest } = await ranked([{ file: found, text: '\n', found: true }], {});
  expect(err).toBe('There is nothing to rank.\n');
  expect(rest).toEqual({ out: '', failed: 0 });
});

it('a file that cannot be ranked is told of, a named one as a failure, and no list is printed where none can', async () => {
  const good: [string, string] = ['good', '0.5\n'];
  const empty = ['empty', ' \n'] as [string, string];
  const error = 'error: empty: There is nothing to read.\n';
  expect(await ranked([empty, good], { json: true })).toMatchObject({ err: error, failed: 1 });
  expect(JSON.parse((await ranked([empty, good], { json: true })).out)).toMatchObject([{ file: 'good' }]);
  expect(await ranked([empty], { json: true })).toEqual({ out: '', err: error, failed: 1 });
  const below = { file: 'folder/empty', text: '\u200b', found: true };
  const broken: Service = {
    ...byNumbers,
    rank: (input, ...rest) =>
      input.fileName === below.file
        ? Promise.reject(new StrataError('empty', 'There is nothing to read.'))
        : byNumbers.rank(input, ...rest),
  };
  expect(await ranked([below, good], { json: true }, undefined, broken)).toMatchObject({
    err: '1 file left out: folder/empty (There is nothing to read).\n',
    failed: 0,
  });
  const gone: Service = { ...byNumbers, rank: () => Promise.reject(new StrataError('model', 'The model is gone.')) };
  await expect(ranked([good, empty], {}, undefined, gone)).rejects.toThrow('The model is gone.');
});

it('a text that is too long is told of by its name, and all are read in the language that was named', async () => {
  const asked: unknown[] = [];
  const service: Service = {
    ...byNumbers,
    rank: (input, ...rest) => {
      asked.push(input, rest[1]);
      return byNumbers.rank(input, ...rest);
    },
  };
  const { err } = await ranked([['a', '0.5 long\n']], { language: 'python', unit: { lines: 3 } }, undefined, service);
  expect(err).toBe('a: Only a part was read.\n');
  expect(asked).toEqual([{ text: '0.5 long\n', fileName: 'a', language: 'python' }, { lines: 3 }]);
});

it('where a text has no unit of the kind that is asked for, it is said', async () => {
  const without: Service = {
    ...byNumbers,
    rank: (_text, questions) => Promise.resolve(questions.map(() => ({ answered: 1, ranked: [] }))),
  };
  const { out, err } = await ranked([['f', '0.5\n']], { unit: 'section' }, undefined, without);
  expect(out).toBe('');
  expect(err).toBe('There is no section to rank; --unit statement ranks all that is there.\n');
});
