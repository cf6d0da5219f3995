import { deserialize, serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { columnsOf, treeByColumnsSchema } from '../../../src/protocol/tree-columns.js';
import { parse, samples } from '../hierarchy/invariants.js';

const PYTHON = 'def first():\n    """Opens it."""\n    return 1\n\n\ndef second():\n    return 2\n';
/** Fresh ones each time, since they can be written to. */
const columns = async () => columnsOf(await parse(PYTHON, 'a.py'));
type Columns = Awaited<ReturnType<typeof columns>>;

describe('a tree by columns', () => {
  it.each(samples)('arrives as it was sent: $name', async ({ name, text }) => {
    const tree = await parse(text, name);
    expect(treeByColumnsSchema.parse(deserialize(serialize(columnsOf(tree))))).toEqual(tree);
  });

  it.each<[string, (sent: Columns) => object]>([
    ['a column is short', () => ({ ends: Uint32Array.of(0, 1) })],
    ['a kind is unknown', (sent) => ({ kinds: sent.kinds.fill(99) })],
    ['a node ends behind the text', () => ({ length: 20 })],
    ['a node begins behind its end', (sent) => ({ starts: sent.starts.fill(70) })],
    ['a node is its own parent', (sent) => ({ parents: sent.parents.map((_, id) => id) })],
    ['there are two roots', (sent) => ({ parents: sent.parents.fill(-1) })],
    ['lines count from 0', (sent) => ({ startLines: sent.startLines.fill(0) })],
    ['a name has no node', () => ({ names: ['first', 'second', 'third'] })],
    ['a name is of a node that is not there', () => ({ named: Uint32Array.of(1, 1000) })],
    ['a description is half there', () => ({ descriptions: Uint32Array.of(1, 17) })],
    ['something else than columns comes', () => ({ kinds: ['file'] })],
  ])('is refused where %s', async (_, wrong) => {
    const sent = await columns();
    expect(treeByColumnsSchema.safeParse(sent).success).toBe(true);
    expect(treeByColumnsSchema.safeParse({ ...sent, ...wrong(sent) }).success).toBe(false);
  });
});
