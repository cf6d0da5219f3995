import { describe, expect, it } from 'vitest';
import { createLoop } from '../../../src/engine/loop.js';
import type { EngineLoop } from '../../../src/engine/loop.js';
import type { FromEngine } from '../../../src/protocol/engine.js';
import { StrataError, throwIfCancelled } from '../../../src/protocol/errors.js';
import { fakeService, pause } from './fake-service.js';

const analyze = (id: number, documentId = 'a', text = 'hello'): unknown => ({
  type: 'request',
  id,
  method: 'analyze',
  params: { documentId, version: 1, text, fileName: 'a.txt', summaryWords: 50 },
});
const heat = (id: number, documentId = 'a'): unknown => ({
  type: 'request',
  id,
  method: 'heat',
  params: { documentId, version: 1, query: { text: 'why' } },
});
const initialize = (id: number): unknown => ({
  type: 'request',
  id,
  method: 'initialize',
  params: { device: 'cpu', threads: 0 },
});

/** Analyses that wait until they are released, by text; a cancelled one ends at once. */
function gated() {
  const started: string[] = [];
  const open = new Map<string, () => void>();
  const service = fakeService(async (text, { signal }) => {
    started.push(text);
    await new Promise<void>((resolve) => {
      open.set(text, resolve);
      signal.addEventListener('abort', () => {
        resolve();
      });
    });
    throwIfCancelled(signal);
  });
  return {
    service,
    started,
    release: (text: string) => {
      open.get(text)!();
    },
  };
}

function connect(service = fakeService()): {
  loop: EngineLoop;
  sent: FromEngine[];
  answer: (id: number) => Promise<FromEngine>;
} {
  const sent: FromEngine[] = [];
  const loop = createLoop(service, (message) => sent.push(message));
  const answer = async (id: number): Promise<FromEngine> => {
    for (;;) {
      const found = sent.find((m) => (m.type === 'result' || m.type === 'error') && m.id === id);
      if (found) return found;
      await pause(1);
    }
  };
  return { loop, sent, answer };
}

const answered = (sent: readonly FromEngine[]): number[] =>
  sent.flatMap((m) => (m.type === 'result' || m.type === 'error' ? [m.id] : []));

