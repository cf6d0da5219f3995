#!/usr/bin/env node
/** `strata`: the engine without an editor (docs/cli.md). */
import { fork } from 'node:child_process';
import { version } from '../../package.json';
import { oneLine } from '../protocol/excerpt.js';
import { fit } from './columns.js';
import type { Io } from './io.js';
import { run } from './program.js';

/** Colours as the user wants them (no-color.org), and only on a terminal. */
function wantsColor(): boolean {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  if (NO_COLOR) return false;
  return FORCE_COLOR === undefined ? process.stdout.isTTY : FORCE_COLOR !== '0';
}

/** Some terminals, among them those of programs that pretend to be one, say that they have no columns. */
const widthOf = (stream: NodeJS.WriteStream): number => stream.columns || 80;

const io: Io = {
  stdin: process.stdin,
  out: (text) =>
    new Promise((resolve) => {
      if (process.stdout.write(text)) resolve();
      else process.stdout.once('drain', resolve);
    }),
  err: (text) => {
    process.stderr.write(text);
  },
  rewrite: process.stderr.isTTY
    ? (line) => {
        process.stderr.write(`\r\u001b[K${fit(oneLine(line), widthOf(process.stderr) - 1)}`);
      }
    : undefined,
  columns: process.stdout.isTTY ? widthOf(process.stdout) : undefined,
  color: wantsColor(),
};

// `strata … | head` closes the pipe early; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`error: the output cannot be written: ${error.message}.\n`);
  process.exit(1);
});
// Who does not hear the messages any more may still read the results.
process.stderr.on('error', () => undefined);

/**
 * ONNX Runtime reads the command line of its process, and ends it by a segmentation fault from about 28,000 bytes on. A pasted text
 * as a question may be longer: such arguments are handed to a process that was started without any.
 */
const MOST_BYTES = 20_000;
const ARGUMENTS_FOLLOW = 'STRATA_ARGUMENTS_FOLLOW';

function runInChild(args: readonly string[]): Promise<number> {
  const child = fork(__filename, [], { env: { ...process.env, [ARGUMENTS_FOLLOW]: '1' } });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (signal === null) {
        resolve(code!);
        return;
      }
      // Whoever waits for this process is told the same end.
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    });
    child.send(args);
  });
}

async function main(): Promise<number> {
  let args: readonly string[] = process.argv.slice(2);
  if (process.env[ARGUMENTS_FOLLOW] !== undefined && process.send) {
    args = await new Promise<string[]>((resolve) => process.once('message', resolve));
    process.disconnect();
  } else if (Buffer.byteLength(args.join(' ')) > MOST_BYTES) return runInChild(args);
  return run(args, io, { bundleDir: __dirname, bundle: __filename, version });
}

void main().then((code) => {
  process.exitCode = code;
});
