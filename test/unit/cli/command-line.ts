/** The command line as its users call it, with the real model, in this process. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, expect } from 'vitest';
import type { Io } from '../../../src/cli/io.js';
import { run } from '../../../src/cli/program.js';

export const ROOT = path.join(import.meta.dirname, '../../..');
export const FILES = {
  bundleDir: path.join(ROOT, 'dist'),
  bundle: path.join(ROOT, 'dist/engine.js'),
  version: '9.9.9',
};

/** A folder for the files that the tests of one file make; gone after them. */
export const dir = mkdtempSync(path.join(os.tmpdir(), 'strata-cli-'));
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** A terminal or a pipe that keeps what is written to it; a pipe unless `given` says otherwise. */
export function captured(input = '', given: Partial<Io> = {}): { io: Io; written: { out: string; err: string } } {
  const written = { out: '', err: '' };
  const io: Io = {
    stdin: Readable.from([input]),
    out: (text) => {
      written.out += text;
      return Promise.resolve();
    },
    err: (text) => {
      written.err += text;
    },
    columns: undefined,
    color: false,
    rewrite: undefined,
    ...given,
  };
  return { io, written };
}

export async function strata(args: string[], input = ''): Promise<{ code: number; out: string; err: string }> {
  const { io, written } = captured(input);
  const code = await run(args, io, FILES);
  return { code, ...written };
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
