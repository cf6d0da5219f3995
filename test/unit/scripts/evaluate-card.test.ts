import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../../scripts/lib/root.mjs';

test.each([
  ['--sets', 'context'],
  ['--model', 'models'],
  ['--baseline', 'models'],
  ['--exact', 'models'],
])('the model card is not written from %s', (option, value) => {
  const script = path.join(ROOT, 'scripts/evaluate.mjs');
  // With a folder that is not there: if it is not refused, it ends all the same.
  const args = [script, '--card', '--data', '/nowhere', option, value];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(stderr).toContain(`leave out ${option}`);
  expect(status).toBe(2);
});
