import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { withoutEditor } from '../../../scripts/lib/code.mjs';
import { ROOT } from '../../../scripts/lib/root.mjs';
import { remoteAddress } from '../../../scripts/vscode-server.mjs';

test('a script that is started through a link to the checkout runs', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'strata-link-'));
  const link = path.join(folder, 'checkout');
  symlinkSync(path.resolve(ROOT), link, 'junction');
  const script = path.join(link, 'scripts/setup.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script, 'nonsense'], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  expect(stderr).toContain('Unknown part nonsense');
  expect(status).toBe(1);
});

test.each(['test', 'package', 'evaluate'])('what %s does not understand is said in a sentence', (name) => {
  const script = path.join(ROOT, `scripts/${name}.mjs`);
  const { status, stderr } = spawnSync(process.execPath, [script, '--onyl', 'lint'], { encoding: 'utf8' });
  expect(stderr.split('\n')[0]).toMatch(new RegExp(`^${name}: .*--onyl`));
  expect(stderr).not.toMatch(/^ +at /m);
  expect(status).toBe(2);
});

test('where no VS Code can be opened, it is said what to do', () => {
  const on = (platform: NodeJS.Platform, arch: NodeJS.Architecture, code?: string): string | undefined =>
    withoutEditor(code, { ...process, platform, arch });
  expect(on('darwin', 'arm64')).toMatch(/Install 'code' command in PATH.*--no-editor/);
  expect(on('win32', 'x64')).toMatch(/"Add to PATH".*--no-editor/);
  expect(on('linux', 'arm64')).toContain('--no-editor');
  expect(on('linux', 'x64')).toBeUndefined();
  expect(on('darwin', 'arm64', '/usr/local/bin/code')).toBeUndefined();
});

test('a file whose name has signs of addresses is addressed by its name', () => {
  const address = new URL(remoteAddress(8080, '/home/me/100%25 of C#/a?b.txt'));
  expect(decodeURIComponent(address.pathname)).toBe('/home/me/100%25 of C#/a?b.txt');
  expect(remoteAddress(8080, '')).toBe('vscode-remote://localhost:8080');
});
