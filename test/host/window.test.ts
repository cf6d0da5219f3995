/** Which document is meant, and where and how things are shown. Runs behind the test that activation starts nothing. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { unlessAborted } from '../../src/client/index.js';
import type { DocumentModel } from '../../src/ui/document-model.js';
import { Documents } from '../../src/ui/documents.js';
import { COMMANDS, INTERNAL_COMMANDS, SETTINGS } from '../../src/ui/ids.js';
import { api, labelOf, longText, open, said, set, until, untitled, useWindow } from './support.js';

const LONG_FILE = 'src/client/client.ts';

suite('The window', () => {
  useWindow();

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

  test('of a document in two groups the editor that was used last is meant', async () => {
    const { document } = await open(LONG_FILE);
    const second = await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Two });
    const page = vscode.window.createWebviewPanel('test', 'Page', vscode.ViewColumn.Three);
    await until('the page has the focus', () => vscode.window.activeTextEditor === undefined);
    assert.equal(api.internals.documents.editor, second);
    page.dispose();
  });

  test('code in a chat is not taken for the document beside it', async () => {
    const { document } = await open(LONG_FILE);
    const code = vscode.Uri.from({ scheme: 'vscode-chat-code-block', path: '/1' });
    const provider = { provideTextDocumentContent: () => 'Cats sleep.\n' };
    const provided = vscode.workspace.registerTextDocumentContentProvider(code.scheme, provider);
    await vscode.window.showTextDocument(code, { viewColumn: vscode.ViewColumn.Two });
    assert.equal(api.internals.documents.editor?.document, document);
    provided.dispose();
  });

  test('from one tab to the next the sidebar is not emptied in between', async () => {
    for (const content of [PETS, `${PETS}Dogs bark.\n`]) {
      const { document } = await untitled(content);
      await api.analyze(document);
    }
    const { outline, documents } = api.internals;
    const rows: number[] = [];
    const redrawn = outline.onDidChangeTreeData(() => rows.push(outline.getChildren().length));
    const before = documents.active;
    await vscode.commands.executeCommand('workbench.action.nextEditorInGroup');
    await until('the other tab is shown', () => rows.length > 0 && documents.active !== before);
    redrawn.dispose();
    assert.deepEqual(rows, [outline.getChildren().length]);
    assert.notEqual(rows[0], 0);
  });

  test('a setting that is changed during the first reading is followed, also where edits are not', async () => {
    await set(SETTINGS.reanalyzeOnEdit, false);
    const { document } = await untitled(await longText());
    const reading = api.analyze(document);
    const model = api.internals.documents.find(document)!;
    await until('it is being read', () => model.progress !== undefined);
    await set(SETTINGS.summaryWords, 20);
    await reading;
    await until('it is read with that', () => !model.outdated, 60);
  });

  test('the heat of words is not waited for where the document has left the screen', async () => {
    const { engine } = api.internals;
    const request = engine.request.bind(engine);
    const asked: (AbortSignal | undefined)[] = [];
    engine.request = (method, params, options) => {
      if (method !== 'tokenHeat') return request(method, params, options);
      asked.push(options?.signal);
      return unlessAborted(new Promise(() => undefined), options?.signal);
    };
    try {
      await set(SETTINGS.heatScale, 'token');
      const { document } = await untitled(PETS);
      await api.heat(document, 'baking');
      await until('it is asked for', () => asked.length > 0);
      await untitled('Dogs bark.\n');
      await until('it is given up', () => asked.every((signal) => signal?.aborted), 20);
    } finally {
      engine.request = request;
    }
  });

  test('what is shown from the Scales view is shown beside it', async () => {
    const folder = vscode.workspace.workspaceFolders![0]!.uri;
    const [read, other] = [LONG_FILE, 'src/protocol/errors.ts'].map((file) => vscode.Uri.joinPath(folder, file));
    await vscode.window.showTextDocument(read!, { preview: false });
    await vscode.commands.executeCommand(COMMANDS.openScales);
    const model = api.internals.documents.active!;
    await vscode.window.showTextDocument(other!, { viewColumn: vscode.ViewColumn.One, preview: false });
    await vscode.commands.executeCommand('workbench.action.focusSecondEditorGroup');
    const { tabGroups } = vscode.window;
    await until('the page has the focus', () => tabGroups.activeTabGroup.activeTab?.label === 'Scales');
    await vscode.commands.executeCommand(INTERNAL_COMMANDS.reveal, model.id, 1);
    const shown = vscode.window.activeTextEditor!;
    assert.deepEqual([shown.document.uri.toString(), shown.viewColumn], [read!.toString(), vscode.ViewColumn.One]);
    assert.equal(tabGroups.all[1]!.activeTab?.label, 'Scales');
  });

  /** A folder that is removed after the test. */
  async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
    const folder = await mkdtemp(path.join(tmpdir(), 'strata-names-'));
    try {
      await run(folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  const PETS = 'Cats sleep most of the day.\n\nBread is baked in an oven.\n';

  /** A document of two sentences, opened from an address, that is asked what is baked. */
  async function asked(uri: vscode.Uri): Promise<DocumentModel> {
    const { document } = await vscode.window.showTextDocument(uri, { preview: false });
    await api.heat(document, 'baking');
    return api.internals.documents.find(document)!;
  }

  /** The model has gone on as the document of a file, and shows there what was asked. */
  async function goesOn(model: DocumentModel, file: string): Promise<void> {
    const { documents } = api.internals;
    const address = vscode.Uri.file(file).toString();
    await until('the file is shown', () => vscode.window.activeTextEditor?.document.uri.toString() === address);
    assert.ok(documents.active === model, 'it is the same model');
    assert.ok(!documents.all.some(({ document }) => document.isClosed), 'and the old document has none');
    assert.equal(model.heat?.title, 'baking');
    const hottest = (): string => model.document.getText(model.rangeOf(model.heat!.result.ranking[0]!));
    assert.equal(hottest(), 'Bread is baked in an oven.');
    await until('it is read under its name', () => !model.outdated);
    assert.equal(hottest(), 'Bread is baked in an oven.');
    await api.heat(model.document, 'baking');
    assert.equal(hottest(), 'Bread is baked in an oven.');
  }

  test('what is shown of an unsaved document is still shown when it has become a file', () =>
    inFolder(async (folder) => {
      const file = path.join(folder, 'pets.md');
      const uri = vscode.Uri.file(file).with({ scheme: 'untitled' });
      const { document } = await vscode.window.showTextDocument(uri);
      const edit = new vscode.WorkspaceEdit();
      // Without a line end, which the editor adds while it saves.
      edit.insert(uri, new vscode.Position(0, 0), PETS.trimEnd());
      await vscode.workspace.applyEdit(edit);
      const model = await asked(document.uri);
      await set('files.insertFinalNewline', true);
      try {
        await vscode.workspace.save(uri);
        await goesOn(model, file);
        assert.equal(model.document.getText(), PETS);
      } finally {
        await set('files.insertFinalNewline', undefined);
      }
    }));

  async function rename(from: string, to: string): Promise<void> {
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(vscode.Uri.file(from), vscode.Uri.file(to));
    assert.ok(await vscode.workspace.applyEdit(edit));
  }

  test('of each file in a folder that gets another name what was shown is still known', () =>
    inFolder(async (folder) => {
      const [from, to] = [path.join(folder, 'animals'), path.join(folder, 'beasts')];
      await mkdir(from);
      const models: DocumentModel[] = [];
      for (const name of ['behind.md', 'shown.md']) {
        await writeFile(path.join(from, name), PETS);
        models.push(await asked(vscode.Uri.file(path.join(from, name))));
      }
      await rename(from, to);
      await goesOn(models[1]!, path.join(to, 'shown.md'));
      await vscode.window.showTextDocument(vscode.Uri.file(path.join(to, 'behind.md')));
      await goesOn(models[0]!, path.join(to, 'behind.md'));
    }));

  test('what is shown of a file is still shown when it, or its folder, has got another name', () =>
    inFolder(async (folder) => {
      const inside = path.join(folder, 'animals');
      await mkdir(inside);
      await writeFile(path.join(inside, 'pets.txt'), PETS);
      const model = await asked(vscode.Uri.file(path.join(inside, 'pets.txt')));
      await rename(path.join(inside, 'pets.txt'), path.join(inside, 'pets.md'));
      await goesOn(model, path.join(inside, 'pets.md'));
      assert.equal(model.analysis!.tree.language, 'markdown');
      // What is not saved comes along, and the editor closes the old document only afterwards.
      const edit = new vscode.WorkspaceEdit();
      edit.insert(model.document.uri, new vscode.Position(0, 0), 'Dogs bark. ');
      await vscode.workspace.applyEdit(edit);
      await rename(inside, path.join(folder, 'beasts'));
      await goesOn(model, path.join(folder, 'beasts/pets.md'));
    }));

  test('a file with the text of another one takes nothing from it when it is saved in its own tab', () =>
    inFolder(async (folder) => {
      const [first, second] = ['first.txt', 'second.txt'].map((name) => path.join(folder, name));
      for (const file of [first!, second!]) await writeFile(file, PETS);
      const model = await asked(vscode.Uri.file(first!));
      const editor = await vscode.window.showTextDocument(vscode.Uri.file(second!), { preview: false });
      await editor.edit((edit) => {
        edit.insert(new vscode.Position(0, 0), 'x');
      });
      await editor.edit((edit) => {
        edit.delete(new vscode.Range(0, 0, 0, 1));
      });
      await editor.document.save();
      assert.equal(model.document.uri.fsPath, first);
      assert.equal(api.internals.documents.find(editor.document), undefined);
    }));

  test('a place in what is being merged is shown there, not in a tab over it', () =>
    inFolder(async (folder) => {
      const [base, input1, input2, output] = ['base', 'one', 'two', 'pets'].map((name) =>
        vscode.Uri.file(path.join(folder, `${name}.md`)),
      );
      for (const { fsPath } of [base!, input1!, input2!, output!]) await writeFile(fsPath, `${PETS}${fsPath}\n`);
      const merge = { base, input1: { uri: input1 }, input2: { uri: input2 }, output };
      await vscode.commands.executeCommand('_open.mergeEditor', merge);
      const { documents } = api.internals;
      await until('the result is shown', () => documents.editor?.document.uri.toString() === output!.toString());
      const editor = documents.editor!;
      await api.analyze(editor.document);
      const model = documents.active!;
      const second = model.analysis!.tree.nodes.find(({ id }) => model.rangeOf(id).start.line === 2)!;
      await vscode.commands.executeCommand(INTERNAL_COMMANDS.reveal, model.id, second.id);
      assert.equal(editor.selection.start.line, 2);
      assert.equal(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).length, 1);
    }));

  test('of a comparison that nobody has clicked into the newer text is meant', async () => {
    const { document } = await untitled(PETS);
    const old = await untitled('Cats sleep.\n');
    await vscode.commands.executeCommand('vscode.diff', old.document.uri, document.uri, 'Pets');
    const page = vscode.window.createWebviewPanel('test', 'Page', vscode.ViewColumn.Two);
    await until('the page has the focus', () => vscode.window.activeTextEditor === undefined);
    // As after a reload of the window.
    const documents = new Documents(api.internals.engine);
    assert.equal(documents.editor?.document, document);
    documents.dispose();
    page.dispose();
  });
});
