/** The command line as its users call it, with the real model. */
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { Encoder } from '../../../src/engine/encoder/index.js';
import { EngineService } from '../../../src/engine/service.js';
import { treeNodeSchema } from '../../../src/protocol/document.js';
import { dir, lines, ROOT, strata, succeed } from './command-line.js';

/** A real file of moderate length that is not ours. */
const FILE = path.join(ROOT, 'node_modules/commander/lib/suggestSimilar.js');

const rankedSchema = z.array(z.object({ startLine: z.number(), endLine: z.number(), score: z.number() }).strict());

describe('exit codes', () => {
  it.each([
    [[]],
    [['nonsense']],
    [['analyze']],
    [['analyze', FILE, '--device', 'abacus']],
    [['analyze', FILE, '--attention']],
    [['analyze', FILE, '--json', '--layer', '2']],
    [['analyze', FILE, '--head', '2']],
    [['analyze', FILE, '--query', ' ']],
    [['analyze', FILE, '--json', '--attention', '--layer', 'first']],
    [['analyze', FILE, '--top', '-1']],
    [['analyze', FILE, '--threads', '65']],
    [['analyze', FILE, '--summary-words', '0']],
    [['analyze', FILE, '--language', 'nonsense']],
    [['rank', FILE]],
    [['rank', FILE, '--query', 'a', '--queries', 'b']],
    [['rank', FILE, '--query', 'a', '--unit', 'lines:0']],
    [['rank', FILE, '--query', 'a', '--unit', 'lines:3x']],
    [['rank', FILE, '--query', 'a', '--unit', 'block']],
    [['rank', FILE, '--query', 'a', '--top', '0']],
    [['rank', FILE, '--query', 'a', '--top', '1e1']],
    [['search', 'a', '--granularity', 'section']],
    [['bench', '--tokens', '0']],
    [['search']],
    [['search', ' ']],
    [['embed']],
    [['bench', '--tokens', '5,x']],
  ])('%j is bad usage', async (args) => {
    const { code, out, err } = await strata(args);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).not.toBe('');
  });

  it('tells a failure from bad usage and says what is wrong', async () => {
    expect(await strata(['analyze', path.join(dir, 'none.ts')])).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/none\.ts cannot be read: there is no such file/) as string,
    });
    expect(await strata(['analyze', dir])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/is a directory: rank and search/) as string,
    });
    expect(await strata(['analyze', FILE, '--model', dir])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^error: --model needs/) as string,
    });
    expect(await strata(['search', 'x', '--root', FILE])).toMatchObject({ code: 1 });
    expect(await strata(['analyze', FILE, '--model', dir])).toMatchObject({ code: 1, out: '' });
    const huge = path.join(dir, 'huge.txt');
    writeFileSync(huge, '');
    truncateSync(huge, 300 * 2 ** 20);
    expect(await strata(['rank', huge, '--query', 'x'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('larger than 256 MiB') as string,
    });
    const binary = path.join(dir, 'binary.dat');
    writeFileSync(binary, Buffer.from([0, 1, 2, 0, 255, 0]));
    const unread = await strata(['analyze', binary, '--device', 'cpu']);
    expect(unread).toMatchObject({ code: 1, out: '', err: expect.stringContaining('binary.dat cannot') as string });
    expect(unread.err).not.toMatch(/Reopen|encoding/);
  });

  it('does nothing to the terminal that is told of a file with a strange name', async () => {
    const { err } = await strata(['analyze', 'no\u001b[2J\u001b]0;such\u0007 file.txt']);
    expect(err).toBe('error: no file.txt cannot be read: there is no such file.\n');
  });

  it('prints help and version on standard output', async () => {
    expect(await strata(['--version'])).toEqual({ code: 0, out: '9.9.9\n', err: '' });
    expect(await strata(['analyze', '--help'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('--summary-words') as string,
    });
  });
});

