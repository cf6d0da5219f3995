/** Commands and options of `strata`; what they do stands in the modules beside this one. docs/cli.md describes them. */
import path from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { RankUnit } from '../engine/analysis/ranking.js';
import { DEVICE_CHOICES } from '../protocol/engine.js';
import { StrataError } from '../protocol/errors.js';
import type { AnalyzeOptions } from './analyze.js';
import { analyze, readTopics } from './analyze.js';
import type { BenchOptions } from './bench.js';
import { bench } from './bench.js';
import { embed } from './embed.js';
import { textFiles } from './files.js';
import type { Io, TextFile } from './io.js';
import { assertDirectory, InputError, isDirectory, readText, UsageError } from './io.js';
import { type QueryLine, readQueries } from './questions.js';
import { rank, type RankOptions } from './rank.js';
import type { SearchOptions } from './search/index.js';
import { GRANULARITIES, search } from './search/index.js';
import type { CommonOptions } from './session.js';
import { withEngine } from './session.js';

/** Exit codes of the command line. */
export const EXIT = { success: 0, failure: 1, usage: 2 } as const;

export interface ProgramFiles {
  /** Directory of the bundle, with the grammars below it and the models beside it. */
  bundleDir: string;
  /** The bundle itself. */
  bundle: string;
  version: string;
}

