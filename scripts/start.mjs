/**
 * Sets up what is missing, shows one file in the terminal at every scale, then opens VS Code with the extension on it.
 *   npm start [-- FILE] [--query "…"] [--no-editor]
 * Uses Node's own modules only until the set-up is done.
 */
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { setup } from './setup.mjs';
import { findCode, withoutEditor } from './lib/code.mjs';
import { ROOT } from './lib/root.mjs';

const DEFAULT_FILE = 'src/client/client.ts';
const DEFAULT_QUERY = 'what happens when the engine crashes';
const USAGE = 'usage: npm start [-- FILE] [--query "…"] [--no-editor]';

function usage(problem) {
  console.error(`start: ${problem}\n${USAGE}`);
  process.exit(2);
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        query: { type: 'string' },
        'no-editor': { type: 'boolean', default: false },
        help: { type: 'boolean' },
      },
    });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    if (positionals.length > 1) usage('one file at a time');
    const [named] = positionals;
    // npm runs scripts in the repository; the user's own directory is where a relative name counts from.
    const from = process.env.INIT_CWD ?? process.cwd();
    const file = named === undefined ? path.join(ROOT, DEFAULT_FILE) : path.resolve(from, named);
    if (!existsSync(file) || !statSync(file).isFile()) usage(`there is no file ${file}`);
    const query = values.query ?? (named === undefined ? DEFAULT_QUERY : undefined);
    return { file, query, editor: !values['no-editor'] };
  } catch (error) {
    return usage(error.message);
  }
}

/** Runs a program in this terminal; resolves with its exit code. */
function inTerminal(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/** The folder to open: the repository for its own files, else the file's directory. */
function folderOf(file) {
  const inside = path.relative(ROOT, file);
  return inside.startsWith('..') || path.isAbsolute(inside) ? path.dirname(file) : ROOT;
}

async function openEditor(file, code) {
  if (code) {
    console.error('start: opening VS Code …');
    // Only a shell can start a .cmd file; it needs the quotes that Node leaves out then.
    const shell = code.endsWith('.cmd');
    const args = ['--new-window', `--extensionDevelopmentPath=${ROOT}`, folderOf(file), file];
    return shell
      ? inTerminal(
          `"${code}"`,
          args.map((arg) => `"${arg}"`),
          { shell },
        )
      : inTerminal(code, args);
  }
  console.error('start: "code" is not on the PATH; the test build of VS Code is used.');
  await setup({ parts: ['vscode'] });
  const { startServer } = await import('./vscode-server.mjs');
  const server = await startServer({ secret: true });
  const address = server.url(folderOf(file), [
    ['extensionDevelopmentPath', server.remote(ROOT)],
    ['openFile', server.remote(file)],
  ]);
  console.error(`start: open this address in a browser (Ctrl-C ends the server):\n\n  ${address}\n`);
  const asked = new Promise((resolve) => {
    process.once('SIGINT', () => resolve('asked'));
    process.once('SIGTERM', () => resolve('asked'));
  });
  const died = new Promise((resolve) => server.process.once('exit', () => resolve('died')));
  const why = await Promise.race([asked, died]);
  await server.stop();
  if (why === 'asked') return 0;
  console.error('start: the server ended unexpectedly.');
  return 1;
}

const { file, query, editor } = readArguments();
try {
  const command = findCode();
  const problem = editor ? withoutEditor(command) : undefined;
  // Before the set-up, which takes minutes.
  if (problem) throw new Error(problem);
  await setup({ parts: ['node', 'build'] });
  const analyze = [path.join(ROOT, 'dist/cli.js'), 'analyze', file, ...(query === undefined ? [] : ['--query', query])];
  const code = await inTerminal(process.execPath, analyze);
  if (query === undefined && code === 0)
    console.error('\nstart: add --query "…" to see where the file answers a question.');
  process.exitCode = code === 0 && editor ? await openEditor(file, command) : code;
} catch (error) {
  console.error(`start: ${error.message}`);
  process.exitCode = 1;
}
