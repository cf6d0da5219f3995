/** One holder at a time across processes: a directory whose creation is atomic, with the holder's pid inside. */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

function holderIsGone(dir) {
  try {
    process.kill(Number(readFileSync(path.join(dir, 'pid'), 'utf8')), 0);
    return false;
  } catch (error) {
    if (error.code === 'EPERM') return false;
    // No pid file: the holder is just creating it, unless it died in that moment long ago.
    if (error.code === 'ENOENT')
      return Date.now() - (statSync(dir, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > 10_000;
    return true;
  }
}

/** Runs `work` while holding the lock `dir`; waits for another holder, and takes over from one that died. */
export async function withLock(dir, work, { onWait = () => {} } = {}) {
  mkdirSync(path.dirname(dir), { recursive: true });
  for (let waited = false; ;) {
    try {
      mkdirSync(dir);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (holderIsGone(dir)) {
      rmSync(dir, { recursive: true, force: true });
      continue;
    }
    if (!waited) onWait();
    waited = true;
    await sleep(250);
  }
  try {
    writeFileSync(path.join(dir, 'pid'), String(process.pid));
    return await work();
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
