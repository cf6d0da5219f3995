/** The engine inside the command line's own process: nothing here must survive a crash of native code, unlike in an editor. */
import type { DeviceChoice } from '../protocol/engine.js';
import { locateAssets } from '../engine/assets.js';
import { EngineService } from '../engine/service.js';
import type { Io } from './io.js';

/** Options that every command has. */
export interface CommonOptions {
  device: DeviceChoice;
  threads: number;
  /** Directory of another model. */
  model?: string;
  verbose?: boolean;
}

/** Opens an engine, hands it to `work` and frees it again. `bundleDir` is where the grammars lie. */
export async function withEngine<T>(
  io: Io,
  bundleDir: string,
  options: CommonOptions,
  work: (service: EngineService) => Promise<T>,
): Promise<T> {
  const service = new EngineService({
    ...locateAssets(bundleDir, { modelDir: options.model }),
    log: (level, message) => {
      if (options.verbose === true || level === 'warn' || level === 'error') io.err(`${level}: ${message}\n`);
    },
  });
  try {
    await service.initialize({ device: options.device, threads: options.threads });
    return await work(service);
  } finally {
    await service.dispose();
  }
}
