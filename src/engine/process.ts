/** Connects the message loop to the process that it runs in: Node IPC, the end of the process, errors that nobody caught. */
import type { DeviceReport } from '../protocol/document.js';
import type { FromEngine } from '../protocol/engine.js';
import { errorDetails } from '../protocol/errors.js';
import { createLoop } from './loop.js';
import type { EngineMethods } from './loop.js';

/** Exit codes of the engine process; any other end is a crash of native code or a signal. */
const EXIT = { done: 0, uncaught: 1, notForked: 2 } as const;

/**
 * Serves the parent process until it says `shutdown` or goes away. `create` gets the functions that write to the parent's log and tell it
 * another device.
 * Nothing a parent sends ends the process; an error that nobody caught does, after it was logged, because the state is unknown then.
 */
export function serve(
  create: (log: (level: LogLevel, message: string) => void, onDevice: (device: DeviceReport) => void) => EngineMethods,
): void {
  if (!process.send) {
    process.stderr.write('This program is a part of Strata and is started by it; use "strata" on the command line.\n');
    process.exit(EXIT.notForked);
  }
  const send = (message: FromEngine, then?: () => void): void => {
    // The parent may be gone already: `disconnect` ends the process then, and there is nobody to tell.
    if (!process.connected) then?.();
    else process.send!(message, undefined, undefined, () => then?.());
  };
  const fail = (error: unknown): void => {
    const message = `The engine stops because of a defect: ${errorDetails(error)}`;
    send({ type: 'log', level: 'error', message }, () => process.exit(EXIT.uncaught));
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  const log = (level: LogLevel, message: string): void => {
    send({ type: 'log', level, message });
  };
  const onDevice = (device: DeviceReport): void => {
    send({ type: 'device', device });
  };
  const loop = createLoop(create(log, onDevice), send);
  process.on('message', (message) => {
    if (loop.receive(message)) process.exit(EXIT.done);
  });
  process.on('disconnect', () => {
    loop.stop();
    process.exit(EXIT.done);
  });
  send({ type: 'ready', pid: process.pid });
}

type LogLevel = Extract<FromEngine, { type: 'log' }>['level'];
