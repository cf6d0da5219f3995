/** Says what went wrong, or what is missing, in one notification, with buttons for what helps. */
import * as vscode from 'vscode';
import { asStrataError, isCancelled, StrataError } from '../protocol/errors.js';
import type { Engine } from './engine.js';

interface Remedy {
  /** On the button. */
  title: string;
  run(): unknown;
}

/** Something is missing that the user can supply. */
export class Refusal extends StrataError {
  constructor(
    message: string,
    readonly remedies: readonly Remedy[] = [],
  ) {
    super('empty', message);
  }
}

/** Throws Refusal where what is in front is a text that cannot be read: what stands beside it is not meant instead. */
export function throwIfWithheld(editor: vscode.TextEditor | undefined): void {
  const { l10n, commands } = vscode;
  const { activeNotebookEditor, tabGroups, visibleTextEditors } = vscode.window;
  const notebook = activeNotebookEditor?.notebook;
  if (notebook && !notebook.getCells().some(({ document }) => document === editor?.document))
    throw new Refusal(
      l10n.t(
        'In a notebook Strata reads one cell at a time: click into one. Opened as text, the notebook is read as a whole.',
      ),
      [
        {
          title: l10n.t('Open as Text'),
          run: () => commands.executeCommand('vscode.openWith', notebook.uri, 'default'),
        },
      ],
    );
  const tab = tabGroups.activeTabGroup.activeTab?.input;
  if (
    tab instanceof vscode.TabInputText &&
    !visibleTextEditors.some(({ document }) => document.uri.toString() === tab.uri.toString())
  )
    throw new Refusal(
      l10n.t(
        'VS Code does not hand this file to extensions: it is no text, or larger than 50 MB. Split a long text, or read it on the command line with "strata analyze".',
      ),
    );
}

/** What to do where no document can be meant. */
export function withoutEditor(): Refusal {
  const { l10n, commands } = vscode;
  return new Refusal(l10n.t('Open a document first: Strata works on the active editor.'), [
    { title: l10n.t('Open File…'), run: () => commands.executeCommand('workbench.action.files.openFile') },
  ]);
}

export async function report(engine: Engine, error: unknown): Promise<void> {
  if (isCancelled(error)) return;
  const problem = asStrataError(error);
  engine.log.error(`${problem.code}: ${problem.message}`);
  const remedies = remediesOf(problem, engine);
  const titles = remedies.map(({ title }) => title);
  const picked = ['empty', 'unreadable-text', 'stale-document'].includes(problem.code)
    ? await vscode.window.showInformationMessage(problem.message, ...titles)
    : await vscode.window.showErrorMessage(problem.message, ...titles);
  await remedies.find(({ title }) => title === picked)?.run();
}

function remediesOf(problem: StrataError, engine: Engine): readonly Remedy[] {
  if (problem instanceof Refusal) return problem.remedies;
  const { l10n } = vscode;
  const showLog: Remedy = {
    title: l10n.t('Show Log'),
    run: () => {
      engine.log.show(true);
    },
  };
  const restart: Remedy = {
    title: l10n.t('Restart Engine'),
    run: () => {
      engine.restart();
    },
  };
  if (problem.code === 'engine-down') return [restart, showLog];
  return ['internal', 'model', 'timeout'].includes(problem.code) ? [showLog] : [];
}
