/** Where a document is cut into parts, units and blocks: where its author divided it, as far as the sizes allow. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packDocument } from '../../../src/engine/encoder/packing.js';
import { Tokenizer } from '../../../src/engine/encoder/tokenizer.js';
import { parse, ROOT } from '../hierarchy/invariants.js';
import { families } from './families.js';

const tokenizer = new Tokenizer(readFileSync(path.join(ROOT, 'models/tokenizer.json'), 'utf8'));
const repeated = (n: number, line: (i: number) => string): string =>
  Array.from({ length: n }, (_, i) => line(i)).join('');
/** Short ones, because the tree cuts long lines, too. */
const words = (n: number): string => repeated(n, () => ' a');

/** Parts of units of blocks: each a list of the first words of its statements, one for each piece. */
async function cut(text: string, fileName: string): Promise<string[][][][]> {
  const tree = await parse(text, fileName);
  const packed = packDocument(text, tree, tokenizer);
  const statements = Array.from(packed.pieceLeaf, (leaf) => {
    const { start, end } = tree.nodes[leaf]!;
    return text.slice(start, end).split(/\n|(?<=\w)[ (]/)[0]!;
  });
  return families(families(families(statements, packed.blockSizes), packed.unitSizes), packed.partSizes);
}
const firstOf = (blocks: readonly string[][]): string => blocks[0]![0]!;

describe('a unit', () => {
  it.each([
    [
      'a.py',
      'import os\n\nclass A:\n    x = 1\n    def f(self):\n        return 1\n    y = 2\n\ndef g(): return 1\ndef h(): return 2\n',
      ['import', 'class', 'def', 'y', 'def', 'def'],
    ],
    ['a.md', '# A\n\nText one. Two.\n\n## B\n\nThree.\n\n# C\n\nFour.\n', ['# A', '## B', '# C']],
  ])('in %s is a function, a class, a section, or what lies between them', async (name, text, firsts) => {
    expect((await cut(text, name)).flat().map(firstOf)).toEqual(firsts);
  });
});

it('what is too long for one unit is divided at its blank lines, or else evenly', async () => {
  const lines = Array.from({ length: 500 }, (_, i) => `x${i} = 1\n`);
  const blocks = async (text: string): Promise<number[]> => (await cut(text, 'a.py')).flat().map((unit) => unit.length);
  expect(await blocks(lines.join(''))).toEqual([25, 25]);
  expect(await blocks(lines.with(300, `\n${lines[300]!}`).join(''))).toEqual([30, 20]);
});

describe('blocks', () => {
  const blocksOf = async (text: string): Promise<string[][]> => {
    const units = (await cut(text, 'a.py')).flat();
    expect(units).toHaveLength(1);
    return units[0]!;
  };

  it('of statements that nothing divides are even, and none has more than ten', async () => {
    for (const n of [17, 40, 48, 95]) {
      const sizes = (await blocksOf(repeated(n, (i) => `x${i} = 1\n`))).map((block) => block.length);
      expect(sizes).toHaveLength(Math.ceil(n / 10));
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  });

  it('of few statements are one block of up to sixteen', async () => {
    expect(await blocksOf(repeated(16, (i) => `x${i} = 1\n`))).toHaveLength(1);
  });

  it('end at blank lines, however the lines end', async () => {
    const text = `def f():\n${repeated(28, (i) => `    x${i} = 1\n${i % 7 === 6 ? '\n' : ''}`)}`;
    for (const variant of [text, text.replaceAll('\n', '\r\n'), text.replaceAll('\n\n', '\n \t\n')])
      expect((await blocksOf(variant)).map((block) => block[0])).toEqual(['def', 'x7', 'x14', 'x21']);
  });

  it('end between loops rather than at the blank lines inside them', async () => {
    const text = `def f():\n${repeated(5, (i) => `    for a in b${i}:\n${'        call(a)\n\n'.repeat(5)}`)}`;
    expect((await blocksOf(text)).map((block) => [block[0], block.length])).toEqual([
      ['def', 7],
      ['for', 6],
      ['for', 6],
      ['for', 6],
      ['for', 6],
    ]);
  });

  it('tear no statement that fits into one of them', async () => {
    for (const before of [1, 5, 9]) {
      const text = `def f():\n${'    s = 1\n'.repeat(before)}    long = "${words(600)}"\n${'    s = 2\n'.repeat(9)}`;
      const torn = (await blocksOf(text)).filter((block) => block.includes('long'));
      expect(torn).toHaveLength(1);
    }
  });

  it('are as full as they may be where statements are long', async () => {
    const long = (n: number, tokens = 470): string => repeated(n, () => `long = "${words(tokens)}"\n`);
    const pieces = async (text: string): Promise<number[]> => (await blocksOf(text)).map((block) => block.length);
    // Of six pieces each.
    expect(await pieces(long(13, 148))).toEqual([30, 24, 24]);
    expect(await pieces(`${'x = 1\n'.repeat(9)}${long(3)}`)).toEqual([25, 32]);
    expect(await pieces(`${long(3)}${'x = 1\n'.repeat(9)}`)).toEqual([32, 25]);
  });
});

describe('a statement', () => {
  it('of any length is cut evenly into as few pieces as have room for the markers', async () => {
    for (let n = 1; n <= 100; n++) {
      const text = words(n).trim();
      const packed = packDocument(text, await parse(text, 'a.txt'), tokenizer);
      const sizes = [...packed.pieceSizes];
      expect(sizes).toHaveLength(Math.ceil(n / 30));
      expect(Math.max(...sizes)).toBeLessThanOrEqual(32);
      sizes[0]!--;
      sizes[sizes.length - 1]!--;
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  });
});

describe('parts', () => {
  /** A function of about so many tokens. */
  const functionOf = (name: string, tokens: number, indent = ''): string =>
    `${indent}def ${name}():\n${repeated(Math.round(tokens / 19), () => `${indent}    s = "${words(15)}"\n`)}\n`;
  const classOf = (name: string, methods: number, tokens: number): string =>
    `class ${name}:\n${repeated(methods, (i) => functionOf(`m${i}`, tokens, '    '))}`;
  const firstUnits = async (text: string): Promise<number[]> => (await cut(text, 'a.py')).map((part) => part.length);

  it('end between classes and functions, and small neighbours share one of up to 1,200 tokens', async () => {
    // A class with its three methods, a function, a class, and three functions that are joined two and one.
    const text = [
      classOf('A', 3, 350),
      functionOf('f', 600),
      classOf('B', 3, 350),
      functionOf('g', 500),
      functionOf('h', 500),
      functionOf('i', 500),
    ];
    expect(await firstUnits(text.join(''))).toEqual([4, 1, 4, 2, 1]);
  });

  it('of one function that leaves no room leave out the small one before it', async () => {
    expect(await firstUnits(`${functionOf('f', 100)}${functionOf('g', 1_990)}`)).toEqual([1, 1]);
    expect(await firstUnits(`${functionOf('f', 100)}${functionOf('g', 1_800)}`)).toEqual([2]);
  });

  it('and units have 2,048 tokens at most, markers counted', async () => {
    for (let n = 2_035; n <= 2_060; n++) {
      // A list in lines of ten words: a statement for each.
      const text = `${repeated(Math.floor(n / 10), () => `${words(9).trim()}.\n`)}${words(n % 10).trim()}`;
      const tree = await parse(text, 'a.txt');
      const packed = packDocument(text, tree, tokenizer);
      const least = packed.ids.length - 2 * packed.partSizes.reduce((a, b) => a + b, 0);
      expect(least).toBe(n);
      expect(packed.partSizes.length === 1).toBe(n + 2 <= 2_048);
    }
  });
});
