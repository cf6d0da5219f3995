/** The engine is taken away in the middle of an analysis: the editor shows the result all the same. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enginePids } from './engine-process.js';
import { ROOT } from './paths.js';
import { Workbench } from './workbench.js';

/** Plain text, long enough to be interrupted while it is read. */
const LINES = 1_500;
const SOURCE = 'third-party/onnxruntime-ThirdPartyNotices.txt';

describe('an engine that dies', () => {
  let window: Workbench;
  /** Engines of windows that were closed just before may still be ending. */
  let others: number[];
  let dir: string;
  beforeAll(async () => {
    others = enginePids();
    dir = mkdtempSync(path.join(tmpdir(), 'strata-crash-'));
    const file = path.join(dir, 'notices.txt');
    writeFileSync(file, readFileSync(path.join(ROOT, SOURCE), 'utf8').split('\n').slice(0, LINES).join('\n'));
    window = await Workbench.open(file);
  });
  afterAll(async () => {
    await window.close();
    rmSync(dir, { recursive: true, force: true });
  });

  test('is started again, and what was asked is answered', async () => {
    await window.openSidebar('Strata');
    await window.command('Strata: Analyse This Document');
    // It has begun to encode.
    await window.page.locator('.sidebar', { hasText: /Reading the document… \d+ %/ }).waitFor();
    const [pid, ...more] = enginePids(others);
    expect(more).toEqual([]);
    process.kill(pid!, 'SIGKILL');
    await window.summary().first().waitFor({ timeout: 300_000 });
    // The outline is drawn by the editor, and may come behind the summary.
    await window.sidebarRows().nth(3).waitFor();
    const [next] = enginePids(others);
    expect(next).toBeDefined();
    expect(next).not.toBe(pid);
    expect(await (await window.notifications()).allInnerTexts()).toEqual([]);
  });
});
