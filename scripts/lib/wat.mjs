/** Makes `import bytes from './NAME.wat'` give the bytes of that WebAssembly module, for esbuild and for Vitest. */
import { readFileSync } from 'node:fs';
import openWabt from 'wabt';

/** The module as bytes; throws with the place of the mistake in its text. */
async function assemble(file) {
  const wabt = await openWabt();
  const module = wabt.parseWat(file, readFileSync(file, 'utf8'), { simd: true });
  try {
    module.validate({ simd: true });
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}

/** @type {import('esbuild').Plugin} */
export const watForEsbuild = {
  name: 'wat',
  setup(build) {
    build.onLoad({ filter: /\.wat$/ }, async ({ path }) => ({
      contents: await assemble(path),
      loader: 'binary',
      watchFiles: [path],
    }));
  },
};

/** @type {import('vite').Plugin} */
export const watForVite = {
  name: 'wat',
  enforce: 'pre',
  async load(id) {
    if (!id.endsWith('.wat')) return null;
    return `export default Uint8Array.of(${(await assemble(id)).join()});`;
  },
};
