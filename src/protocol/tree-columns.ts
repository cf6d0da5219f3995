/**
 * How a tree crosses the process boundary: by columns, one typed array for each property. Nodes as objects would be copied and checked one by
 * one, and the extension host, which must not block, would do nothing else meanwhile.
 */
import * as z from 'zod';
import { documentTreeSchema, NODE_KINDS } from './document.js';
import type { DocumentTree, TreeNode } from './document.js';

const TRIVIAL = 1;
const SILENT = 2;

const treeColumnsSchema = documentTreeSchema.omit({ nodes: true }).extend({
  /** Index in NODE_KINDS; this column and the next six have one entry for each node. */
  kinds: z.instanceof(Uint8Array),
  starts: z.instanceof(Uint32Array),
  ends: z.instanceof(Uint32Array),
  startLines: z.instanceof(Uint32Array),
  endLines: z.instanceof(Uint32Array),
  parents: z.instanceof(Int32Array),
  /** Sum of TRIVIAL and SILENT, where they hold. */
  flags: z.instanceof(Uint8Array),
  /** Ids of the nodes that `names` belong to. */
  named: z.instanceof(Uint32Array),
  names: z.array(z.string()),
  /** id0, start0, end0, id1, … */
  descriptions: z.instanceof(Uint32Array),
});
type TreeColumns = z.infer<typeof treeColumnsSchema>;

/** The columns of `tree`; `treeByColumnsSchema` makes an equal tree of them. */
export function columnsOf({ nodes, ...tree }: DocumentTree): TreeColumns {
  const named = nodes.filter((node) => node.name !== undefined);
  return {
    ...tree,
    kinds: Uint8Array.from(nodes, ({ kind }) => NODE_KINDS.indexOf(kind)),
    starts: Uint32Array.from(nodes, ({ start }) => start),
    ends: Uint32Array.from(nodes, ({ end }) => end),
    startLines: Uint32Array.from(nodes, ({ startLine }) => startLine),
    endLines: Uint32Array.from(nodes, ({ endLine }) => endLine),
    parents: Int32Array.from(nodes, ({ parent }) => parent),
    flags: Uint8Array.from(nodes, ({ trivial, silent }) => (trivial ? TRIVIAL : 0) + (silent ? SILENT : 0)),
    named: Uint32Array.from(named, ({ id }) => id),
    names: named.map((node) => node.name!),
    descriptions: Uint32Array.from(
      nodes.flatMap(({ id, description }) => (description ? [id, description.start, description.end] : [])),
    ),
  };
}

/** Why the columns are no tree; undefined where they are one. */
function problemOf(columns: TreeColumns): string | undefined {
  const { length, kinds, starts, ends, startLines, endLines, parents, flags, named, names, descriptions } = columns;
  const count = kinds.length;
  if ([starts, ends, startLines, endLines, parents, flags].some((column) => column.length !== count))
    return 'columns of different lengths';
  for (let id = 0; id < count; id++) {
    if (kinds[id]! >= NODE_KINDS.length) return `node ${id} is of no known kind`;
    if (starts[id]! > ends[id]! || ends[id]! > length) return `node ${id} lies outside of the text`;
    if (startLines[id]! < 1 || endLines[id]! < 1) return `node ${id} stands in no line`;
    if (id === 0 ? parents[id] !== -1 : parents[id]! < 0 || parents[id]! >= id)
      return `node ${id} has no parent before it`;
  }
  if (named.length !== names.length || named.some((id) => id >= count)) return 'names of no nodes';
  if (descriptions.length % 3 !== 0 || descriptions.some((id, i) => i % 3 === 0 && id >= count))
    return 'descriptions of no nodes';
  return undefined;
}

function treeOf(columns: TreeColumns): DocumentTree {
  const { kinds, starts, ends, startLines, endLines, parents, flags, named, names, descriptions, ...tree } = columns;
  const nodes: TreeNode[] = [];
  for (let id = 0; id < kinds.length; id++) {
    nodes.push({
      id,
      kind: NODE_KINDS[kinds[id]!]!,
      start: starts[id]!,
      end: ends[id]!,
      startLine: startLines[id]!,
      endLine: endLines[id]!,
      parent: parents[id]!,
      children: [],
    });
    if (id > 0) nodes[parents[id]!]!.children.push(id);
    if (flags[id]! & TRIVIAL) nodes[id]!.trivial = true;
    if (flags[id]! & SILENT) nodes[id]!.silent = true;
  }
  for (const [i, name] of names.entries()) nodes[named[i]!]!.name = name;
  for (let i = 0; i < descriptions.length; i += 3)
    nodes[descriptions[i]!]!.description = { start: descriptions[i + 1]!, end: descriptions[i + 2]! };
  return { ...tree, nodes };
}

/** Reads columns as the tree that they are of; anything else is an error of validation. */
export const treeByColumnsSchema = treeColumnsSchema.transform((columns, context): DocumentTree => {
  const problem = problemOf(columns);
  if (problem === undefined) return treeOf(columns);
  context.addIssue(problem);
  return z.NEVER;
});