/** Runs one command line (without `node` and the script) and resolves with the exit code; never rejects. */
export async function run(args: readonly string[], io: Io, files: ProgramFiles): Promise<number> {
  try {
    await program(io, files).parseAsync(args, { from: 'user' });
    return EXIT.success;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.success : EXIT.usage;
    if (error instanceof UsageError) {
      io.err(`error: ${error.message}\n`);
      return EXIT.usage;
    }
    const expected = error instanceof StrataError || error instanceof InputError;
    io.err(
      `error: ${expected ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return EXIT.failure;
  }
}

function program(io: Io, files: ProgramFiles): Command {
  const root = new Command('strata')
    .description('Reads long documents and code at every scale at once, offline.')
    .version(files.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.out(text),
      writeErr: io.err,
    });
  const command = (name: string, description: string): Command =>
    root
      .command(name)
      .description(description)
      .addOption(new Option('--device <name>', 'where the encoder runs').choices(DEVICE_CHOICES).default('auto'))
      .option('--threads <n>', 'CPU threads; 0 leaves one core free', whole(0), 0)
      .option('--model <dir>', 'another model directory')
      .option('--verbose', 'say on standard error what the engine does');

  command('analyze', 'tree, summary and, with a question, heat of a file')
    .argument('<file...>')
    .option('--query <question>', 'show where the file answers this')
    .option('--language <id>', 'VS Code language id, instead of guessing')
    .option('--json', 'print one JSON value (for several files one on each line)')
    .option('--attention', 'with --json: the family tables and masses')
    .option('--layer <n>', 'for --attention: one layer instead of the mean', meanOrIndex, 'mean' as const)
    .option('--head <n>', 'for --attention: one head instead of the mean', meanOrIndex, 'mean' as const)
    .option('--summary-words <n>', 'longest summary of the file', whole(1), 100)
    .option('--top <n>', 'hottest passages listed', whole(0), 10)
    .option('--topics <file>', 'your own topics: a JSON list of {"label","description"}')
    .action(async (names: string[], options: AnalyzeOptions & CommonOptions) => {
      if (options.attention === true && options.json !== true) throw new UsageError('--attention needs --json.');
      if (options.query?.trim() === '') throw new UsageError('--query is empty.');
      const texts = await readTexts(names);
      const labels = options.topics === undefined ? {} : { labels: await readTopics(options.topics) };
      await withEngine(io, files.bundleDir, { ...options, ...labels }, (service) =>
        analyze(io, service, texts, options),
      );
    });

  command('rank', 'all units of a file, or of several files together, best first')
    .argument('<file...>', 'files, or folders with files')
    .option('--query <question>')
    .option('--queries <jsonl>', 'many questions, lines of {"id","query"}; - is standard input')
    .option('--language <id>', 'VS Code language id, instead of guessing')
    .option('--unit <unit>', 'statement, function, section, file or lines:N', rankUnit, 'statement')
    .option('--top <k>', 'the best units for each question, instead of all', whole(1))
    .option('--json', 'print one JSON value')
    .action(async (names: string[], options: RankOptions & CommonOptions) => {
      const texts = await readTextsBelow(names);
      const queries = await questions(io, options.query, options.queries, '--query');
      await withEngine(io, files.bundleDir, options, (service) => rank(io, service, texts, queries, options));
    });

  command('search', 'the places of a folder that answer a question; encodes the folder afresh')
    .argument('[question]')
    .option('--queries <jsonl>', 'many questions, lines of {"id","query"}; - is standard input')
    .option('--root <dir>', 'the folder', '.')
    .option('--top <k>', 'results for each question', whole(1), 10)
    .addOption(
      new Option('--granularity <g>', 'auto and file give one result for each file')
        .choices(GRANULARITIES)
        .default('auto'),
    )
    .option('--json', 'print one JSON value')
    .action(async (question: string | undefined, options: SearchOptions & CommonOptions) => {
      const queries = await questions(io, question, options.queries, 'a question');
      await assertDirectory(options.root);
      await withEngine(io, files.bundleDir, options, (service) => search(io, service, queries, options));
    });

  command('embed', 'vectors of texts')
    .requiredOption('--jsonl', 'standard input: lines of {"id","text","language"?,"kind":"query"|"document"}')
    .action(async (options: CommonOptions) => {
      await withEngine(io, files.bundleDir, options, (service) => embed(io, service));
    });

  command('bench', 'time and memory of an analysis as length grows')
    .option('--tokens <n,n,…>', 'lengths', wholeList, [512, 2048, 8192, 32768])
    .option('--json', 'print one JSON value')
    .action(async (options: BenchOptions & CommonOptions) => {
      await withEngine(io, files.bundleDir, options, (service) => bench(io, service, files.bundle, options));
    });

  return root;
}

/** ONNX Runtime 1.x ends the process without a word when the command line is longer than about 28,000 bytes. */
const MOST_BYTES_OF_NAMES = 24_000;

function assertShort(names: readonly string[]): void {
  if (Buffer.byteLength(names.join(' ')) > MOST_BYTES_OF_NAMES)
    throw new UsageError(
      `${names.length} file names are too many for one command line: name their folder (rank), or fewer files.`,
    );
}

async function readTexts(names: readonly string[]): Promise<TextFile[]> {
  assertShort(names);
  const texts: TextFile[] = [];
  for (const file of names) texts.push({ file, text: await readText(file) });
  return texts;
}

/** As `readTexts`, and of a folder all text files below it. */
async function readTextsBelow(names: readonly string[]): Promise<TextFile[]> {
  assertShort(names);
  const texts: TextFile[] = [];
  for (const name of names) {
    if (!(await isDirectory(name))) texts.push({ file: name, text: await readText(name) });
    else
      for await (const { path: file, text } of textFiles(name))
        texts.push({ file: path.join(name, file), text, found: true });
  }
  return texts;
}

/** The question that was asked on the command line or those of a file, but not both. */
async function questions(
  io: Io,
  one: string | undefined,
  many: string | undefined,
  name: string,
): Promise<QueryLine[]> {
  if ((one === undefined) === (many === undefined)) throw new UsageError(`say either ${name} or --queries.`);
  if (one?.trim() === '') throw new UsageError('the question is empty.');
  return many === undefined ? [{ id: '', query: one! }] : readQueries(io, many);
}

function whole(least: number): (value: string) => number {
  return (value) => {
    const n = Number(value);
    if (!/^\d+$/.test(value) || n < least) throw new InvalidArgumentError(`It must be a whole number from ${least}.`);
    return n;
  };
}

function wholeList(value: string): number[] {
  return value.split(',').map(whole(1));
}

function meanOrIndex(value: string): 'mean' | number {
  return value === 'mean' ? 'mean' : whole(0)(value);
}

function rankUnit(value: string): RankUnit {
  if (value === 'statement' || value === 'function' || value === 'section' || value === 'file') return value;
  const lines = /^lines:([1-9]\d*)$/.exec(value)?.[1];
  if (lines === undefined) throw new InvalidArgumentError('It must be statement, function, section, file or lines:N.');
  return { lines: Number(lines) };
}
