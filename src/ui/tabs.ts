/** Which documents have tabs, and where. */
import * as vscode from 'vscode';

/** The first group in which a text has a tab. */
export function groupWithTab(uri: vscode.Uri): vscode.TabGroup | undefined {
  return vscode.window.tabGroups.all.find(({ tabs }) =>
    tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString()),
  );
}

/** Whether a comparison that is on screen shows a document as the newer one. Its editors have no column, either. */
export function isNewSide({ uri }: vscode.TextDocument): boolean {
  return vscode.window.tabGroups.all.some(
    ({ activeTab }) =>
      activeTab?.input instanceof vscode.TabInputTextDiff && activeTab.input.modified.toString() === uri.toString(),
  );
}
