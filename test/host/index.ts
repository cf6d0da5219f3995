/**
 * Entry of the suite that runs inside VS Code's extension host, called by VS Code itself. Each `*.test.ts` beside this file is
 * a bundle of its own in the same output directory (scripts/build.mjs) and uses mocha's `suite` and `test`.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';

/** Resolves when every test passed. The lines are prefixed so that scripts/host-tests.mjs can tell them from VS Code's own log. */
export async function run(): Promise<void> {
  Mocha.reporters.Base.consoleLog = (...args: unknown[]) => {
    for (const line of format(...args).split('\n')) console.log(`@test ${line}`);
  };
  const mocha = new Mocha({ ui: 'tdd', color: false, timeout: 420_000, reporter: 'spec' });
  const grep = process.env['STRATA_TEST_GREP'];
  if (grep) mocha.fgrep(grep);
  for (const name of readdirSync(__dirname).sort())
    if (name.endsWith('.test.js')) mocha.addFile(path.join(__dirname, name));
  const { passed, failed } = await new Promise<{ passed: number; failed: number }>((resolve) => {
    let passed = 0;
    const runner = mocha.run((failed) => {
      resolve({ passed, failed });
    });
    runner.on('pass', () => passed++);
  });
  console.log(`@result ${JSON.stringify({ passed, failed })}`);
  if (failed > 0) throw new Error(`${failed} of ${passed + failed} tests failed`);
  if (passed === 0) throw new Error('no test ran');
}
