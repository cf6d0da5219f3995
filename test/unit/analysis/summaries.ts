/** Summaries and gists of real texts under random vectors and random attention. */
import { LevelIndex } from '../../../src/engine/analysis/levels.js';
import { summarise } from '../../../src/engine/analysis/summary.js';
import type { Summary } from '../../../src/protocol/document.js';
import { samples } from '../hierarchy/invariants.js';
import { fakeDocument } from './fake-document.js';

export async function summary(text: string, name: string, words = 60, seed = 1): Promise<Summary> {
  return summarise(new LevelIndex(await fakeDocument(text, name, { seed })), text, words);
}

export const sample = (name: string): string => samples.find((s) => s.name === name)!.text;

/** Enough kinds of attention that what one of them takes by chance is not taken by all. */
const SEEDS = [1, 2, 3, 4, 5, 6];

/** What is said of each class, function and section, by its name, whatever the attention is: all that is said under one of `SEEDS`. */
export async function gistsOf(text: string, name: string): Promise<Record<string, string[]>> {
  const said = new Map<string, Set<string>>();
  for (const seed of SEEDS) {
    const { tree } = await fakeDocument(text, name, { seed });
    for (const gist of (await summary(text, name, 60, seed)).sections) {
      const of = tree.nodes[gist.node]!.name ?? '';
      said.set(of, (said.get(of) ?? new Set()).add(gist.text));
    }
  }
  return Object.fromEntries([...said].map(([of, texts]) => [of, [...texts].toSorted()]));
}
