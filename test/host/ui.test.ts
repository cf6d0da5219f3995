/** What commands show beside the text. Runs behind the test that activation starts nothing. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS, INTERNAL_COMMANDS, SETTINGS } from '../../src/ui/ids.js';
import { api, longText, open, said, until, untitled, useWindow } from './support.js';

/** A notification with progress. */
interface Shown {
  title: string | undefined;
  /** Presses its button. */
  cancel(): void;
}

suite('What commands show', () => {
  useWindow();

  /** Runs something; `shown` are the notifications with progress that come meanwhile. */
  async function watched(run: (shown: readonly Shown[]) => Promise<void>): Promise<void> {
    const { window } = vscode;
    const { withProgress } = window;
    const shown: Shown[] = [];
    const watch: typeof withProgress = ({ title }, task) => {
      const source = new vscode.CancellationTokenSource();
      shown.push({
        title,
        cancel: () => {
          source.cancel();
        },
      });
      return task({ report: () => undefined }, source.token);
    };
    window.withProgress = watch;
    try {
      await run(shown);
    } finally {
      window.withProgress = withProgress;
    }
  }

  test('reading a long document shows its progress, and Cancel ends it', async () => {
    const { document } = await untitled(await longText());
    await watched(async (shown) => {
      const analysing = vscode.commands.executeCommand(COMMANDS.analyze);
      await until('the progress is shown', () => shown.length > 0);
      assert.match(shown[0]!.title!, /reading/);
      shown[0]!.cancel();
      await analysing;
    });
    const model = api.internals.documents.find(document)!;
    assert.deepEqual([model.state, model.analysis], ['idle', undefined]);
  });

  test('what is known already is there at once, without a notification', async () => {
    const { document } = await open('src/protocol/errors.ts');
    await api.analyze(document);
    await watched(async (shown) => {
      await vscode.commands.executeCommand(COMMANDS.analyze);
      assert.deepEqual(shown, []);
    });
  });

  test('a selection in the log is not taken for one of the document beside it', async () => {
    const { document } = await open('src/protocol/errors.ts');
    const heat = (): unknown => api.internals.documents.find(document)?.heat;
    const before = heat();
    api.internals.engine.log.show();
    await until('the log has the focus', () => vscode.window.activeTextEditor?.document.uri.scheme === 'output');
    for (const command of [COMMANDS.heatBySelection, COMMANDS.explainPlace])
      assert.match((await said(command))[0]!, /does not read what the cursor is in/);
    assert.equal(heat(), before);
  });

  test('that nothing answers, and that there is nowhere to go, is told in notifications, which are read out', async () => {
    await open('src/client/client.ts');
    const asked = await said(COMMANDS.showHeatmap, 'which wine goes with roast duck');
    assert.deepEqual(asked, ['Nothing here seems to answer this question.']);
    assert.deepEqual(await said(COMMANDS.nextHotSpot), ['There is no hot spot for this question.']);
  });

  test('the hover over a place leads to the list that explains it, in which every row leads somewhere', async () => {
    const { document } = await untitled('Cats sleep most of the day.\n\nBread is baked in an oven.\n');
    const { ranking } = await api.heat(document, 'baking');
    const { start } = api.internals.documents.find(document)!.rangeOf(ranking[0]!);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      start,
    );
    const texts = hovers.flatMap(({ contents }) => contents).filter((text) => text instanceof vscode.MarkdownString);
    assert.ok(!texts.some(({ supportThemeIcons }) => supportThemeIcons), 'what is quoted is not drawn as an icon');
    const link = new RegExp(`command:${INTERNAL_COMMANDS.explainNode}\\?([^)]+)`).exec(
      texts.map(({ value }) => value).join('\n'),
    );
    const parameters = JSON.parse(decodeURIComponent(link![1]!)) as unknown[];

    const { window } = vscode;
    const { createQuickPick } = window;
    const lists: vscode.QuickPick<vscode.QuickPickItem>[] = [];
    const keep = (): vscode.QuickPick<vscode.QuickPickItem> => {
      const list = createQuickPick();
      lists.push(list);
      return list;
    };
    window.createQuickPick = keep as typeof createQuickPick;
    try {
      const closed = vscode.commands.executeCommand(INTERNAL_COMMANDS.explainNode, ...parameters);
      await until('the list is shown', () => lists.length > 0);
      const rows = lists[0]!.items.filter(({ kind }) => kind !== vscode.QuickPickItemKind.Separator);
      const nowhere = rows.filter((row) => !('range' in row)).map(({ description }) => description);
      assert.match(rows[0]!.description!, /^rank 1 of \d/);
      assert.deepEqual(
        nowhere.filter((row) => row !== 'context from its neighbours'),
        [],
      );
      lists[0]!.hide();
      await closed;
    } finally {
      window.createQuickPick = createQuickPick;
    }
  });

  test('what is chosen from the lists of devices and scales is set', async () => {
    const { window, workspace } = vscode;
    const { showQuickPick } = window;
    for (const [command, label, setting, value] of [
      [COMMANDS.selectDevice, 'Processor (CPU)', SETTINGS.device, 'cpu'],
      [COMMANDS.chooseHeatScale, 'Words', SETTINGS.heatScale, 'token'],
    ] as const) {
      const choose = (items: readonly vscode.QuickPickItem[]): Promise<vscode.QuickPickItem | undefined> =>
        Promise.resolve(items.find((item) => item.label === label));
      window.showQuickPick = choose as unknown as typeof showQuickPick;
      try {
        await vscode.commands.executeCommand(command);
      } finally {
        window.showQuickPick = showQuickPick;
      }
      assert.equal(workspace.getConfiguration().get(setting), value);
    }
  });
});
