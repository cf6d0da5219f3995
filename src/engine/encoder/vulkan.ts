/** Whether Linux has a driver for Vulkan. WebGPU runs on that there, and fails loudly without one: on standard error, past every log. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { homeDirectory } from '../home.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** As Vulkan's loader looks for what describes a driver (LoaderDriverInterface.md): in files that are named, else in folders of data and settings. */
export function hasVulkanDriver(env: Environment = process.env): boolean {
  const named = [env['VK_DRIVER_FILES'], env['VK_ICD_FILENAMES']].flatMap(several);
  if (named.length > 0) return named.some((file) => existsSync(file));
  if (several(env['VK_ADD_DRIVER_FILES']).some((file) => existsSync(file))) return true;
  return folders(env).some((folder) => holdsDescription(path.join(folder, 'vulkan', 'icd.d')));
}

function folders(env: Environment): string[] {
  const home = env['HOME'] || homeDirectory();
  const inHome = (...names: string[]): string[] => (home === undefined ? [] : [path.join(home, ...names)]);
  return [
    ...(env['XDG_CONFIG_HOME'] ? [env['XDG_CONFIG_HOME']] : inHome('.config')),
    ...several(env['XDG_CONFIG_DIRS'] || '/etc/xdg'),
    '/etc',
    '/usr/local/etc',
    ...(env['XDG_DATA_HOME'] ? [env['XDG_DATA_HOME']] : inHome('.local', 'share')),
    ...several(env['XDG_DATA_DIRS']),
    '/usr/local/share',
    '/usr/share',
  ];
}

function holdsDescription(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => name.endsWith('.json'));
  } catch {
    return false;
  }
}

function several(paths: string | undefined): string[] {
  return paths?.split(path.delimiter).filter(Boolean) ?? [];
}
