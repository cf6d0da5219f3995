/** What the service keeps of documents, questions and the model, with the fake session. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { DEFAULT_TIMING } from '../../../src/client/status.js';
import { type CallOptions, EngineService } from '../../../src/engine/service.js';
import type * as Hierarchy from '../../../src/engine/hierarchy/index.js';
import type { DocumentAnalysis, HeatResult } from '../../../src/protocol/document.js';
import type { Progress } from '../../../src/protocol/engine.js';
import { writeFakeModel } from '../encoder/fake-model.js';
import { runs, sessions } from '../encoder/fake-session.js';
import { ROOT } from '../hierarchy/invariants.js';

vi.mock('../../../src/engine/encoder/session.js', () => import('../encoder/fake-session.js'));

/** What parsing waits for. */
const parsing = vi.hoisted(() => ({ after: Promise.resolve() }));
vi.mock('../../../src/engine/hierarchy/index.js', async (load) => {
  const real = await load<typeof Hierarchy>();
  const parseDocument: typeof real.parseDocument = async (...args) => {
    await parsing.after;
    return real.parseDocument(...args);
  };
  return { ...real, parseDocument };
});

const dir = mkdtempSync(path.join(os.tmpdir(), 'strata-service-'));
let service: EngineService;

beforeEach(() => {
  writeFakeModel(dir, { segmentTokens: 1 });
  service = new EngineService({ modelDir: dir, grammarsDir: path.join(ROOT, 'dist/grammars'), log: () => undefined });
  runs.length = 0;
});
afterAll(() => {
  rmSync(dir, { recursive: true });
});

const TEXT = Array.from(
  { length: 12 },
  (_, i) => `def f${i}(a):\n${'    call(a, 1, 2)\n'.repeat(60)}    return ${i}\n`,
).join('\n');
const EDITED = TEXT.replace('return 7', 'return 8');

const analyze = (text: string, version = 1, options: CallOptions = {}): Promise<DocumentAnalysis> =>
  service.analyze({ documentId: 'a', version, text, fileName: 'a.py', summaryWords: 50 }, options);

const heat = (text: string): Promise<HeatResult> => service.heat({ documentId: 'a', version: 1, query: { text } });

/** An analysis that is cancelled when two parts have been read. */
async function cancelled(text: string, version = 1): Promise<void> {
  const abort = new AbortController();
  let segments = 0;
  const onProgress = ({ phase, done }: Progress): void => {
    if (phase === 'encode' && done > 0 && ++segments === 2) abort.abort();
  };
  await expect(analyze(text, version, { signal: abort.signal, onProgress })).rejects.toMatchObject({
    code: 'cancelled',
  });
}

/** Parts of the document that were read since the last call: one each run. */
function partsRead(): number[] {
  const read = runs.filter((run) => run.outputs.includes('part_keys')).map((run) => run.firstPart);
  runs.length = 0;
  return read;
}

it('on another device only what has changed since is read', async () => {
  await analyze(TEXT);
  expect(partsRead().length).toBeGreaterThan(3);
  await service.initialize({ device: 'cpu', threads: 2 });
  await analyze(EDITED, 2);
  expect(partsRead()).toHaveLength(1);
});

it('what was read before an analysis was cancelled is not read again, and makes no difference', async () => {
  await analyze(TEXT);
  const all = partsRead();
  const asked = { documentId: 'a', version: 1, layer: 'mean', head: 'mean' } as const;
  const [heat, tables] = [await service.heat({ ...asked, query: { text: 'call' } }), service.attentionTables(asked)];
  await service.close({ documentId: 'a' });
  runs.length = 0;
  await cancelled(TEXT);
  expect(partsRead()).toEqual(all.slice(0, 2));
  await expect(service.heat({ ...asked, query: { text: 'call' } })).rejects.toMatchObject({ code: 'unknown-document' });
  await analyze(TEXT);
  expect(partsRead()).toEqual(all.slice(2));
  expect(await service.heat({ ...asked, query: { text: 'call' } })).toEqual(heat);
  expect(service.attentionTables(asked)).toEqual(tables);
});

