import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EngineClient } from '../../../src/client/index.js';
import type { ClientTiming, EngineClientOptions, EngineState, LogEvent } from '../../../src/client/index.js';
import type { Params, Progress } from '../../../src/protocol/engine.js';
import { StrataError } from '../../../src/protocol/errors.js';
import { bundle } from './bundle.js';

let engine: Awaited<ReturnType<typeof bundle>>;
let dir: string;
const clients: EngineClient[] = [];

beforeAll(async () => {
  engine = await bundle('test/unit/client/fake-engine.ts');
});
afterAll(() => {
  engine.remove();
});
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'strata-client-'));
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.dispose()));
  rmSync(dir, { recursive: true, force: true });
});

interface Watched {
  client: EngineClient;
  states: EngineState[];
  log: LogEvent[];
}

function start(
  timing: Partial<ClientTiming> = {},
  env: NodeJS.ProcessEnv = {},
  options: Partial<EngineClientOptions> = {},
): Watched {
  const client = new EngineClient({
    modulePath: engine.file,
    env: { FAKE_ENGINE_DIR: dir, ...env },
    timing: { backoff: [10], ...timing },
    ...options,
  });
  clients.push(client);
  const states: EngineState[] = [];
  const log: LogEvent[] = [];
  client.onStatus(({ state }) => {
    if (states.at(-1) !== state) states.push(state);
  });
  client.onLog((event) => log.push(event));
  return { client, states, log };
}

const document = (text: string, documentId = 'a', version = 1): Params<'analyze'> => ({
  documentId,
  version,
  text,
  fileName: 'a.txt',
  summaryWords: 50,
});
const heat = (documentId = 'a', version = 1): Params<'heat'> => ({ documentId, version, query: { text: 'why' } });

