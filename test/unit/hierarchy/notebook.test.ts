import { describe, expect, it } from 'vitest';
import { withoutOutputs } from '../../../src/engine/hierarchy/code/notebook.js';
import { limited } from '../../../src/engine/limit.js';
import type { DocumentTree } from '../../../src/protocol/document.js';
import { parse, problems } from './invariants.js';

const cells = [
  { cell_type: 'markdown', metadata: { source: 'of metadata' }, source: '# Data' },
  {
    attachments: { 'a.png': { 'image/png': 'QUJD' } },
    source: ['df = load("a.csv")\n', 'df.head()'],
    outputs: [
      {
        data: {
          'application/json': { cell_type: 'markdown', source: ['not', 'these'] },
          'text/plain': '"source": "nor this"',
        },
      },
    ],
    cell_type: 'code',
  },
  { cell_type: 'raw', source: ['é {"source": "\\" in a string"}'] },
];
const notebook = (first = '', indent = 1): string =>
  JSON.stringify(
    { nbformat: 4, metadata: { cells: 1, first, source: 'x' }, cells, other: [[1, -2e3], null, true] },
    null,
    indent,
  );

/** What is read, leaf by leaf; a comma behind a line belongs to its leaf. */
function read(tree: DocumentTree, text: string): string[] {
  return tree.nodes
    .filter((n) => n.children.length === 0 && !n.silent)
    .map((n) => JSON.parse(/^"(?:[^"\\]|\\.)*"/.exec(text.slice(n.start, n.end))![0]) as string);
}

describe('a notebook', () => {
  it.each([0, 1])('is the sources of its cells, whatever else is called so (indented by %d)', async (indent) => {
    const text = notebook('', indent);
    const tree = await parse(text, 'a.ipynb');
    expect(problems(tree, text)).toEqual([]);
    const sources = cells.flatMap(({ source }) => source);
    expect(read(tree, text)).toEqual(sources);
    const functions = tree.nodes.filter((n) => n.kind === 'function');
    expect(functions.map((n) => n.name)).toEqual(['Data', 'cell 2', 'cell 3']);
    expect(functions.map((n) => tree.nodes[n.children[0]!]!.kind)).toEqual(['sentence', 'statement', 'sentence']);
  });

  it('without its outputs is the same notebook, at the same places', async () => {
    const text = notebook();
    const lean = withoutOutputs(text)!;
    expect(lean).toHaveLength(text.length);
    expect(lean.split('\n')).toHaveLength(text.split('\n').length);
    expect(lean).not.toMatch(/not|nor|QUJD|metadata"[^{]*\{\s*"/);
    const places = ({ nodes }: DocumentTree): unknown[] =>
      nodes
        .filter((n) => !n.silent)
        .map(({ kind, name, start, end, startLine }) => ({ kind, name, start, end, startLine }));
    expect(places(await parse(lean, 'a.ipynb'))).toEqual(places(await parse(text, 'a.ipynb')));
    expect(withoutOutputs('{"cells": [')).toBeUndefined();
  });

  it.each([
    '[]',
    '{"cells": 1}',
    '{"cells": [1, "a", null, [], {}, {"source": 1}, {"source": [1, "a"]}]}',
    '{"cells":[]}',
  ])('may be %s', async (text) => {
    expect(problems(await parse(text, 'a.ipynb'), text)).toEqual([]);
    expect(withoutOutputs(text)?.length ?? text.length).toBe(text.length);
  });

  it('with a picture of millions of characters is read like any other', async () => {
    const text = notebook('QUJD'.repeat(1_000_000));
    const given = limited({ text, fileName: 'a.ipynb' });
    expect(given.truncated).toBeUndefined();
    expect(given.text).toHaveLength(text.length);
    const tree = await parse(given.text, 'a.ipynb');
    expect(read(tree, text)).toEqual(cells.flatMap(({ source }) => source));
    // Of other JSON the beginning is read.
    expect(limited({ text, fileName: 'a.json' }).truncated?.at).toBeLessThanOrEqual(3_000_000);
  });
});
