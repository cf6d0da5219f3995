import { EventEmitter } from 'node:events';
import { expect, it, vi } from 'vitest';
import { EngineProcess, type EngineExit } from '../../../src/client/engine-process.js';

/** What Node gives for a process where no pipe to it could be opened. */
const child = new EventEmitter();
vi.mock('node:child_process', () => ({ fork: () => child }));

it('a process that no pipe could be opened for is reported once, as one that has ended', () => {
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
