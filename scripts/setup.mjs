/**
 * Brings a checkout to the state in which everything runs; what is there already is left alone.
 *   node scripts/setup.mjs [PART…]          parts: node, build, python, system, vscode (default: all)
 * Uses Node's own modules only, because it runs before anything is installed.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withLock } from './lib/lock.mjs';
import { run } from './lib/process.mjs';
import { ensureVenv, pythonIn } from './lib/python.mjs';
import { ensureVscode } from './vscode-cache.mjs';
import { isMain, ROOT } from './lib/root.mjs';

const VENV = path.join(ROOT, '.venv');

/** Python of the checkout's virtual environment. */
export const pythonPath = pythonIn(VENV);

/** Where Debian's chromium is, whose SwiftShader driver the WebGPU test uses, too. */
export const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const SYSTEM_FILES = {
  chromium: CHROMIUM,
  'fonts-dejavu-core': '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf',
  libvulkan1: '/usr/lib/x86_64-linux-gnu/libvulkan.so.1',
};

/** True when node_modules holds exactly the versions of package-lock.json (npm writes its own copy last of all). */
function nodeModulesMatch() {
  const installed = path.join(ROOT, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')).packages;
  const have = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([dir, entry]) => dir === '' || entry.optional || entry.version === have[dir]?.version,
  );
}

async function node(step) {
  if (nodeModulesMatch()) return;
  step('npm ci');
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: ROOT });
}

async function build(step) {
  step('bundles');
  const module = await import('./build.mjs');
  await module.build();
}

async function python(step) {
  const requirements = readFileSync(path.join(ROOT, 'training/requirements.txt'));
  const wanted = createHash('sha256').update(requirements).digest('hex');
  const stamp = path.join(VENV, '.strata-requirements');
  // A virtual environment is of no use once the Python that it was made with is gone.
  if (existsSync(pythonPath) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  await ensureVenv(VENV, () => step('virtual environment'));
  step('pip install (PyTorch is the largest part, with CUDA several gigabytes)');
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
  await run(pythonPath, ['-m', 'pip', 'install', ...quiet, '-r', path.join(ROOT, 'training/requirements.txt')]);
  writeFileSync(stamp, wanted);
}

async function system(step) {
  const missing = Object.keys(SYSTEM_FILES).filter((name) => !existsSync(SYSTEM_FILES[name]));
  if (missing.length === 0) return;
  const install = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !existsSync('/usr/bin/apt-get'))
    throw new Error(`The tests in VS Code need Chromium and a font. Please run, as an administrator: ${install}`);
  step(`apt-get install ${missing.join(' ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const wait = ['-o', 'DPkg::Lock::Timeout=300'];
  await run('apt-get', ['update', '-qq', ...wait], { env });
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...wait, ...missing], { env });
}

async function vscode(step) {
  await ensureVscode(step);
}

const PARTS = { node, build, python, system, vscode };

/** The names of all parts, in the order in which they are set up. */
const ALL_PARTS = Object.keys(PARTS);

/**
 * Sets up the named parts in their order; rejects with a message that says what to do.
 * @param {{ parts?: string[], log?: (line: string) => void }} [options] `log` gets a line when a step starts and when a part is done.
 */
export async function setup({ parts = ALL_PARTS, log = console.error } = {}) {
  const unknown = parts.filter((part) => !(part in PARTS));
  if (unknown.length > 0) throw new Error(`Unknown part ${unknown.join(', ')}. Parts: ${ALL_PARTS.join(', ')}`);
  await withLock(
    path.join(ROOT, '.cache/setup.lock'),
    async () => {
      for (const part of ALL_PARTS.filter((name) => parts.includes(name))) {
        const started = performance.now();
        await PARTS[part]((what) => log(`setup: ${part}: ${what} …`));
        log(`setup: ${part}: ready (${((performance.now() - started) / 1000).toFixed(1)} s)`);
      }
    },
    { onWait: () => log('setup: waiting for another set-up of this checkout …') },
  );
}

if (isMain(import.meta.url)) {
  const named = process.argv.slice(2);
  try {
    await setup(named.length > 0 ? { parts: named } : {});
  } catch (error) {
    console.error(`setup: ${error.message}`);
    process.exitCode = 1;
  }
}
