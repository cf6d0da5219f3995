/** The text files below a directory, as a developer would count them: no ignored ones, no binaries, nothing huge. */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import ignore from 'ignore';
import type { Ignore } from 'ignore';

/** Larger files are data or generated code, where single places do not matter. */
const MOST_BYTES = 1_000_000;
const IGNORE_FILES = ['.gitignore', '.ignore'];

export interface FoundFile {
  /** Relative to the root, with forward slashes. */
  path: string;
  text: string;
}

/** Walks in name order. Symbolic links are not followed; what cannot be read is left out. */
export async function* textFiles(root: string): AsyncGenerator<FoundFile> {
  yield* walk(root, '', []);
}

interface Rules {
  /** Directory of the ignore file, relative to the root; its patterns count from there. */
  base: string;
  rules: Ignore;
}

async function* walk(root: string, directory: string, above: readonly Rules[]): AsyncGenerator<FoundFile> {
  const absolute = path.join(root, directory);
  const entries = await readdir(absolute, { withFileTypes: true }).catch(() => []);
  const rules = ignore();
  for (const name of IGNORE_FILES) rules.add(await readFile(path.join(absolute, name), 'utf8').catch(() => ''));
  const all = [...above, { base: directory, rules }];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const relative = directory === '' ? entry.name : `${directory}/${entry.name}`;
    if (entry.name === '.git') continue;
    if (entry.isDirectory()) {
      if (!isIgnored(all, `${relative}/`)) yield* walk(root, relative, all);
    } else if (entry.isFile() && !IGNORE_FILES.includes(entry.name) && !isIgnored(all, relative)) {
      const text = await readText(path.join(root, relative));
      if (text !== undefined) yield { path: relative, text };
    }
  }
}

/** The innermost ignore file that says anything about a path decides. */
function isIgnored(all: readonly Rules[], relative: string): boolean {
  for (const { base, rules } of [...all].reverse()) {
    const verdict = rules.test(base === '' ? relative : relative.slice(base.length + 1));
    if (verdict.ignored) return true;
    if (verdict.unignored) return false;
  }
  return false;
}

async function readText(file: string): Promise<string | undefined> {
  try {
    if ((await stat(file)).size > MOST_BYTES) return undefined;
    const bytes = await readFile(file);
    // A zero byte is the sign by which git, too, tells binaries from text.
    return bytes.subarray(0, 8000).includes(0) ? undefined : bytes.toString('utf8');
  } catch {
    return undefined;
  }
}