/** The error code with which a request fails; `none` when it does not. */
async function code(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    expect(error).toBeInstanceOf(StrataError);
    return (error as StrataError).code;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function firstProgress(client: EngineClient, params: Params<'analyze'>, signal?: AbortSignal) {
  let begun: () => void;
  const started = new Promise<void>((resolve) => (begun = resolve));
  const result = client.request('analyze', params, {
    signal,
    onProgress: () => {
      begun();
    },
  });
  return { started, result };
}

describe('asking', () => {
  it('starts the process with the first request only, and stops it without a trace', async () => {
    const { client, states } = start();
    expect(client.status).toEqual({ state: 'stopped' });
    expect(client.pid).toBeUndefined();
    const analysis = await client.request('analyze', document('hello'));
    expect(analysis.tree.nodes).toHaveLength(1);
    const pid = client.pid!;
    expect(client.status).toMatchObject({ state: 'ready', device: { provider: 'cpu' } });
    await client.dispose();
    expect(isAlive(pid)).toBe(false);
    expect(states).toEqual(['starting', 'busy', 'ready', 'stopped']);
    expect(await code(client.request('analyze', document('hello')))).toBe('engine-down');
    client.restart();
    expect(client.pid).toBeUndefined();
  });

  it('carries typed arrays, progress and log lines', async () => {
    const { client, log } = start({}, {}, { modelDir: '/some/models' });
    const progress: Progress[] = [];
    await client.request('analyze', document('steady'), { onProgress: (p) => progress.push(p) });
    const result = await client.request('heat', heat());
    expect(result.scores).toEqual(Float32Array.of(1));
    expect(progress.length).toBeGreaterThan(3);
    expect(log).toContainEqual({ level: 'info', message: 'fake engine --model-dir /some/models' });
  });

  it('rejects a cancelled request at once and leaves the engine free for the next', async () => {
    const { client } = start();
    const abort = new AbortController();
    const { started, result } = firstProgress(client, document('slow'), abort.signal);
    await started;
    abort.abort();
    expect(await code(result)).toBe('cancelled');
    expect(await code(client.request('analyze', document('hello'), { signal: abort.signal }))).toBe('cancelled');
    expect((await client.request('analyze', document('hello', 'b'))).documentId).toBe('b');
    expect(await code(client.request('heat', heat()))).toBe('unknown-document');
  });

  it('does not time out an analysis that reports progress', async () => {
    const { client } = start({ stallAnalyze: 700, stallInitialize: 700 });
    await client.request('initialize', { device: 'cpu', threads: 0 });
    // 1.2 s in all, never silent for long.
    expect((await client.request('analyze', document('steady'))).version).toBe(1);
  });

  it('drops garbage from the engine and refuses an answer of the wrong shape', async () => {
    const { client, log } = start({}, { FAKE_ENGINE_BAD_ANSWER: '1' });
    expect((await client.request('analyze', document('garbage'))).version).toBe(1);
    expect(log.filter(({ level }) => level === 'warn')).toHaveLength(2);
    expect(await code(client.request('close', { documentId: 'a' }))).toBe('internal');
    expect(log.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual([
      expect.stringMatching(/answer to "close" .*expected object/),
    ]);
    expect(await code(client.request('heat', { documentId: '', version: 1, query: { text: 'q' } }))).toBe(
      'invalid-message',
    );
    expect((await client.request('heat', heat())).scores).toHaveLength(1);
  });
});

describe('crashes', () => {
  it('answers all the same when the process is killed in the middle of an analysis', async () => {
    const { client, states } = start();
    const { started, result } = firstProgress(client, document('steady'));
    await started;
    const question = client.request('heat', heat());
    const pid = client.pid!;
    process.kill(pid, 'SIGKILL');
    expect((await result).documentId).toBe('a');
    expect((await question).scores).toEqual(Float32Array.of(1));
    expect(client.pid).not.toBe(pid);
    expect(states).toEqual(['starting', 'busy', 'restarting', 'busy', 'ready']);
  });

  it('analyses again by itself what the new process does not know', async () => {
    const { client } = start();
    await client.request('analyze', document('hello', 'a', 7));
    for (let crash = 0; crash < 2; crash++) {
      process.kill(client.pid!, 'SIGKILL');
      const answers = await Promise.all([client.request('heat', heat('a', 7)), client.request('heat', heat('a', 7))]);
      expect(answers.map(({ scores }) => scores[0])).toEqual([7, 7]);
    }
    expect(await code(client.request('heat', heat('b')))).toBe('unknown-document');
    await client.request('close', { documentId: 'a' });
    expect(await code(client.request('heat', heat('a', 7)))).toBe('unknown-document');
  });

  it('forgets a document that is closed while no process runs, and starts none for that', async () => {
    const { client } = start();
    await client.request('analyze', document('hello'));
    process.kill(client.pid!, 'SIGKILL');
    while (client.pid !== undefined) await new Promise((resolve) => setTimeout(resolve, 10));
    await client.request('close', { documentId: 'a' });
    expect(client.pid).toBeUndefined();
    expect(await code(client.request('heat', heat()))).toBe('unknown-document');
  });

  it('starts again with the next question where nothing was asked', async () => {
    const { client, states } = start();
    await client.request('analyze', document('hello'));
    process.kill(client.pid!, 'SIGKILL');
    while (client.pid !== undefined) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(client.status.state).toBe('stopped');
    expect((await client.request('heat', heat())).scores).toEqual(Float32Array.of(1));
    expect(states.slice(2, 4)).toEqual(['ready', 'stopped']);
  });

  it('starts once where it is told to start while it waits to do so', async () => {
    const { client } = start({ backoff: [300] });
    const analysis = client.request('analyze', document('crash-once'));
    while (client.status.state !== 'restarting') await new Promise((resolve) => setTimeout(resolve, 10));
    client.restart();
    const pid = client.pid;
    expect((await analysis).version).toBe(1);
    const slow = client.request('analyze', document('steady', 'b'));
    expect((await slow).version).toBe(1);
    expect(client.pid).toBe(pid);
  });

  it('says that it restarts while the old process is still at work', async () => {
    const { client, states } = start();
    const { started, result } = firstProgress(client, document('steady'));
    await started;
    client.restart();
    expect(client.status).toMatchObject({ state: 'restarting' });
    expect(client.status.message).not.toContain('unexpectedly');
    await result;
    expect(states.slice(2)).toEqual(['restarting', 'starting', 'busy', 'ready']);
  });

  it('never analyses an older version again behind a newer one, whose place it would take', async () => {
    const { client } = start();
    await client.request('analyze', document('hello', 'a', 7));
    process.kill(client.pid!, 'SIGKILL');
    const older = code(client.request('heat', heat('a', 7)));
    await client.request('analyze', document('hello', 'a', 8));
    expect(await older).toBe('unknown-document');
    expect((await client.request('heat', heat('a', 8))).scores[0]).toBe(8);
  });

  it('analyses again what an analysis that was cancelled has replaced', async () => {
    const { client } = start();
    await client.request('analyze', document('hello', 'a', 7));
    const abort = new AbortController();
    const { started, result } = firstProgress(client, document('steady', 'a', 8), abort.signal);
    await started;
    abort.abort();
    expect(await code(result)).toBe('cancelled');
    expect((await client.request('heat', heat('a', 7))).scores[0]).toBe(7);
  });

  it('lets a caller leave at once while it analyses again, and goes on for the others', async () => {
    const { client } = start();
    await client.request('analyze', document('steady', 'a', 7));
    process.kill(client.pid!, 'SIGKILL');
    const abort = new AbortController();
    let answered = false;
    const stays = client.request('heat', heat('a', 7)).finally(() => (answered = true));
    const leaves = client.request('heat', heat('a', 7), { signal: abort.signal });
    while (client.status.state !== 'busy') await new Promise((resolve) => setTimeout(resolve, 10));
    abort.abort();
    expect(await code(leaves)).toBe('cancelled');
    expect(answered).toBe(false);
    expect((await stays).scores[0]).toBe(7);
  });

  it('logs an error that nobody caught, and starts again', async () => {
    const { client, log } = start();
    expect((await client.request('analyze', document('defect-once'))).version).toBe(1);
    const errors = log.filter(({ level }) => level === 'error').map(({ message }) => message);
    expect(errors[0]).toContain('nobody caught this');
    expect(errors[1]).toContain('exit code 1');
  });

  it('gives up after three crashes, says so, and tries again when asked to', async () => {
    const { client, states } = start();
    const analysis = code(client.request('analyze', document('crash')));
    expect(await code(client.request('analyze', document('hello', 'b')))).toBe('engine-down');
    expect(await analysis).toBe('engine-down');
    expect(client.status.state).toBe('down');
    expect(client.status.message).toContain('Restart Engine');
    expect(await code(client.request('analyze', document('hello')))).toBe('engine-down');
    expect(client.pid).toBeUndefined();
    client.restart();
    expect((await client.request('analyze', document('hello'))).version).toBe(1);
    expect(states.slice(-4)).toEqual(['down', 'starting', 'busy', 'ready']);
    // What was before does not count any more.
    expect((await client.request('analyze', document('crash-once'))).version).toBe(1);
  });

  it('forgets crashes that are long past', async () => {
    const { client } = start({ crashWindow: 1 });
    for (const name of ['1', '2', '3', '4'])
      expect((await client.request('analyze', document(`crash-once ${name}`))).version).toBe(1);
  });

  it('replaces an engine that hangs: one request times out, the others are answered', async () => {
    const { client } = start({ stallAnalyze: 400, stallInitialize: 400, stall: 400 });
    await client.request('initialize', { device: 'cpu', threads: 0 });
    const hanging = code(client.request('analyze', document('hang-once')));
    const behind = client.request('analyze', document('hello', 'b'));
    expect(await hanging).toBe('timeout');
    expect((await behind).documentId).toBe('b');
  });

  it('does not take a question that waits behind a longer work for lost', async () => {
    const { client } = start({ stall: 300 });
    await client.request('analyze', document('hello'));
    const longer = client.request('analyze', document('silent'));
    expect((await client.request('heat', heat())).scores).toEqual(Float32Array.of(1));
    expect((await longer).version).toBe(1);
  });

  it('gives up on a process that never speaks', async () => {
    const { client, log } = start({ start: 100 }, { FAKE_ENGINE_MUTE: '1' });
    expect(await code(client.request('analyze', document('hello')))).toBe('engine-down');
    expect(log.filter(({ message }) => message.includes('no sign of life'))).toHaveLength(3);
  });

  it('reports an engine that is not there at all', async () => {
    const { client, log } = start({}, {}, { modulePath: path.join(dir, 'missing.js') });
    expect(await code(client.request('analyze', document('hello')))).toBe('engine-down');
    expect(log[0]!.message).toMatch(/exit code 1[^]*Cannot find module/);
  });

  it('reports an engine that the system has no room for', async () => {
    const { client, log } = start({}, { TOO_LONG: 'x'.repeat(2 ** 21) });
    expect(await code(client.request('analyze', document('hello')))).toBe('engine-down');
    expect(log.filter(({ message }) => message.includes('E2BIG'))).toHaveLength(3);
  });

  it('goes to the CPU after a crash on the graphics processor', async () => {
    const { client } = start({}, { FAKE_ENGINE_GPU_CRASH: '1' });
    const { device } = await client.request('initialize', { device: 'webgpu', threads: 0 });
    expect(device.provider).toBe('cpu');
    expect(device.reason).toContain('graphics processor');
    expect(client.status.device).toEqual(device);
  });

  it('gives the graphics processor another chance when another device is chosen, and for no other setting', async () => {
    const { client } = start();
    await client.request('initialize', { device: 'webgpu', threads: 0 });
    expect((await client.request('analyze', document('crash-once'))).version).toBe(1);
    expect(client.status.device?.reason).toContain('graphics processor');
    expect((await client.request('initialize', { device: 'webgpu', threads: 2 })).device.provider).toBe('cpu');
    expect((await client.request('initialize', { device: 'auto', threads: 2 })).device.provider).toBe('webgpu');
  });

  it('knows of a graphics processor that was given up in the middle of a question', async () => {
    const { client } = start({}, { FAKE_ENGINE_DEVICE_LOST: '1' });
    await client.request('analyze', document('hello'));
    await client.request('initialize', { device: 'webgpu', threads: 0 });
    expect(client.status.device?.provider).toBe('webgpu');
    await client.request('heat', heat());
    expect(client.status.device).toMatchObject({ provider: 'cpu', reason: 'The device was lost.' });
  });

  it('blames no graphics processor for a crash on the CPU', async () => {
    const { client, log } = start();
    await client.request('initialize', { device: 'cpu', threads: 0 });
    const { started, result } = firstProgress(client, document('steady'));
    await started;
    process.kill(client.pid!, 'SIGKILL');
    await result;
    expect(client.status.device).toMatchObject({ provider: 'cpu', reason: 'Test.' });
    expect(log.map(({ message }) => message)).not.toContainEqual(expect.stringContaining('CPU only'));
  });

  it('says why there is no device any more, and forgets the old one', async () => {
    const { client } = start({}, { FAKE_ENGINE_NO_CUDA: '1' });
    await client.request('initialize', { device: 'cpu', threads: 0 });
    expect(await code(client.request('initialize', { device: 'cuda', threads: 0 }))).toBe('device');
    expect(client.status).toEqual({ state: 'ready', message: 'There is no CUDA here.' });
    await client.request('initialize', { device: 'cpu', threads: 0 });
    expect(client.status).toMatchObject({ state: 'ready', device: { provider: 'cpu' } });
    expect(client.status.message).toBeUndefined();
  });

  it('gives the graphics processor another chance after restart()', async () => {
    const { client } = start();
    await client.request('initialize', { device: 'webgpu', threads: 0 });
    expect(client.status.device?.provider).toBe('webgpu');
    await client.request('analyze', document('crash-once'));
    const { device } = await client.request('analyze', document('crash-once'));
    expect(device.provider).toBe('cpu');
    const before = client.pid;
    client.restart();
    await client.request('close', { documentId: 'a' });
    expect(client.pid).not.toBe(before);
    expect(client.status.device?.provider).toBe('webgpu');
  });
});

describe('dispose', () => {
  it('kills an engine that does not listen and rejects what is open', async () => {
    const { client } = start({ grace: 100 });
    await client.request('initialize', { device: 'cpu', threads: 0 });
    const hanging = code(client.request('analyze', document('hang-once')));
    const pid = client.pid!;
    await client.dispose();
    expect(await hanging).toBe('cancelled');
    expect(isAlive(pid)).toBe(false);
  });

  it('starts no process again that it was waiting to start', async () => {
    const { client, states } = start({ backoff: [10_000] });
    const open = code(client.request('analyze', document('crash-once')));
    while (client.status.state !== 'restarting') await new Promise((resolve) => setTimeout(resolve, 10));
    await client.dispose();
    expect(await open).toBe('cancelled');
    expect(states.at(-1)).toBe('stopped');
  });

  it('ends a process that is only just starting', async () => {
    const { client } = start();
    const open = code(client.request('analyze', document('hello')));
    const pid = client.pid!;
    await client.dispose();
    expect(await open).toBe('cancelled');
    expect(isAlive(pid)).toBe(false);
  });
});

describe('the process', () => {
  it('ends with the one that started it', async () => {
    const child = fork(engine.file, { serialization: 'advanced', env: { ...process.env, FAKE_ENGINE_DIR: dir } });
    await once(child, 'message');
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('says what it is to somebody who starts it by hand', () => {
    const { status, stderr } = spawnSync(process.execPath, [engine.file], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('use "strata"') as string });
  });
});
