import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { expect, it, vi } from 'vitest';
import { EngineProcess, type EngineExit } from '../../../src/client/engine-process.js';

vi.mock('node:child_process', () => ({ fork: vi.fn() }));

it('a process that no pipe could be opened for is reported once, as one that has ended', () => {
  // What Node gives then.
  const child = new EventEmitter();
  vi.mocked(fork).mockReturnValue(child as ChildProcess);
  const exits: EngineExit[] = [];
  const unexpected = (what: unknown): never => {
    throw new Error(String(what));
  };
  new EngineProcess(
    { modulePath: 'engine.js', args: [] },
    { onMessage: unexpected, onGarbage: unexpected, onExit: (exit) => exits.push(exit) },
  );
  child.emit('error', new Error('spawn EMFILE'));
  child.emit('close', -24, null);
  expect(exits).toEqual([{ code: null, signal: null, stderr: 'spawn EMFILE' }]);
});
