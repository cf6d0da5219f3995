import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { run } from '../../../scripts/lib/process.mjs';
import { ROOT } from '../../../scripts/lib/root.mjs';

let folder = '';
let beats = '';
/** Arguments for a Node that starts another one and waits for it; that one writes to the file `beats` for a minute. */
let endless: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'strata-process-'));
  beats = path.join(folder, 'beats');
  const inner = path.join(folder, 'inner.cjs');
  const outer = path.join(folder, 'outer.cjs');
  const write = `require('fs').appendFileSync(${JSON.stringify(beats)}, '.')`;
  writeFileSync(inner, `setInterval(() => ${write}, 50);\nsetTimeout(process.exit, 60_000);\n`);
  const start = `spawn(process.execPath, [${JSON.stringify(inner)}], { stdio: 'inherit' })`;
  writeFileSync(outer, `require('child_process').${start};\n`);
  endless = [outer];
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
});

/** Waits until the inner process has ended. */
async function silence(): Promise<void> {
  await vi.waitFor(
    async () => {
      const size = (): number => statSync(beats, { throwIfNoEntry: false })?.size ?? 0;
      const before = size();
      await sleep(1000);
      expect(size()).toBe(before);
    },
    { timeout: 20_000 },
  );
}

describe.skipIf(process.platform === 'win32')('a command with a time limit', () => {
  it('is ended after it, with what it started', async () => {
    await expect(run(process.execPath, endless, { timeoutMs: 3000 })).rejects.toThrow('a time-out after 3 s');
    await silence();
  }, 30_000);

  it('is ended by a Ctrl+C, as is the one that started it', async () => {
    const script = path.join(folder, 'starts.mjs');
    const library = pathToFileURL(path.join(ROOT, 'scripts/lib/process.mjs')).href;
    const call = `run(process.execPath, ${JSON.stringify(endless)}, { timeoutMs: 60_000 })`;
    writeFileSync(script, `import { run } from '${library}';\nawait ${call};\n`);
    const starter = spawn(process.execPath, [script], { stdio: 'ignore' });
    const ended = once(starter, 'exit');
    await vi.waitFor(
      () => {
        expect(existsSync(beats)).toBe(true);
      },
      { timeout: 20_000 },
    );
    starter.kill('SIGINT');
    expect(await ended).toEqual([null, 'SIGINT']);
    await silence();
  }, 60_000);
});

it('a command gets its input and gives its output as it wrote it', async () => {
  const echo = ['-e', 'process.stdin.pipe(process.stdout)'];
  // Three bytes each, which the chunks of a pipe cut through.
  const text = '€'.repeat(30_000);
  expect(await run(process.execPath, echo, { input: text })).toBe(text);
  const data: unknown = await run(process.execPath, echo, { input: text, raw: true });
  expect(Buffer.isBuffer(data) && data.toString() === text).toBe(true);
});

it('a command that fails is told of by what it wrote to the terminal, not by its data', async () => {
  const failing = ['-e', 'console.log("data"); console.error("no such file"); process.exitCode = 3'];
  await expect(run(process.execPath, failing, { raw: true })).rejects.toThrow(/ ended with code 3:\nno such file$/);
});
