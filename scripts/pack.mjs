/**
 * Packs JSON lines `{id, text, fileName?, language?}` (standard input or a file) for training, through the engine's own code:
 *   node scripts/pack.mjs --tokenizer models/tokenizer.json [FILE.jsonl] > PACKED.jsonl
 * The output is described in docs/model-contract.md. What holds no text is named on standard error and left out; any other error ends it.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { build } from 'esbuild';
import { copyGrammars } from './copy-grammars.mjs';
import { ROOT } from './lib/root.mjs';

const bundle = path.join(ROOT, 'dist', 'pack.mjs');
await build({
  entryPoints: [path.join(ROOT, 'src/engine/pack-main.ts')],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  external: ['web-tree-sitter', '@huggingface/tokenizers'],
  logLevel: 'error',
});
copyGrammars();
const run = spawnSync(process.execPath, ['--max-old-space-size=8192', bundle, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exitCode = run.status ?? 1;