describe('help', () => {
  it.each(['analyze', 'rank', 'search', 'embed', 'bench'])(
    'of %s says what each argument and option is',
    async (name) => {
      const { out } = await strata([name, '--help']);
      // Two blanks stand before what is said of an option.
      const bare = out.split('\n').filter((line) => /^ {2}\S/.test(line) && !/^ {2}\S.*? {2,}\S/.test(line));
      expect(bare).toEqual([]);
    },
  );

  it('shows defaults as they can be written', async () => {
    expect((await strata(['bench', '--help'])).out).toContain('(default: 512,2048,8192,32768)');
    expect((await strata(['analyze', '--help'])).out).toMatch(
      /topics and, with a question, heat of one file or several/,
    );
  });
});

describe('analyze', () => {
  it('prints one JSON value with tree, heat, summary and attention', async () => {
    const out = await succeed([
      'analyze',
      FILE,
      '--json',
      '--query',
      'edit distance between two words',
      '--summary-words',
      '40',
      '--attention',
    ]);
    expect(out.trimEnd()).not.toContain('\n');
    const level = z.object({
      level: z.string(),
      families: z.array(
        z.object({
          members: z.array(z.object({ start: z.number(), end: z.number(), tokens: z.number(), mass: z.number() })),
          table: z.array(z.array(z.number())),
        }),
      ),
    });
    const gist = z.object({ node: z.number(), text: z.string(), score: z.number() });
    const value = z
      .object({
        language: z.literal('javascript'),
        genre: z.literal('code'),
        tokens: z.number().positive(),
        timings: z.record(z.string(), z.number()),
        device: z.object({ provider: z.literal('cpu'), reason: z.string() }),
        tree: z.array(treeNodeSchema.extend({ heat: z.number(), intensity: z.number() })),
        summary: z.object({ file: z.array(gist).min(1), sections: z.array(gist) }),
        topics: z.array(z.object({ label: z.string() })),
        sectionTopics: z.array(z.object({ node: z.number(), label: z.string(), evidence: z.array(z.number()) })),
        attention: z.object({ layer: z.literal('mean'), head: z.literal('mean'), levels: z.array(level) }),
      })
      .parse(JSON.parse(out));
    const names = value.tree.flatMap((n) => (n.kind === 'function' ? [n.name] : []));
    expect(names).toEqual(expect.arrayContaining(['editDistance', 'suggestSimilar']));
    expect(value.summary.sections.map((s) => value.tree[s.node]!.name)).toContain('editDistance');
    const words = value.summary.file.flatMap((g) => g.text.split(/\s+/));
    expect(value.summary.file.length === 1 || words.length <= 40).toBe(true);

    const { levels } = value.attention;
    expect(levels.map((l) => l.level)).toEqual(['piece', 'block', 'unit', 'part']);
    const members = levels.map((l) => l.families.flatMap((f) => f.members));
    for (const { families } of levels)
      for (const { members: of, table } of families)
        for (const row of table) {
          expect(row).toHaveLength(of.length);
          expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4);
        }
    // Every level holds all tokens, and a part of the attention can only get lost on the way down.
    for (const level of members) expect(level.reduce((sum, m) => sum + m.tokens, 0)).toBe(value.tokens);
    for (const m of members.flat()) expect(m.mass > 0 && m.mass < 1 + 1e-6).toBe(true);
  });

  it('chooses one layer and head of the attention', async () => {
    const schema = z.object({
      attention: z.object({ layer: z.number(), head: z.number(), levels: z.array(z.unknown()) }),
    });
    const of = async (head: string): Promise<string> => {
      const out = await succeed(['analyze', FILE, '--json', '--attention', '--layer', '2', '--head', head]);
      const { attention } = schema.parse(JSON.parse(out));
      expect(attention).toMatchObject({ layer: 2, head: Number(head) });
      return JSON.stringify(attention.levels);
    };
    expect(await of('0')).not.toBe(await of('1'));
  });

  it.each(['layer', 'head'])(
    'refuses a %s that the model does not have at once, and says which there are',
    async (what) => {
      const analysed = vi.spyOn(EngineService.prototype, 'analyze');
      const { code, out, err } = await strata(['analyze', FILE, '--json', '--attention', `--${what}`, '99']);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toMatch(new RegExp(`no ${what} 99: its ${what}s are 0 to \\d+\\.`));
      expect(analysed).not.toHaveBeenCalled();
      analysed.mockRestore();
    },
  );

  it('prints one line of JSON for each of several files', async () => {
    const other = path.join(dir, 'notes.md');
    writeFileSync(other, '# Notes\n\nThe cache is emptied every night.\n\n## Later\n\nMeasure it again in May.\n');
    const values = lines(await succeed(['analyze', FILE, other, '--json']));
    expect(values).toMatchObject([{ language: 'javascript' }, { language: 'markdown', genre: 'prose' }]);
  });

  it("chooses among the user's own topics", async () => {
    const list = path.join(dir, 'topics.json');
    const topics = (labels: unknown): Promise<string> => {
      writeFileSync(list, JSON.stringify(labels));
      return succeed(['analyze', FILE, '--json', '--topics', list]);
    };
    const own = [
      ['spelling', 'how many letters two words differ by, and words that were misspelled'],
      ['cooking', 'recipes, ingredients and kitchens'],
      ['weather', 'rain, wind and temperatures'],
      ['music', 'songs, instruments and concerts'],
      ['football', 'goals, teams and referees'],
    ].map(([label, description]) => ({ label, description }));
    const [found] = z
      .object({ topics: z.array(z.object({ label: z.string() })) })
      .parse(JSON.parse(await topics(own))).topics;
    expect(found?.label).toBe('spelling');

    writeFileSync(list, JSON.stringify(own.slice(0, 1)));
    const one = await strata(['analyze', FILE, '--topics', list]);
    expect(one).toMatchObject({ code: 1, err: expect.stringContaining('at least two') as string });
    writeFileSync(list, 'spelling');
    const text = await strata(['analyze', FILE, '--topics', list]);
    expect(text).toMatchObject({ code: 1, err: expect.stringContaining('is not JSON') as string });
  });

  it('shows people an outline with heat, without colours when they are off', async () => {
    const out = await succeed(['analyze', FILE, '--query', 'edit distance', '--top', '3']);
    expect(out).not.toContain('\u001b');
    expect(out).toContain('Summary\n');
    expect(out).toMatch(/\d+ {2}\S* +-?\d\.\d\d ├─ editDistance/);
    expect(out.slice(out.indexOf('Hottest')).trimEnd().split('\n')).toHaveLength(4);
  });
});

