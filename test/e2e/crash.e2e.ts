/** The engine is taken away in the middle of an analysis: the editor shows the result all the same. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enginePids } from './engine-process.js';
import { Workbench } from './workbench.js';

/** Plain text of 6,000 lines: it takes long enough to be interrupted. */
const FILE = 'third-party/onnxruntime-ThirdPartyNotices.txt';

describe('an engine that dies', () => {
  let window: Workbench;
  /** Engines of windows that were closed just before may still be ending. */
  let others: number[];
  const ours = (): number[] => enginePids().filter((pid) => !others.includes(pid));
  beforeAll(async () => {
    others = enginePids();
    window = await Workbench.open(FILE);
  });
  afterAll(async () => {
    await window.close();
  });

  test('is started again, and what was asked is answered', async () => {
    await window.openSidebar('Strata');
    await window.command('Strata: Analyze This Document');
    // It has begun to encode.
    await window.page.locator('.sidebar', { hasText: /Reading the document… \d+ %/ }).waitFor();
    const [pid, ...more] = ours();
    expect(more).toEqual([]);
    process.kill(pid!, 'SIGKILL');
    await window.sidebarRows().filter({ hasText: 'Summary' }).first().waitFor({ timeout: 170_000 });
    expect(await window.sidebarRows().count()).toBeGreaterThan(3);
    const [next] = ours();
    expect(next).toBeDefined();
    expect(next).not.toBe(pid);
    await expect.poll(() => window.toasts()).toEqual([]);
  });
});
