/** Loads tree-sitter grammars lazily, one parser for each language, from one directory. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Language, Parser } from 'web-tree-sitter';
import type { Tree } from 'web-tree-sitter';
import { StrataError, throwIfCancelled } from '../../../protocol/errors.js';

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
  // A failure is not remembered, neither here nor below: the next document may find the file mended.
  if (!runtime) {
    const starting = startRuntime(from);
    runtime = starting;
    starting.catch(() => {
      if (runtime === starting) runtime = undefined;
    });
  }
  await runtime;
  let language = languages.get(grammar);
  if (!language) {
    language = readFile(path.join(from, grammar)).then((bytes) => Language.load(bytes));
    languages.set(grammar, language);
    language.catch(() => languages.delete(grammar));
  }
  return language;
}

/**
 * So long a parser works before messages are read, cancellation among them. Ordinary files are read in one slice: what the grammar makes of a wrong
 * one may depend a little on where it was stopped.
 */
const SLICE_MS = 250;

/**
 * Parses `text` and hands the tree to `use`; tree and parser are freed afterwards (wasm memory is not collected). Parsing is done in slices of
 * time, and `signal` is looked at between them. Throws StrataError `cancelled`, and where the grammar file is missing.
 */
export async function withTree<T>(
  grammar: string,
  text: string,
  use: (tree: Tree) => T,
  signal?: AbortSignal,
): Promise<T> {
  const language = await load(grammar);
  const parser = new Parser();
  try {
    parser.setLanguage(language);
    const tree = await inSlices(parser, text, signal);
    try {
      return use(tree);
    } finally {
      tree.delete();
    }
  } finally {
    parser.delete();
  }
}

/**
 * So much of the processor's time a grammar may take: many times what any text takes that somebody wrote. What a grammar was not made for (lone
 * accents in Dart's, `end end end …` in Lua's) makes it look ahead anew from every character, for minutes or hours.
 */
const MOST_MS = 15_000;
const MOST_MS_A_CHARACTER = 0.03;

async function inSlices(parser: Parser, text: string, signal?: AbortSignal): Promise<Tree> {
  const before = process.cpuUsage();
  const most = MOST_MS + MOST_MS_A_CHARACTER * text.length;
  const work = { isOver: false, takesTooLong: false };
  const takesTooLong = (): boolean => {
    const { user, system } = process.cpuUsage(before);
    return (work.takesTooLong ||= (user + system) / 1000 > most);
  };
  // One that looks ahead reads far more often than it reports progress. It ends soon after the text seems to.
  const read = (at: number): string => (!work.isOver && takesTooLong() ? '' : text.slice(at));
  for (;;) {
    throwIfCancelled(signal);
    const end = performance.now() + SLICE_MS;
    const slice = { isOver: false };
    const progressCallback = (): boolean => takesTooLong() || (slice.isOver = performance.now() > end);
    // A parser that was stopped goes on where it was.
    const tree = parser.parse(read, null, { progressCallback });
    if (work.takesTooLong) {
      tree?.delete();
      throw new Error('it takes too long for this text');
    }
    work.isOver = tree !== null;
    if (tree) return tree;
    if (!slice.isOver) throw new Error('the parser gave no tree');
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

/** For `catch`: null instead of what a grammar could not do; what was cancelled stays so. */
export function unlessCancelled(error: unknown): null {
  if (error instanceof StrataError) throw error;
  return null;
}
