/** Where the command line remembers which devices work. */
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { stateDirectory } from '../../../src/cli/session.js';

afterEach(() => {
  vi.restoreAllMocks();
});

const withoutHome = (): void => {
  vi.spyOn(os, 'homedir').mockImplementation(() => {
    throw new Error('uv_os_homedir returned ENOENT');
  });
};

describe.runIf(process.platform === 'linux')('what is remembered lies', () => {
  it("in the user's folder for it, wherever that is", () => {
    expect(stateDirectory({ XDG_CACHE_HOME: '/somewhere' })).toBe('/somewhere/strata');
    for (const env of [{}, { XDG_CACHE_HOME: '' }])
      expect(stateDirectory(env)).toBe(path.join(os.homedir(), '.cache', 'strata'));
  });

  it('nowhere for a user without a home', () => {
    withoutHome();
    expect(stateDirectory({})).toBeUndefined();
    expect(stateDirectory({ XDG_CACHE_HOME: '/somewhere' })).toBe('/somewhere/strata');
  });
});
