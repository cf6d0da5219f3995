/** How much of a text is read (docs/architecture.md, "Limits"). */
import { withoutOutputs } from './hierarchy/code/notebook.js';

/** More text than this is cut: the rest would take minutes and gigabytes. */
const TEXT_CHARS = 3_000_000;

interface Limited {
  /** The beginning of the text; of a notebook whose outputs are too long, all of it with blanks for them. Offsets stay what they were. */
  text: string;
  /** Where the text was cut, and what a user is told about it. */
  truncated?: { at: number; reason: string };
}

export function limited(input: { text: string; fileName: string; language?: string | undefined }): Limited {
  const { text } = input;
  if (text.length <= TEXT_CHARS) return { text };
  if (/\.ipynb$/i.test(input.fileName) || input.language === 'jupyter') {
    // Cut JSON is no notebook any more, and pictures among the outputs are not read anyway.
    const lean = withoutOutputs(text);
    if (lean !== undefined && lean.replace(/\s+/g, '').length <= TEXT_CHARS) return { text: lean };
  }
  const line = text.lastIndexOf('\n', TEXT_CHARS);
  const at = line > TEXT_CHARS / 2 ? line + 1 : TEXT_CHARS;
  const reason = `Only the first ${(at / 1e6).toFixed(2)} of ${(text.length / 1e6).toFixed(2)} million characters were analysed.`;
  return { text: text.slice(0, at), truncated: { at, reason } };
}
