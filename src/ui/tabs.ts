/** Which documents have tabs, and where. */
import * as vscode from 'vscode';

/** The first group in which a text has a tab. */
export function groupWithTab(uri: vscode.Uri): vscode.TabGroup | undefined {
  return vscode.window.tabGroups.all.find(({ tabs }) => tabs.some((tab) => shows(tab, uri)));
}

/** Whether the tab in which an editor is shows its text and nothing else: not a side of a comparison, a cell, a peek. */
export function hasOwnTab({ document, viewColumn }: vscode.TextEditor): boolean {
  return vscode.window.tabGroups.all.some(
    (group) => group.viewColumn === viewColumn && group.activeTab && shows(group.activeTab, document.uri),
  );
}

function shows({ input }: vscode.Tab, uri: vscode.Uri): boolean {
  return input instanceof vscode.TabInputText && input.uri.toString() === uri.toString();
}

/** Whether a comparison that is on screen shows a document as the newer one. Its editors have no column, either. */
export function isNewSide({ uri }: vscode.TextDocument): boolean {
  return vscode.window.tabGroups.all.some(
    ({ activeTab }) =>
      activeTab?.input instanceof vscode.TabInputTextDiff && activeTab.input.modified.toString() === uri.toString(),
  );
}
