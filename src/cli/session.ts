/** The engine inside the command line's own process: nothing here must survive a crash of native code, unlike in an editor. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { TopicLabel } from '../protocol/document.js';
import type { DeviceChoice } from '../protocol/engine.js';
import { locateAssets } from '../engine/assets.js';
import { homeDirectory } from '../engine/home.js';
import { EngineService } from '../engine/service.js';
import { InputError, type Io } from './io.js';

/** Options that every command has. */
export interface CommonOptions {
  device: DeviceChoice;
  threads: number;
  /** Directory of another model. */
  model?: string;
  verbose?: boolean;
  /** The user's own topics instead of the built-in ones. */
  labels?: TopicLabel[];
}

/** Throws InputError where a model was named that is none: there is nothing to reinstall. */
function assertModel(dir: string): void {
  if (!existsSync(path.join(dir, 'manifest.json')))
    throw new InputError(`--model needs a directory with a model: there is no manifest.json in ${dir}.`);
}

/** Opens an engine, hands it to `work` and frees it again. `bundleDir` is where the grammars lie. */
export async function withEngine<T>(
  io: Io,
  bundleDir: string,
  options: CommonOptions,
  work: (service: EngineService) => Promise<T>,
): Promise<T> {
  if (options.model !== undefined) assertModel(options.model);
  const service = new EngineService({
    ...locateAssets(bundleDir, { modelDir: options.model }),
    stateDir: stateDirectory(),
    log: (level, message) => {
      if (options.verbose === true || level === 'warn' || level === 'error') io.err(`${level}: ${message}\n`);
    },
  });
  try {
    const { device, threads, labels } = options;
    await service.initialize({ device, threads, ...(labels ? { topics: labels } : {}) });
    return await work(service);
  } finally {
    await service.dispose();
  }
}

/** The user's directory for what programs may remember: here, which devices work. Undefined where the user has none. */
export function stateDirectory(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const windows = process.platform === 'win32';
  const mac = process.platform === 'darwin';
  const named = windows ? env['LOCALAPPDATA'] : mac ? undefined : env['XDG_CACHE_HOME'];
  const home = homeDirectory();
  const inHome = windows ? path.join('AppData', 'Local') : mac ? path.join('Library', 'Caches') : '.cache';
  const caches = named || (home && path.join(home, inHome));
  return caches && path.join(caches, 'strata');
}
