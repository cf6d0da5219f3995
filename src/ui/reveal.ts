/** Shows a place of a document in an editor, which is opened where none shows the document. */
import * as vscode from 'vscode';
import type { Documents } from './documents.js';
import { PANEL } from './ids.js';
import { groupWithTab, hasOwnTab } from './tabs.js';

/** `id` and `node` come with a link, which may be older than what is open. */
export async function reveal(documents: Documents, id: unknown, node: unknown): Promise<void> {
  const model = documents.all.find((m) => m.id === id);
  if (!model?.ranges || typeof node !== 'number') return;
  const range = model.rangeOf(node);
  const shown = documents.editorOf(model.document);
  // In a comparison or a merge the text would be opened once more, in a tab of its own.
  const editor =
    shown && !hasOwnTab(shown)
      ? shown
      : await vscode.window.showTextDocument(model.document, {
          preserveFocus: false,
          viewColumn: shown?.viewColumn ?? columnFor(model.document.uri),
        });
  editor.selection = new vscode.Selection(range.start, range.start);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** Where to open a document: where it has a tab, else in the active column, but not over the Scales page, which may have asked. */
function columnFor(uri: vscode.Uri): vscode.ViewColumn {
  const { activeTabGroup, all } = vscode.window.tabGroups;
  const column = groupWithTab(uri) ?? [activeTabGroup, ...all].find((group) => !showsScales(group));
  return column?.viewColumn ?? vscode.ViewColumn.Beside;
}

function showsScales({ activeTab }: vscode.TabGroup): boolean {
  // The editor puts a prefix before the type of a page.
  return activeTab?.input instanceof vscode.TabInputWebview && activeTab.input.viewType.endsWith(PANEL);
}
