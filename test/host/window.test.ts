/** Which document is meant, and where and how things are shown. Runs behind the test that activation starts nothing. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { StrataApi } from '../../src/extension.js';
import { COMMANDS, INTERNAL_COMMANDS } from '../../src/ui/ids.js';
import { labelOf, open, said, until, untitled } from './support.js';

const LONG_FILE = 'src/client/client.ts';

let api: StrataApi;

suite('The window', () => {
  suiteSetup(async () => {
    api = await vscode.extensions.getExtension<StrataApi>('strata.strata')!.activate();
  });

  teardown(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  test('the one row of the outline that holds all others is open', async () => {
    const rows = async (content: string): Promise<vscode.TreeItem[]> => {
      const { document } = await untitled(content, 'markdown');
      await api.analyze(document);
      const { outline, documents } = api.internals;
      await until(
        'the tree follows',
        () => documents.active?.document === document && outline.getChildren().length > 0,
      );
      const items = outline.getChildren().map((e) => outline.getTreeItem(e));
      return items.filter((item) => /^(Pets|Food)$/.test(labelOf(item)));
    };
    const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    const states = (items: vscode.TreeItem[]): unknown => items.map((item) => item.collapsibleState);
    const pets = '# Pets\n\n## Cats\n\nCats sleep.\n\n## Dogs\n\nDogs bark.\n';
    assert.deepEqual(states(await rows(pets)), [Expanded]);
    assert.deepEqual(states(await rows(`${pets}\n# Food\n\n## Bread\n\nBread is baked.\n`)), [Collapsed, Collapsed]);
  });

  /** Something else that could be read, beside what is in front. */
  function beside(): Thenable<vscode.TextEditor> {
    const other = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, 'src/protocol/errors.ts');
    return vscode.window.showTextDocument(other, { viewColumn: vscode.ViewColumn.Two });
  }

  test('a notebook in which no cell is being edited can be opened as text', async () => {
    await beside();
    const folder = await mkdtemp(path.join(tmpdir(), 'strata-notebook-'));
    const uri = vscode.Uri.file(path.join(folder, 'steps.ipynb'));
    const cell = { cell_type: 'markdown', metadata: {}, source: ['Cats sleep.'] };
    await writeFile(uri.fsPath, JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 }));
    const notebook = await vscode.workspace.openNotebookDocument(uri);
    await vscode.window.showNotebookDocument(notebook, { viewColumn: vscode.ViewColumn.One });
    await until('it is in front', () => vscode.window.activeNotebookEditor !== undefined);
    const [text, button] = await said(COMMANDS.analyze);
    assert.match(text!, /one cell at a time/);
    assert.equal(button, 'Open as Text');
    const opened = (): vscode.TextEditor | undefined => vscode.window.activeTextEditor;
    await until('it is open as text', () => opened()?.document.uri.toString() === uri.toString());
    await rm(folder, { recursive: true });
  });

  test('a file that the editor does not show as text is refused, also where another one could be read', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'strata-binary-'));
    const uri = vscode.Uri.file(path.join(folder, 'measured.bin'));
    await writeFile(uri.fsPath, new Uint8Array(512));
    await beside();
    await vscode.commands.executeCommand('vscode.open', uri, vscode.ViewColumn.One);
    const { tabGroups } = vscode.window;
    await until('it is in front', () => tabGroups.activeTabGroup.activeTab?.label === 'measured.bin');
    const [text] = await said(COMMANDS.analyze);
    assert.match(text!, /does not hand this file to extensions/);
    await rm(folder, { recursive: true });
  });

  test('a document that a page hides is shown again by who wants to have it read', async () => {
    const document = await vscode.workspace.openTextDocument(
      vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, LONG_FILE),
    );
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, preview: false });
    vscode.window.createWebviewPanel('test', 'Page', vscode.ViewColumn.One);
    await until('the page hides it', () => vscode.window.visibleTextEditors.length === 0);
    await vscode.commands.executeCommand(COMMANDS.analyze);
    assert.equal(vscode.window.activeTextEditor?.document, document);
    assert.ok(api.internals.documents.find(document)?.analysis);
  });

  test('what is on screen is meant where the editor that was used last is hidden', async () => {
    const { document } = await open(LONG_FILE);
    await beside();
    const page = vscode.window.createWebviewPanel('test', 'Page', vscode.ViewColumn.Two);
    const { documents } = api.internals;
    await until('the page hides the other', () => vscode.window.visibleTextEditors.length === 1);
    assert.equal(documents.editor?.document, document);
    page.dispose();
  });

  test('what is shown from the Scales view is shown beside it', async () => {
    const folder = vscode.workspace.workspaceFolders![0]!.uri;
    const [read, other] = [LONG_FILE, 'src/protocol/errors.ts'].map((file) => vscode.Uri.joinPath(folder, file));
    await vscode.window.showTextDocument(read!, { preview: false });
    await vscode.commands.executeCommand(COMMANDS.openScales);
    await vscode.window.showTextDocument(other!, { viewColumn: vscode.ViewColumn.One, preview: false });
    await vscode.commands.executeCommand('workbench.action.focusSecondEditorGroup');
    const { tabGroups } = vscode.window;
    await until('the page has the focus', () => tabGroups.activeTabGroup.activeTab?.label === 'Scales');
    await vscode.commands.executeCommand(INTERNAL_COMMANDS.reveal, read!.toString(), 1);
    const shown = vscode.window.activeTextEditor!;
    assert.deepEqual([shown.document.uri.toString(), shown.viewColumn], [read!.toString(), vscode.ViewColumn.One]);
    assert.equal(tabGroups.all[1]!.activeTab?.label, 'Scales');
  });
});
