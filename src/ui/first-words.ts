/** How a place is called that has no name. No `vscode` here. */
import { excerpt } from '../protocol/excerpt.js';

/** Marks of comments and lists by the way they are written: what the first line begins with, the lines after it, and what ends them. */
const MARKS: readonly RegExp[] = [
  /^[ \t]*(?:\/\*+|\*+(?=\s))|\*+\/(?=\s|$)/gm,
  /^[ \t]*\/\/+[!<]?/gm,
  /^[ \t]*#+(?=\s)/gm,
  /^[ \t]*--+(?=\s)/gm,
  /^[ \t]*;+(?=\s)/gm,
  /^[ \t]*%+(?=\s)/gm,
  /^[ \t]*[-+•](?=\s)/gm,
  /<!--+|--+>/g,
  /"""|'''/g,
];
/** Ends of what began in another place. */
const ENDS: readonly RegExp[] = [/^((?:(?!\/\*).)*?)\*+\/\s*$/s, /^((?:(?!"""|''').)*)(?:"""|''')\s*$/s];

/** The first `max` characters of a text, without the marks of comments and lists: they say nothing, and a label is short. */
export function firstWords(text: string, max: number): string {
  const written = outOfNotebook(text).trimStart();
  // A line that begins like a comment after code is none.
  const marks = MARKS.find((m) => written.search(m) === 0);
  const words = marks ? written.replace(marks, '') : ENDS.reduce((rest, end) => rest.replace(end, '$1'), written);
  return excerpt(words, max) || excerpt(text, max);
}

const STRING = /^[ \t]*"((?:[^"\\\n]|\\.)*?)(?:\\n)?",?[ \t]*$/gm;
const ENDED_LINE = /^\s*"(?:[^"\\\n]|\\.)*\\n",?[ \t]*$/m;

/** The lines of a notebook's cell, each of which is a string of JSON in the file. */
function outOfNotebook(text: string): string {
  if (text.search(ENDED_LINE) !== 0) return text;
  return text.replace(STRING, (_, line: string) => line.replace(/\\t/g, '  ').replace(/\\(["\\/])/g, '$1'));
}
