import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../../scripts/lib/root.mjs';

test('a script that is started through a link to the checkout runs', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'strata-link-'));
  const link = path.join(folder, 'checkout');
  symlinkSync(path.resolve(ROOT), link, 'junction');
  const script = path.join(link, 'scripts/setup.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script, 'nonsense'], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  expect(stderr).toContain('Unknown part nonsense');
  expect(status).toBe(1);
});
