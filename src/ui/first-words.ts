/** How a place is called that has no name. No `vscode` here. */
import { excerpt } from '../protocol/excerpt.js';

/** The first `max` characters of a text, without the marks that open a comment: they say nothing, and a label is short. */
export function firstWords(text: string, max: number): string {
  return excerpt(text.replace(/^\s*("""|'''|\/\*+|\/\/+|#+(?=\s)|--+(?=\s))/, ''), max);
}
