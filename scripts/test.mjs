/**
 * npm test: sets up what is missing, then runs every check and test, and goes on after a failing stage.
 *   node scripts/test.mjs [--only STAGE,…]
 * Closes with the line "N passed, N failed", which counts every test; a check without tests of its own counts as one.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { readOptions } from './lib/options.mjs';
import { CommandError, run } from './lib/process.mjs';
import { pythonPath, setup } from './setup.mjs';
import { ROOT } from './lib/root.mjs';

const REPORTS = path.join(ROOT, 'test/reports');
const MINUTE = 60_000;

/** Path of a report, which is removed first, so that an old one is never counted. */
function report(name) {
  mkdirSync(REPORTS, { recursive: true });
  const file = path.join(REPORTS, name);
  rmSync(file, { force: true });
  return file;
}

const inRoot = { cwd: ROOT };
const bin = (name) => path.join(ROOT, 'node_modules', name);
const nodeRun = (args, options = {}) => run(process.execPath, args, { ...inRoot, ...options });

/** A check that has no tests of its own: it passes or it fails. */
const check = (work) => async () => {
  await work();
  return { passed: 1, failed: 0 };
};

/**
 * Runs a tool that writes a report. Its exit code alone does not decide: a tool that fails without one failed test (a file that
 * cannot be loaded, a crash at the end) is a failure too, and so is a run in which no test ran.
 */
async function counted(command, args, file, count, timeoutMs) {
  let problem;
  try {
    await run(command, args, { ...inRoot, show: true, timeoutMs });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    problem = error;
  }
  const counts = existsSync(file) ? count(readFileSync(file, 'utf8')) : { passed: 0, failed: 0 };
  if (counts.failed === 0 && problem) return { ...counts, failed: 1, problem: problem.message.split('\n')[0] };
  if (counts.passed + counts.failed === 0) return { passed: 0, failed: 1, problem: 'no test ran' };
  return counts;
}

function vitestCounts(json) {
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(json);
  // A file that fails before its first test counts as one.
  const broken = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  return { passed: numPassedTests, failed: numFailedTests + broken, skipped: numPendingTests };
}

function junitCounts(xml) {
  const attribute = (name) => Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(xml)?.[1] ?? 0);
  const failed = attribute('failures') + attribute('errors');
  const skipped = attribute('skipped');
  return { passed: attribute('tests') - failed - skipped, failed, skipped };
}

function vitest(name, timeoutMs, extra = []) {
  const file = report(`${name}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  return counted(
    process.execPath,
    [bin('vitest/vitest.mjs'), 'run', ...reporters, ...extra],
    file,
    vitestCounts,
    timeoutMs,
  );
}

/** In this order. `needs` are the parts of the set-up (scripts/setup.mjs), `after` is a stage that makes what this one tests. */
const STAGES = {
  lint: { needs: ['node'], run: check(() => nodeRun([bin('eslint/bin/eslint.js'), '.'])) },
  format: {
    needs: ['node'],
    run: check(() => nodeRun([bin('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.'])),
  },
  types: {
    needs: ['node'],
    run: check(() => run('npm', ['run', '--silent', 'typecheck'], inRoot)),
  },
  manifest: { needs: ['node'], run: check(() => nodeRun(['scripts/check-manifest.mjs'])) },
  unit: { needs: ['node', 'build', 'system'], run: () => vitest('unit', 20 * MINUTE) },
  'python-lint': {
    needs: ['python'],
    run: check(async () => {
      await run(pythonPath, ['-m', 'ruff', 'check', 'training'], inRoot);
      await run(pythonPath, ['-m', 'ruff', 'format', '--check', 'training'], inRoot);
    }),
  },
  'python-types': {
    needs: ['python'],
    run: check(() => run(pythonPath, ['-m', 'mypy', '.'], { cwd: path.join(ROOT, 'training') })),
  },
  python: {
    needs: ['node', 'build', 'python'],
    run() {
      const file = report('python.xml');
      const args = ['-m', 'pytest', 'training/tests', '-q', '-m', 'not slow', `--junitxml=${file}`];
      return counted(pythonPath, args, file, junitCounts, 20 * MINUTE);
    },
  },
  package: { needs: ['node'], run: check(() => nodeRun(['scripts/package.mjs'])) },
  host: {
    needs: ['node', 'build', 'system', 'vscode'],
    run() {
      const file = report('host.json');
      return counted(process.execPath, ['scripts/host-tests.mjs', '--report', file], file, JSON.parse, 20 * MINUTE);
    },
  },
  e2e: {
    needs: ['node', 'system', 'vscode'],
    after: 'package',
    run: () => vitest('e2e', 30 * MINUTE, ['--config', 'test/e2e/vitest.config.mts']),
  },
};

async function runStage(name) {
  console.log(`\n── ${name}`);
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  try {
    const counts = await STAGES[name].run();
    if (counts.problem) console.error(counts.problem);
    return { name, ...counts, seconds: seconds() };
  } catch (error) {
    console.error(error instanceof CommandError ? error.message : error);
    return { name, passed: 0, failed: 1, seconds: seconds() };
  }
}

const { only } = readOptions('test', { only: { type: 'string' } });
const chosen = only ? only.split(',') : Object.keys(STAGES);
const unknown = chosen.filter((name) => !(name in STAGES));
if (unknown.length > 0) {
  console.error(`Unknown stage ${unknown.join(', ')}. Stages: ${Object.keys(STAGES).join(', ')}`);
  process.exit(2);
}
const wanted = new Set(chosen.flatMap((name) => [name, STAGES[name].after]));
const names = Object.keys(STAGES).filter((name) => wanted.has(name));

const results = [];
try {
  const parts = [...new Set(names.flatMap((name) => STAGES[name].needs))];
  await setup({ parts, log: console.log });
} catch (error) {
  // Without the set-up nothing below can be trusted; the stages that can run still say more about the cause.
  console.error(`setup: ${error.message}`);
  results.push({ name: 'setup', passed: 0, failed: 1, seconds: 0 });
}
for (const name of names) results.push(await runStage(name));

console.log('');
for (const { name, passed, failed, skipped = 0, seconds } of results)
  console.log(
    `${failed > 0 ? 'FAIL' : 'ok  '} ${name.padEnd(13)} ${`${passed} passed`.padStart(12)} ${`${failed} failed`.padStart(10)} ${seconds.toFixed(1).padStart(8)} s${skipped > 0 ? `, ${skipped} skipped` : ''}`,
  );
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') > 0 ? 1 : 0;
