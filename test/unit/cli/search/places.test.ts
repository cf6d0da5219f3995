/** Which places `strata search` prints and what their scores are made of, without a model. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Failures } from '../../../../src/cli/failures.js';
import { type SearchHit, search, type SearchOptions, type SearchService } from '../../../../src/cli/search.js';
import { dot, LevelIndex } from '../../../../src/engine/analysis/levels.js';
import { heatOf } from '../../../../src/engine/analysis/relevance.js';
import type { Encoder } from '../../../../src/engine/encoder/index.js';
import { StrataError } from '../../../../src/protocol/errors.js';
import type { TreeNode } from '../../../../src/protocol/document.js';
import { fakeDocument } from '../../analysis/fake-document.js';
import { randomQuestion, randomUnit } from '../../analysis/vectors.js';
import { captured, dir, lines, ROOT } from '../command-line.js';

const DIMENSION = 8;
const { heat } = JSON.parse(readFileSync(path.join(ROOT, 'models/manifest.json'), 'utf8')) as Encoder['manifest'];

/** Random vectors of texts, questions and paths, the same for each whenever it is asked of. */
const vectorOfPath = (file: string): Float32Array => randomUnit(1000 + file.length, DIMENSION);
const questionOf = (query: string) => randomQuestion(10 * query.length, DIMENSION);
const service: SearchService = {
  encodeQuestions: (queries) => Promise.resolve(queries.map(questionOf)),
  encode: async ({ text, fileName }) => {
    const embed: Encoder['embed'] = (items) => Promise.resolve(items.map((item) => vectorOfPath(item.text)));
    return {
      encoder: { manifest: { heat }, embed } as unknown as Encoder,
      encoded: await fakeDocument(text, fileName),
    };
  },
};

const method = (name: string): string =>
  `  ${name}(key) {\n    const found = this.load(key);\n    keepValue(found);\n    return found;\n  }\n\n`;
const FILES: Readonly<Record<string, string>> = {
  'a.js': `export class Store {\n${['open', 'close', 'read'].map(method).join('')}}\n`,
  'lib/cache.js': `export class Cache {\n${['find', 'sweep'].map(method).join('')}}\n`,
  'notes.md': '# Notes\n\nThe cache is emptied every night.\n\n## Later\n\nMeasure it again in May. Or in June.\n',
  'list.txt': 'One thing to buy.\n',
};

