import os from 'node:os';

/** The user's home directory; undefined where the system knows none, as in a container that runs under the number of no user. */
export function homeDirectory(): string | undefined {
  try {
    return os.homedir() || undefined;
  } catch {
    return undefined;
  }
}