describe('rank', () => {
  it('covers the whole file with blocks of lines, best first', async () => {
    const ranked = rankedSchema.parse(
      JSON.parse(await succeed(['rank', FILE, '--query', 'edit distance', '--unit', 'lines:10', '--json'])),
    );
    expect(ranked.map((r) => r.score)).toEqual(ranked.map((r) => r.score).sort((a, b) => b - a));
    const inOrder = [...ranked].sort((a, b) => a.startLine - b.startLine);
    inOrder.forEach((r, i) => {
      expect(r.startLine).toBe(1 + 10 * i);
    });
    expect(inOrder.at(-1)!.endLine).toBe(101);
  });

  const schema = z.array(z.object({ file: z.string(), startLine: z.number(), endLine: z.number(), score: z.number() }));

  it('ranks the units of several files together', async () => {
    const other = path.join(ROOT, 'node_modules/commander/lib/error.js');
    const args = ['--query', 'edit distance', '--unit', 'function', '--json'];
    const both = schema.parse(JSON.parse(await succeed(['rank', FILE, other, ...args])));
    const alone = async (file: string): Promise<unknown[]> =>
      rankedSchema.parse(JSON.parse(await succeed(['rank', file, ...args]))).map((unit) => ({ file, ...unit }));
    const apart = [...(await alone(FILE)), ...(await alone(other))];
    expect(both).toHaveLength(apart.length);
    expect(both).toEqual(expect.arrayContaining(apart));
    expect(both.map((u) => u.score)).toEqual(both.map((u) => u.score).toSorted((a, b) => b - a));
    expect(both[0]!.file).toBe(FILE);
  });

  it('ranks whole files, and prints no more than were asked for', async () => {
    const other = path.join(ROOT, 'node_modules/commander/lib/error.js');
    const args = ['--query', 'edit distance', '--unit', 'file', '--json'];
    const both = schema.parse(JSON.parse(await succeed(['rank', other, FILE, ...args])));
    expect(both.map((r) => r.file).sort()).toEqual([other, FILE].sort());
    expect(schema.parse(JSON.parse(await succeed(['rank', other, FILE, ...args, '--top', '1'])))).toEqual([both[0]]);
  });

  it('ranks what lies below a folder, and leaves out what has no words', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'strata-rank-'));
    mkdirSync(path.join(folder, 'deep'));
    writeFileSync(path.join(folder, 'a.py'), 'def add(a, b):\n    return a + b\n');
    writeFileSync(path.join(folder, 'deep', 'b.py'), 'def read(path):\n    return open(path).read()\n');
    writeFileSync(path.join(folder, 'empty.py'), '\n');
    const args = ['--query', 'read a file', '--unit', 'file', '--json'];
    const found = JSON.parse(await succeed(['rank', folder, ...args])) as { file: string }[];
    expect(found.map((f) => path.relative(folder, f.file))).toEqual([path.join('deep', 'b.py'), 'a.py']);
    rmSync(folder, { recursive: true });
  });

  it('reads one file of a folder after the other, because all of them may be more than the memory holds', async () => {
    const folder = mkdtempSync(path.join(dir, 'streamed-'));
    const write = (name: string, text: string): void => {
      writeFileSync(path.join(folder, name), text);
    };
    write('a.py', 'a = 1\n');
    write('b.py', 'b = 1\n');
    const read: string[] = [];
    const ranking = vi.spyOn(EngineService.prototype, 'rank').mockImplementation(({ text }) => {
      read.push(text);
      write('b.py', 'b = 2\n');
      return Promise.resolve([{ answered: 1, ranked: [{ startLine: 1, endLine: 1, score: 0.5 }] }]);
    });
    const out = await succeed(['rank', folder, '--query', 'what is b']);
    ranking.mockRestore();
    expect(read).toEqual(['a = 1\n', 'b = 2\n']);
    expect(out).toContain('b = 2');
  });

  it('answers each question of a file as it answers it alone', async () => {
    const input = '{"id":"a","query":"edit distance"}\n\n{"id":7,"query":"sort the names"}\n';
    const many = lines(await succeed(['rank', FILE, '--queries', '-', '--unit', 'function', '--json'], input));
    expect(many).toMatchObject([{ id: 'a' }, { id: 7 }]);
    const alone: unknown = JSON.parse(
      await succeed(['rank', FILE, '--query', 'sort the names', '--unit', 'function', '--json']),
    );
    expect((many[1] as { ranked: unknown }).ranked).toEqual(alone);
    const { code, err } = await strata(['rank', FILE, '--queries', '-'], '{"id":"a"}\n');
    expect(code).toBe(1);
    expect(err).toContain('standard input, line 1: query');
  });
});

