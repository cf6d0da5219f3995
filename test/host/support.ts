/** What the tests inside the extension host share. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { StrataApi } from '../../src/extension.js';
import { SETTINGS } from '../../src/ui/ids.js';

/** What the extension exports, from the first test of a suite with `useWindow` on. */
export let api: StrataApi;

/** For a suite in the window: the extension is active, and each test leaves its settings and editors as they were. */
export function useWindow(): void {
  suiteSetup(async () => {
    const extension = vscode.extensions.getExtension<StrataApi>('strata.strata');
    assert.ok(extension, 'the extension is installed');
    api = await extension.activate();
  });
  teardown(leave);
}

/** Settings and editors are again as they were before a test. */
export async function leave(): Promise<void> {
  for (const setting of Object.values(SETTINGS)) await set(setting, undefined);
  await vscode.commands.executeCommand('workbench.action.closePanel');
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

export async function set(setting: string, value: unknown): Promise<void> {
  const configuration = vscode.workspace.getConfiguration();
  if (configuration.inspect(setting)?.globalValue === value) return;
  await configuration.update(setting, value, vscode.ConfigurationTarget.Global);
}

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

/** More than a thousand lines that no other test reads, so that reading them takes a while. */
export async function longText(): Promise<string> {
  const folder = vscode.workspace.workspaceFolders![0]!.uri;
  const notices = vscode.Uri.joinPath(folder, 'third-party/onnxruntime-ThirdPartyNotices.txt');
  const bytes = await vscode.workspace.fs.readFile(notices);
  return new TextDecoder().decode(bytes).split('\n').slice(0, 1_200).join('\n');
}

export async function untitled(content: string, language = 'plaintext'): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content, language }));
}

export const labelOf = ({ label }: vscode.TreeItem): string =>
  typeof label === 'string' ? label : (label?.label ?? '');

/** What a command says, and with which buttons, where its first one is pressed. */
export async function said(command: string, ...parameters: unknown[]): Promise<string[]> {
  const { window } = vscode;
  const { showInformationMessage } = window;
  const texts: string[] = [];
  const press = (...parts: string[]): Thenable<string | undefined> => {
    texts.push(...parts);
    return Promise.resolve(parts[1]);
  };
  window.showInformationMessage = press as typeof showInformationMessage;
  try {
    await vscode.commands.executeCommand(command, ...parameters);
  } finally {
    window.showInformationMessage = showInformationMessage;
  }
  return texts;
}
