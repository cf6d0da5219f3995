/** Calls the command line as any user would. */
import path from 'node:path';
import { run } from '../lib/process.mjs';
import { findPython } from '../lib/python.mjs';
import { ROOT } from '../lib/root.mjs';

/** JSON lines of a buffer, which may be longer than a string can be. */
function parseLines(buffer) {
  const values = [];
  for (let from = 0; from < buffer.length;) {
    const to = buffer.indexOf(10, from) < 0 ? buffer.length : buffer.indexOf(10, from);
    if (to > from) values.push(JSON.parse(buffer.toString('utf8', from, to)));
    from = to + 1;
  }
  return values;
}

/**
 * The command line with one model.
 * @param {{ model: string, device: string }} options
 */
export function strata({ model, device }) {
  const cli = path.join(ROOT, 'dist/cli.js');
  const call = async (args, input = '') =>
    parseLines(await run(process.execPath, [cli, ...args, '--model', model, '--device', device], { input, raw: true }));
  const lines = (items) => items.map((item) => `${JSON.stringify(item)}\n`).join('');
  const rankings = async (files, queries, unit, { language, top } = {}) => {
    const args = ['rank', ...files, '--queries', '-', '--unit', unit];
    if (language) args.push('--language', language);
    if (top) args.push('--top', String(top));
    return call([...args, '--json'], lines(queries));
  };
  return {
    /** Unit-length vectors of texts, in order; one language for all, or one for each. */
    async embed(texts, { kind, language, languages }) {
      const items = texts.map((text, id) => {
        const known = languages?.[id] ?? language;
        return { id, text, kind, ...(known ? { language: known } : {}) };
      });
      const rows = await call(['embed', '--jsonl'], lines(items));
      return rows.map((row) => Float32Array.from(row.vector));
    },
    /** `ranked` of each `{id, query}`, in order, over all units of the files together; `top`: the best so many. */
    rank: async (...parameters) => (await rankings(...parameters)).map((row) => row.ranked),
    /** The same with how surely the files answer: `{ answered, ranked }`. */
    rankings,
    /** One analysis for each file; `topics` names a file with labels to choose from. */
    analyze: (files, { summaryWords, topics }) =>
      call([
        'analyze',
        ...files,
        '--json',
        '--summary-words',
        String(summaryWords),
        ...(topics ? ['--topics', topics] : []),
      ]),
    /** `results` of each `{id, query}`, in order; one place for each file. */
    async search(root, queries, top) {
      const args = [
        'search',
        '--queries',
        '-',
        '--root',
        root,
        '--top',
        String(top),
        '--granularity',
        'file',
        '--json',
      ];
      const rows = await call(args, lines(queries));
      return rows.map((row) => row.results);
    },
  };
}

/** Scores of a run file by the data folder's own scorer. */
export async function score(data, set, file) {
  return JSON.parse(await run(await findPython(), [path.join(data, 'score.py'), set, file, '--json']));
}
