/** The command line as a process: what becomes of it when its surroundings change. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../client/bundle.js';
import { dir, ROOT } from './command-line.js';

let cli: Awaited<ReturnType<typeof bundle>>;
beforeAll(async () => {
  cli = await bundle('src/cli/main.ts');
});
afterAll(() => {
  cli.remove();
});

const MODEL = ['--model', path.join(ROOT, 'models'), '--device', 'cpu'];

function file(name: string, text: string): string {
  const written = path.join(dir, name);
  writeFileSync(written, text);
  return written;
}

async function outcome(child: ChildProcess): Promise<{ code: number | null; signal: string | null; out: string }> {
  const out = child.stdout ? textOf(child.stdout) : '';
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code, signal, out: await out };
}

it('prints its results although nobody takes its messages any more', async () => {
  const good = file('good.txt', 'Cats sleep all day.\n');
  const child = spawn(process.execPath, [cli.file, 'rank', path.join(dir, 'none'), good, '--query', 'cats', ...MODEL], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr.destroy();
  expect(await outcome(child)).toMatchObject({
    code: 1,
    out: expect.stringContaining('Cats sleep all day.') as string,
  });
});

it('leaves nothing behind of the runtime, which would send it', async () => {
  const home = path.join(dir, 'home');
  mkdirSync(home);
  const good = file('short.txt', 'Cats sleep all day.\n');
  const child = spawn(process.execPath, [cli.file, 'rank', good, '--query', 'cats', ...MODEL], {
    stdio: 'ignore',
    // In the environment of a test nothing would be sent anyway.
    env: { HOME: home },
  });
  expect(await outcome(child)).toMatchObject({ code: 0 });
  expect(readdirSync(home)).toEqual([]);
});

it.each([
  ['plainly', { NO_COLOR: '1' }],
  ['plainly', { FORCE_COLOR: '0' }],
  ['in colours', {}],
])('has room for a report, %s, on a terminal that says it has no columns: %j', async (how, colours) => {
  const pretend = file('terminal.cjs', 'Object.assign(process.stdout, { isTTY: true, columns: 0 });\n');
  const notes = file('notes.txt', 'Cats sleep all day long and dogs do not.\n');
  const child = spawn(process.execPath, ['-r', pretend, cli.file, 'analyze', notes, ...MODEL], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'], ...colours },
  });
  const { out } = await outcome(child);
  expect(out).toContain('Cats sleep all day long and dogs do not.');
  expect(out.includes('\u001b[')).toBe(how === 'in colours');
});

describe.skipIf(process.platform === 'win32')('a question that is too long for the arguments of a process', () => {
  const question = 'word '.repeat(6_000);

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('is given up at %s, with all that worked on it', async (signal) => {
    const pipe = path.join(dir, `${signal}.txt`);
    execFileSync('mkfifo', [pipe]);
    const child = spawn(process.execPath, [cli.file, 'rank', pipe, '--query', question, ...MODEL], { stdio: 'ignore' });
    const ended = outcome(child);
    // Opened only when somebody reads.
    const writer = await open(pipe, 'w');
    child.kill(signal);
    expect(await ended).toMatchObject({ code: null, signal });
    await expect(writer.write('nobody reads this')).rejects.toThrow('EPIPE');
    await writer.close();
  });
});
