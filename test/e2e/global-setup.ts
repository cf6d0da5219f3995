/** One VS Code server for all files of the suite, with the packaged extension installed. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { TEST_SETTINGS, startServer } from '../../scripts/vscode-server.mjs';
import { ROOT, SCREENSHOTS } from './paths.js';

declare module 'vitest' {
  interface ProvidedContext {
    server: { url: string; remote: string; settingsFile: string; extensionsDir: string };
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const vsix = path.join(ROOT, `dist/strata-${version}-linux-x64.vsix`);
  if (!existsSync(vsix)) throw new Error(`${vsix} is missing; run "npm run package" first`);
  rmSync(SCREENSHOTS, { recursive: true, force: true });
  mkdirSync(SCREENSHOTS, { recursive: true });
  const server = await startServer({ settings: TEST_SETTINGS, vsix, smokeTest: true });
  project.provide('server', {
    url: server.url(ROOT),
    remote: server.remote(''),
    settingsFile: server.settingsFile,
    extensionsDir: server.extensionsDir,
  });
  return () => server.stop();
}
