/** The command line as its users call it, with the real model, in this process. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, expect } from 'vitest';
import { run } from '../../../src/cli/program.js';

export const ROOT = path.join(import.meta.dirname, '../../..');
const FILES = { bundleDir: path.join(ROOT, 'dist'), bundle: path.join(ROOT, 'dist/engine.js'), version: '9.9.9' };

/** A folder for the files that the tests of one file make; gone after them. */
export const dir = mkdtempSync(path.join(os.tmpdir(), 'strata-cli-'));
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

export async function strata(args: string[], input = ''): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await run(
    args,
    {
      stdin: Readable.from([input]),
      out: (text) => {
        out += text;
        return Promise.resolve();
      },
      err: (text) => {
        err += text;
      },
      columns: undefined,
      color: false,
      live: false,
    },
    FILES,
  );
  return { code, out, err };
}

/** Output of a call that must succeed, on the CPU. */
export async function succeed(args: string[], input?: string): Promise<string> {
  const { code, out, err } = await strata([...args, '--device', 'cpu'], input);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out;
}

/** The objects of JSON lines. */
export const lines = (out: string): unknown[] =>
  out
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
