/**
 * Bundles everything that runs: the extension, the engine, the command line, the webview pages and the in-host tests.
 *   node scripts/build.mjs [--watch]
 */
import { chmodSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build as bundle, context } from 'esbuild';
import { copyGrammars } from './copy-grammars.mjs';
import { packageOf } from './lib/notices.mjs';
import { NODE_BUNDLE } from './lib/bundling.mjs';
import { isMain, ROOT } from './lib/root.mjs';

/** Node bundles: output name → entry. `engine` is forked by the extension. */
const NODE_ENTRIES = {
  extension: 'src/extension.ts',
  engine: 'src/engine/main.ts',
  cli: 'src/cli/main.ts',
};

/** One script and one style sheet for each page. */
const WEBVIEW_ENTRIES = ['src/webview/scales.ts', 'src/webview/scales.css'];

/** In-host tests are one bundle each, so that mocha reports them by file. `index.ts` is the entry that VS Code calls. */
function hostTestEntries() {
  const dir = path.join(ROOT, 'test/host');
  const tests = readdirSync(dir).filter((name) => name.endsWith('.test.ts'));
  return {
    host: path.join(dir, 'index.ts'),
    ...Object.fromEntries(tests.map((name) => [name.slice(0, -'.ts'.length), path.join(dir, name)])),
  };
}

function absolute(entries) {
  return Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, path.join(ROOT, file)]));
}

/** Stack traces and breakpoints are in the sources. */
const NODE_OPTIONS = { ...NODE_BUNDLE, sourcemap: true, sourcesContent: false };

/** Every bundle that this project consists of, as esbuild options. */
function bundles() {
  return [
    { ...NODE_OPTIONS, entryPoints: absolute(NODE_ENTRIES), outdir: path.join(ROOT, 'dist') },
    {
      bundle: true,
      platform: 'browser',
      format: 'iife',
      target: 'chrome134',
      entryPoints: WEBVIEW_ENTRIES.map((file) => path.join(ROOT, file)),
      outdir: path.join(ROOT, 'media/webview'),
      sourcemap: true,
      logLevel: 'warning',
    },
    { ...NODE_OPTIONS, entryPoints: hostTestEntries(), outdir: path.join(ROOT, 'dist/test') },
  ];
}

function packagesIn(files) {
  const inPackages = files.filter((file) => file.includes('node_modules/'));
  return new Set(inPackages.map((file) => packageOf(file.slice(file.lastIndexOf('node_modules/') + 13))));
}

/** Builds all and resolves with the names of the packages whose code each bundle contains, by its path in the checkout; rejects with esbuild's message. */
export async function build() {
  // A test whose source was removed must not run from an old bundle.
  rmSync(path.join(ROOT, 'dist/test'), { recursive: true, force: true });
  copyGrammars();
  const results = await Promise.all(bundles().map((options) => bundle({ ...options, metafile: true })));
  chmodSync(path.join(ROOT, 'dist/cli.js'), 0o755);
  const outputs = results.flatMap(({ metafile }) => Object.entries(metafile.outputs));
  return new Map(outputs.map(([file, { inputs }]) => [file, packagesIn(Object.keys(inputs))]));
}

async function watch() {
  copyGrammars();
  for (const options of bundles()) await (await context({ ...options, logLevel: 'info' })).watch();
}

if (isMain(import.meta.url)) {
  const started = performance.now();
  if (process.argv.includes('--watch')) {
    await watch();
  } else {
    await build();
    console.log(`built dist/ and media/webview/ in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  }
}
