/** The engine that the installed extension forked, found from outside, to take it away. */
import { readFileSync, readdirSync } from 'node:fs';
import { inject } from 'vitest';

/**
 * Process ids of running engines of the extension under test (Linux), except those of `others`: the engine of a window that was
 * closed just before may still be ending.
 */
export function enginePids(others: readonly number[] = []): number[] {
  const { extensionsDir } = inject('server');
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return command.includes(extensionsDir) && command.includes('/dist/engine.js');
      } catch {
        return false; // it ended between the two calls
      }
    })
    .map(Number)
    .filter((pid) => !others.includes(pid));
}
