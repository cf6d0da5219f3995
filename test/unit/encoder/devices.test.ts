/** The way over WebGPU without a graphics processor: SwiftShader, which comes with Chromium, plays one. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EncodedDocument, Encoder, TABLE_LEVELS } from '../../../src/engine/encoder/index.js';
import { parse, ROOT } from '../hierarchy/invariants.js';

const DRIVER = '/usr/lib/chromium/vk_swiftshader_icd.json';
const stateDir = mkdtempSync(path.join(os.tmpdir(), 'strata-devices-'));
const messages: string[] = [];
const load = (device: 'auto' | 'webgpu' | 'cpu' | 'cuda', dir?: string): Promise<Encoder> =>
  Encoder.load({
    modelDir: path.join(ROOT, 'models'),
    device,
    threads: 1,
    log: (_level, message) => messages.push(message),
    ...(dir ? { stateDir: dir } : {}),
  });

afterAll(() => {
  rmSync(stateDir, { recursive: true });
});

// SwiftShader computes on one core, hundreds of times slower than the CPU provider.
describe.skipIf(!existsSync(DRIVER))('WebGPU', { timeout: 600_000 }, () => {
  beforeAll(() => {
    process.env['VK_DRIVER_FILES'] = DRIVER;
  });

  it('gives the same vectors as the CPU', async () => {
    const [gpu, cpu] = [await load('webgpu'), await load('cpu')];
    expect(gpu.device.provider).toBe('webgpu');
    expect(gpu.device.reason).toMatch(/WebGPU was chosen/);
    expect(cpu.device).toMatchObject({ provider: 'cpu', reason: expect.stringMatching(/chosen/) as string });
    const text =
      'def read(path):\n    with open(path) as file:\n        return file.read()\n\n\ndef size(path):\n    return 1\n';
    const tree = await parse(text, 'a.py');
    const [a, b] = [await gpu.encodeDocument(text, tree), await cpu.encodeDocument(text, tree)];
    for (const vectors of ['pieceOwn', 'pieceContext'] as const) {
      const largest = Math.max(...b[vectors].map(Math.abs));
      const difference = Math.max(...a[vectors].map((x, i) => Math.abs(x - b[vectors][i]!)));
      expect(largest, vectors).toBeGreaterThan(0);
      expect(difference / largest, vectors).toBeLessThan(2e-3);
    }
    const looks = ({ attention }: EncodedDocument): number[] =>
      TABLE_LEVELS.flatMap((level) =>
        Array.from({ length: attention.layers }, (_, layer) => [...attention.family(level, 0, layer, 0)]).flat(),
      );
    const expected = looks(b);
    looks(a).forEach((share, i) => {
      expect(share).toBeCloseTo(expected[i]!, 3);
    });
    await gpu.close();
    await cpu.close();
  });

  it('is tried first, loses to the CPU with a reason, and is not tried again on the next start', async () => {
    const first = await load('auto', stateDir);
    expect(first.device).toMatchObject({ provider: 'cpu' });
    expect(first.device.reason).toMatch(/WebGPU is slower than the CPU \(\d+ against \d+ tokens per second\)/);
    await first.close();
    messages.length = 0;
    const second = await load('auto', stateDir);
    expect(second.device.reason).toBe(first.device.reason);
    expect(messages.filter((m) => m.includes('webgpu'))).toEqual([]);
    await second.close();
  });
});

describe('a device that is not there', () => {
  it('is refused with words when it was chosen', async () => {
    await expect(load('cuda')).rejects.toMatchObject({
      code: 'device',
      message: expect.stringMatching(/CUDA .*Select Device/) as string,
    });
  });
});
