/** The engine's parsers for a script that wants to see trees. */
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { copyGrammars } from '../copy-grammars.mjs';
import { ROOT } from './root.mjs';

/** `parseDocument` of src/engine/hierarchy, ready to be called; the Node packages must be there. */
export async function openParser() {
  copyGrammars();
  // Below the packages that it imports, and of a name of its own: several scripts may run at once.
  const dir = mkdtempSync(path.join(ROOT, 'dist', 'parser-'));
  const outfile = path.join(dir, 'parser.mjs');
  try {
    await build({
      entryPoints: [path.join(ROOT, 'src/engine/hierarchy/index.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      external: ['web-tree-sitter'],
      logLevel: 'error',
    });
    const { initHierarchy, parseDocument } = await import(pathToFileURL(outfile).href);
    initHierarchy({ grammarsDir: path.join(ROOT, 'dist', 'grammars') });
    return parseDocument;
  } finally {
    rmSync(dir, { recursive: true });
  }
}
