/** A window of the real VS Code, as a user sees it: everything is done and read through what is drawn. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Browser, type FrameLocator, type Locator, type Page } from 'playwright-core';
import { expect, inject } from 'vitest';
import { launchBrowser } from '../../scripts/lib/browser.mjs';
import { ROOT, SCREENSHOTS } from './paths.js';

/** Colour themes by VS Code's name, with the class that the window gets and the one that webviews get. */
export const THEMES = {
  'Light Modern': { window: 'vs', webview: 'vscode-light' },
  'Dark Modern': { window: 'vs-dark', webview: 'vscode-dark' },
  'Default High Contrast': { window: 'hc-black', webview: 'vscode-high-contrast' },
  'Default High Contrast Light': { window: 'hc-light', webview: 'vscode-high-contrast-light' },
} as const;
export type Theme = keyof typeof THEMES;

/** A loaded machine shows the workbench and starts the extension host much later than an idle one. */
const START_MS = 180_000;
/** After so long a key press was lost on the way, because the focus was moving; it is pressed again. */
const LOST_MS = 3_000;
const TRIES = 40;

export class Workbench {
  /** Violations of the content security policy, from any frame. */
  readonly policyProblems: string[] = [];

  private constructor(
    private readonly browser: Browser,
    readonly page: Page,
  ) {
    page.setDefaultTimeout(120_000);
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) this.policyProblems.push(message.text());
    });
  }

  /** Opens the repository with one file (relative to it, or an absolute path) in the editor. */
  static async open(file: string): Promise<Workbench> {
    const server = inject('server');
    writeFileSync(server.settingsFile, '{}');
    const browser = await launchBrowser();
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1 });
    const workbench = new Workbench(browser, await context.newPage());
    try {
      const url = new URL(server.url);
      url.searchParams.set('payload', JSON.stringify([['openFile', server.remote + path.resolve(ROOT, file)]]));
      await workbench.page.goto(url.href);
      await workbench.page.locator('.monaco-workbench').waitFor({ timeout: START_MS });
      await workbench.page.locator('.editor-instance .view-lines .view-line').first().waitFor({ timeout: START_MS });
      return workbench;
    } catch (error) {
      await workbench.screenshot('failed-to-open');
      await browser.close();
      throw error;
    }
  }

  close(): Promise<void> {
    return this.browser.close();
  }

  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`) });
  }

  /** Applies settings to the open window; waits for nothing. */
  settings(values: Record<string, unknown>): void {
    writeFileSync(inject('server').settingsFile, JSON.stringify(values));
  }

  async theme(name: Theme): Promise<void> {
    this.settings({ 'workbench.colorTheme': name });
    await this.page.locator(`.monaco-workbench.${THEMES[name].window}`).waitFor();
  }

  /** The editor of the first group gets the keyboard. */
  async focusEditor(): Promise<void> {
    await this.pressUntil(['Control+1'], this.page.locator('.editor-instance .monaco-editor.focused').first());
  }

  /** Presses keys until they had their effect: while the focus moves into or out of a webview they can get lost. */
  private async pressUntil(keys: readonly string[], effect: Locator): Promise<void> {
    for (let tries = 1; ; tries++) {
      for (const key of keys) await this.page.keyboard.press(key);
      try {
        await effect.waitFor({ timeout: LOST_MS });
        return;
      } catch (error) {
        if (tries === TRIES) throw error;
      }
    }
  }

  private get quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible .quick-input-box input');
  }

  /** Runs a command from the palette by its full title. The command must be offered, or this fails. */
  async command(title: string): Promise<void> {
    await this.pressUntil(['F1'], this.quickInput);
    await this.quickInput.fill(`>${title}`);
    const row = this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: title }).first();
    await row.waitFor();
    await row.click();
  }

  /** Types into the input that a command opened, and confirms. */
  async answer(text: string): Promise<void> {
    await this.quickInput.fill(text);
    await this.quickInput.press('Enter');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /** Opens the list of questions by its key. */
  async openQuestions(): Promise<void> {
    await this.focusEditor();
    await this.pressUntil(['Control+Alt+H'], this.quickInput);
  }

  /** Rows of the list that a command opened. */
  listRows(text: string | RegExp): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row', { hasText: text });
  }

  /** Leaves those rows that have a text; the first of them is the active one. */
  async filterList(text: string): Promise<void> {
    await this.quickInput.fill(text);
  }

  async closeList(): Promise<void> {
    await this.quickInput.press('Escape');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  async openFile(file: string): Promise<void> {
    await this.pressUntil(['Control+P'], this.quickInput);
    await this.quickInput.fill(file);
    const row = this.page
      .locator('.quick-input-list .monaco-list-row')
      .filter({ hasText: path.basename(file) })
      .first();
    await row.waitFor();
    await this.quickInput.press('Enter');
    await this.page.locator('.tab.active', { hasText: path.basename(file) }).waitFor();
  }

  /** Saves the file `from` as one in a folder that has another file `beside` it: once that is listed, the dialog has come there. */
  async saveAs(from: string, file: string, beside: string): Promise<void> {
    await this.command('File: Save As...');
    // It fills in the old name a moment late.
    await expect.poll(() => this.quickInput.inputValue()).toMatch(new RegExp(`${from}$`));
    await this.quickInput.fill(file);
    await this.listRows(beside).waitFor();
    await this.quickInput.press('Enter');
    await this.page.locator('.tab.active', { hasText: path.basename(file) }).waitFor();
  }

  statusItem(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item', { hasText: text });
  }

  /** Where the cursor is: “Ln 3, Col 5”. */
  cursor(): Promise<string> {
    return this.statusItem(/Ln \d+, Col \d+/).innerText();
  }

  /** Numbers of the lines on screen. */
  async shownLines(): Promise<number[]> {
    const numbers = await this.page.locator('.editor-instance .margin-view-overlays .line-numbers').allInnerTexts();
    return numbers.map(Number).sort((a, b) => a - b);
  }

  /** Rows of the sidebar as far as they are drawn, once each of the names begins one. */
  async rowsOf(names: readonly string[]): Promise<string[]> {
    for (const name of names)
      await this.sidebarRows()
        .filter({ hasText: startsWith(name) })
        .first()
        .waitFor();
    return this.sidebarRows().allInnerTexts();
  }

  /** Resolves when a text was to be seen in the sidebar from now on, however shortly. */
  async seenInSidebar(text: string): Promise<{ seen: Promise<void> }> {
    const handle = await this.page.evaluateHandle((wanted) => {
      const sidebar = document.querySelector<HTMLElement>('.sidebar')!;
      const found = new Promise<void>((resolve) => {
        const look = (): void => {
          if (sidebar.textContent.includes(wanted)) resolve();
        };
        new MutationObserver(look).observe(sidebar, { subtree: true, childList: true, characterData: true });
      });
      return { found };
    }, text);
    return { seen: handle.evaluate(({ found }) => found) };
  }

  /** Background colours of the decorated stretches of text on screen, transparent ones left out. */
  heatColours(): Promise<string[]> {
    return this.page.evaluate(() =>
      [...document.querySelectorAll('.editor-instance .view-overlays .cdr[class*="ced-"]')]
        .map((element) => getComputedStyle(element).backgroundColor)
        .filter((colour) => colour !== 'rgba(0, 0, 0, 0)'),
    );
  }

  /** Number of drawn pixels of each colour in the editor's overview ruler. */
  rulerColours(): Promise<Record<string, number>> {
    return this.page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('.editor-instance canvas.decorationsOverviewRuler');
      const context = canvas?.getContext('2d');
      if (!canvas || !context) return {};
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      const counts: Record<string, number> = {};
      for (let i = 0; i < data.length; i += 4) {
        if (data[i + 3] === 0) continue;
        const colour = data.slice(i, i + 4).join(',');
        counts[colour] = (counts[colour] ?? 0) + 1;
      }
      return counts;
    });
  }

  /** Opens the hover at the cursor by keyboard: its text and the rows of its table. */
  async hoverAtCursor(): Promise<{ text: string; table: string[][] }> {
    await this.focusEditor();
    const hover = this.page.locator('.monaco-hover:visible', { has: this.page.locator('table') }).first();
    await this.pressUntil(['Control+K', 'Control+I'], hover);
    const rows = await hover.locator('tbody tr').all();
    const table = await Promise.all(rows.map((row) => row.locator('td').allInnerTexts()));
    return { text: await hover.innerText(), table };
  }

  async openSidebar(title: string): Promise<void> {
    const action = this.page.locator(`.activitybar .action-item a[aria-label="${title}"]`);
    if ((await action.getAttribute('aria-expanded')) !== 'true') await action.click();
    await this.page.locator('.sidebar .pane-body').first().waitFor();
  }

  sidebarRows(): Locator {
    return this.page.locator('.sidebar .pane-body .monaco-list-row');
  }

  /** The page inside the Scales tab. */
  webview(): FrameLocator {
    return this.page
      .frameLocator('iframe.webview.ready:not([src*="purpose=webviewView"])')
      .frameLocator('iframe#active-frame');
  }

  /** The sentences of the summary in the sidebar. */
  summary(): Locator {
    return this.page
      .frameLocator('iframe.webview.ready[src*="purpose=webviewView"]')
      .frameLocator('iframe#active-frame')
      .locator('li > a');
  }

  /** Percentages of the rungs in the Scales view's ladder. */
  async ladderShares(): Promise<number[]> {
    const cells = await this.webview().locator('table.ladder').first().locator('tr.rung td.number').allInnerTexts();
    return cells.map((text) => Number.parseFloat(text));
  }

  /** The notifications, in their list: with its driver for tests VS Code shows none by itself. */
  async notifications(): Promise<Locator> {
    const list = this.page.locator('.notifications-center.visible');
    if (!(await list.isVisible())) await this.command('Notifications: Show Notifications');
    await list.waitFor();
    return list.locator('.notification-list-item');
  }

  async clearNotifications(): Promise<void> {
    await this.command('Notifications: Clear All Notifications');
    await this.page.locator('.notifications-center.visible').waitFor({ state: 'hidden' });
  }
}

function startsWith(text: string): RegExp {
  return new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
}
