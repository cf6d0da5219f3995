/** What a command is at, in the notification area with a cancel button, as soon as that takes long enough to wonder about. */
import * as vscode from 'vscode';
import type { RequestOptions } from '../client/index.js';
import { encodedShare, type Progress } from '../protocol/engine.js';
import { asStrataError } from '../protocol/errors.js';
import type { DocumentModel } from './document-model.js';

/** The editor shows a notification for nearly a second, also where the work was done at once. */
const PATIENCE_MS = 300;

/** Rejects with StrataError. */
export async function withProgress<T>(
  title: string,
  model: DocumentModel,
  work: (options: RequestOptions) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  let share = 0;
  let show = (): void => undefined;
  const onProgress = (now: Progress | undefined): void => {
    share = encodedShare(now) ?? share;
    show();
  };
  const listener = model.onDidChange(() => {
    onProgress(model.progress);
  });
  const working = work({ signal: abort.signal, onProgress });
  const timer = setTimeout(() => {
    void vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      async (progress, token) => {
        token.onCancellationRequested(() => {
          abort.abort();
        });
        let shown = 0;
        show = (): void => {
          if (share === shown) return;
          progress.report({ increment: 100 * (share - shown) });
          shown = share;
        };
        show();
        // Who has asked for the work is told what went wrong.
        await working.catch(() => undefined);
      },
    );
  }, PATIENCE_MS);
  try {
    return await working;
  } catch (error) {
    throw asStrataError(error);
  } finally {
    clearTimeout(timer);
    listener.dispose();
  }
}
