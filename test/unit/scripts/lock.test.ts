import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withLock } from '../../../scripts/lib/lock.mjs';

const DEAD = 4_194_305; // above the largest pid that Linux gives
let folder = '';
let lock = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'strata-lock-'));
  lock = path.join(folder, 'lock');
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function heldBy(pid: number): void {
  mkdirSync(lock, { recursive: true });
  writeFileSync(path.join(lock, 'pid'), String(pid));
}

test('the lock of a holder that died is taken over, and nothing is left of it', async () => {
  heldBy(DEAD);
  expect(await withLock(lock, () => existsSync(lock))).toBe(true);
  expect(readdirSync(folder)).toEqual([]);
});

test('a lock that another one took over at the same moment stays with that one', async () => {
  heldBy(DEAD);
  let isHeld = true;
  vi.spyOn(process, 'kill').mockImplementation((pid) => {
    if (pid !== DEAD) return true;
    heldBy(process.pid);
    throw Object.assign(new Error('no such process'), { code: 'ESRCH' });
  });
  const onWait = (): void => {
    isHeld = false;
    rmSync(lock, { recursive: true });
  };
  expect(await withLock(lock, () => isHeld, { onWait })).toBe(false);
});
