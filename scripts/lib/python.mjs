/** Python for the scripts: the one of this machine, and virtual environments made with it. */
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { CommandError, run } from './process.mjs';

async function succeeds(command, args) {
  try {
    await run(command, args);
    return true;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return false;
  }
}

/** The first Python of 3.11 or newer on the PATH that can make virtual environments. */
export async function findPython() {
  // Debian has `venv` without what it needs, in a package of its own.
  const suits = ['-c', 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))'];
  for (const command of ['python3.11', 'python3', 'python3.12', 'python3.13', 'python'])
    if (await succeeds(command, suits)) return command;
  throw new Error(
    'Python 3.11 or newer with the modules "venv" and "ensurepip" (on Debian the package python3-venv) was not found on the PATH. ' +
      'Install it and run this again.',
  );
}

/** Python of the virtual environment in the folder `dir`. */
export const pythonIn = (dir) =>
  process.platform === 'win32' ? path.join(dir, 'Scripts', 'python.exe') : path.join(dir, 'bin', 'python');

/** Makes a virtual environment in `dir`, or finishes one that was begun, unless there is one with pip; `onMake` is called before. */
export async function ensureVenv(dir, onMake = () => {}) {
  const python = pythonIn(dir);
  if (await succeeds(python, ['-m', 'pip', '--version'])) return;
  onMake();
  // What is left is of a Python that is gone.
  if (!existsSync(python)) rmSync(dir, { recursive: true, force: true });
  await run(await findPython(), ['-m', 'venv', dir]);
}
