/** Summaries and gists of real texts under random vectors and random attention. */
import { sectionGists } from '../../../src/engine/analysis/gists.js';
import { LevelIndex } from '../../../src/engine/analysis/levels.js';
import { summarise } from '../../../src/engine/analysis/summary.js';
import type { Summary } from '../../../src/protocol/document.js';
import { samples } from '../hierarchy/invariants.js';
import { fakeDocument } from './fake-document.js';

export async function summary(text: string, name: string, words = 60): Promise<Summary> {
  return summarise(new LevelIndex(await fakeDocument(text, name)), text, words);
}

export const sample = (name: string): string => samples.find((s) => s.name === name)!.text;

/** What may be said of each class, function and section, by its name: under attention to any one leaf of the text. */
export async function gistsOf(text: string, name: string): Promise<Record<string, string[]>> {
  const index = new LevelIndex(await fakeDocument(text, name));
  const { nodes } = index.document.tree;
  const said = new Map<string, Set<string>>();
  for (const leaf of nodes.filter((n) => n.children.length === 0)) {
    const [first, last] = index.piecesOfNode(leaf.id);
    const flow = new Float64Array(index.pieces).fill(1, first, last);
    for (const gist of sectionGists(index, text, flow)) {
      const of = nodes[gist.node]!.name ?? '';
      said.set(of, (said.get(of) ?? new Set()).add(gist.text));
    }
  }
  return Object.fromEntries([...said].map(([of, texts]) => [of, [...texts].toSorted()]));
}
