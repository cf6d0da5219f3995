/** What an edit has changed, for the ranges that move with the text. */
import * as vscode from 'vscode';
import type { TextChange } from './moving-ranges.js';

/** The editor tells another kind of line ends as a new text in the place of the old: every range would lose its place. */
export function changesOf(event: vscode.TextDocumentChangeEvent): TextChange[] {
  return (
    changedLineEnds(event) ??
    event.contentChanges.map((c) => ({ offset: c.rangeOffset, length: c.rangeLength, inserted: c.text.length }))
  );
}

/** A carriage return more, or less, at each end of a line; undefined where something else has changed. */
function changedLineEnds({ document, contentChanges }: vscode.TextDocumentChangeEvent): TextChange[] | undefined {
  const more = document.eol === vscode.EndOfLine.CRLF;
  const ends = document.lineCount - 1;
  const [change] = contentChanges;
  const grown = change && change.text.length - change.rangeLength;
  if (ends === 0 || grown !== (more ? ends : -ends) || change?.text !== document.getText()) return undefined;
  return Array.from({ length: ends }, (_, line) => {
    const end = document.offsetAt(document.lineAt(line).range.end);
    return more ? { offset: end - line, length: 0, inserted: 1 } : { offset: end + line, length: 1, inserted: 0 };
  });
}
