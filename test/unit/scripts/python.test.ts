import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { run } from '../../../scripts/lib/process.mjs';
import { ensureVenv, findPython, pythonIn } from '../../../scripts/lib/python.mjs';

/** Pip's own installation is most of it, and slow where much else runs. */
const PATIENCE_MS = 300_000;
const command = await findPython().catch(() => undefined);
let dir = '';
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'strata-venv-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

test.skipIf(command === undefined)(
  'a virtual environment that was cut off before it had pip is finished',
  async () => {
    // As an interruption leaves it, or a Debian without python3-venv.
    await run(command!, ['-m', 'venv', '--without-pip', dir]);
    expect(existsSync(pythonIn(dir))).toBe(true);
    let made = 0;
    const count = (): void => {
      made++;
    };
    await ensureVenv(dir, count);
    expect(await run(pythonIn(dir), ['-m', 'pip', '--version'])).toContain('pip');
    await ensureVenv(dir, count);
    expect(made, 'a whole one is left alone').toBe(1);
  },
  PATIENCE_MS,
);
