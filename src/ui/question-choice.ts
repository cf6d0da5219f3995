/** Which question Enter means: what is typed, the list for it and the active row are told one after the other. No `vscode` here. */

export interface QuestionRow {
  /** The earlier question that this is; undefined for what was typed. */
  remembered?: string;
}

export class QuestionChoice {
  private typed = '';
  /** The list for what is typed is on screen. */
  private shown = true;
  private active: QuestionRow | undefined;

  type(typed: string): void {
    this.typed = typed;
    this.shown = typed === '';
  }

  /** In a new list the first row is the active one, and that is what was typed; rows that are told before it are of the list before. */
  activate(row: QuestionRow | undefined): void {
    this.active = row;
    if (row && row.remembered === undefined) this.shown = true;
  }

  get question(): string | undefined {
    return (this.shown ? this.active?.remembered : undefined) ?? (this.typed || undefined);
  }
}
