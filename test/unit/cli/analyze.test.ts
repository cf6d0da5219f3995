/** What `strata analyze` prints of an analysis, whatever that comes from. */
import path from 'node:path';
import { expect, it } from 'vitest';
import { analyze, type AnalyzeOptions, type AnalyzeService } from '../../../src/cli/analyze.js';
import { Failures } from '../../../src/cli/failures.js';
import type { Io } from '../../../src/cli/io.js';
import { StrataError } from '../../../src/protocol/errors.js';
import { fakeAnalysis } from '../engine/fake-service.js';
import { captured, lines } from './command-line.js';

/** Reads what is not empty, is told in `asked` what was wanted, and cuts and doubts what says so. */
function reader(asked: unknown[] = []): AnalyzeService {
  return {
    analyze: (params) => {
      asked.push(params);
      const { documentId, version, text } = params;
      if (text.trim() === '') return Promise.reject(new StrataError('empty', 'There is nothing to read.'));
      const analysis = fakeAnalysis(documentId, version, text);
      if (!text.includes('long')) return Promise.resolve(analysis);
      const tree = { ...analysis.tree, fallback: 'Read by its indentation.' };
      return Promise.resolve({ ...analysis, tree, truncated: { at: 4, reason: 'Only a part was read.' } });
    },
    heat: ({ documentId, query }) => {
      asked.push({ documentId, query });
      const [scores, intensity] = [Float32Array.of(0.5), Float32Array.of(1)];
      return Promise.resolve({
        query,
        answered: 0.25,
        scores,
        meanCosines: scores,
        intensity,
        ranking: [0],
        literal: [],
      });
    },
    attentionTables: (params) => {
      asked.push(params);
      return [];
    },
    layersAndHeads: () => Promise.resolve({ layers: 8, heads: 12 }),
  };
}

async function analysed(
  files: Readonly<Record<string, string>>,
  options: Partial<AnalyzeOptions> = {},
  { service = reader(), io: given = {} }: { service?: AnalyzeService; io?: Partial<Io> } = {},
): Promise<{ out: string; err: string; failed: number }> {
  const { io, written } = captured('', given);
  const failures = new Failures(io);
  const texts = Object.entries(files).map(([file, text]) => ({ file, text }));
  const all = { layer: 'mean', head: 'mean', summaryWords: 100, top: 10, ...options } as const;
  await analyze(io, service, texts, all, failures);
  return { ...written, failed: failures.count };
}

it('one line of JSON for each file has what was found, and of a question, a cut or a fallback only where there is one', async () => {
  const { out, err, failed } = await analysed(
    { 'a.txt': 'Short.', 'b.txt': ' ', 'c.txt': 'A long one.' },
    { json: true },
  );
  expect({ err, failed }).toEqual({ err: 'error: b.txt: There is nothing to read.\n', failed: 1 });
  const [a, c] = lines(out) as Record<string, unknown>[];
  const { tree, ...whole } = fakeAnalysis(path.resolve('a.txt'), 1, 'Short.');
  const { tokens, timings, device, summary, topics, sectionTopics } = whole;
  const { language, genre, nodes } = tree;
  expect(a).toEqual({ file: 'a.txt', language, genre, tokens, timings, device, tree: nodes, summary, topics, sectionTopics }); // prettier-ignore
  expect(c).toMatchObject({
    file: 'c.txt',
    fallback: 'Read by its indentation.',
    truncated: { at: 4, reason: 'Only a part was read.' },
  });
});

it('a question, a language, a length and a layer reach the engine, and the heat the nodes', async () => {
  const asked: unknown[] = [];
  const options = {
    json: true,
    query: 'who',
    language: 'python',
    summaryWords: 7,
    attention: true,
    layer: 7,
    head: 11,
  };
  const { out } = await analysed({ 'a.py': 'x = 1' }, options, { service: reader(asked) });
  const documentId = path.resolve('a.py');
  expect(asked).toEqual([
    { documentId, version: 1, text: 'x = 1', fileName: 'a.py', summaryWords: 7, language: 'python' },
    { documentId, query: { text: 'who' } },
    { documentId, version: 1, layer: 7, head: 11 },
  ]);
  expect(JSON.parse(out)).toMatchObject({
    query: 'who',
    answered: 0.25,
    tree: [{ id: 0, heat: 0.5, intensity: 1 }],
    attention: { layer: 7, head: 11, levels: [] },
  });
  await expect(analysed({ 'a.py': 'x' }, { ...options, layer: 8 })).rejects.toThrow(/no layer 8/);
  await expect(analysed({ 'a.py': 'x' }, { ...options, head: 12 })).rejects.toThrow(/no head 12/);
});

it('reports for people are a blank line apart, as wide and as colourful as their terminal', async () => {
  const report = async (file: string, io: Partial<Io> = {}) => (await analysed({ [file]: 'A text.' }, {}, { io })).out;
  const { out } = await analysed({ 'a.txt': 'A text.', 'b.txt': ' ', 'c.txt': 'A text.' });
  expect(out).toBe(`${await report('a.txt')}\n${await report('c.txt')}`);
  const name = `${'long-'.repeat(40)}.txt`;
  const widest = async (io: Partial<Io>): Promise<number> =>
    Math.max(...(await report(name, io)).split('\n').map((line) => line.length));
  expect([await widest({}), await widest({ columns: 50 })]).toEqual([100, 50]);
  expect(await report(name)).not.toContain('\u001b');
  expect(await report(name, { color: true })).toContain('\u001b[1m');
});
