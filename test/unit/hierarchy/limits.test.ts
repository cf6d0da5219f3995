/** Texts of hundreds of thousands of lines, as programs write them: read like any other, and in time that grows with their length. */
import { describe, expect, it } from 'vitest';
import { parse } from './invariants.js';

describe('more parts than a function can have arguments', () => {
  const MANY = 150_000;
  it.each([
    ['one list without a blank line', 'a.txt', 'x\n'.repeat(MANY), 'x'],
    ['one example of a manual', 'a.pod', `=head1 A\n\n${'  x\n'.repeat(MANY)}`, 'x'],
    ['paragraphs before a comment', 'a.adoc', `${'x\n\n'.repeat(MANY)}// y\n`, 'x'],
  ])('%s', async (_, name, text, line) => {
    const tree = await parse(text, name);
    const leaves = tree.nodes.filter((n) => n.children.length === 0 && text.startsWith(line, n.start));
    // Short lines may share a leaf; none is lost.
    expect(leaves.reduce((lines, n) => lines + 1 + n.endLine - n.startLine, 0)).toBeGreaterThanOrEqual(MANY);
  });
});
