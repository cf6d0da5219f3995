/**
 * Runs test/host in desktop VS Code, for machines that can download it (https://update.code.visualstudio.com) and have a display:
 *   npm run test:electron -- [--vscode 1.101.0] [--grep TEXT]
 * "npm test" runs the same suite in the test build of VS Code that comes from npm.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readOptions } from './lib/options.mjs';
import { setup } from './setup.mjs';
import { ROOT } from './lib/root.mjs';

const { vscode, grep } = readOptions('test-electron', { vscode: { type: 'string' }, grep: { type: 'string' } });

await setup({ parts: ['node', 'build'] });
const { runTests } = await import('@vscode/test-electron');
// A short path: VS Code makes a socket in it, whose path has a length limit.
const userData = mkdtempSync(path.join(os.tmpdir(), 'strata-'));
try {
  await runTests({
    ...(vscode ? { version: vscode } : {}),
    extensionDevelopmentPath: ROOT,
    extensionTestsPath: path.join(ROOT, 'dist/test/host.js'),
    extensionTestsEnv: { STRATA_TEST_GREP: grep ?? '' },
    launchArgs: [ROOT, '--disable-extensions', '--disable-workspace-trust', '--user-data-dir', userData],
  });
} catch (error) {
  console.error(`test-electron: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(userData, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
