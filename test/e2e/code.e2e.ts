/** The main job on a file of code, step by step in one window: summary, heat with its explanation, Scales view, an edit. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enginePids } from './engine-process.js';
import { ROOT } from './paths.js';
import { THEMES, type Theme, Workbench } from './workbench.js';

const FILE = 'training/export.py';
const QUESTION = 'compare results with PyTorch';

/** Names of the top-level functions, found without any grammar. */
const functions = [...readFileSync(path.join(ROOT, FILE), 'utf8').matchAll(/^def (\w+)/gm)].map((m) => m[1]!);

describe(`a file of code: ${FILE}`, () => {
  let window: Workbench;
  let others: number[];
  beforeAll(async () => {
    others = enginePids();
    window = await Workbench.open(FILE);
  });
  afterAll(async () => {
    await window.close();
  });

  test('nothing runs before the first command', () => {
    expect(enginePids(others)).toEqual([]);
  });

  test('analysing fills the sidebar with every function, in order, with a line about each', async () => {
    await window.command('Strata: Analyse This Document');
    await window.openSidebar('Strata');
    const drawn = await window.rowsOf(functions);
    expect(enginePids(others)).toHaveLength(1);
    // A topic may have the name of a function; it says that it stands out, or in how many places.
    const rows = drawn.filter((row) => !/(stands out|in \d+ places?)$/.test(row));
    const outline = functions.map((name) => rows.find((row) => row.startsWith(name)) ?? `${name} is missing`);
    expect(rows.filter((row) => outline.includes(row))).toEqual(outline);
    for (const [i, row] of outline.entries()) expect(row.length).toBeGreaterThan(functions[i]!.length + 5);
  });

  test('the summary can be read in whole sentences, and each of them leads to its place', async () => {
    // It is a page of its own, and may come behind the outline.
    await window.summary().nth(2).waitFor();
    const sentences = await window.summary().allInnerTexts();
    expect(sentences.length).toBeGreaterThan(2);
    const lines = readFileSync(path.join(ROOT, FILE), 'utf8').split('\n');
    const [, sentence, line] = /^(.*) line (\d+)$/s.exec(sentences.at(-1)!)!;
    // The place of a description is what it describes, which may have a long head.
    const place = lines.slice(Number(line) - 1, Number(line) + 9).join('\n');
    expect(place).toContain(sentence!.split(' ').slice(0, 3).join(' '));
    await window.summary().last().press('Enter');
    await window.statusItem(new RegExp(`Ln ${line!},`)).waitFor();
    await window.page.locator('.editor-instance .monaco-editor.focused').first().waitFor();
    // The file's description is the first of them; a click does the same.
    await window.summary().first().click();
    await window.statusItem('Ln 1,').waitFor();
  });

  test('a question colours the text, the overview ruler and the sidebar', async () => {
    const before = Object.keys(await window.rulerColours());
    await window.openQuestions();
    await window.answer(QUESTION);
    // The question is shortened there.
    await window.statusItem(/compare results…/).waitFor();
    // With this role it is read out.
    await window.page.getByRole('alert', { name: /^\d+ hot spots, the hottest in line \d+$/ }).waitFor();
    await window.page.locator('.statusbar-item[aria-label*="hot spots: "]').waitFor();
    await expect.poll(() => window.heatColours()).not.toEqual([]);
    const added = async (): Promise<string[]> =>
      Object.keys(await window.rulerColours()).filter((colour) => !before.includes(colour));
    await expect.poll(added).not.toEqual([]);
    await window.sidebarRows().filter({ hasText: /\d+ %/ }).first().waitFor();
    const hottest = await window.rowsOf(['Hot Spots']);
    expect(hottest[hottest.findIndex((row) => row.startsWith('Hot Spots')) + 1]).toMatch(/^\d+ · \S/);
  });

  test('the next hot spot is a ranked place whose hover adds up', async () => {
    await window.command('Strata: Go to Next Hot Spot');
    const { text, table } = await window.hoverAtCursor();
    expect(text).toMatch(/rank \d+ of \d+/);
    const numbers = table.map((cells) => Number(cells.at(-1)));
    const sum = numbers.pop()!;
    expect(numbers.length).toBeGreaterThan(2);
    // Each number is rounded to three places.
    const difference = Math.abs(numbers.reduce((total, x) => total + x, 0) - sum);
    expect(difference).toBeLessThanOrEqual(0.0005 * (numbers.length + 1));
    // So do the words: strongest ones, others and context make the rows of the place itself.
    const itself = table.filter(([label]) => label!.startsWith('itself')).map((cells) => Number(cells.at(-1)));
    expect(itself).toHaveLength(2);
    const [own, met] = text.slice(text.indexOf('Its own words')).split('Words of the question meet:');
    const words = [...own!.matchAll(/-?\d+\.\d{3}/g)].map((m) => Number(m[0]));
    expect(words.length).toBeGreaterThan(1);
    const ofWords = words.reduce((total, x) => total + x, 0);
    expect(Math.abs(ofWords - itself.reduce((total, x) => total + x, 0))).toBeLessThanOrEqual(
      0.0005 * (words.length + 2),
    );
    expect(met).toMatch(/\S+ → \S+ -?\d\.\d{3}/);
    await window.page.keyboard.press('Escape');
  });

  test('keys go from one hot spot to the next and back, around the ends of the file', async () => {
    await window.focusEditor();
    const { keyboard } = window.page;
    const moved = async (key: string): Promise<string> => {
      const from = await window.cursor();
      await keyboard.press(key);
      await expect.poll(() => window.cursor()).not.toBe(from);
      return window.cursor();
    };
    await moved('Control+Home');
    const last = await moved('Alt+PageUp');
    await moved('Alt+PageDown');
    expect(await moved('Alt+PageUp')).toBe(last);
  });

  test('explaining a place lists others, shows each, and goes back', async () => {
    const here = await window.cursor();
    const line = Number(/Ln (\d+)/.exec(here)![1]);
    await expect.poll(() => window.shownLines()).toContain(line);
    await window.command('Strata: Explain This Place');
    await window.listRows(/rank \d+ of \d+/).waitFor();
    await window.filterList('elsewhere in the whole document');
    await expect.poll(() => window.shownLines()).toContain(1);
    expect(await window.shownLines()).not.toContain(line);
    await window.closeList();
    await expect.poll(() => window.shownLines()).toContain(line);
    expect(await window.cursor()).toBe(here);
  });

  test('a click on the question in the status bar changes the scale, one on the engine lists devices', async () => {
    for (const [now, choice, then] of [
      ['statements', 'Words', 'words'],
      ['words', 'Statements and sentences', 'statements'],
    ] as const) {
      await window.statusItem(`compare results… · ${now}`).click();
      await window.listRows(choice).click();
      await window.statusItem(`compare results… · ${then}`).waitFor();
    }
    await window.statusItem(/Strata (CPU|WEBGPU)/).click();
    await window.listRows('Processor (CPU)').waitFor();
    await window.closeList();
  });

  test.each(Object.keys(THEMES) as Theme[])('heat is visible in %s', async (theme) => {
    await window.theme(theme);
    await expect.poll(() => window.heatColours()).not.toEqual([]);
    await window.screenshot(`heatmap ${theme}`);
  });

  test('the Scales view shows where a node looks, and the shares add up to 100 %', async () => {
    await window.command('Strata: Open Scales View');
    const page = window.webview();
    await page.locator('#app[data-ladder]').waitFor();
    // It begins where the cursor is. By keyboard alone: to the top, into the document, to its second child, one level down.
    await page.locator('canvas').press('Home');
    await expect.poll(() => page.locator('#app').getAttribute('data-ladder')).toBe('0');
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowRight']) await page.locator('canvas').press(key);
    await expect.poll(() => page.locator('#app').getAttribute('data-ladder')).not.toBe('0');
    await expect.poll(() => window.ladderShares()).not.toEqual([]);
    for (const [layer, head] of [
      ['mean', 'mean'],
      ['0', 'mean'],
      ['3', '5'],
    ] as const) {
      await page.locator('select').nth(0).selectOption(layer);
      await page.locator('select').nth(1).selectOption(head);
      await expect.poll(async () => sum(await window.ladderShares())).toBeCloseTo(100, 0);
    }
    await page.locator('select').nth(0).selectOption('mean');
    await page.locator('select').nth(1).selectOption('mean');
  });

  test('the table twin says in words what the bands show', async () => {
    const page = window.webview();
    await page.locator('details summary').click();
    const current = page.locator('table.bands-table tr[aria-current="true"] button');
    const before = await current.innerText();
    await page.locator('table.bands-table button').first().press('Enter');
    await expect.poll(() => current.innerText()).not.toBe(before);
    for (const name of functions) await page.locator('table.bands-table button', { hasText: name }).first().waitFor();
    // The file's own row may begin with the same letters.
    const name = new RegExp(`^\\s*${functions[3]!}(?!\\w)`);
    await page.locator('table.bands-table button', { hasText: name }).first().press('Enter');
    await expect.poll(() => current.innerText()).toMatch(name);
    await page.locator('details summary').click();
  });

  test('what is shown in the editor stays picked, although the cursor goes to its first statement', async () => {
    const title = window.webview().locator('.picked-title');
    await expect.poll(() => title.innerText()).toBe(functions[3]!);
    await window.webview().locator('canvas').press('Enter');
    await window.page.locator('.editor-instance .monaco-editor.focused').first().waitFor();
    // Longer than the pause after which the page follows the cursor.
    await window.page.waitForTimeout(1_000);
    expect(await title.innerText()).toBe(functions[3]!);
  });

  test.each(Object.keys(THEMES) as Theme[])('the Scales view follows %s', async (theme) => {
    await window.theme(theme);
    const page = window.webview();
    await page.locator(`body.${THEMES[theme].webview}`).waitFor();
    const colours = await page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      const seen = new Set<string>();
      for (let i = 0; i < data.length; i += 4) if (data[i + 3]! > 0) seen.add(data.slice(i, i + 3).join(','));
      return seen.size;
    });
    expect(colours).toBeGreaterThan(2);
    await window.screenshot(`scales ${theme}`);
    if (theme === 'Light Modern' && process.env['STRATA_REFRESH_IMAGES'])
      await window.page.screenshot({ path: path.join(ROOT, 'docs/images/overview.png') });
  });

  test('an edit moves the heat with the text, and the text is read again after a pause', async () => {
    const changed = 'The text has changed since the analysis';
    await window.focusEditor();
    await window.command('Strata: Go to Next Hot Spot');
    await expect.poll(() => window.heatColours()).not.toEqual([]);
    await window.focusEditor();
    const { seen } = await window.seenInSidebar(changed);
    await window.page.keyboard.press('Control+Shift+Enter');
    await window.page.keyboard.type('# a line more');
    expect(await window.heatColours()).not.toEqual([]);
    await seen;
    await window.page.locator('.sidebar', { hasText: changed }).waitFor({ state: 'hidden' });
    await expect.poll(() => window.heatColours()).not.toEqual([]);
    const rows = await window.rowsOf(functions);
    for (const name of functions) expect(rows.filter((row) => row.startsWith(name)).length).toBeGreaterThan(0);
  });

  test('the Scales view lets go of a document that was closed', async () => {
    await window.focusEditor();
    await window.command('View: Revert and Close Editor');
    await window.webview().locator('.empty', { hasText: 'Analyse a document to see its scales.' }).waitFor();
  });

  test('nothing was complained about', async () => {
    expect(await (await window.notifications()).allInnerTexts()).toEqual([]);
    expect(window.policyProblems).toEqual([]);
  });
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, x) => total + x, 0);
}
