/** The one way in which the engine, the editor, the terminal and the Scales view shorten a quotation. */

/** What tells a terminal to do something: colours, titles, movements (ECMA-48), and all other characters that are not to be seen. */
const CONTROLS =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)|\u001b[ -/]*[0-~]|[\0-\u0008\u000e-\u001f\u007f-\u009f]/g;

/** `text` without what it could do to the terminal that shows it. */
export function withoutControls(text: string): string {
  return text.replace(CONTROLS, '');
}

/** The same on one line. */
export function oneLine(text: string): string {
  return withoutControls(text).replace(/\s+/g, ' ').trim();
}

/** `text` as one line of at most `max` UTF-16 units, cut between words where that keeps most of it, never within a character. */
export function excerpt(text: string, max: number): string {
  const line = oneLine(text);
  if (line.length <= max) return line;
  const cut = line.slice(0, max - 1);
  const space = cut.lastIndexOf(' ');
  return `${space > max * 0.6 ? cut.slice(0, space) : cut.replace(/[\uD800-\uDBFF]$/, '')}…`;
}
