/** What is remembered of devices from one start to the next. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { VerdictStore } from '../../../src/engine/encoder/verdicts.js';

let stateDir: string;
beforeEach(() => {
  stateDir = mkdtempSync(path.join(os.tmpdir(), 'strata-verdicts-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(stateDir, { recursive: true });
});

const open = (model: string, { threads = 0, runtime = '1', dir = stateDir } = {}): VerdictStore =>
  new VerdictStore(dir, model.padEnd(64), runtime, threads);

describe('verdicts', () => {
  it('are remembered for one model, number of threads and version of the runtime', () => {
    open('model-a').set('webgpu', 'slow');
    open('model-a').set('dml', 'wrong');
    expect([open('model-a').get('webgpu'), open('model-a').get('dml')]).toEqual(['slow', 'wrong']);
    expect(open('model-a').get('cuda')).toBeUndefined();
    expect(open('model-b').get('webgpu')).toBeUndefined();
    expect(open('model-a', { threads: 2 }).get('webgpu')).toBeUndefined();
    expect(open('model-a', { runtime: '2' }).get('webgpu')).toBeUndefined();
    expect(new VerdictStore(undefined, 'model-a'.padEnd(64), '1', 0).get('webgpu')).toBeUndefined();
  });

  it.each(['hostname', 'release'] as const)('are those of one machine and system: %s', (what) => {
    open('model-a').set('webgpu', 'slow');
    vi.spyOn(os, what).mockReturnValue('another');
    expect(open('model-a').get('webgpu')).toBeUndefined();
  });

  it('of what was used before are forgotten, so that the file does not grow', () => {
    open('model-a').set('webgpu', 'slow');
    open('model-b').set('webgpu', 'wrong');
    expect(open('model-b').get('webgpu')).toBe('wrong');
    expect(open('model-a').get('webgpu')).toBeUndefined();
  });

  it('are kept in a folder that is made for them, and lost where none can be', () => {
    const dir = path.join(stateDir, 'not', 'yet');
    open('model-a', { dir }).set('webgpu', 'slow');
    expect(open('model-a', { dir }).get('webgpu')).toBe('slow');
    const blocked = path.join(stateDir, 'file');
    writeFileSync(blocked, '');
    open('model-a', { dir: blocked }).set('webgpu', 'slow');
    expect(open('model-a', { dir: blocked }).get('webgpu')).toBeUndefined();
  });

  it.each(['{"a": ', '[]', 'null', '{"a": {"webgpu": 1}}', ''])('survive a file that holds %j', (content) => {
    const store = open('model-a');
    store.set('webgpu', 'slow');
    writeFileSync(path.join(stateDir, 'devices.json'), content);
    expect(store.get('webgpu')).toBeUndefined();
    store.set('webgpu', 'slow again');
    expect(open('model-a').get('webgpu')).toBe('slow again');
  });
});
