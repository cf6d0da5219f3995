/** How the command line talks to the world: results on standard output, everything else on standard error. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { ZodType } from 'zod';
import { streamedLines } from '../engine/streamed-lines.js';
import type { Progress } from '../protocol/engine.js';
import { errorDetails, firstProblem, StrataError } from '../protocol/errors.js';
import { decode } from './decode.js';

export interface Io {
  stdin: Readable;
  /** Standard output. Resolves when the text was taken, so that a slow reader is not drowned. */
  out: (text: string) => Promise<void>;
  /** Messages of one line, on standard error. */
  err: (text: string) => void;
  /** Shows a line in place of the one shown before, on standard error; undefined where that is no terminal. */
  rewrite: ((line: string) => void) | undefined;
  /** Width of the terminal; undefined when the output is not one. */
  columns: number | undefined;
  /** Whether colours are wanted on standard output. */
  color: boolean;
}

/** The command was called in a way that it does not understand: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Something outside is not as it should be, for example a missing file: exit code 1, the message is for the user. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

export interface TextFile {
  /** As the user named it. */
  file: string;
  text: string;
  /** It was found below a folder that the user named; one that cannot be analysed is no mistake of theirs. */
  found?: boolean;
}

/** Larger files are no texts that anybody wrote; far less of one would be read. */
const MOST_BYTES = 256 * 2 ** 20;

/** Reads a text file, in whatever encoding it is; `onNote` is told when that is not UTF-8. Throws InputError with a plain message. */
export async function readText(file: string, onNote?: (note: string) => void): Promise<string> {
  const read = decode(await readAll(file));
  if ('unreadable' in read) throw new InputError(`${file} cannot be read: ${read.unreadable}.`);
  if (read.note !== undefined) onNote?.(read.note);
  return read.text;
}

/** Tells the user how a named file was read where it is no UTF-8. */
export const notedOf =
  (io: Pick<Io, 'err'>, file: string) =>
  (note: string): void => {
    io.err(`${file}: not valid UTF-8, ${note}.\n`);
  };

function tooLarge(file: string): InputError {
  return new InputError(`${file} cannot be read: it is larger than ${MOST_BYTES / 2 ** 20} MiB.`);
}

/** Counts while it reads: what is no file (a pipe, a device) does not say how long it is, and may have no end. */
async function readAll(file: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const told = (await stat(file).catch(() => undefined))?.size ?? 0;
  if (told > MOST_BYTES) throw tooLarge(file);
  let size = 0;
  try {
    for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MOST_BYTES) break;
    }
  } catch (error) {
    throw new InputError(`${file} cannot be read: ${whyUnread(error)}.`);
  }
  if (size > MOST_BYTES) throw tooLarge(file);
  return Buffer.concat(chunks);
}

/** In words, why the system does not give a file's content. */
export function whyUnread(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a directory';
  if (code === 'EACCES' || code === 'EPERM') return 'reading it is not permitted';
  if (code === 'ELOOP') return 'its symbolic links lead in a circle';
  if (code === 'ENXIO') return 'it is a socket or a device that gives no text';
  return code ?? String(error);
}

/** What the user is told of an error; of a text that cannot be read, without advice that only an editor can follow. */
export function messageOf(error: unknown): string {
  if (error instanceof StrataError && error.code === 'unreadable-text') return 'This is binary data, not text.';
  if (error instanceof StrataError || error instanceof InputError || error instanceof UsageError) return error.message;
  return errorDetails(error);
}

export async function isDirectory(name: string): Promise<boolean> {
  return (await stat(name).catch(() => undefined))?.isDirectory() === true;
}

/** Throws InputError when there is no such directory. */
export async function assertDirectory(dir: string): Promise<void> {
  if (!(await isDirectory(dir))) throw new InputError(`${dir} is not a directory.`);
}

/** The values of JSON lines, one by one; blank lines are skipped. `name` names the source in messages. Throws InputError. */
export async function* jsonLines<T>(input: Readable, schema: ZodType<T>, name: string): AsyncGenerator<T> {
  let number = 0;
  for await (const line of streamedLines(input)) {
    number++;
    // `trim` also takes the byte order mark that some shells put before the first line.
    const written = line.trim();
    if (written === '') continue;
    let value: unknown;
    try {
      value = JSON.parse(written);
    } catch {
      throw new InputError(`${name}, line ${number}: this is not JSON.`);
    }
    const parsed = schema.safeParse(value);
    if (!parsed.success) throw new InputError(`${name}, line ${number}: ${firstProblem(parsed.error)}`);
    yield parsed.data;
  }
}

const PHASES: Readonly<Record<Progress['phase'], string>> = {
  load: 'loading the model',
  parse: 'reading the structure',
  encode: 'encoding',
  summarise: 'summarising',
};

/** Shows progress on one line of a terminal; silent elsewhere. `done` removes the line. */
export function progressLine(io: Io): {
  show: (text: string) => void;
  phase: (progress: Progress) => void;
  done: () => void;
} {
  let shown = false;
  const show = (text: string): void => {
    shown = text !== '';
    io.rewrite?.(text);
  };
  return {
    show,
    phase: ({ phase, done, total }) => {
      const percent = total > 1 ? ` ${Math.floor((100 * done) / total)} %` : '';
      show(`${PHASES[phase]} …${percent}`);
    },
    done: () => {
      if (shown) show('');
    },
  };
}
