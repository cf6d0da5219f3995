/** How the sources are bundled: for Node as they ship, and for a script that wants to know what the sources know. */
import path from 'node:path';
import { build } from 'esbuild';
import { ROOT } from './root.mjs';
import { watForEsbuild } from './wat.mjs';

/** @type {import('esbuild').BuildOptions} */
export const NODE_BUNDLE = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  // VS Code 1.101 runs Node 22, the command line Node 20.
  target: 'node20',
  external: ['vscode', 'onnxruntime-node', 'mocha'],
  plugins: [watForEsbuild],
  // Some dependencies (web-tree-sitter) find their files by import.meta.url, which CommonJS does not have.
  define: { 'import.meta.url': '__importMetaUrl' },
  banner: { js: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  logLevel: 'warning',
};

/** What a TypeScript module (path from the repository's root) exports; for modules of constants and pure functions. */
export async function sourceModule(entry) {
  const { outputFiles } = await build({
    entryPoints: [path.join(ROOT, entry)],
    bundle: true,
    write: false,
    format: 'esm',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`);
}
