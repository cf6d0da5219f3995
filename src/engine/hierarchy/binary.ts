/** Tells text from what is none. */

/** A binary has more characters than this that no text has. */
const MOST_CONTROLS = 0.02;

/** Whether characters, or bytes, are no text: too many of them are control characters, or were decoded with the wrong encoding. */
export function isBinary(length: number, codeAt: (at: number) => number): boolean {
  let strange = 0;
  for (let at = 0; at < length; at++) {
    const code = codeAt(at);
    // Tabs, ends of lines and pages, and what colours a terminal.
    const written = code >= 32 || code === 9 || code === 10 || code === 12 || code === 13 || code === 27;
    if (!written || code === 0xfffd) strange++;
  }
  return strange > MOST_CONTROLS * length;
}
