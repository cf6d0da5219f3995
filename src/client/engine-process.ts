/** One engine process, from its start to its end. Knows messages, not requests. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { FromEngine, ToEngine } from '../protocol/engine.js';
import { fromEngineSchema } from '../protocol/engine.js';

/** How the process is started. */
export interface EngineCommand {
  /** The engine's script: `dist/engine.js`. */
  modulePath: string;
  args: readonly string[];
  /** Added to a copy of this process's environment. */
  env?: NodeJS.ProcessEnv | undefined;
}

/** How a process ended: exit code or signal, and the end of what native code wrote to standard error. */
export interface EngineExit {
  code: number | null;
  signal: string | null;
  stderr: string;
}

interface EngineProcessEvents {
  onMessage: (message: FromEngine) => void;
  /** A message that is not of the protocol; it is dropped. */
  onGarbage: (problem: string) => void;
  /** Exactly once. */
  onExit: (exit: EngineExit) => void;
}

const STDERR_KEPT = 4000;

export class EngineProcess {
  private readonly child: ChildProcess;
  private stderr = '';
  private exited = false;

  /** Throws where the system has no room for another process; `onExit` does not follow then. */
  constructor(
    command: EngineCommand,
    private readonly events: EngineProcessEvents,
  ) {
    this.child = fork(command.modulePath, command.args, {
      serialization: 'advanced',
      // A copy: Node adds variables of its own to the object that it is given.
      env: { ...process.env, ...command.env },
      // A debugger of the extension host would otherwise open the same port in the child.
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    // There is none where no more files may be open; `error` follows.
    this.child.stderr?.setEncoding('utf8');
    this.child.stderr?.on('data', (chunk: string) => {
      this.stderr = (this.stderr + chunk).slice(-STDERR_KEPT);
    });
    this.child.on('message', (message) => {
      const parsed = fromEngineSchema.safeParse(message);
      if (parsed.success) this.events.onMessage(parsed.data);
      else this.events.onGarbage('The engine sent a message that is not of the protocol; it was dropped.');
    });
    this.child.on('error', (error) => {
      this.stderr += error.message;
      // A process that could not be started has no pid and will not report its end.
      if (this.child.pid === undefined) this.end(null, null);
    });
    // `close` comes after `exit`, when the last message and the last line of output have arrived.
    this.child.on('close', (code, signal) => {
      this.end(code, signal);
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Does nothing when the process is gone: its end is reported by `onExit`. */
  send(message: ToEngine): void {
    if (!this.child.connected) return;
    this.child.send(message, () => {
      // A channel that closes under the message is followed by `onExit`.
    });
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** Asks the process to end and kills it after the grace period. `onExit` follows. */
  shutdown(graceMs: number): void {
    if (this.exited) return;
    this.send({ type: 'shutdown' });
    const timer = setTimeout(() => {
      this.kill();
    }, graceMs);
    this.child.once('exit', () => {
      clearTimeout(timer);
    });
  }

  private end(code: number | null, signal: string | null): void {
    if (this.exited) return;
    this.exited = true;
    this.events.onExit({ code, signal, stderr: this.stderr.trim() });
  }
}
