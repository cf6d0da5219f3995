/** Child processes for the scripts: one way to run a command, one way to stop what was started. */
import { spawn } from 'node:child_process';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** A command ended with an exit code other than 0; `output` is the end of what it wrote. */
export class CommandError extends Error {
  constructor(command, code, output) {
    super(`${command} ended with ${code}${output ? `:\n${output}` : ''}`);
    this.code = code;
    this.output = output;
  }
}

/** Signals a process that leads a group, and all that it started. */
function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** The terminal's signals, Ctrl+C among them, do not reach a group of its own: passes them on, until the function that it returns is called. */
function passOnSignals(child) {
  const pass = (signal) => {
    signalGroup(child, signal);
    release();
    process.kill(process.pid, signal);
  };
  const release = () => SIGNALS.forEach((signal) => process.off(signal, pass));
  SIGNALS.forEach((signal) => process.on(signal, pass));
  return release;
}

/** Arguments for a message: of thousands of files the first few. */
const shortened = (args) => (args.length > 20 ? [...args.slice(0, 4), '…', ...args.slice(-8)] : args);

/**
 * Runs a command to its end and resolves with its standard output: a string, or where it is `raw` data, which may be longer than a string
 * can be, a buffer.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, input?: string, raw?: boolean, show?: boolean, timeoutMs?: number }} [options]
 *   `input` is written to its standard input; `show` passes the output on to the terminal as well; after `timeoutMs` the command is killed,
 *   with all that it started.
 */
export function run(command, args, { cwd, env, input, raw = false, show = false, timeoutMs } = {}) {
  return new Promise((resolve, reject) => {
    // npm is a .cmd file on Windows, which only a shell can start.
    const shell = process.platform === 'win32' && command === 'npm';
    // A group of its own can be killed as a whole. Windows has none.
    const detached = timeoutMs !== undefined && process.platform !== 'win32';
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      shell,
      detached,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    const release = detached ? passOnSignals(child) : () => {};
    child.stdin?.on('error', () => {}); // It ended before it had read all: `close` tells why.
    child.stdin?.end(input);
    const out = [];
    let both = '';
    child.stdout.on('data', (chunk) => {
      out.push(chunk);
      // Data says nothing of an error.
      if (!raw) both += chunk;
      if (show) process.stdout.write(chunk);
    });
    child.stderr.on('data', (chunk) => {
      both += chunk;
      if (show) process.stderr.write(chunk);
    });
    let late = false;
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            late = true;
            if (detached) signalGroup(child, 'SIGKILL');
            else child.kill('SIGKILL');
          }, timeoutMs);
    const name = [command, ...shortened(args)].join(' ');
    child.on('error', (error) => {
      clearTimeout(timer);
      release();
      reject(new CommandError(name, error.message, ''));
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      release();
      if (code === 0) return resolve(raw ? Buffer.concat(out) : Buffer.concat(out).toString());
      const end = late
        ? `a time-out after ${Math.round(timeoutMs / 1000)} s`
        : signal
          ? `signal ${signal}`
          : `code ${code}`;
      reject(new CommandError(name, end, both.trim().slice(-4000)));
    });
  });
}

/** Asks a process to end, kills it after a grace period, and resolves once it is gone. */
export async function stop(child, graceMs = 5000) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await gone;
  clearTimeout(timer);
}
