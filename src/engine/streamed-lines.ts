/**
 * The lines of a stream of JSON lines. Not by `readline`, which in newer versions of Node (24, not 20) also ends a line at U+2028 and U+2029:
 * JSON may hold both as they are.
 */
export async function* streamedLines(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  // A line may be as long as a book, and come in thousands of pieces.
  let pieces: string[] = [];
  for await (const chunk of input) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const [first, ...others] = text.split('\n');
    pieces.push(first!);
    for (const next of others) {
      yield pieces.join('');
      pieces = [next];
    }
  }
  const last = pieces.join('') + decoder.decode();
  if (last !== '') yield last;
}
