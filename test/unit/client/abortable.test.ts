import { expect, it } from 'vitest';
import { unlessAborted } from '../../../src/client/index.js';

const never = new Promise<never>(() => undefined);

it('waiting is given up when the signal is aborted, or at once where it was', async () => {
  const abort = new AbortController();
  const waiting = unlessAborted(never, abort.signal);
  abort.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  await expect(unlessAborted(never, abort.signal)).rejects.toMatchObject({ code: 'cancelled' });
});

it('the outcome is that of what is waited for, with a signal or without one', async () => {
  const { signal } = new AbortController();
  expect(await unlessAborted(Promise.resolve(1), signal)).toBe(1);
  expect(await unlessAborted(Promise.resolve(1), undefined)).toBe(1);
  await expect(unlessAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
});
