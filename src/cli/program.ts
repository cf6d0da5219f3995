/** Commands and options of `strata`; what they do stands in the modules beside this one. docs/cli.md describes them. */
import path from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { RankUnit } from '../engine/analysis/ranking.js';
import { GRANULARITIES } from '../engine/analysis/search/places.js';
import { knownId, LANGUAGE_IDS } from '../engine/hierarchy/detect.js';
import type { LayerOrHead } from '../protocol/document.js';
import { DEVICE_CHOICES, MOST_THREADS } from '../protocol/engine.js';
import { withoutControls } from '../protocol/excerpt.js';
import type { AnalyzeOptions } from './analyze.js';
import { analyze, readTopics } from './analyze.js';
import type { BenchOptions } from './bench.js';
import { bench } from './bench.js';
import { withoutLineBreaks } from './columns.js';
import { embed } from './embed.js';
import { Failures } from './failures.js';
import { FolderReport, type Report, textFiles } from './files.js';
import type { Io, TextFile } from './io.js';
import { assertDirectory, InputError, isDirectory, messageOf, notedOf, readText, UsageError } from './io.js';
import { type QueryLine, readQueries } from './questions.js';
import { rank, type RankOptions } from './rank.js';
import type { SearchOptions } from './search.js';
import { search } from './search.js';
import type { CommonOptions } from './session.js';
import { withEngine } from './session.js';

/** Exit codes of the command line. */
const EXIT = { success: 0, failure: 1, usage: 2 } as const;

const BENCH_TOKENS = [512, 2048, 8192, 32768];

interface ProgramFiles {
  /** Directory of the bundle, with the grammars below it and the models beside it. */
  bundleDir: string;
  /** The bundle itself. */
  bundle: string;
  version: string;
}

/** Some of the files failed, which the user was told. */
class SomeFailed extends Error {}

/** Runs one command line (without `node` and the script) and resolves with the exit code; never rejects. */
export async function run(args: readonly string[], given: Io, files: ProgramFiles): Promise<number> {
  const io: Io = {
    ...given,
    // Messages quote names of files and words of texts that others wrote, none of which may look like a message of its own.
    err: (text) => {
      // Progress may be shown on the line, which it does not end.
      given.rewrite?.('');
      given.err(`${withoutLineBreaks(text.trimEnd())}\n`);
    },
  };
  const writeErr = (help: string): void => {
    given.err(withoutControls(help));
  };
  try {
    await program(io, writeErr, files).parseAsync(args, { from: 'user' });
    return EXIT.success;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.success : EXIT.usage;
    if (error instanceof UsageError) {
      io.err(`error: ${error.message}\n`);
      return EXIT.usage;
    }
    if (!(error instanceof SomeFailed)) io.err(`error: ${messageOf(error)}\n`);
    return EXIT.failure;
  }
}

function program(io: Io, writeErr: (help: string) => void, files: ProgramFiles): Command {
  const root = new Command('strata')
    .description('Reads long documents and code at every scale at once, offline.')
    .version(files.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.out(text),
      writeErr,
    });
  const command = (name: string, description: string): Command =>
    root
      .command(name)
      .description(description)
      .addOption(new Option('--device <name>', 'where the encoder runs').choices(DEVICE_CHOICES).default('auto'))
      .option(
        '--threads <n>',
        `CPU threads, at most ${MOST_THREADS}; 0 leaves one core free`,
        whole(0, MOST_THREADS),
        0,
      )
      .option('--model <dir>', 'another model directory')
      .option('--verbose', 'say on standard error what the engine does');

  command('analyze', 'tree, summary, topics and, with a question, heat of one file or several')
    .argument('<file...>', 'files, each read for itself')
    .option('--query <question>', 'show where the file answers this')
    .option('--language <id>', 'VS Code language id or a name for code fences, instead of guessing', languageId)
    .option('--json', 'print one JSON value (for several files one on each line)')
    .option('--attention', 'with --json: the family tables and masses')
    .option('--layer <n>', 'for --attention: one layer instead of the mean', meanOrIndex, 'mean' as const)
    .option('--head <n>', 'for --attention: one head instead of the mean', meanOrIndex, 'mean' as const)
    .option('--summary-words <n>', 'longest summary of the file', whole(1), 100)
    .option('--top <n>', 'hottest passages listed', whole(0), 10)
    .option('--topics <file>', 'your own topics: a JSON list of {"label","description"}')
    .action(async (names: string[], options: AnalyzeOptions & CommonOptions) => {
      if (options.attention === true && options.json !== true) throw new UsageError('--attention needs --json.');
      for (const part of ['layer', 'head'] as const)
        if (options[part] !== 'mean' && options.attention !== true)
          throw new UsageError(`--${part} needs --attention.`);
      if (options.query?.trim() === '') throw new UsageError('--query is empty.');
      const labels = options.topics === undefined ? {} : { labels: await readTopics(io, options.topics) };
      await tolerating(io, async (failures) => {
        const texts = await readTexts(io, names, failures);
        if (texts.length > 0)
          await withEngine(io, files.bundleDir, { ...options, ...labels }, (service) =>
            analyze(io, service, texts, options, failures),
          );
      });
    });

  command('rank', 'all units of a file, or of several files together, best first')
    .argument('<file...>', 'files, or folders with files')
    .option('--query <question>', 'what the best units answer')
    .option('--queries <jsonl>', 'many questions, lines of {"id","query"}; - is standard input')
    .option('--language <id>', 'VS Code language id or a name for code fences, instead of guessing', languageId)
    .option('--unit <unit>', 'statement, function, section, file or lines:N', rankUnit, 'statement')
    .option('--top <k>', 'the best units for each question, instead of all', whole(1))
    .option('--json', 'print one JSON value')
    .action(async (names: string[], options: RankOptions & CommonOptions) => {
      const queries = await questions(io, options.query, options.queries, '--query');
      await tolerating(io, async (failures) => {
        const report = new FolderReport();
        const named = await readNamed(io, names, failures);
        const texts = textsOf(named, failures, report);
        const several = names.length > 1 || typeof named[0] === 'string';
        if (named.length > 0)
          await withEngine(io, files.bundleDir, options, (service) =>
            rank(io, service, texts, queries, options, { failures, report, several }),
          );
        report.tell(io);
      });
    });

  command('search', 'the places of a folder that answer a question; encodes the folder afresh')
    .argument('[question]', 'what the places answer, or a name that is defined there; else --queries')
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
      await tolerating(io, (failures) =>
        withEngine(io, files.bundleDir, options, (service) => search(io, service, queries, options, failures)),
      );
    });

  command('embed', 'vectors of texts')
    .requiredOption('--jsonl', 'standard input: lines of {"id","text","language"?,"kind":"query"|"document"}')
    .action(async (options: CommonOptions) => {
      await tolerating(io, (failures) =>
        withEngine(io, files.bundleDir, options, (service) => embed(io, service, failures)),
      );
    });

  command('bench', 'time and memory of an analysis as length grows')
    .addOption(
      new Option('--tokens <n,n,…>', 'lengths').argParser(wholeList).default(BENCH_TOKENS, BENCH_TOKENS.join(',')),
    )
    .option('--json', 'print one JSON value')
    .action(async (options: BenchOptions & CommonOptions) => {
      await withEngine(io, files.bundleDir, options, (service) => bench(io, service, files.bundle, options));
    });

  return root;
}