describe('the message loop', () => {
  it('answers each request once, with its id', async () => {
    const { loop, sent, answer } = connect();
    loop.receive(analyze(1));
    loop.receive(heat(2));
    expect(await answer(2)).toMatchObject({ type: 'result', result: { query: { text: 'why' } } });
    expect(answered(sent)).toEqual([1, 2]);
  });

  it('lets a question about one document overtake the analysis of another, but not of its own', async () => {
    const { service, started, release } = gated();
    const { loop, sent, answer } = connect(service);
    loop.receive(analyze(1, 'a', 'first'));
    release('first');
    await answer(1);
    loop.receive(analyze(2, 'b', 'second'));
    loop.receive(analyze(3, 'c', 'third'));
    loop.receive(heat(4, 'c'));
    loop.receive(heat(5, 'a'));
    expect(await answer(5)).toMatchObject({ type: 'result' });
    expect(started).toEqual(['first', 'second']);
    release('second');
    await answer(2);
    expect(started).toEqual(['first', 'second', 'third']);
    release('third');
    expect(await answer(4)).toMatchObject({ type: 'result' });
    expect(answered(sent)).toEqual([1, 5, 2, 3, 4]);
  });

  it('runs one analysis at a time and initialize alone', async () => {
    const { service, started, release } = gated();
    const { loop, sent, answer } = connect(service);
    loop.receive(analyze(1, 'a', 'first'));
    loop.receive(initialize(2));
    loop.receive(analyze(3, 'b', 'second'));
    loop.receive(heat(4, 'x'));
    await pause(5);
    expect(started).toEqual(['first']);
    expect(answered(sent)).toEqual([]);
    release('first');
    await answer(2);
    await answer(4);
    expect(answered(sent)).toEqual([1, 2, 4]);
    release('second');
    await answer(3);
  });

  it('lets what was chosen since count for an analysis that still waits', async () => {
    const { service, release } = gated();
    const { loop, sent, answer } = connect(service);
    loop.receive(analyze(1, 'a', 'first'));
    loop.receive(analyze(2, 'b', 'second'));
    loop.receive(initialize(3));
    release('first');
    await answer(3);
    release('second');
    await answer(2);
    expect(answered(sent)).toEqual([1, 3, 2]);
  });

  it('answers one question at a time', async () => {
    const service = fakeService();
    const asked: string[] = [];
    const waiting: (() => void)[] = [];
    const { heat: answerHeat } = service;
    service.heat = async (params, context) => {
      asked.push(params.documentId);
      await new Promise<void>((resolve) => waiting.push(resolve));
      return answerHeat(params, context);
    };
    const { loop, answer } = connect(service);
    loop.receive(heat(1, 'a'));
    loop.receive(heat(2, 'b'));
    await pause(5);
    expect(asked).toEqual(['a']);
    waiting.shift()!();
    await answer(1);
    expect(asked).toEqual(['a', 'b']);
    waiting.shift()!();
    await answer(2);
    // One that is cancelled is not answered otherwise, although the service knew the answer.
    loop.receive(analyze(3, 'c'));
    await answer(3);
    loop.receive(heat(4, 'c'));
    loop.receive({ type: 'cancel', id: 4 });
    waiting.shift()!();
    expect(await answer(4)).toMatchObject({ code: 'cancelled' });
  });

  it('goes on with what had to wait for something that is cancelled', async () => {
    const { service, release } = gated();
    const { loop, answer } = connect(service);
    loop.receive(analyze(1, 'a', 'running'));
    loop.receive(initialize(2));
    loop.receive(heat(3, 'x'));
    loop.receive({ type: 'cancel', id: 2 });
    expect(await answer(3)).toMatchObject({ code: 'unknown-document' });
    release('running');
    expect(await answer(1)).toMatchObject({ type: 'result' });
  });

  it('says cancelled, and nothing else, however the service ends what was cancelled', async () => {
    const ends: (() => void)[] = [];
    const service = fakeService(async (text, { onProgress }) => {
      await new Promise<void>((resolve) => ends.push(resolve));
      onProgress({ phase: 'encode', done: 1, total: 1 });
      if (text === 'fails') throw new Error('the file is closed');
    });
    const { loop, sent, answer } = connect(service);
    for (const [id, text] of [
      [1, 'ends'],
      [2, 'fails'],
    ] as const) {
      loop.receive(analyze(id, 'a', text));
      loop.receive({ type: 'cancel', id });
      expect(answered(sent)).not.toContain(id);
      ends.shift()!();
      await answer(id);
    }
    await pause(5);
    const cancelled = { type: 'error', code: 'cancelled', message: 'Cancelled.' };
    expect(sent).toEqual([
      { ...cancelled, id: 1 },
      { ...cancelled, id: 2 },
    ]);
  });

  it('cancels what waits at once and what runs as soon as the service notices', async () => {
    const { service, started } = gated();
    const { loop, sent, answer } = connect(service);
    loop.receive(analyze(1, 'a', 'running'));
    loop.receive(analyze(2, 'b', 'waiting'));
    loop.receive({ type: 'cancel', id: 2 });
    expect(sent).toEqual([{ type: 'error', id: 2, code: 'cancelled', message: 'Cancelled.' }]);
    loop.receive({ type: 'cancel', id: 1 });
    expect(answered(sent)).toEqual([2]);
    expect(await answer(1)).toMatchObject({ code: 'cancelled' });
    loop.receive({ type: 'cancel', id: 99 });
    expect(started).toEqual(['running']);
    expect(answered(sent)).toEqual([2, 1]);
  });

  it('survives whatever is sent to it, and says what was wrong when it can', async () => {
    const { loop, sent, answer } = connect();
    for (const garbage of [
      undefined,
      null,
      7,
      'x',
      [],
      {},
      { type: 'nonsense' },
      { type: 'cancel' },
      new Float32Array(3),
    ])
      expect(loop.receive(garbage)).toBe(false);
    expect(answered(sent)).toEqual([]);
    loop.receive({ type: 'request', id: 5, method: 'constructor', params: {} });
    loop.receive({
      type: 'request',
      id: 6,
      method: 'heat',
      params: { documentId: 'a', version: 'one', query: { text: 'q' } },
    });
    expect(await answer(5)).toMatchObject({
      code: 'invalid-message',
      message: 'The engine has no method "constructor".',
    });
    expect(await answer(6)).toMatchObject({
      code: 'invalid-message',
      message: expect.stringContaining('version') as string,
    });
    loop.receive(analyze(7));
    expect(await answer(7)).toMatchObject({ type: 'result' });
  });

  it('does not answer a running request because a broken message carries its id', async () => {
    const { service, release } = gated();
    const { loop, sent, answer } = connect(service);
    loop.receive(analyze(1, 'a', 'text'));
    loop.receive({ type: 'request', id: 1, method: 'heat', params: {} });
    loop.receive(heat(1));
    release('text');
    await answer(1);
    expect(sent.filter((m) => m.type === 'error' || m.type === 'result')).toMatchObject([{ type: 'result', id: 1 }]);
  });

  it('hides no defect: the answer says internal, the log has the stack', async () => {
    const { loop, sent, answer } = connect();
    loop.receive({
      type: 'request',
      id: 1,
      method: 'explainHeat',
      params: { documentId: 'a', version: 1, query: { text: 'q' }, node: 0 },
    });
    expect(await answer(1)).toMatchObject({ code: 'internal', message: expect.stringContaining('a defect') as string });
    expect(sent).toContainEqual(
      expect.objectContaining({
        type: 'log',
        level: 'error',
        message: expect.stringContaining('fake-service') as string,
      }),
    );
  });

  it('logs where the service says itself that something is broken, not where a caller has to do something', async () => {
    const service = fakeService();
    service.explainHeat = () => Promise.reject(new StrataError('internal', 'The encoder failed.'));
    const { loop, sent, answer } = connect(service);
    const params = { documentId: 'a', version: 1, query: { text: 'q' }, node: 0 };
    loop.receive({ type: 'request', id: 1, method: 'explainHeat', params });
    expect(await answer(1)).toMatchObject({ code: 'internal', message: 'The encoder failed.' });
    loop.receive(heat(2));
    expect(await answer(2)).toMatchObject({ code: 'unknown-document' });
    const logged = sent.flatMap((m) => (m.type === 'log' ? [m.message] : []));
    expect(logged).toEqual([expect.stringMatching(/The encoder failed\.\n +at /)]);
  });

  it('passes on the first and the last progress of each phase and thins out the rest', async () => {
    const service = fakeService((_text, { onProgress }) => {
      for (let done = 0; done <= 1000; done++) onProgress({ phase: 'encode', done, total: 1000 });
      onProgress({ phase: 'summarise', done: 0, total: 1 });
      return Promise.resolve();
    });
    const { loop, sent, answer } = connect(service);
    loop.receive(analyze(1));
    await answer(1);
    const progress = sent.flatMap((m) => (m.type === 'progress' ? [m.progress] : []));
    expect(progress[0]).toEqual({ phase: 'encode', done: 0, total: 1000 });
    expect(progress).toContainEqual({ phase: 'encode', done: 1000, total: 1000 });
    expect(progress.at(-1)).toEqual({ phase: 'summarise', done: 0, total: 1 });
    expect(progress.length).toBeLessThan(20);
  });

  it('cancels everything on shutdown', async () => {
    const { service, started } = gated();
    const { loop, answer } = connect(service);
    loop.receive(analyze(1, 'a', 'running'));
    loop.receive(analyze(2, 'b', 'waiting'));
    expect(loop.receive({ type: 'shutdown' })).toBe(true);
    expect(await answer(1)).toMatchObject({ code: 'cancelled' });
    await pause(5);
    expect(started).toEqual(['running']);
  });
});
