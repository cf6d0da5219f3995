/** Builds scripts that are run as processes of their own. */
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { watForEsbuild } from '../../../scripts/lib/wat.mjs';

export const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../..');

/** Bundles a TypeScript entry (path from the repository's root) so that Node can run it; `remove` deletes the result. */
export async function bundle(entry: string): Promise<{ file: string; remove: () => void }> {
  // Inside the repository, so that the packages that stay outside the bundle are found.
  const dir = mkdtempSync(path.join(ROOT, 'node_modules/.strata-test-'));
  const file = path.join(dir, 'bundle.cjs');
  await build({
    entryPoints: [path.join(ROOT, entry)],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['onnxruntime-node'],
    plugins: [watForEsbuild],
    define: { 'import.meta.url': '__importMetaUrl' },
    banner: { js: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
    logLevel: 'error',
  });
  return {
    file,
    remove: () => {
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
