/**
 * Makes the installable extension:
 *   node scripts/package.mjs [--target linux-x64]         → dist/strata-VERSION-TARGET.vsix, for this system unless it names another
 * What goes in is what .vscodeignore allows, plus ONNX Runtime for the one target. Everything is copied to a staging directory
 * first, so that nothing else of the checkout can slip in.
 */
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { build } from './build.mjs';
import { thirdPartyNotices } from './lib/notices.mjs';
import { readOptions } from './lib/options.mjs';
import { ROOT } from './lib/root.mjs';

const LIMIT_MB = 80;

/**
 * Files of ONNX Runtime that each target loads. The Linux libraries for CUDA and TensorRT are left out: they are not usable without
 * the user's own CUDA. macOS carries the library twice; the binding is linked to the short name.
 */
const RUNTIME = {
  'linux-x64': ['linux/x64', ['onnxruntime_binding.node', 'libonnxruntime.so.1']],
  'linux-arm64': ['linux/arm64', ['onnxruntime_binding.node', 'libonnxruntime.so.1']],
  'darwin-arm64': ['darwin/arm64', ['onnxruntime_binding.node', 'libonnxruntime.1.dylib']],
  'win32-x64': [
    'win32/x64',
    ['onnxruntime_binding.node', 'onnxruntime.dll', 'DirectML.dll', 'dxcompiler.dll', 'dxil.dll'],
  ],
  'win32-arm64': [
    'win32/arm64',
    ['onnxruntime_binding.node', 'onnxruntime.dll', 'DirectML.dll', 'dxcompiler.dll', 'dxil.dll'],
  ],
};
/** Targets that can be packaged: those for which ONNX Runtime has a binary. */
const TARGETS = Object.keys(RUNTIME);
const THIS_SYSTEM = `${process.platform}-${process.arch}`;

/** Lines of the allow-list, without the ones that the packaging makes itself. */
function allowed() {
  return readFileSync(path.join(ROOT, '.vscodeignore'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1).trim())
    .filter((line) => !line.startsWith('dist/node_modules/') && line !== 'ThirdPartyNotices.txt');
}

/** Files that `dir/name`, `dir/*.ext` or `dir/**` stands for. */
function expand(pattern) {
  const dir = path.posix.dirname(pattern);
  const name = path.posix.basename(pattern);
  if (!name.includes('*')) return existsSync(path.join(ROOT, pattern)) ? [pattern] : [];
  if (!existsSync(path.join(ROOT, dir))) return [];
  return readdirSync(path.join(ROOT, dir), { recursive: name === '**', withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(name === '**' ? '' : name.slice(1)))
    .map((entry) => path.posix.join(path.relative(ROOT, entry.parentPath).split(path.sep).join('/'), entry.name));
}

function copyInto(stage, from, to) {
  const target = path.join(stage, to);
  mkdirSync(path.dirname(target), { recursive: true });
  copyFileSync(path.join(ROOT, from), target);
}

function stageRuntime(stage, target) {
  const [dir, files] = RUNTIME[target];
  const node = 'node_modules/onnxruntime-node';
  const common = 'node_modules/onnxruntime-common';
  const script = (source) => statSync(source).isDirectory() || /\.js$|package\.json$/.test(source);
  for (const [name, sources] of [
    [node, ['package.json', 'dist']],
    [common, ['package.json', 'dist/cjs']],
  ])
    for (const source of sources)
      cpSync(path.join(ROOT, name, source), path.join(stage, 'dist', name, source), {
        recursive: true,
        filter: script,
      });
  for (const file of files) {
    const source = `${node}/bin/napi-v6/${dir}/${file}`;
    if (!existsSync(path.join(ROOT, source))) throw new Error(`${source} is missing; run "npm ci"`);
    copyInto(stage, source, `dist/${source}`);
  }
}

/** package.json as it is shipped: the dependencies are in the bundles, the scripts are for the checkout. */
function shippedManifest() {
  const {
    scripts,
    devDependencies,
    dependencies,
    bin,
    private: _,
    ...manifest
  } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  return manifest;
}

/**
 * Builds, stages and packs.
 * @param {string} target
 */
async function packageExtension(target) {
  if (!TARGETS.includes(target)) throw new Error(`There is no package for ${target}. Targets: ${TARGETS.join(', ')}`);
  const manifest = shippedManifest();
  const vsix = path.join(ROOT, `dist/strata-${manifest.version}-${target}.vsix`);
  // Where packaging fails, nobody must install or test an older package for the new one.
  rmSync(vsix, { force: true });
  const packages = await build();
  const stage = path.join(ROOT, 'dist/stage');
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  const missing = [];
  const bundled = new Set();
  for (const pattern of allowed()) {
    const files = expand(pattern);
    if (files.length === 0) missing.push(pattern);
    for (const file of files) {
      copyInto(stage, file, file);
      for (const name of packages.get(file) ?? []) bundled.add(name);
    }
  }
  if (missing.length > 0) throw new Error(`.vscodeignore names what does not exist: ${missing.join(', ')}`);
  stageRuntime(stage, target);
  writeFileSync(path.join(stage, 'ThirdPartyNotices.txt'), thirdPartyNotices(ROOT, bundled));
  writeFileSync(path.join(stage, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  copyInto(stage, '.vscodeignore', '.vscodeignore');

  await createVSIX({ cwd: stage, packagePath: vsix, target, dependencies: false });
  const listed = readdirSync(stage, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== '.vscodeignore')
    .map((entry) => path.join(entry.parentPath, entry.name));
  for (const file of listed.sort())
    console.log(`${(statSync(file).size / 1e6).toFixed(2).padStart(9)} MB  ${path.relative(stage, file)}`);
  const size = statSync(vsix).size / 1e6;
  console.log(`${path.relative(ROOT, vsix)}: ${size.toFixed(1)} MB, ${listed.length} files`);
  if (size > LIMIT_MB) throw new Error(`The package is larger than ${LIMIT_MB} MB`);
  rmSync(stage, { recursive: true });
}

const { target } = readOptions('package', { target: { type: 'string', default: THIS_SYSTEM } });
try {
  await packageExtension(target);
} catch (error) {
  console.error(`package: ${error.message}`);
  process.exitCode = 1;
}
