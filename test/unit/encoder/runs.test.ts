/** What the encoder asks of its session, and what it makes of the answers. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Encoder, normalised } from '../../../src/engine/encoder/index.js';
import { packDocument } from '../../../src/engine/encoder/packing.js';
import { Tokenizer } from '../../../src/engine/encoder/tokenizer.js';
import { parse } from '../hierarchy/invariants.js';
import { random } from '../random.js';
import { shipped, writeFakeModel } from './fake-model.js';
import { CONTEXT, runs, SHAPE, stateOf } from './fake-session.js';

vi.mock('../../../src/engine/encoder/session.js', () => import('./fake-session.js'));

const tokenizer = new Tokenizer(shipped('tokenizer.json'));
const dir = mkdtempSync(path.join(os.tmpdir(), 'strata-runs-'));
const messages: string[] = [];
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** An encoder of the model that the fake session plays. */
function load(packing: object = {}, tokenizerJson = shipped('tokenizer.json')): Promise<Encoder> {
  writeFakeModel(dir, packing, tokenizerJson);
  return Encoder.load({ modelDir: dir, device: 'cpu', threads: 1, log: (_, message) => messages.push(message) });
}

beforeEach(() => {
  runs.length = 0;
  messages.length = 0;
});
afterAll(() => {
  rmSync(dir, { recursive: true });
});

const functions = (n: number): string =>
  Array.from({ length: n }, (_, i) => `def f${i}(a):\n${'    call(a, 1, 2)\n'.repeat(60)}    return ${i}\n`).join('\n');

const NO_CONTEXT = [0, 0, 0, 0];
/** The tokens of a text that is read flat. */
const flat = (text: string, by = tokenizer): number[] => [by.cls, ...by.tokenize(text).ids, by.sep];

/** The vector of a text: the mean of its tokens, and what the upper stage adds. */
function meanOf(tokens: ArrayLike<number>, context: readonly number[]): number[] {
  const states = Array.from(tokens, stateOf);
  const sums = context.map((c, d) => states.reduce((sum, state) => sum + state[d]! / states.length, c));
  return [...normalised(Float32Array.from(sums))];
}

function expectClose(found: ArrayLike<number>, expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  expected.forEach((x, i) => {
    expect(found[i]).toBeCloseTo(x, 5);
  });
}

describe('a document', () => {
  it('is read in the order of its text, each part with those before it in view', async () => {
    const encoder = await load({ segmentTokens: 1 });
    const text = functions(12);
    const tree = await parse(text, 'a.py');
    const parts = packDocument(text, tree, tokenizer).partSizes.length;
    expect(parts).toBeGreaterThan(3);
    await encoder.encodeDocument(text, tree);
    const order = Array.from({ length: parts }, (_, i) => i);
    expect(runs.map((run) => run.firstPart)).toEqual(order);
    expect(runs.map((run) => run.known)).toEqual(order);
  });

  it('says how many tokens are read, from those that it takes over to all of them', async () => {
    const encoder = await load({ segmentTokens: 1 });
    const text = functions(12);
    const tree = await parse(text, 'a.py');
    const seen: [number, number][] = [];
    const onProgress = (done: number, total: number): unknown => seen.push([done, total]);
    const previous = await encoder.encodeDocument(text, tree, { onProgress });
    const total = previous.packed.ids.length;
    const expected = (first: number): [number, number][] => {
      let done = first;
      return [first, ...runs.map(({ pieces }) => (done += sum(pieces)))].map((n) => [n, total]);
    };
    expect(seen).toEqual(expected(0));
    expect(seen.at(-1)).toEqual([total, total]);
    const edited = text.replace('return 7', 'return 8');
    const editedTree = await parse(edited, 'a.py');
    seen.length = runs.length = 0;
    await encoder.encodeDocument(edited, editedTree, { before: previous.parts, onProgress });
    expect(runs.map((run) => [run.parts, run.known])).toEqual([[1, previous.packed.partSizes.length - 1]]);
    expect(seen).toEqual(expected(total - sum(runs[0]!.pieces)));
  });

  it('without a word is refused, and nothing is run', async () => {
    const encoder = await load();
    const text = '\u200b\n\u2060\n';
    await expect(encoder.encodeDocument(text, await parse(text, 'a.txt'))).rejects.toMatchObject({ code: 'empty' });
    expect(runs).toEqual([]);
  });

  it('has the states of its tokens, whatever part they are in', async () => {
    const encoder = await load();
    const text = functions(12);
    const document = await encoder.encodeDocument(text, await parse(text, 'a.py'));
    document.packed.ids.forEach((id, token) => {
      const state = stateOf(id);
      const step = Math.max(...state.map(Math.abs)) / 127;
      const [kept, direction] = [document.tokenState(token), document.tokenDirection(token)];
      state.forEach((x, d) => {
        // Kept with 8 bits a number.
        expect(Math.abs(kept[d]! - x)).toBeLessThan(0.51 * step);
        expect(direction[d]).toBe(Math.round(x / step));
      });
    });
  });
});

