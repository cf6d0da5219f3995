/** What stands together in a text, as people set it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packDocument } from '../../../src/engine/encoder/packing.js';
import { Tokenizer } from '../../../src/engine/encoder/tokenizer.js';
import { parse, ROOT, samples } from '../hierarchy/invariants.js';

const tokenizer = new Tokenizer(readFileSync(path.join(ROOT, 'models/tokenizer.json'), 'utf8'));

/** First lines of the leaves of each paragraph. */
async function paragraphs(text: string, fileName: string): Promise<string[][]> {
  const tree = await parse(text, fileName);
  const { pieceLeaf, pieceParagraph } = packDocument(text, tree, tokenizer);
  const found: string[][] = [];
  pieceLeaf.forEach((leaf, piece) => {
    if (leaf === pieceLeaf[piece - 1]) return;
    const { start, end } = tree.nodes[leaf]!;
    (found[pieceParagraph[piece]!] ??= []).push(text.slice(start, end).split(/\r?\n/)[0]!);
  });
  return found;
}

describe('paragraphs', () => {
  it('of code end at blank lines, at comments, with their block and with their function', async () => {
    const text = `import os

def read(path):
    f = open(path)
    text = f.read()
    # Nothing to count.
    if not text:
        log(path)
        f.close()
        report(path)
        raise ValueError(path)
    n = len(text.split())

    return n
def write(path):
    open(path)
`;
    expect(await paragraphs(text, 'a.py')).toEqual([
      ['import os'],
      ['def read(path):', 'f = open(path)', 'text = f.read()'],
      [
        '# Nothing to count.',
        'if not text:',
        'log(path)',
        'f.close()',
        'report(path)',
        'raise ValueError(path)',
        'n = len(text.split())',
      ],
      ['return n'],
      ['def write(path):', 'open(path)'],
    ]);
  });

  it('of code end where a block does that began with them', async () => {
    const text = `function f(a) {
  for (const x of a) {

    first(x);
    second(x);
    third(x);
  }
  done(a);
}
`;
    expect(await paragraphs(text, 'a.js')).toEqual([
      ['function f(a) {', 'for (const x of a) {'],
      ['first(x);', 'second(x);', 'third(x);'],
      ['done(a);'],
    ]);
  });

  it('of code end with their function, and a comment inside it does not divide them', async () => {
    const text = `def f(a):
    """Says what it does."""
    return a
def g(a): return a
def h(a): return a
`;
    expect(await paragraphs(text, 'a.py')).toEqual([
      ['def f(a):', '"""Says what it does."""', 'return a'],
      ['def g(a): return a'],
      ['def h(a): return a'],
    ]);
  });

  it.each([
    ['blanks', '  '],
    ['tabs', '\t'],
  ])('of code that is set in with %s end where less is set in than in their first line', async (_, indent) => {
    const lines = ['++first(a);', '++second(a);', '+third(a);', '+', '+fourth(a);', 'fifth(a);'];
    expect(await paragraphs(lines.join('\n').replaceAll('+', indent), 'a.js')).toEqual([
      ['first(a);', 'second(a);'],
      ['third(a);'],
      ['fourth(a);'],
      ['fifth(a);'],
    ]);
  });

  it.each(samples.map(({ name, text }) => [name, text]))(
    'of %s are the same with Windows line ends',
    async (name, text) => {
      const found = await paragraphs(text, name);
      expect(await paragraphs(text.replace(/\r?\n/g, '\r\n'), name)).toEqual(found);
    },
  );

  it('of prose are what stands between blank lines, however its first line is set in', async () => {
    const text = `# Title

   One is here. Two is
here too. Three follows.

Four stands alone.
`;
    const found = await paragraphs(text, 'a.md');
    expect(found.map((sentences) => sentences.map((s) => s.split(' ')[0]))).toEqual([
      ['#'],
      ['One', 'Two', 'Three'],
      ['Four'],
    ]);
  });

  it('are not made of characters that nobody reads', async () => {
    expect(await paragraphs('One.\n\n\u200b\n\nTwo.\n', 'a.txt')).toEqual([['One.'], ['Two.']]);
  });

  it.each(samples.map(({ name, text }) => [name, text]))('of %s are counted without a gap', async (name, text) => {
    const { pieceParagraph } = packDocument(text, await parse(text, name), tokenizer);
    expect(pieceParagraph[0]).toBe(0);
    for (let p = 1; p < pieceParagraph.length; p++)
      expect([0, 1]).toContain(pieceParagraph[p]! - pieceParagraph[p - 1]!);
  });
});
