/** How a device is chosen and given up, with sessions that take as long as the test says and fail when it says so. */
import { beforeEach, expect, it, vi } from 'vitest';
import type { Manifest } from '../../../src/engine/encoder/manifest.js';
import { EncoderSession, type Probe } from '../../../src/engine/encoder/session.js';
import { VerdictStore } from '../../../src/engine/encoder/verdicts.js';

const clock = vi.hoisted(() => ({ now: 0, perRun: 0, lost: new Set<string>() }));

vi.mock('onnxruntime-node', () => ({
  Tensor: class {
    constructor(
      readonly type: string,
      readonly data: Int32Array,
    ) {}
  },
  env: { versions: { common: 'test' } },
  InferenceSession: {
    create: (_: string, { executionProviders: [provider] }: { executionProviders: [string] }) =>
      Promise.resolve({
        inputNames: ['ids'],
        outputNames: ['piece_own'],
        run: ({ ids }: { ids: { data: Int32Array } }, names: readonly string[]) => {
          if (clock.lost.has(provider)) return Promise.reject(new Error('device lost'));
          // The CPU takes a millisecond a token, the graphics processor the same for every run.
          clock.now += provider === 'cpu' ? ids.data.length : clock.perRun;
          return Promise.resolve(Object.fromEntries(names.map((n) => [n, { data: Float32Array.of(1), dims: [1] }])));
        },
        release: () => Promise.resolve(),
      }),
  },
}));

const probe = (tokens: number): Probe => ({
  inputs: { ids: { data: new Int32Array(tokens), dims: [tokens] } },
  tokens,
});

const open = (device: 'auto' | 'webgpu'): Promise<EncoderSession> =>
  EncoderSession.open({
    modelPath: '',
    manifest: { inputs: { ids: '' }, outputs: { piece_own: '' } } as unknown as Manifest,
    device,
    threads: 1,
    probe: probe(20),
    load: probe(1_000),
    verdicts: new VerdictStore(undefined, '', '', 1),
    log: () => undefined,
  });

beforeEach(() => {
  clock.now = 0;
  clock.perRun = 1;
  clock.lost.clear();
  vi.spyOn(performance, 'now').mockImplementation(() => clock.now);
});

it.each([
  [30, 'webgpu', 'slow to begin, fast in the end'],
  [1_100, 'cpu', 'slower on long texts, too'],
  [100_000, 'cpu', 'hopeless'],
])('a device that takes %i ms for every run leads to %s: it is %s', async (perRun, provider) => {
  clock.perRun = perRun;
  expect((await open('auto')).device.provider).toBe(provider);
  // A hopeless one is not given the long probe.
  expect(clock.now).toBeLessThan(300_000);
});

it('a device that fails during its work is left for the CPU, and what was asked is answered', async () => {
  const session = await open('webgpu');
  expect(session.device.provider).toBe('webgpu');
  clock.lost.add('webgpu');
  const { piece_own: own } = await session.run(probe(5).inputs, ['piece_own']);
  expect(own!.data).toEqual(Float32Array.of(1));
  expect(session.device).toMatchObject({ provider: 'cpu', reason: expect.stringContaining('failed') as string });
  await session.run(probe(5).inputs, ['piece_own']);
  clock.lost.add('cpu');
  await expect(session.run(probe(5).inputs, ['piece_own'])).rejects.toMatchObject({ code: 'internal' });
});
