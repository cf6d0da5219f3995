/** What a command has done, in the status bar for a moment, and read out. */
import * as vscode from 'vscode';

let shown: vscode.StatusBarItem | undefined;

/** `icon` is the name of one of VS Code's own. A message that is there already makes room. */
export function showForAMoment(icon: string, text: string, milliseconds = 3_000): void {
  shown?.dispose();
  const item = vscode.window.createStatusBarItem('strata.message', vscode.StatusBarAlignment.Left, -1_000);
  shown = item;
  item.name = vscode.l10n.t('Strata Messages');
  item.text = `$(${icon}) ${text}`;
  // What `setStatusBarMessage` shows is not read out.
  item.accessibilityInformation = { label: text, role: 'alert' };
  item.show();
  setTimeout(() => {
    item.dispose();
  }, milliseconds);
}