it('what was read before an analysis was cancelled serves the next version, too, until the document is closed', async () => {
  await cancelled(TEXT);
  expect(partsRead()).toEqual([0, 1]);
  await analyze(EDITED, 2);
  expect(Math.min(...partsRead())).toBe(2);
  await service.close({ documentId: 'a' });
  await cancelled(TEXT);
  await service.close({ documentId: 'a' });
  runs.length = 0;
  await analyze(TEXT);
  expect(partsRead().slice(0, 2)).toEqual([0, 1]);
});

it('each question has a heat of its own, whatever was asked before', async () => {
  await analyze(TEXT);
  const call = await heat('call');
  expect((await heat('return')).scores).not.toEqual(call.scores);
  expect(await heat('call')).toEqual(call);
});

it('an analysis that is cancelled while it is summed up leaves the version before as it was', async () => {
  await analyze(TEXT);
  const before = await heat('call');
  const abort = new AbortController();
  const onProgress = ({ phase }: Progress): void => {
    if (phase === 'summarise') abort.abort();
  };
  await expect(analyze(EDITED, 2, { signal: abort.signal, onProgress })).rejects.toMatchObject({ code: 'cancelled' });
  expect(await heat('call')).toEqual(before);
});

it('a place that the document does not have is refused', async () => {
  await analyze(TEXT);
  const nowhere = { documentId: 'a', version: 1, node: 1_000_000 };
  await expect(service.explainHeat({ ...nowhere, query: { text: 'call' } })).rejects.toMatchObject({
    code: 'stale-document',
  });
});

it('topics are found among the labels that were chosen', async () => {
  const topics = ['call(a, 1, 2)', 'return'].map((description) => ({ label: description, description }));
  await service.initialize({ device: 'cpu', threads: 0, topics });
  expect(topics.map(({ label }) => label)).toContain((await analyze(TEXT)).topics[0]?.label);
});

it('the model is opened anew for another number of threads only, and the one before is closed', async () => {
  Object.assign(sessions, { opened: 0, closed: 0 });
  await service.initialize({ device: 'cpu', threads: 1 });
  await service.initialize({ device: 'cpu', threads: 1 });
  expect(sessions).toEqual({ opened: 1, closed: 0 });
  await service.initialize({ device: 'cpu', threads: 2 });
  expect(sessions).toEqual({ opened: 2, closed: 1 });
});

it('a model that could not be read is read again with the next request', async () => {
  rmSync(path.join(dir, 'tokenizer.json'));
  await expect(analyze(TEXT)).rejects.toMatchObject({ code: 'model' });
  writeFakeModel(dir, { segmentTokens: 1 });
  expect((await analyze(TEXT)).version).toBe(1);
});

it('what another model has read is read again', async () => {
  await analyze(TEXT);
  const all = partsRead();
  writeFakeModel(dir, { segmentTokens: 1 }, undefined, 'another graph');
  await service.initialize({ device: 'cpu', threads: 2 });
  await expect(heat('call')).rejects.toMatchObject({ code: 'unknown-document' });
  await analyze(TEXT);
  expect(partsRead()).toEqual(all);
});

it('nothing is left of documents and model when the service is disposed of, and it can be used again', async () => {
  await analyze(TEXT);
  sessions.closed = 0;
  await service.dispose();
  expect(sessions.closed).toBe(1);
  await expect(heat('call')).rejects.toMatchObject({ code: 'unknown-document' });
  expect((await analyze(TEXT)).version).toBe(1);
});

it('a grammar that works for long gives signs of life, until it has ended', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    let goOn = (): void => undefined;
    parsing.after = new Promise((resolve) => (goOn = resolve));
    let signs = 0;
    let begun = (): void => undefined;
    const started = new Promise<void>((resolve) => (begun = resolve));
    const onProgress = ({ phase }: Progress): void => {
      if (phase !== 'parse') return;
      signs++;
      begun();
    };
    const analysis = analyze(TEXT, 1, { onProgress });
    await started;
    // Less than a client waits for.
    vi.advanceTimersByTime(DEFAULT_TIMING.stallAnalyze / 2);
    expect(signs).toBeGreaterThan(1);
    goOn();
    await analysis;
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
