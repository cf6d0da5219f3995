/** Builds scripts that are run as processes of their own. */
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { NODE_BUNDLE } from '../../../scripts/lib/bundling.mjs';
import { ROOT } from '../../../scripts/lib/root.mjs';

/** Bundles a TypeScript entry (path from the repository's root) so that Node can run it; `remove` deletes the result. */
export async function bundle(entry: string): Promise<{ file: string; remove: () => void }> {
  // Inside the repository, so that the packages that stay outside the bundle are found.
  const dir = mkdtempSync(path.join(ROOT, 'node_modules/.strata-test-'));
  const file = path.join(dir, 'bundle.cjs');
  await build({
    ...NODE_BUNDLE,
    entryPoints: [path.join(ROOT, entry)],
    outfile: file,
    logLevel: 'error',
  });
  return {
    file,
    remove: () => {
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
