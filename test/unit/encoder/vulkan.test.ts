/** Where a driver for Vulkan is described, if there is one. */
import type * as fileSystem from 'node:fs';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { hasVulkanDriver } from '../../../src/engine/encoder/vulkan.js';

let dir = '';

/** Whatever drivers this machine has, no folder but those of the test holds any. */
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof fileSystem>();
  const readdirSync = (folder: string): string[] => (folder.startsWith(dir) ? fs.readdirSync(folder) : []);
  return { ...fs, readdirSync };
});

const inDir = (...names: string[]): string => path.join(dir, ...names);

beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'strata-vulkan-'));
  mkdirSync(inDir('vulkan', 'icd.d'), { recursive: true });
  writeFileSync(inDir('vulkan', 'icd.d', 'gpu.json'), '{}');
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

it.each(['XDG_DATA_HOME', 'XDG_DATA_DIRS', 'XDG_CONFIG_HOME', 'XDG_CONFIG_DIRS'])('a folder of %s', (name) => {
  expect(hasVulkanDriver({ HOME: inDir('none'), [name]: dir })).toBe(true);
});

it("a folder of the user's", () => {
  const share = inDir('.local', 'share', 'vulkan', 'icd.d');
  mkdirSync(share, { recursive: true });
  writeFileSync(path.join(share, 'gpu.json'), '{}');
  expect(hasVulkanDriver({ HOME: dir })).toBe(true);
});

it('none where no folder holds one', () => {
  expect(hasVulkanDriver({ HOME: inDir('none') })).toBe(false);
});

it('those of the system for a user without a home', () => {
  vi.spyOn(os, 'homedir').mockImplementation(() => {
    throw new Error('uv_os_homedir returned ENOENT');
  });
  expect(hasVulkanDriver({})).toBe(false);
  expect(hasVulkanDriver({ XDG_DATA_DIRS: dir })).toBe(true);
  vi.mocked(os.homedir).mockRestore();
});

it('files that VK_ADD_DRIVER_FILES names count beside the folders', () => {
  const name = 'VK_ADD_DRIVER_FILES';
  const gone = inDir('gone.json');
  expect(hasVulkanDriver({ HOME: inDir('none'), [name]: inDir('vulkan', 'icd.d', 'gpu.json') })).toBe(true);
  expect(hasVulkanDriver({ HOME: inDir('none'), [name]: gone })).toBe(false);
  expect(hasVulkanDriver({ HOME: inDir('none'), [name]: gone, XDG_DATA_HOME: dir })).toBe(true);
});

it.each(['VK_DRIVER_FILES', 'VK_ICD_FILENAMES'])('files that %s names count alone', (name) => {
  const there = inDir('vulkan', 'icd.d', 'gpu.json');
  const gone = inDir('gone.json');
  expect(hasVulkanDriver({ [name]: [gone, there].join(path.delimiter) })).toBe(true);
  expect(hasVulkanDriver({ [name]: gone, XDG_DATA_HOME: dir })).toBe(false);
});
