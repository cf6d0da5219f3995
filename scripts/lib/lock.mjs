/** One holder at a time across processes: a directory whose creation is atomic, with the holder's pid inside. */
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
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

/**
 * Removes the lock of a holder that died. Several may have seen that, and one of them may hold the lock again by now: only one can
 * rename it, and what it finds under the new name is looked at once more.
 */
function removeAbandoned(dir) {
  const aside = `${dir}.${process.pid}`;
  try {
    renameSync(dir, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (holderIsGone(aside)) rmSync(aside, { recursive: true, force: true });
  else renameSync(aside, dir);
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
      removeAbandoned(dir);
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