describe('texts that are too long', () => {
  const long = `def read(path):\n    return open(path).read()\n${'\n'.repeat(3_000_000)}def late():\n    pass\n`;

  it('are ranked and embedded as far as they are read, and users are told', async () => {
    const file = path.join(dir, 'long.py');
    writeFileSync(file, long);
    const told = /Only the first 3\.00 of 3\.00 million characters were analysed\./;
    const ranked = await strata([
      'rank',
      file,
      '--query',
      'read a file',
      '--unit',
      'function',
      '--json',
      '--device',
      'cpu',
    ]);
    expect(ranked).toMatchObject({ code: 0, err: expect.stringMatching(told) as string });
    expect(ranked.err).toContain(file);
    expect(rankedSchema.parse(JSON.parse(ranked.out))).toMatchObject([{ startLine: 1, endLine: 2 }]);
    const item = JSON.stringify({ id: 'one', text: long, kind: 'document', language: 'python' });
    const embedded = await strata(['embed', '--jsonl', '--device', 'cpu'], item);
    expect(embedded).toMatchObject({ code: 0, err: expect.stringMatching(told) as string });
    expect(embedded.err).toContain('one: ');
  });
});

describe('many questions', () => {
  it.each([
    [['rank', FILE, path.join(ROOT, 'node_modules/commander/lib/error.js')]],
    [['search', '--root', path.join(dir, 'two')]],
  ])('are read once, however many files %j has', async (command) => {
    mkdirSync(path.join(dir, 'two'), { recursive: true });
    for (const name of ['a.py', 'b.py'])
      writeFileSync(path.join(dir, 'two', name), 'def exit(code):\n    return code\n');
    const encoded = vi.spyOn(Encoder.prototype, 'encodeQuery');
    const input = '{"id":1,"query":"edit distance"}\n{"id":2,"query":"exit code of an error"}\n';
    expect(lines(await succeed([...command, '--queries', '-', '--top', '1'], input))).toHaveLength(2);
    expect(encoded).toHaveBeenCalledTimes(2);
    encoded.mockRestore();
  });
});

