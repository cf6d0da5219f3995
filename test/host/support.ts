/** What the tests inside the extension host share. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';

export async function until(what: string, holds: () => boolean, seconds = 200): Promise<void> {
  const end = Date.now() + 1000 * seconds;
  while (!holds()) {
    assert.ok(Date.now() < end, `${what} did not happen within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export async function open(file: string): Promise<vscode.TextEditor> {
  const folder = vscode.workspace.workspaceFolders![0]!.uri;
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, file)));
}

export async function untitled(content: string, language = 'plaintext'): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content, language }));
}

export const labelOf = ({ label }: vscode.TreeItem): string =>
  typeof label === 'string' ? label : (label?.label ?? '');
