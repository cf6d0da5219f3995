/** The same on prose: the sections of a Markdown file, and heat that finds the right one. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from './paths.js';
import { Workbench } from './workbench.js';

const FILE = 'CONTRIBUTING.md';
const QUESTION = 'add a new programming language with its grammar';
/** Takes long to read. */
const LONGER = 'third-party/onnxruntime-ThirdPartyNotices.txt';
const headings = [...readFileSync(path.join(ROOT, FILE), 'utf8').matchAll(/^## (.+)$/gm)].map((m) => m[1]!);

describe(`a file of prose: ${FILE}`, () => {
  let window: Workbench;
  beforeAll(async () => {
    window = await Workbench.open(FILE);
  });
  afterAll(async () => {
    await window.close();
  });

  test('the empty sidebar says what to do', async () => {
    await window.openSidebar('Strata');
    await window.page
      .locator('.sidebar .welcome-view-content a, .sidebar .welcome-view-content .monaco-button')
      .first()
      .waitFor();
  });

  test('its sections are the outline', async () => {
    await window.page.locator('.sidebar .welcome-view-content .monaco-button').first().click();
    await window.sidebarRows().first().waitFor();
    // The document's title, which holds them, is open.
    await window.rowsOf(headings);
  });

  /** What the sidebar says of each section. */
  const heat = async (): Promise<{ heading: string; percent: number }[]> => {
    const rows = await window.rowsOf(headings);
    return headings.map((heading) => {
      const row = rows.find((text) => text.trim().startsWith(heading)) ?? '';
      return { heading, percent: Number(/(\d+) %/.exec(row)?.[1]) };
    });
  };

  test('the section that the question asks for is among the hottest', async () => {
    await window.command('Strata: Show Relevance Heatmap');
    await window.answer(QUESTION);
    // Every row has its number when the tree was drawn anew.
    await expect.poll(async () => (await heat()).every(({ percent }) => percent >= 0)).toBe(true);
    const hottest = (await heat()).sort((a, b) => b.percent - a.percent).slice(0, 2);
    expect(hottest.map(({ heading }) => heading)).toContain('Add a language');
    expect(hottest[0]!.percent).toBeGreaterThan(0);
  });

  test('a click on a section shows it', async () => {
    await window.sidebarRows().filter({ hasText: 'Make a release' }).first().click();
    await window.page.locator('.editor-instance .view-line', { hasText: 'Make a release' }).waitFor();
    const line = readFileSync(path.join(ROOT, FILE), 'utf8').split('\n').indexOf('## Make a release') + 1;
    await window.statusItem(`Ln ${line}, Col 1`).waitFor();
  });

  test('a question that nothing in the file answers is told so', async () => {
    await window.command('Strata: Show Relevance Heatmap');
    await window.answer('which wine goes with roast duck');
    const told = (await window.notifications()).filter({ hasText: 'Nothing here seems to answer this question' });
    await told.waitFor();
    await window.clearNotifications();
    await window.page.locator('.sidebar').getByText('Nothing here seems to answer the question').waitFor();
    await expect.poll(async () => (await heat()).every(({ percent }) => percent <= 10)).toBe(true);
    await window.screenshot('nothing answers');
  });

  test('an earlier question can be taken from the list', async () => {
    await window.openQuestions();
    await window.listRows(QUESTION).click();
    await expect.poll(async () => (await heat()).some(({ percent }) => percent > 10)).toBe(true);
  });

  test('heat and summary are still there when the file is saved under another name', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'strata-saved-as-'));
    try {
      writeFileSync(path.join(folder, 'other.md'), '');
      await window.saveAs(FILE, path.join(folder, 'copy.md'), 'other.md');
      await window.page.locator('.sidebar .pane-header', { hasText: 'copy.md' }).waitFor();
      await window.statusItem(/add a new/).waitFor();
      await expect.poll(async () => (await heat()).some(({ percent }) => percent > 10)).toBe(true);
      await window.command('View: Close Editor');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('Cancel in the notification ends the reading of a longer file', async () => {
    await window.openFile(LONGER);
    await window.command('Strata: Analyse This Document');
    const reading = (await window.notifications()).filter({ hasText: `reading ${path.basename(LONGER)}` });
    await reading.locator('.monaco-button', { hasText: 'Cancel' }).click();
    await window.page
      .locator('.sidebar .welcome-view-content .monaco-button', { hasText: 'Analyse This Document' })
      .waitFor();
  });

  test('nothing was complained about', async () => {
    expect(await (await window.notifications()).allInnerTexts()).toEqual([]);
    expect(window.policyProblems).toEqual([]);
  });
});
