/** How a device is chosen and given up, with sessions that take as long as the test says and fail when it says so. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import type { Manifest } from '../../../src/engine/encoder/manifest.js';
import { EncoderSession, type Probe } from '../../../src/engine/encoder/session.js';
import { VerdictStore } from '../../../src/engine/encoder/verdicts.js';
import type { DeviceReport } from '../../../src/protocol/document.js';

/** Milliseconds of a run: of the graphics processor's, of its first one, and of the CPU's besides one a token. */
const clock = vi.hoisted(() => ({ now: 0, perRun: 0, first: 0, cpuStart: 0, lost: new Set<string>() }));
/**
 * What the CPU computes, by how much the graphics processor misses it and in which output, which sessions were made and are not released, with
 * how many threads, and how many run at once.
 */
const seen = vi.hoisted(() => ({
  right: 1,
  factor: 1,
  wrong: 'piece_own',
  silent: '',
  made: [] as string[],
  open: [] as string[],
  broken: false,
  threads: 0,
  runs: 0,
  most: 0,
}));

vi.mock('onnxruntime-node', () => ({
  Tensor: class {
    constructor(
      readonly type: string,
      readonly data: Int32Array,
    ) {
      if (type !== 'int32') throw new Error('whole numbers that are called something else');
    }
  },
  env: { versions: { common: 'test' } },
  InferenceSession: {
    create: (_: string, options: { executionProviders: [string]; intraOpNumThreads: number }) => {
      const [provider] = options.executionProviders;
      if (seen.broken) return Promise.reject(new Error('not a graph.'));
      seen.made.push(provider);
      seen.open.push(provider);
      seen.threads = options.intraOpNumThreads;
      let warm = false;
      let released = false;
      return Promise.resolve({
        inputNames: ['ids'],
        outputNames: ['piece_own'],
        run: async ({ ids }: { ids: { data: Int32Array } }, names: readonly string[]) => {
          if (clock.lost.has(provider)) throw new Error('device lost');
          if (released) throw new Error('released before its last run');
          seen.most = Math.max(seen.most, ++seen.runs);
          await Promise.resolve();
          seen.runs--;
          clock.now += provider === 'cpu' ? clock.cpuStart + ids.data.length : clock.perRun + (warm ? 0 : clock.first);
          warm = true;
          const dataOf = (name: string): Float32Array =>
            Float32Array.of(0, seen.right * (provider !== 'cpu' && name === seen.wrong ? seen.factor : 1));
          return Object.fromEntries(
            names.filter((n) => n !== seen.silent).map((n) => [n, { data: dataOf(n), dims: [1, 2] }]),
          );
        },
        release: () => {
          released = true;
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
  {
    stateDir,
    threads = 1,
    inputs = ['ids'],
    output = 'piece_own',
  }: { stateDir?: string; threads?: number; inputs?: string[]; output?: string } = {},
): Promise<EncoderSession> =>
  EncoderSession.open({
    modelPath: '',
    manifest: {
      inputs: Object.fromEntries(inputs.map((name) => [name, ''])),
      outputs: { [output]: '' },
    } as unknown as Manifest,
    device,
    threads,
    probe: probe(20),
    load: probe(1_000),
    verdicts: new VerdictStore(stateDir, '', '', 1),
    log: (level, message) => logged.push([level, message]),
    onDevice: (device) => told.push(device),
  });

const logged: [string, string][] = [];
const told: DeviceReport[] = [];

/** What is tried by itself depends on the system. */
const triesWebGpu = process.platform === 'linux' || process.platform === 'darwin';

beforeEach(() => {
  // Any file is the description of a driver to a session that is not real.
  vi.stubEnv('VK_DRIVER_FILES', import.meta.filename);
  Object.assign(clock, { now: 0, perRun: 1, first: 0, cpuStart: 0 });
  clock.lost.clear();
  Object.assign(seen, { right: 1, factor: 1, wrong: 'piece_own', silent: '', broken: false });
  Object.assign(seen, { made: [], open: [], runs: 0, most: 0 });
  logged.length = told.length = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => clock.now);
});

it.each([
  [30, 'webgpu', 'slow to begin, fast in the end'],
  [1_179, 'webgpu', 'a little faster on long texts'],
  [1_180, 'cpu', 'no faster'],
  [1_900, 'cpu', 'slower on long texts, too'],
  [100_000, 'cpu', 'hopeless'],
])('a device that takes %i ms for every run leads to %s: it is %s', async (perRun, provider) => {
  // The CPU, too, takes a while to begin, so that it is slower on short texts.
  Object.assign(clock, { perRun, cpuStart: 180 });
  expect((await open('auto')).device.provider).toBe(provider);
  // A hopeless one is not given the long probe.
  expect(clock.now).toBeLessThan(300_000);
});

it.runIf(triesWebGpu)('a device is judged by what its runs take once it is warm', async () => {
  Object.assign(clock, { perRun: 30, first: 5_000 });
  expect((await open('auto')).device.provider).toBe('webgpu');
});

it.each(
  ['piece_own', 'piece_context', 'part_keys'].flatMap((wrong) => [1, 100].map((right) => [wrong, right] as const)),
)(
  'a device that misses the CPU by more than 0.2 %% in %s of %d is not used, however fast it is',
  async (wrong, right) => {
    Object.assign(seen, { wrong, right });
    for (const factor of [1.0025, 0.9975, NaN]) {
      seen.factor = factor;
      const { provider, reason } = (await open('auto')).device;
      const said = expect.stringContaining('other results') as string;
      if (triesWebGpu) expect({ provider, reason }).toEqual({ provider: 'cpu', reason: said });
      await expect(open('webgpu')).rejects.toMatchObject({ code: 'device', message: said });
    }
    for (const factor of [1.0015, 0.9985]) {
      seen.factor = factor;
      expect((await open('webgpu')).device.provider).toBe('webgpu');
    }
  },
);

it('a device that was chosen need not be faster; the CPU, if chosen, is compared with none', async () => {
  clock.perRun = 1_100;
  expect((await open('webgpu')).device).toMatchObject({
    provider: 'webgpu',
    reason: expect.stringMatching(/^WebGPU was chosen \(/) as string,
  });
  seen.made = [];
  // Not where: on the command line there are no settings.
  expect((await open('cpu')).device).toMatchObject({ provider: 'cpu', reason: 'The CPU was chosen.' });
  expect(seen.made).toEqual(['cpu']);
});

it.runIf(process.platform === 'linux')('nothing is tried on Linux that has no driver', async () => {
  vi.stubEnv('VK_DRIVER_FILES', '/none.json');
  const said = expect.stringMatching(/^WebGPU cannot be used here: no .* driver was found/) as string;
  expect((await open('auto')).device).toMatchObject({ provider: 'cpu', reason: said });
  await expect(open('webgpu')).rejects.toMatchObject({ code: 'device', message: said });
  expect(seen.made).toEqual(['cpu', 'cpu']);
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
  seen.factor = 2;
  await open('webgpu').catch(() => undefined);
  expect(seen.open).toEqual([]);
  clock.lost.add('webgpu');
  await open('webgpu').catch(() => undefined);
  expect(seen.open).toEqual([]);
  clock.lost.add('cpu');
  await open('cpu').catch(() => undefined);
  await open('cpu', { inputs: [] }).catch(() => undefined);
  expect(seen.open).toEqual([]);
});

it('runs are made one after the other, also behind one that failed', async () => {
  const session = await open('cpu');
  seen.most = 0;
  clock.lost.add('cpu');
  const failed = session.run(probe(5).inputs, ['piece_own']);
  await expect(failed).rejects.toMatchObject({ code: 'internal' });
  // There is nothing that the CPU could be left for.
  expect(seen.made).toEqual(['cpu']);
  clock.lost.clear();
  await Promise.all([1, 2, 3].map(() => session.run(probe(5).inputs, ['piece_own'])));
  expect(seen.most).toBe(1);
});

it('the session is closed when its last run has ended', async () => {
  const session = await open('cpu');
  const running = session.run(probe(5).inputs, ['piece_own']);
  await session.close();
  expect(seen.open).toEqual([]);
  expect((await running)['piece_own']!.data).toEqual(Float32Array.of(0, 1));
});

it('the CPU gets all cores but one unless told otherwise, and never more than there are', async () => {
  const cores = os.availableParallelism();
  const threads = async (given: number): Promise<number> => {
    await open('cpu', { threads: given });
    return seen.threads;
  };
  expect([await threads(0), await threads(1), await threads(cores + 7)]).toEqual([Math.max(1, cores - 1), 1, cores]);
});

it.each([
  [{ output: 'part_keys' }, 'part_keys'],
  [{ inputs: ['ids', 'positions'] }, 'positions'],
  [{ inputs: [] }, 'ids'],
])('a model that has not the inputs and outputs of its manifest is refused: %j', async (other, named) => {
  await expect(open('cpu', other)).rejects.toMatchObject({
    code: 'model',
    message: expect.stringMatching(new RegExp(`${named}.*Reinstall`)) as string,
  });
});

it('a model that cannot be loaded is refused with what to do, and one that leaves out an output, too', async () => {
  seen.broken = true;
  await expect(open('auto')).rejects.toMatchObject({
    code: 'model',
    message: expect.stringMatching(/cannot be loaded: not a graph\. Reinstall/) as string,
  });
  seen.broken = false;
  const session = await open('cpu');
  seen.silent = 'piece_own';
  await expect(session.run(probe(5).inputs, ['piece_own'])).rejects.toMatchObject({
    code: 'model',
    message: expect.stringContaining('piece_own') as string,
  });
});

it('a device that fails during its work is left for the CPU, and what was asked is answered', async () => {
  const session = await open('webgpu');
  expect(session.device.provider).toBe('webgpu');
  clock.lost.add('webgpu');
  const { piece_own: own } = await session.run(probe(5).inputs, ['piece_own']);
  expect(own!.data).toEqual(Float32Array.of(0, 1));
  const reason = expect.stringContaining('failed') as string;
  expect(session.device).toEqual({ provider: 'cpu', reason, tokensPerSecond: 1_000 });
  expect(told).toEqual([session.device]);
  expect(logged).toContainEqual(['warn', expect.stringContaining('device lost')]);
  expect(seen.open).toEqual(['cpu']);
  await session.run(probe(5).inputs, ['piece_own']);
  clock.lost.add('cpu');
  await expect(session.run(probe(5).inputs, ['piece_own'])).rejects.toMatchObject({ code: 'internal' });
});

it('a device that fails is not named any more where the CPU fails, too', async () => {
  const session = await open('webgpu');
  clock.lost.add('webgpu');
  const run = () => session.run(probe(5).inputs, ['piece_own']);
  seen.broken = true;
  await expect(run()).rejects.toMatchObject({
    code: 'internal',
    message: expect.stringContaining('not a graph.') as string,
  });
  seen.broken = false;
  clock.lost.add('cpu');
  await expect(run()).rejects.toMatchObject({ code: 'internal' });
  expect(session.device).toMatchObject({ provider: 'cpu', tokensPerSecond: 0 });
  expect(told).toEqual([session.device]);
  clock.lost.clear();
  expect((await run())['piece_own']!.data).toEqual(Float32Array.of(0, 1));
});
