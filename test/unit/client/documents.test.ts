/** What the client remembers of analyses, so that the engine may forget them. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AnalysedDocuments } from '../../../src/client/documents.js';
import type { RequestOptions } from '../../../src/client/requests.js';
import type { Params, Progress } from '../../../src/protocol/engine.js';
import { cancelled } from '../../../src/protocol/errors.js';

const version = (n: number): Params<'analyze'> => ({
  documentId: 'a',
  version: n,
  text: 'hello',
  fileName: 'a.txt',
  summaryWords: 50,
});
const read = (): Promise<string> => Promise.resolve('read');

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('reads an older version again only while no newer one is asked for', async () => {
  const documents = new AnalysedDocuments(1000);
  await documents.first(version(7), read);
  let end: { resolve: (value: string) => void; reject: (error: Error) => void } | undefined;
  const asked = (n: number): Promise<string> =>
    documents.first(version(n), () => new Promise((resolve, reject) => (end = { resolve, reject })));

  const failed = asked(8);
  expect(documents.again('a', 7, {}, read)).toBeUndefined();
  end!.reject(new Error('cancelled'));
  await expect(failed).rejects.toThrow('cancelled');
  expect(documents.again('a', 7, {}, read)).toBeInstanceOf(Promise);

  const newer = asked(9);
  expect(documents.again('a', 7, {}, read)).toBeUndefined();
  end!.resolve('read');
  await newer;
  expect(documents.again('a', 7, {}, read)).toBeUndefined();
  expect(documents.again('a', 9, {}, read)).toBeInstanceOf(Promise);
});

it('tells all who wait how far a reading is, and ends it when nobody has waited for a while', async () => {
  const documents = new AnalysedDocuments(1000);
  await documents.first(version(7), read);
  const readings: RequestOptions[] = [];
  const analyze = (_: Params<'analyze'>, options: RequestOptions): Promise<never> =>
    new Promise((_, reject) => {
      readings.push(options);
      options.signal!.addEventListener('abort', () => {
        reject(cancelled());
      });
    });
  const join = (): { told: Progress[]; leave: () => Promise<void> } => {
    const told: Progress[] = [];
    const abort = new AbortController();
    const options = { signal: abort.signal, onProgress: (progress: Progress) => void told.push(progress) };
    const waiting = documents.again('a', 7, options, analyze);
    const leave = async (): Promise<void> => {
      abort.abort();
      await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    };
    return { told, leave };
  };
  const ended = (): boolean[] => readings.map(({ signal }) => signal!.aborted);

  const [first, second] = [join(), join()];
  const half: Progress = { phase: 'encode', done: 1, total: 2 };
  readings[0]!.onProgress!(half);
  expect([first.told, second.told]).toEqual([[half], [half]]);

  await first.leave();
  await vi.advanceTimersByTimeAsync(5000);
  expect(ended()).toEqual([false]);

  await second.leave();
  await vi.advanceTimersByTimeAsync(500);
  const third = join();
  await vi.advanceTimersByTimeAsync(5000);
  expect(ended()).toEqual([false]);

  await third.leave();
  await vi.advanceTimersByTimeAsync(1000);
  expect(ended()).toEqual([true]);
  join();
  expect(ended()).toEqual([true, false]);
});

it('shares no reading that has ended or is being ended, however late it does', async () => {
  const documents = new AnalysedDocuments(1000);
  await documents.first(version(7), read);
  const ends: (() => void)[] = [];
  const analyze = (): Promise<void> => new Promise((resolve) => ends.push(resolve));
  const again = (options: RequestOptions = {}): Promise<void> => documents.again('a', 7, options, analyze)!;

  const first = again();
  ends[0]!();
  await first;
  const abort = new AbortController();
  const left = again({ signal: abort.signal });
  expect(ends).toHaveLength(2);
  abort.abort();
  await expect(left).rejects.toMatchObject({ code: 'cancelled' });
  await vi.advanceTimersByTimeAsync(1000);

  const next = again();
  expect(ends).toHaveLength(3);
  ends[1]!();
  await vi.advanceTimersByTimeAsync(0);
  const sharing = again();
  expect(ends).toHaveLength(3);
  ends[2]!();
  await Promise.all([next, sharing]);
});
