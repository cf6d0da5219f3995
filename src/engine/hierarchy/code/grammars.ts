/** Loads tree-sitter grammars lazily, one parser for each language, from one directory. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Language, Parser } from 'web-tree-sitter';
import type { Tree } from 'web-tree-sitter';
import { StrataError } from '../../../protocol/errors.js';

let directory: string | undefined;
let runtime: Promise<void> | undefined;
const languages = new Map<string, Promise<Language>>();

/** Says where `web-tree-sitter.wasm` and the grammars are. Does no I/O. */
export function setGrammarsDirectory(grammarsDir: string): void {
  if (directory === grammarsDir) return;
  directory = grammarsDir;
  runtime = undefined;
  languages.clear();
}

/**
 * Without V8's second compiler: it works for seconds on the one huge function of some grammars (Swift's, C#'s), for which the next grammar
 * and the end of the process wait, and saves milliseconds a file. A V8 that does not know the flag ignores it.
 */
function startRuntime(from: string): Promise<void> {
  setFlagsFromString('--liftoff-only');
  return Parser.init({ locateFile: (name: string) => path.join(from, name) });
}

async function load(grammar: string): Promise<Language> {
  if (directory === undefined) throw new StrataError('internal', 'The grammars directory was not set before parsing.');
  const from = directory;
  runtime ??= startRuntime(from);
  await runtime;
  let language = languages.get(grammar);
  if (!language) {
    language = readFile(path.join(from, grammar)).then((bytes) => Language.load(bytes));
    languages.set(grammar, language);
    // A failure is not remembered: the next document may find the file mended.
    language.catch(() => languages.delete(grammar));
  }
  return language;
}

/**
 * Parses `text` and hands the tree to `use`; tree and parser are freed afterwards (wasm memory is not collected).
 * Returns null when parsing was stopped by `signal`. Throws where the grammar file is missing.
 */
export async function withTree<T>(
  grammar: string,
  text: string,
  use: (tree: Tree) => T,
  signal?: AbortSignal,
): Promise<T | null> {
  const language = await load(grammar);
  const parser = new Parser();
  try {
    parser.setLanguage(language);
    const tree = parser.parse(text, null, { progressCallback: () => signal?.aborted ?? false });
    if (!tree) return null;
    try {
      return use(tree);
    } finally {
      tree.delete();
    }
  } finally {
    parser.delete();
  }
}
