/** How a device is chosen and given up, with sessions that take as long as the test says and fail when it says so. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import type { Manifest } from '../../../src/engine/encoder/manifest.js';
import { EncoderSession, type Probe } from '../../../src/engine/encoder/session.js';
import { VerdictStore } from '../../../src/engine/encoder/verdicts.js';

const clock = vi.hoisted(() => ({ now: 0, perRun: 0, lost: new Set<string>() }));
/** What the graphics processor computes, which sessions were made and are not released, with how many threads, and how many run at once. */
const seen = vi.hoisted(() => ({
  computes: 1,
  made: [] as string[],
  open: [] as string[],
  threads: 0,
  runs: 0,
  most: 0,
}));

vi.mock('onnxruntime-node', () => ({
  Tensor: class {
    constructor(
      readonly type: string,
      readonly data: Int32Array,
    ) {}
  },
  env: { versions: { common: 'test' } },
  InferenceSession: {
    create: (_: string, options: { executionProviders: [string]; intraOpNumThreads: number }) => {
      const [provider] = options.executionProviders;
      seen.made.push(provider);
      seen.open.push(provider);
      seen.threads = options.intraOpNumThreads;
      return Promise.resolve({
        inputNames: ['ids'],
        outputNames: ['piece_own'],
        run: async ({ ids }: { ids: { data: Int32Array } }, names: readonly string[]) => {
          if (clock.lost.has(provider)) throw new Error('device lost');
          seen.most = Math.max(seen.most, ++seen.runs);
          await Promise.resolve();
          seen.runs--;
          // The CPU takes a millisecond a token, the graphics processor the same for every run.
          clock.now += provider === 'cpu' ? ids.data.length : clock.perRun;
          const data = Float32Array.of(provider === 'cpu' ? 1 : seen.computes);
          return Object.fromEntries(names.map((n) => [n, { data, dims: [1] }]));
        },
        release: () => {
          seen.open.splice(seen.open.indexOf(provider), 1);
          return Promise.resolve();
        },
      });
    },
  },
}));

const probe = (tokens: number): Probe => ({
  inputs: { ids: { data: new Int32Array(tokens), dims: [tokens] } },
  tokens,
});

const open = (
  device: 'auto' | 'webgpu' | 'cpu',
  { stateDir, threads = 1, output = 'piece_own' }: { stateDir?: string; threads?: number; output?: string } = {},
): Promise<EncoderSession> =>
  EncoderSession.open({
    modelPath: '',
    manifest: { inputs: { ids: '' }, outputs: { [output]: '' } } as unknown as Manifest,
    device,
    threads,
    probe: probe(20),
    load: probe(1_000),
    verdicts: new VerdictStore(stateDir, '', '', 1),
    log: () => undefined,
  });

/** What is tried by itself depends on the system. */
const triesWebGpu = process.platform === 'linux' || process.platform === 'darwin';

beforeEach(() => {
  clock.now = 0;
  clock.perRun = 1;
  clock.lost.clear();
  Object.assign(seen, { computes: 1, made: [], open: [], runs: 0, most: 0 });
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

it.each([1.01, NaN])('a device that computes %d instead of 1 is not used, however fast it is', async (computes) => {
  seen.computes = computes;
  const { provider, reason } = (await open('auto')).device;
  expect({ provider, reason }).toEqual({ provider: 'cpu', reason: expect.stringContaining('other results') as string });
  await expect(open('webgpu')).rejects.toMatchObject({
    code: 'device',
    message: expect.stringContaining('other') as string,
  });
  seen.computes = 1.001;
  expect((await open('auto')).device.provider).toBe('webgpu');
});

it('a device that was chosen need not be faster; the CPU, if chosen, is compared with none', async () => {
  clock.perRun = 1_100;
  expect((await open('webgpu')).device).toMatchObject({
    provider: 'webgpu',
    reason: expect.stringContaining('chosen') as string,
  });
  seen.made = [];
  expect((await open('cpu')).device).toMatchObject({
    provider: 'cpu',
    reason: expect.stringContaining('chosen') as string,
  });
  expect(seen.made).toEqual(['cpu']);
});

it.runIf(triesWebGpu)('a device that was refused is remembered, one that only failed is tried again', async () => {
  const stateDir = mkdtempSync(path.join(os.tmpdir(), 'strata-choice-'));
  try {
    clock.lost.add('webgpu');
    expect((await open('auto', { stateDir })).device.reason).toContain('failed on a test run');
    clock.lost.clear();
    clock.perRun = 1_100;
    const { reason } = (await open('auto', { stateDir })).device;
    expect(reason).toContain('slower');
    seen.made = [];
    clock.perRun = 1;
    expect((await open('auto', { stateDir })).device).toMatchObject({ provider: 'cpu', reason });
    expect(seen.made).toEqual(['cpu']);
    // Whoever chooses it gets it all the same.
    expect((await open('webgpu', { stateDir })).device.provider).toBe('webgpu');
  } finally {
    rmSync(stateDir, { recursive: true });
  }
});

it('the model is in memory once, on the device that is used', async () => {
  const faster = await open('auto');
  expect(seen.open).toEqual([faster.device.provider]);
  await faster.close();
  clock.perRun = 1_100;
  const slower = await open('auto');
  expect(seen.open).toEqual(['cpu']);
  await slower.close();
  seen.computes = 2;
  await open('webgpu').catch(() => undefined);
  expect(seen.open).toEqual([]);
});

it('runs are made one after the other, also behind one that failed', async () => {
  const session = await open('cpu');
  seen.most = 0;
  clock.lost.add('cpu');
  const failed = session.run(probe(5).inputs, ['piece_own']);
  await expect(failed).rejects.toMatchObject({ code: 'internal' });
  clock.lost.clear();
  await Promise.all([1, 2, 3].map(() => session.run(probe(5).inputs, ['piece_own'])));
  expect(seen.most).toBe(1);
});

it('the CPU gets all cores but one unless told otherwise, and never more than there are', async () => {
  const cores = os.availableParallelism();
  const threads = async (given: number): Promise<number> => {
    await open('cpu', { threads: given });
    return seen.threads;
  };
  expect([await threads(0), await threads(1), await threads(cores + 7)]).toEqual([Math.max(1, cores - 1), 1, cores]);
});

it('a model that lacks what its manifest promises is refused', async () => {
  await expect(open('cpu', { output: 'part_keys' })).rejects.toMatchObject({
    code: 'model',
    message: expect.stringContaining('part_keys') as string,
  });
});

it('a device that fails during its work is left for the CPU, and what was asked is answered', async () => {
  const session = await open('webgpu');
  expect(session.device.provider).toBe('webgpu');
  clock.lost.add('webgpu');
  const { piece_own: own } = await session.run(probe(5).inputs, ['piece_own']);
  expect(own!.data).toEqual(Float32Array.of(1));
  expect(session.device).toMatchObject({ provider: 'cpu', reason: expect.stringContaining('failed') as string });
  expect(seen.open).toEqual(['cpu']);
  await session.run(probe(5).inputs, ['piece_own']);
  clock.lost.add('cpu');
  await expect(session.run(probe(5).inputs, ['piece_own'])).rejects.toMatchObject({ code: 'internal' });
});
