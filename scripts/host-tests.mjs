/**
 * Runs test/host inside the extension host of the test build of VS Code.
 *   node scripts/host-tests.mjs [--grep TEXT] [--debug]
 * The suite (test/host/index.ts) prints its lines with a prefix, because everything else that the workbench logs comes the same way.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { launchBrowser } from './lib/browser.mjs';
import { readOptions } from './lib/options.mjs';
import { TEST_SETTINGS, startServer } from './vscode-server.mjs';
import { ROOT } from './lib/root.mjs';

/** For a machine that is ten times slower than a laptop: the suite needs about a minute on that. */
const TIMEOUT_MS = 1_080_000;
const LINE = '@test ';
const RESULT = '@result ';

/**
 * Resolves with the numbers of tests; `problem` says what went wrong outside any test.
 * @returns {Promise<{ passed: number, failed: number, problem?: string }>}
 */
async function hostTests({ grep = '', debug = false }) {
  const server = await startServer({ settings: TEST_SETTINGS, env: { STRATA_TEST_GREP: grep }, smokeTest: true });
  let browser;
  try {
    browser = await launchBrowser();
    const page = await (await browser.newContext()).newPage();
    const rest = [];
    let result;
    const ended = new Promise((resolve, reject) => {
      const timer = setTimeout(() => resolve(`no end after ${TIMEOUT_MS / 1000} s`), TIMEOUT_MS);
      page.on('crash', () => resolve('the page crashed'));
      server.process.once('exit', () => resolve('the server ended'));
      page.on('close', () => {
        clearTimeout(timer);
        resolve('the page was closed');
      });
      page.exposeFunction('codeAutomationExit', (code) => resolve(code === 0 ? '' : `exit code ${code}`)).catch(reject);
    });
    await page.exposeFunction('codeAutomationLog', (type, args) => {
      const text = args.map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg))).join(' ');
      if (text.startsWith(LINE)) console.log(text.slice(LINE.length));
      else if (text.startsWith(RESULT)) result = JSON.parse(text.slice(RESULT.length));
      else rest.push(`${type}: ${text}`);
      if (debug && !text.startsWith(LINE)) console.log(`  [${type}] ${text}`);
    });
    await page.goto(
      server.url(ROOT, [
        ['extensionDevelopmentPath', server.remote(ROOT)],
        ['extensionTestsPath', server.remote(path.join(ROOT, 'dist/test/host.js'))],
      ]),
    );
    const problem = await ended;
    const counts = result ?? { passed: 0, failed: 0 };
    if (problem && counts.failed === 0) return { ...counts, problem: `${problem}\n${rest.join('\n').slice(-6000)}` };
    if (counts.passed + counts.failed === 0) return { ...counts, problem: 'no test ran' };
    return counts;
  } finally {
    await browser?.close();
    await server.stop();
  }
}

const { report, ...values } = readOptions('host-tests', {
  grep: { type: 'string' },
  debug: { type: 'boolean' },
  report: { type: 'string' },
});
const counts = await hostTests(values);
if (counts.problem) console.error(`in-host tests: ${counts.problem}`);
if (report) {
  mkdirSync(path.dirname(report), { recursive: true });
  writeFileSync(report, JSON.stringify(counts));
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 || counts.problem ? 1 : 0;
