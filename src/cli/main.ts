#!/usr/bin/env node
/** `strata`: the engine without an editor (docs/cli.md). */
import { version } from '../../package.json';
import type { Io } from './io.js';
import { run } from './program.js';

/** Colours as the user wants them (no-color.org), and only on a terminal. */
function wantsColor(): boolean {
  if (process.env.NO_COLOR) return false;
  return process.env.FORCE_COLOR !== undefined && process.env.FORCE_COLOR !== '0' ? true : process.stdout.isTTY;
}

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
  columns: process.stdout.isTTY ? process.stdout.columns : undefined,
  color: wantsColor(),
  live: process.stderr.isTTY,
};

// `strata … | head` closes the pipe early; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

void run(process.argv.slice(2), io, { bundleDir: __dirname, bundle: __filename, version }).then((code) => {
  process.exitCode = code;
});
