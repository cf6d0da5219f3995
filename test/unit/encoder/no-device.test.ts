/** A machine whose graphics processor has no driver, and may get one. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { Encoder } from '../../../src/engine/encoder/index.js';
import { ROOT } from '../hierarchy/invariants.js';

it.runIf(process.platform === 'linux')('a device without a driver is tried again on the next start', async () => {
  const stateDir = mkdtempSync(path.join(os.tmpdir(), 'strata-no-device-'));
  process.env['VK_DRIVER_FILES'] = path.join(stateDir, 'none.json');
  const encoder = await Encoder.load({
    modelDir: path.join(ROOT, 'models'),
    device: 'auto',
    threads: 1,
    stateDir,
    log: () => undefined,
  });
  expect(encoder.device).toMatchObject({
    provider: 'cpu',
    reason: expect.stringMatching(/WebGPU cannot be used here/) as string,
  });
  expect(existsSync(path.join(stateDir, 'devices.json'))).toBe(false);
  await encoder.close();
  rmSync(stateDir, { recursive: true });
});
