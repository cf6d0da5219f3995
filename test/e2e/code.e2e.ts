/** The main job on a long file of code: summary, heat with its explanation, and that all of it is sound. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enginePids } from './engine-process.js';
import { ROOT } from './paths.js';
import { THEMES, type Theme, Workbench } from './workbench.js';

const FILE = 'training/build_corpus.py';
const QUESTION = 'download a package and check its hash';

/** Names of the top-level functions, found without any grammar. */
const functions = [...readFileSync(path.join(ROOT, FILE), 'utf8').matchAll(/^def (\w+)/gm)].map((m) => m[1]!);

describe(`a file of code: ${FILE}`, () => {
  let window: Workbench;
  beforeAll(async () => {
    window = await Workbench.open(FILE);
  });
  afterAll(async () => {
    await window.close();
  });

  test('nothing runs before the first command', () => {
    expect(enginePids()).toEqual([]);
  });

  test('analysing fills the sidebar with every function in order', async () => {
    await window.command('Strata: Analyze This Document');
    await window.openSidebar('Strata');
    await window.sidebarRows().filter({ hasText: functions[0]! }).first().waitFor();
    expect(enginePids()).toHaveLength(1);
    const rows = await window.sidebarRows().allInnerTexts();
    const places = functions.slice(0, 5).map((name) => rows.findIndex((row) => row.startsWith(name)));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    // A line of its own for each: more than the name.
    for (const place of places)
      expect(rows[place]!.length).toBeGreaterThan(functions[places.indexOf(place)]!.length + 10);
  });

  test('a question colours the text, the overview ruler and the sidebar', async () => {
    const before = Object.keys(await window.rulerColours());
    await window.command('Strata: Show Relevance Heatmap');
    await window.answer(QUESTION);
    await window.statusItem(QUESTION).waitFor();
    await expect.poll(() => window.heatColours()).not.toEqual([]);
    const after = Object.keys(await window.rulerColours());
    expect(after.filter((colour) => !before.includes(colour))).not.toEqual([]);
    expect(await window.sidebarRows().filter({ hasText: /\d+ %/ }).count()).toBeGreaterThan(0);
  });

  test('the next hot spot answers the question, and its hover adds up', async () => {
    await window.command('Strata: Go to Next Hot Spot');
    const parts = await window.hoverAtCursor();
    const numbers = parts.table.map((cells) => Number(cells.at(-1)));
    const sum = numbers.pop()!;
    // Each number is rounded to three places.
    expect(Math.abs(numbers.reduce((total, x) => total + x, 0) - sum)).toBeLessThanOrEqual(
      0.0005 * (numbers.length + 1),
    );
    expect(sum).toBeGreaterThan(0);
    expect(parts.text).toContain('rank 1 of');
  });

  test.each(Object.keys(THEMES) as Theme[])('heat is visible in %s', async (theme) => {
    await window.theme(theme);
    await expect.poll(() => window.heatColours()).not.toEqual([]);
    await window.screenshot(`heatmap ${theme}`);
  });

  test('nothing was complained about', async () => {
    expect(await window.toasts()).toEqual([]);
    expect(window.policyProblems).toEqual([]);
  });
});