/** Does the work on all texts that can be read. Throws `SomeFailed` in the end where others could not. */
async function tolerating(io: Io, work: (failures: Failures) => Promise<void>): Promise<void> {
  const failures = new Failures(io);
  await work(failures);
  if (failures.count > 0) throw new SomeFailed();
}

async function readTexts(io: Io, names: readonly string[], failures: Failures): Promise<TextFile[]> {
  const texts: TextFile[] = [];
  for (const file of names) {
    const text = await failures.unless(file, readFileText(io, file));
    if (text !== undefined) texts.push({ file, text });
  }
  return texts;
}

async function readFileText(io: Io, file: string): Promise<string> {
  if (await isDirectory(file))
    throw new InputError(`${file} is a directory: rank and search read what lies below one.`);
  return readText(file, notedOf(io, file));
}

/** What was named: files with their texts, so that a wrong name is told of before the engine starts, and folders by their names. */
async function readNamed(io: Io, names: readonly string[], failures: Failures): Promise<(TextFile | string)[]> {
  const named: (TextFile | string)[] = [];
  for (const name of names) named.push(...((await isDirectory(name)) ? [name] : await readTexts(io, [name], failures)));
  return named;
}

/** All texts of what was named. Those of a folder are read when their turn comes: all of a large one are more than the memory holds. */
async function* textsOf(
  named: readonly (TextFile | string)[],
  failures: Failures,
  report: Report,
): AsyncGenerator<TextFile> {
  for (const name of named) {
    if (typeof name !== 'string') {
      yield name;
      continue;
    }
    const inFolder = (file: string): string => path.join(name, file);
    const below: Report = {
      leftOut: (file, why) => {
        report.leftOut(inFolder(file), why);
      },
      noted: (file, note) => {
        report.noted(inFolder(file), note);
      },
    };
    try {
      for await (const { path: file, text } of textFiles(name, below))
        yield { file: inFolder(file), text, found: true };
    } catch (error) {
      failures.tell(name, error);
    }
  }
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

function whole(least: number, most = Infinity): (value: string) => number {
  const range = most === Infinity ? `${least}` : `${least} to ${most}`;
  return (value) => {
    const n = Number(value);
    if (!/^\d+$/.test(value) || n < least || n > most)
      throw new InvalidArgumentError(`It must be a whole number from ${range}.`);
    return n;
  };
}

function wholeList(value: string): number[] {
  return value.split(',').map((length) => whole(1)(length));
}

function languageId(name: string): string {
  const id = knownId(name);
  if (id === undefined) throw new InvalidArgumentError(`Strata knows ${LANGUAGE_IDS.join(', ')}.`);
  return id;
}

function meanOrIndex(value: string): LayerOrHead {
  return value === 'mean' ? 'mean' : whole(0)(value);
}

function rankUnit(value: string): RankUnit {
  if (value === 'statement' || value === 'function' || value === 'section' || value === 'file') return value;
  const lines = /^lines:([1-9]\d*)$/.exec(value)?.[1];
  if (lines === undefined) throw new InvalidArgumentError('It must be statement, function, section, file or lines:N.');
  return { lines: Number(lines) };
}
