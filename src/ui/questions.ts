/** Asks for a question and remembers the last ones, for each workspace. */
import * as vscode from 'vscode';
import * as z from 'zod';
import { withoutIcons } from './icons.js';
import { QuestionChoice, type QuestionRow } from './question-choice.js';

const KEY = 'strata.questions';
const MOST = 12;

type Item = vscode.QuickPickItem & QuestionRow;

export class Questions {
  constructor(private readonly memento: vscode.Memento) {}

  get last(): string[] {
    const parsed = z.array(z.string()).safeParse(this.memento.get(KEY));
    return parsed.success ? parsed.data : [];
  }

  /** The question, or undefined when the user changed their mind. */
  async ask(): Promise<string | undefined> {
    const { l10n } = vscode;
    const pick = vscode.window.createQuickPick<Item>();
    pick.title = l10n.t('Relevance Heatmap');
    pick.placeholder = l10n.t('What are you looking for? For example: where are errors reported');
    const choice = new QuestionChoice();
    const update = (): void => {
      const typed = pick.value.trim();
      choice.type(typed);
      const remembered = this.last
        .filter((q) => q !== typed)
        .map((q): Item => ({ label: withoutIcons(q), remembered: q, iconPath: new vscode.ThemeIcon('history') }));
      pick.items = typed
        ? [{ label: withoutIcons(typed), description: l10n.t('show its heat'), alwaysShow: true }, ...remembered]
        : remembered;
    };
    update();
    const question = await new Promise<string | undefined>((resolve) => {
      pick.onDidChangeValue(update);
      pick.onDidChangeActive(([row]) => {
        choice.activate(row);
      });
      pick.onDidAccept(() => {
        resolve(choice.question);
        pick.hide();
      });
      pick.onDidHide(() => {
        resolve(undefined);
        pick.dispose();
      });
      pick.show();
    });
    if (question) await this.remember(question);
    return question;
  }

  async remember(question: string): Promise<void> {
    await this.memento.update(KEY, [question, ...this.last.filter((q) => q !== question)].slice(0, MOST));
  }
}