function folder(files: Readonly<Record<string, string>> = FILES): string {
  const root = mkdtempSync(path.join(dir, 'places-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  return root;
}

async function found(query: string, options: Partial<SearchOptions> = {}, root = folder()): Promise<SearchHit[]> {
  const { io, written } = captured();
  const all = { root, top: 100, granularity: 'auto' as const, json: true, ...options };
  await search(io, service, [{ id: '', query }], all, new Failures(io));
  return JSON.parse(written.out) as SearchHit[];
}

/** The places of some kinds in a file, with what their vectors and words are worth by the rule of docs/cli.md. */
async function scored(name: string, query: string, kinds: readonly TreeNode['kind'][], pathWeight: number) {
  const encoded = await fakeDocument(FILES[name]!, name);
  const index = new LevelIndex(encoded);
  const question = questionOf(query);
  const all = heatOf(index, heat.weights[encoded.tree.genre], question);
  const ofFile = pathWeight * dot(all.query, vectorOfPath(name)) + 0.7 * all.words.over([0, index.pieces]);
  return encoded.tree.nodes
    .filter((node) => kinds.includes(node.kind) && !node.trivial)
    .map((node) => {
      const terms = all.terms(node);
      const own = terms.reduce((sum, t) => sum + t.weight * t.cosine, 0) / terms.reduce((sum, t) => sum + t.weight, 0);
      return { node, score: (own + ofFile) / (1 + pathWeight + 0.7) };
    });
}

describe('a search for one place of each file', () => {
  it('finds the best of its parts, by a mean of its own closeness, that of the path and the words of the file', async () => {
    for (const query of ['how are values kept', 'when is it emptied?', 'what to buy']) {
      const hits = await found(query);
      expect(hits.map((hit) => hit.path).toSorted()).toEqual(Object.keys(FILES).toSorted());
      expect(hits.map((hit) => hit.score)).toEqual(hits.map((hit) => hit.score).toSorted((a, b) => b - a));
      for (const hit of hits) {
        const places = await scored(hit.path, query, ['function', 'class', 'section', 'block', 'paragraph'], 0.8);
        const best = places.reduce((most, place) => (place.score > most.score ? place : most));
        expect(hit.score).toBeCloseTo(best.score, 5);
        const { startLine, endLine, kind } = best.node;
        expect(hit).toMatchObject({ startLine, endLine, kind, byRule: 0 });
      }
    }
  });

  it('shows the whole file where files are asked for, as good as the best place in it', async () => {
    const [parts, files] = [await found('how are values kept'), await found('how are values kept', { granularity: 'file' })]; // prettier-ignore
    expect(files.map(({ path: file, score, why }) => [file, score, why])).toEqual(
      parts.map(({ path: file, score, why }) => [file, score, why]),
    );
    for (const { path: file, kind, startLine, endLine } of files)
      expect({ kind, startLine, endLine }).toEqual({ kind: 'file', startLine: 1, endLine: FILES[file]!.split('\n').length - 1 }); // prettier-ignore
  });

  it('shows what the question names, though by vectors another place of the file is better, which the file is as good as', async () => {
    for (const name of ['open', 'close', 'read']) {
      const query = `Store.${name}`;
      const hit = (await found(query)).find((h) => h.path === 'a.js')!;
      expect(hit).toMatchObject({ name, kind: 'function', why: expect.stringContaining('defined here') as string });
      const places = await scored('a.js', query, ['function', 'class', 'section', 'block', 'paragraph'], 0.8);
      expect(hit.score - hit.byRule).toBeCloseTo(Math.max(...places.map((p) => p.score)), 5);
      expect(hit.byRule).toBeCloseTo(1 / 2.5, 5);
    }
  });
});

describe('a search for places of one size', () => {
  it.each([
    ['statement', ['statement', 'sentence']],
    ['function', ['function', 'section']],
  ] as const)('by %s finds the best of all files, several of one, and no more than were asked for', async (granularity, kinds) => {
    const query = 'how are values kept';
    const all = await Promise.all(
      Object.keys(FILES).map(async (name) => {
        const places = await scored(name, query, kinds, 0.2);
        return places.map(({ node, score }) => ({ path: name, startLine: node.startLine, score }));
      }),
    );
    const expected = all.flat().sort((a, b) => b.score - a.score);
    const ofText = (hits: readonly { path: string }[]) => hits.filter((hit) => hit.path !== 'list.txt');
    const hits = await found(query, { granularity });
    expect(ofText(hits)).toHaveLength(ofText(expected).length);
    const some = await found(query, { granularity, top: 3 });
    expect(some).toEqual(hits.slice(0, 3));
    ofText(hits).forEach((hit, i) => {
      expect(hit).toMatchObject({ path: ofText(expected)[i]!.path });
    });
    // A file that has none is a place itself.
    if (granularity === 'function') expect(hits.find((hit) => hit.path === 'list.txt')).toMatchObject({ kind: 'file' });
  }); // prettier-ignore
});

describe('what a search prints', () => {
  it('of many questions are the places of each, and how surely the file that answers it best does', async () => {
    const queries = [{ id: 'x', query: 'how are values kept' }, { id: 7, query: 'what to buy' }]; // prettier-ignore
    const { io, written } = captured();
    const options = { root: folder(), top: 2, granularity: 'auto' as const, queries: '-' };
    await search(io, service, queries, options, new Failures(io));
    const answered = async (query: string): Promise<number> => {
      const each = await Promise.all(
        Object.entries(FILES).map(async ([name, text]) => {
          const encoded = await fakeDocument(text, name);
          return heatOf(new LevelIndex(encoded), heat.weights[encoded.tree.genre], questionOf(query)).answered;
        }),
      );
      return Math.max(...each);
    };
    expect(lines(written.out)).toEqual([
      { id: 'x', answered: await answered(queries[0]!.query), results: await found(queries[0]!.query, { top: 2 }) },
      { id: 7, answered: await answered(queries[1]!.query), results: await found(queries[1]!.query, { top: 2 }) },
    ]);
  });

  it('for people does nothing to their terminal, and quotes of the words of the question what stands in the place', async () => {
    const root = folder({
      'a\u001b[31m.txt': 'The cache\u001b[31m is emptied.\n',
      'b.md': '# The cache\n\nAll of it.\n',
    });
    const { io, written } = captured();
    const options = { root, top: 10, granularity: 'statement' as const };
    await search(io, service, [{ id: '', query: 'cache' }], options, new Failures(io));
    expect(written.out).not.toContain('\u001b');
    const shown = written.out.split('\n').map((line) => line.trim());
    const at = shown.findIndex((line) => line.includes('a.txt:1'));
    expect(shown[at]).toMatch(/^-?\d\.\d{3} {2}a\.txt:1 {2}sentence {2}The cache is emptied\.$/);
    expect(shown[at + 1]).toMatch(/; says “cache”$/);
    const other = shown.findIndex((line) => line.endsWith('All of it.'));
    expect(shown[other + 1]).not.toContain('says');
  });

  it('names the file that the engine fails at, and goes on', async () => {
    const { io, written } = captured();
    const failing: SearchService = {
      ...service,
      encode: (file) =>
        file.fileName === 'a.js' ? Promise.reject(new StrataError('internal', 'It broke.')) : service.encode(file),
    };
    const [failures, options] = [new Failures(io), { root: folder(), top: 10, granularity: 'auto' as const }];
    await search(io, failing, [{ id: '', query: 'how are values kept' }], options, failures);
    expect(written.out).toContain('lib/cache.js:');
    expect(written.err).toContain('error: a.js: It broke.\n');
    expect(failures.count).toBe(1);
  });

  it('says where there is nothing', async () => {
    const { io, written } = captured();
    const root = folder({});
    const options = { root, top: 10, granularity: 'auto' as const };
    await search(io, service, [{ id: '', query: 'cache' }], options, new Failures(io));
    expect(written).toEqual({ out: '', err: `No text files were found below ${root}.\n` });
  });
});