describe('a question that nothing answers', () => {
  const UNANSWERED = 'which wine goes with roast duck';

  it.each([
    [['rank', FILE], 'edit distance'],
    [['search', '--root', path.join(ROOT, 'node_modules/commander/lib')], 'edit distance'],
  ])('is told so by %s, another one is not', async ([command, ...where], answered) => {
    const ask = async (question: string): Promise<string> => {
      const query = command === 'rank' ? ['--query', question] : [question];
      const { code, err } = await strata([command!, ...query, ...where, '--top', '1', '--device', 'cpu']);
      expect(code).toBe(0);
      return err;
    };
    expect(await ask(UNANSWERED)).toContain('Nothing here seems to answer this question');
    expect(await ask(answered)).not.toContain('Nothing');
  });

  it('is a low number beside the ranking of many', async () => {
    const input = `{"id":1,"query":"edit distance"}\n{"id":2,"query":"${UNANSWERED}"}\n`;
    const [known, unknown] = z
      .array(z.object({ answered: z.number() }))
      .parse(lines(await succeed(['rank', FILE, '--queries', '-', '--json'], input)));
    expect(known!.answered).toBeGreaterThan(0.5);
    expect(unknown!.answered).toBeLessThan(0.15);
  });
});

describe('embed', () => {
  it('gives unit-length vectors in the order of the input, near for what belongs together', async () => {
    const input = [
      { id: 'q', text: 'read a file line by line', kind: 'query' },
      {
        id: 1,
        text: 'def read_lines(path):\n    with open(path) as f:\n        return f.readlines()',
        kind: 'document',
        language: 'python',
      },
      { id: 2, text: 'def area(radius):\n    return 3.14159 * radius ** 2', kind: 'document', language: 'python' },
      { id: 'blank', text: ' ', kind: 'document' },
      { id: 'binary', text: '\u0000\u0001'.repeat(50), kind: 'document' },
    ];
    const { code, out, err } = await strata(['embed', '--jsonl'], input.map((item) => JSON.stringify(item)).join('\n'));
    expect(code).toBe(1);
    expect(err).toContain('error: binary: This is binary data, not text.');
    const rows = z
      .array(z.object({ id: z.union([z.string(), z.number()]), vector: z.array(z.number()) }))
      .parse(lines(out));
    expect(rows.map((r) => r.id)).toEqual(['q', 1, 2, 'blank', 'binary']);
    const dot = (i: number, j: number): number =>
      rows[i]!.vector.reduce((sum, x, d) => sum + x * rows[j]!.vector[d]!, 0);
    expect(dot(0, 0)).toBeCloseTo(1, 5);
    expect(dot(0, 1)).toBeGreaterThan(dot(0, 2) + 0.1);
    expect(dot(3, 3)).toBe(0);
    expect(dot(4, 4)).toBe(0);
  });
});

describe('bench', () => {
  it('measures texts of about the lengths that were asked for', async () => {
    const { rows } = z
      .object({ rows: z.array(z.object({ tokens: z.number(), tokensPerSecond: z.number() })) })
      .parse(JSON.parse(await succeed(['bench', '--tokens', '100,300', '--json'])));
    expect(rows).toHaveLength(2);
    rows.forEach(({ tokens, tokensPerSecond }, i) => {
      expect(tokens / [100, 300][i]!).toBeGreaterThan(0.9);
      expect(tokens / [100, 300][i]!).toBeLessThan(1.6);
      expect(tokensPerSecond).toBeGreaterThan(0);
    });
  });
});
