/** What every tree must hold, whatever the text; and trees as text, small enough to review. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { initHierarchy, parseDocument } from '../../../src/engine/hierarchy/index.js';
import type { DocumentTree, TreeNode } from '../../../src/protocol/document.js';

export const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const SAMPLES = path.join(ROOT, 'test/fixtures/hierarchy');

initHierarchy({ grammarsDir: path.join(ROOT, 'dist/grammars') });

export const parse = (text: string, fileName: string, language?: string): Promise<DocumentTree> =>
  parseDocument({ text, fileName, language });

export interface Sample {
  name: string;
  text: string;
}

/** One file of each language and kind of text. */
export const samples: readonly Sample[] = readdirSync(SAMPLES).map((name) => ({
  name,
  text: readFileSync(path.join(SAMPLES, name), 'utf8'),
}));

/** Problems of a tree; empty when it is sound. Slow and obvious on purpose. */
export function problems(tree: DocumentTree, text: string): string[] {
  const found: string[] = [];
  const { nodes } = tree;
  const root = nodes[0];
  if (root?.kind !== 'file' || root.parent !== -1) return ['the first node is not the file'];
  if (tree.length !== text.length) found.push(`length ${tree.length} of ${text.length}`);
  const lineOf = (offset: number): number => {
    let line = 1;
    for (let i = 0; i < offset; i++) if (text.charCodeAt(i) === 10) line++;
    return line;
  };
  const small = text.length < 20_000;
  const covered = new Uint8Array(text.length);
  for (const [id, node] of nodes.entries()) {
    const here = `node ${id} (${node.kind} ${node.start}–${node.end})`;
    if (node.id !== id) found.push(`${here} has id ${node.id}`);
    if (node.start > node.end || node.end > text.length) found.push(`${here} lies outside the text`);
    if (id > 0 && !(node.parent >= 0 && node.parent < id)) found.push(`${here} does not follow its parent`);
    if (id > 0 && !nodes[node.parent]?.children.includes(id)) found.push(`${here} is not among its parent's children`);
    let at = node.start;
    for (const c of node.children) {
      const child = nodes[c]!;
      if (child.parent !== id) found.push(`${here}: child ${c} has another parent`);
      if (child.start < at) found.push(`${here}: child ${c} overlaps what is before it`);
      if (child.end > node.end) found.push(`${here}: child ${c} ends outside`);
      at = child.end;
    }
    if (small && node.startLine !== lineOf(node.start)) found.push(`${here} starts in line ${node.startLine}`);
    if (small && node.end > node.start && node.endLine !== lineOf(node.end - 1))
      found.push(`${here} ends in line ${node.endLine}`);
    if (node.description && (node.description.start < node.start || node.description.end > node.end))
      found.push(`${here}: its description lies outside`);
    const leaf = node.children.length === 0;
    if (leaf !== (node.kind === 'statement' || node.kind === 'sentence') && id > 0)
      found.push(`${here} is ${leaf ? '' : 'not '}a leaf`);
    if (leaf) for (let i = node.start; i < node.end; i++) covered[i]!++;
  }
  for (let i = 0; i < text.length; i++) {
    const blank = /[\s\uFEFF]/.test(text[i]!);
    if (covered[i]! > 1) found.push(`character ${i} lies under ${covered[i]} leaves`);
    if (covered[i] === 0 && !blank) found.push(`character ${i} (${JSON.stringify(text[i])}) lies under no leaf`);
    if (found.length > 20) break;
  }
  return found;
}

/** Kind, name and lines of every node above the leaves, with the number of its own leaves. */
export function outline(tree: DocumentTree): string {
  const lines = [`${tree.language} (${tree.genre})${tree.fallback ? `: ${tree.fallback}` : ''}`];
  const visit = (id: number, indent: string): void => {
    const node = tree.nodes[id]!;
    const leaves = node.children.filter((c) => tree.nodes[c]!.children.length === 0).length;
    const about = node.description ? ' described' : '';
    lines.push(
      `${indent}${node.kind}${node.name ? ` ${node.name}` : ''} ${node.startLine}–${node.endLine}${about}${leaves > 0 ? ` · ${leaves}` : ''}`,
    );
    for (const c of node.children) if (tree.nodes[c]!.children.length > 0) visit(c, `${indent}  `);
  };
  visit(0, '');
  return `${lines.join('\n')}\n`;
}

/** The first line of what is said of a node, behind a dash; empty where nothing is. */
export function said({ description }: TreeNode, text: string): string {
  return description ? ` — ${text.slice(description.start, description.end).split('\n')[0]!}` : '';
}

/** The names of all classes and functions, in document order. */
export async function named(text: string, file: string): Promise<(string | undefined)[]> {
  const tree = await parse(text, file);
  return tree.nodes.filter((n) => n.kind === 'class' || n.kind === 'function').map((n) => n.name);
}
