/** The outline's entries: which nodes they are, which holds which, and by what the editor knows them again. No `vscode` here. */
import { OUTLINE_KINDS, type TreeNode } from '../protocol/document.js';

export interface OutlineEntry {
  type: 'node';
  /** Made of kinds and names, so that what is open and selected stays so when an edit has given the nodes other numbers. */
  id: string;
  node: TreeNode;
  /** The entry that holds this one. */
  above: OutlineEntry | undefined;
  below: OutlineEntry[];
}

/** By the number of their node, in the order of the text. */
export function outlineEntries(nodes: readonly TreeNode[]): Map<number, OutlineEntry> {
  const entries = new Map<number, OutlineEntry>();
  const alike = new Map<string, number>();
  for (const node of nodes) {
    if (!OUTLINE_KINDS.includes(node.kind)) continue;
    // Callbacks without a name would only clutter the outline.
    if (!node.name && node.kind !== 'class') continue;
    let holder = node.parent;
    while (holder > 0 && !entries.has(holder)) holder = nodes[holder]!.parent;
    const above = entries.get(holder);
    const path = `${above?.id ?? ''}${JSON.stringify([node.kind, node.name])}`;
    const count = (alike.get(path) ?? 0) + 1;
    alike.set(path, count);
    const entry: OutlineEntry = { type: 'node', id: `${path}${count}`, node, above, below: [] };
    above?.below.push(entry);
    entries.set(node.id, entry);
  }
  return entries;
}
