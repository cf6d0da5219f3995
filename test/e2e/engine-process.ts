/** The engine that the installed extension forked, found from outside, to take it away. */
import { readFileSync, readdirSync } from 'node:fs';
import { inject } from 'vitest';

/** Process ids of running engines of the extension under test (Linux). */
export function enginePids(): number[] {
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
    .map(Number);
}
