/** The text files below a directory, as a developer would count them: no ignored ones, no binaries, nothing huge. */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import ignore from 'ignore';
import type { Ignore } from 'ignore';
import { isUnreadable } from '../protocol/errors.js';
import { type Decoded, decode } from './decode.js';
import { InputError, type Io, messageOf, whyUnread } from './io.js';

/** Larger files are data or generated code, where single places do not matter. */
const MOST_BYTES = 1_000_000;
const IGNORE_FILES = ['.gitignore', '.ignore'];
/** As git does by itself: `lib/` is not `Lib/` where a folder can have both. */
const IGNORE_CASE = process.platform === 'win32' || process.platform === 'darwin';

export interface FoundFile {
  /** Relative to the root, with forward slashes. */
  path: string;
  text: string;
}

/** What is told of the files below a folder. */
export interface Report {
  /** The file is not read, and why. */
  leftOut: (path: string, why: string) => void;
  /** The file is read, though it is not valid UTF-8; how. */
  noted: (path: string, note: string) => void;
}

/** What becomes of a file of a folder whose text cannot be analysed: it is left out. Other errors are thrown. */
export function leaveOut(error: unknown, file: string, text: string, report: Report): void {
  if (!isUnreadable(error)) throw error;
  // That an empty file answers nothing need not be said.
  if (/\S/.test(text)) report.leftOut(file, messageOf(error).replace(/\.$/, ''));
}

/** Walks in name order. Symbolic links are not followed; what cannot be read is left out and reported. Throws InputError where that is the root. */
export async function* textFiles(root: string, report: Report): AsyncGenerator<FoundFile> {
  yield* walk(root, '', [], report);
}

interface Rules {
  /** Directory of the ignore file, relative to the root; its patterns count from there. */
  base: string;
  rules: Ignore;
}

async function* walk(
  root: string,
  directory: string,
  above: readonly Rules[],
  report: Report,
): AsyncGenerator<FoundFile> {
  const absolute = path.join(root, directory);
  const entries = await readdir(absolute, { withFileTypes: true }).catch((error: unknown) => {
    if (directory === '') throw new InputError(`${root} cannot be read: ${whyUnread(error)}.`);
    report.leftOut(`${directory}/`, whyUnread(error));
    return [];
  });
  const rules = ignore({ ignorecase: IGNORE_CASE });
  for (const name of IGNORE_FILES)
    rules.add(patternsOf(await readFile(path.join(absolute, name), 'utf8').catch(() => '')));
  const all = [...above, { base: directory, rules }];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const relative = directory === '' ? entry.name : `${directory}/${entry.name}`;
    if (entry.name === '.git') continue;
    if (entry.isDirectory()) {
      if (!isIgnored(all, `${relative}/`)) yield* walk(root, relative, all, report);
    } else if (entry.isFile() && !IGNORE_FILES.includes(entry.name) && !isIgnored(all, relative)) {
      const read = await readSmall(path.join(root, relative));
      if ('unreadable' in read) {
        report.leftOut(relative, read.unreadable);
        continue;
      }
      if (read.note !== undefined) report.noted(relative, read.note);
      yield { path: relative, text: read.text };
    }
  }
}

/** The lines of an ignore file. One return before its end is a part of a name, as in what macOS calls `Icon\r`. */
function patternsOf(text: string): string[] {
  return `${text}\n`.split(/\r?\n/).map((line) => line.replace(/\r$/, '[\r]'));
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

async function readSmall(file: string): Promise<Decoded> {
  try {
    if ((await stat(file)).size > MOST_BYTES) return { unreadable: 'it is larger than 1 MB' };
    return decode(await readFile(file));
  } catch (error) {
    return { unreadable: whyUnread(error) };
  }
}

/** Of more files of a folder than this not each is named. */
const MOST_NAMED = 3;

/** Collects what is reported of a folder's files, to be told in a line for all that were left out and one for all others. */
export class FolderReport implements Report {
  private readonly out: string[] = [];
  private readonly notes: string[] = [];

  leftOut(file: string, why: string): void {
    this.out.push(`${file} (${why})`);
  }

  noted(file: string, note: string): void {
    this.notes.push(`${file} (${note})`);
  }

  tell(io: Pick<Io, 'err'>): void {
    const some = (files: readonly string[], what: string): string =>
      `${files.length} ${files.length === 1 ? 'file' : 'files'} ${what}: ${files.slice(0, MOST_NAMED).join(', ')}` +
      `${files.length > MOST_NAMED ? ` and ${files.length - MOST_NAMED} more` : ''}.\n`;
    if (this.out.length > 0) io.err(some(this.out, 'left out'));
    if (this.notes.length > 0) io.err(some(this.notes, 'not valid UTF-8'));
  }
}
