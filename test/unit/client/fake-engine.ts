/** An engine process that does on command what goes wrong in real ones. The command is the first word of the analysed text. */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { serve } from '../../../src/engine/process.js';
import { StrataError, throwIfCancelled } from '../../../src/protocol/errors.js';
import { fakeService, pause } from '../engine/fake-service.js';

/** True the first time that it is called for `name` in any process of one test. */
function firstTime(name: string): boolean {
  const file = path.join(process.env.FAKE_ENGINE_DIR!, name);
  if (existsSync(file)) return false;
  writeFileSync(file, '');
  return true;
}

if (process.env.FAKE_ENGINE_MUTE) setInterval(() => undefined, 1000);
else {
  serve((log, onDevice) => {
    log('info', `fake engine ${process.argv.slice(2).join(' ')}`);
    const service = fakeService(async (text, { signal, onProgress }) => {
      switch (text.split(' ')[0] ?? '') {
        case 'crash':
          process.kill(process.pid, 'SIGKILL');
          return pause(10_000);
        case 'crash-once':
          if (firstTime(text)) process.kill(process.pid, 'SIGKILL');
          return;
        case 'defect-once':
          if (firstTime(text))
            setImmediate(() => {
              throw new Error('nobody caught this');
            });
          return pause(50);
        case 'slow':
          for (let done = 0; done < 1000; done++) {
            onProgress({ phase: 'encode', done, total: 1000 });
            await pause(10);
            throwIfCancelled(signal);
          }
          return;
        case 'steady':
          for (let done = 0; done < 8; done++) {
            onProgress({ phase: 'encode', done, total: 8 });
            await pause(150);
          }
          return;
        case 'silent':
          return pause(900);
        case 'hang-once':
          if (firstTime(text)) for (;;);
          return;
        case 'garbage':
          process.send!({ type: 'result' });
          process.send!('what');
          process.send!({ type: 'result', id: 123_456, result: {} });
          return;
      }
    });
    if (process.env.FAKE_ENGINE_BAD_ANSWER) service.close = () => Promise.resolve([] as never);
    if (process.env.FAKE_ENGINE_GPU_CRASH) {
      const { initialize } = service;
      service.initialize = (params, context) => {
        if (params.device !== 'cpu') process.kill(process.pid, 'SIGKILL');
        return initialize(params, context);
      };
    }
    if (process.env.FAKE_ENGINE_DEVICE_LOST) {
      const { heat } = service;
      service.heat = (params, context) => {
        onDevice({ provider: 'cpu', reason: 'The device was lost.', tokensPerSecond: 0 });
        return heat(params, context);
      };
    }
    if (process.env.FAKE_ENGINE_NO_CUDA) {
      const { initialize } = service;
      service.initialize = (params, context) =>
        params.device === 'cuda'
          ? Promise.reject(new StrataError('device', 'There is no CUDA here.'))
          : initialize(params, context);
    }
    return service;
  });
}
