/** What becomes of a document where grammars are missing or broken, and when they are there again. */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { initHierarchy, parseDocument } from '../../../src/engine/hierarchy/index.js';
import { ROOT } from './invariants.js';

const GRAMMARS = path.join(ROOT, 'dist/grammars');
const dir = mkdtempSync(path.join(os.tmpdir(), 'strata-grammars-'));
const install = (name: string): void => {
  copyFileSync(path.join(GRAMMARS, name), path.join(dir, name));
};

const MARKDOWN = 'Store\n=====\n\nKeeps values.\n\n```ts\nexport function go(): void {\n  run();\n  stop();\n}\n```\n';
const TYPESCRIPT = 'export function go(): void {\n  run();\n  stop();\n}\n';
const PAGE = '<p>One. Two.</p>\n'.repeat(9);

afterAll(() => {
  rmSync(dir, { recursive: true });
});

// One after the other: each finds the folder as the one before left it.
describe('without its grammar', () => {
  it.each([
    ['a.md', MARKDOWN],
    ['a.ts', TYPESCRIPT],
    ['a.html', PAGE],
  ])('%s has a simpler structure, and says why', async (fileName, text) => {
    initHierarchy({ grammarsDir: dir });
    const tree = await parseDocument({ text, fileName });
    expect(tree.fallback).toMatch(/grammar could not be used/);
    expect(tree.nodes.length).toBeGreaterThan(2);
  });

  it('a file is read by it as soon as it is there', async () => {
    for (const name of ['web-tree-sitter.wasm', 'tree-sitter-markdown.wasm']) install(name);
    const tree = await parseDocument({ text: MARKDOWN, fileName: 'a.md' });
    expect(tree.fallback).toBeUndefined();
    expect(tree.nodes.map((n) => n.name)).toContain('Store');
  });

  it('a fence of Markdown stays lines, and so does a script of a page', async () => {
    writeFileSync(path.join(dir, 'tree-sitter-typescript.wasm'), 'broken');
    const tree = await parseDocument({ text: MARKDOWN, fileName: 'a.md' });
    expect(tree.fallback).toBeUndefined();
    expect(tree.nodes.map((n) => n.name)).not.toContain('go');
    install('tree-sitter-html.wasm');
    const page = '<div>\n<script>\nfunction a() {\n  b();\n}\n</script>\n</div>\n';
    expect((await parseDocument({ text: page, fileName: 'a.vue' })).fallback).toBeUndefined();
    install('tree-sitter-typescript.wasm');
    expect((await parseDocument({ text: MARKDOWN, fileName: 'a.md' })).nodes.map((n) => n.name)).toContain('go');
  });
});

it('a grammar that takes far longer than any text should take is not waited for', async () => {
  initHierarchy({ grammarsDir: GRAMMARS });
  let hours = 0;
  const clock = vi.spyOn(process, 'cpuUsage').mockImplementation(() => ({ user: 3.6e9 * hours++, system: 0 }));
  const tree = await parseDocument({ text: TYPESCRIPT.repeat(2_000), fileName: 'a.ts' });
  clock.mockRestore();
  expect(tree.fallback).toMatch(/takes too long for this text.*indentation/);
  expect((await parseDocument({ text: TYPESCRIPT, fileName: 'a.ts' })).fallback).toBeUndefined();
});
