/**
 * Starts the test build of VS Code (see vscode-cache.mjs) as a web server on 127.0.0.1, for the tests and for
 * "npm start" on machines without VS Code.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run, stop } from './lib/process.mjs';
import { vscodePaths } from './vscode-cache.mjs';

const START_TIMEOUT_MS = 60_000;

/** Settings without which the first window is full of offers, a chat bar and network requests. */
const QUIET_SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  // "false" is deprecated: VS Code would rewrite the file a few seconds after the start.
  'extensions.autoUpdate': 'off',
  'extensions.ignoreRecommendations': true,
};

/** Settings for tests, besides the quiet ones: nothing moves, nothing else works in the background. */
export const TEST_SETTINGS = {
  ...QUIET_SETTINGS,
  'git.enabled': false,
  'npm.autoDetect': 'off',
  'task.autoDetect': 'off',
  'typescript.disableAutomaticTypeAcquisition': true,
  'editor.minimap.enabled': false,
  'files.autoSave': 'off',
  'window.commandCenter': false,
  'workbench.layoutControl.enabled': false,
  'workbench.reduceMotion': 'on',
  'terminal.integrated.gpuAcceleration': 'off',
};

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function untilStarted(child, logFile) {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const output = readFileSync(logFile, 'utf8');
    if (output.includes('Extension host agent started')) return;
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`The VS Code server ended while it was starting:\n${output}`);
    if (Date.now() > deadline) throw new Error(`The VS Code server did not start in time:\n${output}`);
    await sleep(50);
  }
}

/** How a window addresses an absolute path on the server: as a URI, in which a `#` or `%` of a name would say something else. */
export const remoteAddress = (port, file) =>
  `vscode-remote://localhost:${port}${file.split('/').map(encodeURIComponent).join('/')}`;

/**
 * A running server.
 * @typedef {object} Server
 * @property {number} port
 * @property {string} logFile what the server writes
 * @property {import('node:child_process').ChildProcess} process
 * @property {(folder: string, payload?: [string, string][]) => string} url address of a window on an absolute folder; the
 *   payload's keys are `openFile`, `extensionDevelopmentPath` and `extensionTestsPath` with a `remote(...)` value
 * @property {(file: string) => string} remote how the window addresses an absolute path on the server
 * @property {string} settingsFile JSON file of settings that an open window takes over at once when it changes
 * @property {string} extensionsDir where the .vsix was installed
 * @property {() => Promise<void>} stop ends the server and removes its data
 */

/**
 * Starts a server with fresh data in a temporary directory.
 * @param {{ settings?: object, env?: NodeJS.ProcessEnv, vsix?: string, secret?: boolean, smokeTest?: boolean }} [options]
 *   `settings` are user settings; `env` reaches the extension host; `vsix` is installed first; `secret` puts a token into the
 *   address, without which other users of the machine could open the window too.
 * @returns {Promise<Server>}
 */
export async function startServer({
  settings = QUIET_SETTINGS,
  env = {},
  vsix,
  secret = false,
  smokeTest = false,
} = {}) {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'strata-vscode-'));
  const remove = () => rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  const data = path.join(dir, 'data');
  // The window reads the user's file once, when it loads; the machine's file is watched if it exists by then.
  const userSettings = path.join(data, 'data/User/settings.json');
  const machineSettings = path.join(data, 'data/Machine/settings.json');
  const write = (file, value) => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
  };
  write(userSettings, settings);
  write(machineSettings, {});
  const extensionsDir = path.join(dir, 'extensions');
  const common = ['out/server-main.js', '--server-data-dir', data, '--extensions-dir', extensionsDir];
  common.push('--accept-server-license-terms', '--disable-telemetry');
  // An empty address switches the extension gallery off.
  const serverEnv = { EXTENSIONS_GALLERY: '{"serviceUrl":""}', ...env };
  let child;
  try {
    if (vsix) {
      const install = [...common, '--install-extension', vsix, '--force'];
      await run(vscodePaths.node, install, { cwd: vscodePaths.server, env: serverEnv });
    }
    const port = await freePort();
    const token = randomBytes(16).toString('hex');
    const logFile = path.join(dir, 'server.log');
    const logHandle = openSync(logFile, 'w');
    const args = [...common, '--host', '127.0.0.1', '--port', String(port), '--disable-workspace-trust'];
    args.push(...(secret ? ['--connection-token', token] : ['--without-connection-token']));
    if (smokeTest) args.push('--enable-smoke-test-driver');
    child = spawn(vscodePaths.node, args, {
      cwd: vscodePaths.server,
      stdio: ['ignore', logHandle, logHandle],
      env: { ...process.env, ...serverEnv },
    });
    closeSync(logHandle);
    await untilStarted(child, logFile);
    const server = child;
    return {
      port,
      logFile,
      process: server,
      url(folder, payload = []) {
        const url = new URL(`http://localhost:${port}/`);
        if (secret) url.searchParams.set('tkn', token);
        url.searchParams.set('folder', folder);
        if (payload.length > 0) url.searchParams.set('payload', JSON.stringify(payload));
        return url.href;
      },
      remote: (file) => remoteAddress(port, file),
      settingsFile: machineSettings,
      extensionsDir,
      async stop() {
        await stop(server);
        remove();
      },
    };
  } catch (error) {
    if (child) await stop(child);
    remove();
    throw error;
  }
}