describe('texts to embed', () => {
  it('share runs by kind and length, and each gets its own vector', async () => {
    const encoder = await load();
    const draw = random(3);
    const items = await Promise.all(
      Array.from({ length: 120 }, async (_, i) => {
        const text = Array.from({ length: 1 + draw(150) }, () => `w${draw(50)}`).join(' ');
        return i % 3 === 0
          ? { text, tree: await parse(text, 'a.txt'), kind: 'document' as const }
          : { text, kind: 'query' as const };
      }),
    );
    const vectors = await encoder.embed(items);
    items.forEach(({ text, tree, kind }, i) => {
      const tokens = tree ? packDocument(text, tree, tokenizer).ids : flat(text);
      expectClose(vectors[i]!, meanOf(tokens, kind === 'query' ? NO_CONTEXT : CONTEXT));
    });
    for (const { pieces } of runs) expect(sum(pieces)).toBeLessThanOrEqual(4_096);
    for (const kind of [['piece_own'], ['piece_own', 'piece_context']]) {
      const own = runs.filter((run) => run.outputs.length === kind.length);
      expect(own.map((run) => run.outputs)).toEqual(own.map(() => kind));
      expect(sum(own.map((run) => run.documents))).toBe(kind.length === 1 ? 80 : 40);
      // Two runs that would fit into one are one.
      for (let i = 1; i < own.length; i++) expect(sum(own[i - 1]!.pieces) + sum(own[i]!.pieces)).toBeGreaterThan(4_096);
    }
    // A query is one piece: short ones pad no long ones.
    const queries = runs.filter((run) => run.outputs.length === 1).flatMap((run) => run.pieces);
    expect(queries).toEqual(queries.toSorted((a, b) => a - b));
  });

  it('that are cancelled are not run, or no further', async () => {
    const encoder = await load();
    const abort = new AbortController();
    const items = Array.from({ length: 30 }, (_, i) => ({ text: `word${i} `.repeat(400), kind: 'query' as const }));
    const running = encoder.embed(items, abort.signal);
    // In the turn after the first run.
    setImmediate(() => {
      abort.abort();
    });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(runs).toHaveLength(1);
    runs.length = 0;
    await expect(encoder.embed(items, abort.signal)).rejects.toMatchObject({ code: 'cancelled' });
    expect(runs).toEqual([]);
  });

  it('that are longer than a segment are read once, in segments, and cancelled between two of them', async () => {
    const encoder = await load({ segmentTokens: 1_500 });
    const text = functions(12);
    const items = [{ text, tree: await parse(text, 'a.py'), kind: 'document' as const }];
    await encoder.embed(items);
    expect(runs.length).toBeGreaterThan(2);
    expect(sum(runs.flatMap((run) => run.pieces))).toBe(packDocument(text, items[0]!.tree, tokenizer).ids.length);
    runs.length = 0;
    const abort = new AbortController();
    const running = encoder.embed(items, abort.signal);
    setImmediate(() => {
      abort.abort();
    });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(runs).toHaveLength(1);
  });

  it('that have no words have the vector of nothing', async () => {
    const encoder = await load();
    const text = '\u200b\n';
    const [vector] = await encoder.embed([{ text, tree: await parse(text, 'a.txt'), kind: 'document' }]);
    expect(vector).toEqual(new Float32Array(SHAPE.dimension));
    expect(runs).toEqual([]);
  });

  it('are read flat, with their names whole, by a model that is flat', async () => {
    const encoder = await load({ policy: 'flat' });
    const text = 'def readFileSync():\n    return 1\n';
    const tokens = flat(text, new Tokenizer(shipped('tokenizer.json'), 'whole'));
    const [vector] = await encoder.embed([{ text, tree: await parse(text, 'a.py'), kind: 'document' }]);
    expect(runs.map((run) => run.pieces)).toEqual([[tokens.length]]);
    expectClose(vector!, meanOf(tokens, CONTEXT));
    // Markers are not counted.
    expect(encoder.countTokens(text)).toBe(tokens.length - 2);
  });
});

describe('a question', () => {
  it('is run once, until a thousand others have been asked since', async () => {
    const encoder = await load();
    const first = await encoder.encodeQuery('who reads it?');
    expect(await encoder.encodeQuery('who reads it?')).toBe(first);
    expect(runs).toHaveLength(1);
    for (let i = 1; i < 1_024; i++) await encoder.encodeQuery(`question ${i}`);
    expect(await encoder.encodeQuery('who reads it?')).toBe(first);
    await encoder.encodeQuery('one too many');
    runs.length = 0;
    expect(await encoder.encodeQuery('who reads it?')).toEqual(first);
    expect(runs).toHaveLength(1);
    await encoder.encodeQuery('one too many');
    expect(runs).toHaveLength(1);
  });

  it('has a vector of unit length and the states of its words, each of its own', async () => {
    const encoder = await load();
    const { vector, words } = await encoder.encodeQuery('who reads it?');
    const tokens = flat('who reads it?');
    expectClose(vector, meanOf(tokens, NO_CONTEXT));
    expect(words.map((w) => w.text)).toEqual(['who', 'reads', 'it', '?']);
    words.forEach(({ state }, i) => {
      expectClose(state, [...normalised(Float32Array.from(stateOf(tokens[i + 1]!)))]);
    });
  });

  it('of which words are not read is said in the log; blanks and marks are no words', async () => {
    const encoder = await load();
    const full = `${'word '.repeat(509)}last`;
    await encoder.encodeQuery(full);
    await encoder.encodeQuery(`${full} ?! …\n`);
    expect(messages).toEqual([]);
    await encoder.encodeQuery(`${full} more`);
    expect(messages).toEqual([expect.stringMatching(/first 510 tokens .* last”/)]);
    await encoder.embed([{ text: `${full} 7`, kind: 'query' }]);
    expect(messages).toHaveLength(2);
  });
});

it('a model whose tokenizer is none is refused with what to do', async () => {
  for (const json of ['{"model": {"type": "BPE"}}', 'no JSON'])
    await expect(load({}, json)).rejects.toMatchObject({
      code: 'model',
      message: expect.stringMatching(/tokenizer\.json .*Reinstall/) as string,
    });
});
