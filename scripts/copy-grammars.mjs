/** Copies web-tree-sitter's runtime and every grammar that src/engine/hierarchy/code/languages.ts names into one directory. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './lib/root.mjs';

const repomix = (name) => `@repomix/tree-sitter-wasms/out/tree-sitter-${name}.wasm`;
export const GRAMMARS = {
  'web-tree-sitter.wasm': 'web-tree-sitter/web-tree-sitter.wasm',
  ...Object.fromEntries(
    [
      'c',
      'c_sharp',
      'cpp',
      'css',
      'dart',
      'go',
      'java',
      'javascript',
      'php',
      'python',
      'ruby',
      'rust',
      'solidity',
      'swift',
      'tsx',
      'typescript',
    ].map((name) => [`tree-sitter-${name}.wasm`, repomix(name)]),
  ),
  'tree-sitter-bash.wasm': '@vscode/tree-sitter-wasm/wasm/tree-sitter-bash.wasm',
  'tree-sitter-kotlin.wasm': '@tree-sitter-grammars/tree-sitter-kotlin/tree-sitter-kotlin.wasm',
  'tree-sitter-lua.wasm': '@tree-sitter-grammars/tree-sitter-lua/tree-sitter-lua.wasm',
  'tree-sitter-toml.wasm': '@tree-sitter-grammars/tree-sitter-toml/tree-sitter-toml.wasm',
  'tree-sitter-yaml.wasm': '@tree-sitter-grammars/tree-sitter-yaml/tree-sitter-yaml.wasm',
  'tree-sitter-html.wasm': 'tree-sitter-html/tree-sitter-html.wasm',
  'tree-sitter-json.wasm': 'tree-sitter-json/tree-sitter-json.wasm',
  'tree-sitter-objc.wasm': 'tree-sitter-objc/tree-sitter-objc.wasm',
  'tree-sitter-scala.wasm': 'tree-sitter-scala/tree-sitter-scala.wasm',
  'tree-sitter-xml.wasm': '@kerebron/wasm/assets/tree-sitter-xml/tree-sitter-xml.wasm',
  'tree-sitter-markdown.wasm': '@kerebron/wasm/assets/tree-sitter-markdown/tree-sitter-markdown.wasm',
};

/**
 * Swift's scanner asks for its state with `calloc(0, 4)`, so its count of `#` begins as whatever the memory held before: every `#if`,
 * `#selector` and raw string is an error, and error recovery is slow (alex-pinkus/tree-sitter-swift, pull request 554, in no package yet).
 * The bytes are `i32.const 0`, `i32.const 4`, `call 0`, `end`.
 */
function withScannerState(name, grammar) {
  const call = Buffer.from('410041041080808080000b', 'hex');
  const at = grammar.indexOf(call);
  if (at < 0 || grammar.includes(call, at + 1))
    throw new Error(`${name} is not the file that was mended here: see whether it still has to be.`);
  const mended = Buffer.from(grammar);
  mended[at + 1] = 1;
  return mended;
}

const MENDED = { 'tree-sitter-swift.wasm': withScannerState };

/** Throws with the missing file's name when a dependency does not carry what it should. */
export function copyGrammars() {
  const target = path.join(ROOT, 'dist', 'grammars');
  mkdirSync(target, { recursive: true });
  for (const [name, source] of Object.entries(GRAMMARS)) {
    const from = path.join(ROOT, 'node_modules', source);
    if (!existsSync(from)) throw new Error(`Grammar file is missing: node_modules/${source} (run "npm ci")`);
    const grammar = readFileSync(from);
    writeFileSync(path.join(target, name), MENDED[name]?.(name, grammar) ?? grammar);
  }
}
