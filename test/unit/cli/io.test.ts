/** What is read from standard input and said on standard error. */
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Failures } from '../../../src/cli/failures.js';
import { InputError, jsonLines, messageOf, progressLine, UsageError, whyUnread } from '../../../src/cli/io.js';
import { run } from '../../../src/cli/program.js';
import { readQueries } from '../../../src/cli/questions.js';
import { isUnreadable, StrataError } from '../../../src/protocol/errors.js';
import { captured, FILES } from './command-line.js';

describe('lines of JSON', () => {
  const schema = z.object({ n: z.number(), of: z.object({ who: z.string() }).optional() });
  const read = async (...chunks: string[]): Promise<unknown[]> => {
    const values: unknown[] = [];
    for await (const value of jsonLines(Readable.from(chunks), schema, 'a.jsonl')) values.push(value);
    return values;
  };

  it('are read whatever ends them and wherever they are cut, without blank ones', async () => {
    expect(await read('{"n":1}\r\n\n  \n{"n"', ':2}\n{"n":3}')).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(await read('')).toEqual([]);
  });

  it('may hold the separators of lines and paragraphs as they are, and letters that are cut in two', async () => {
    const written = Buffer.from('{"n":1,"of":{"who":"é\u2028\u2029"}}\n{"n":2}');
    const values: unknown[] = [];
    const bytes = Array.from(written, (_, i) => written.subarray(i, i + 1));
    for await (const value of jsonLines(Readable.from(bytes), schema, 'a.jsonl')) values.push(value);
    expect(values).toEqual([{ n: 1, of: { who: 'é\u2028\u2029' } }, { n: 2 }]);
  });

  it('that are wrong are named with their numbers, blank ones counted, and with what is wrong', async () => {
    await expect(read('{"n":1}\n\n{"n":}\n')).rejects.toThrow(new InputError('a.jsonl, line 3: this is not JSON.'));
    await expect(read('{"n":1,"of":{"who":2}}\n')).rejects.toThrow(/^a\.jsonl, line 1: of\.who: /);
  });
});

describe('questions', () => {
  it('have an id and words', async () => {
    const all = [{ id: 'a', query: 'who' }, { id: 2, query: ' where ' }]; // prettier-ignore
    const { io } = captured(all.map((q) => JSON.stringify(q)).join('\n'));
    expect(await readQueries(io, '-')).toEqual(all);
    for (const query of ['', ' ', '\n\t']) {
      const wrong = captured(JSON.stringify({ id: 1, query }));
      await expect(readQueries(wrong.io, '-')).rejects.toThrow('standard input, line 1: query: it is empty');
    }
  });
});

describe('what is said of an error', () => {
  it.each([
    ['ENOENT', 'there is no such file'],
    ['EISDIR', 'it is a directory'],
    ['EACCES', 'reading it is not permitted'],
    ['EPERM', 'reading it is not permitted'],
    ['ELOOP', 'its symbolic links lead in a circle'],
    ['ENXIO', 'it is a socket or a device that gives no text'],
    ['EMFILE', 'EMFILE'],
  ])('of the system, %s, is why a file is not read', (code, why) => {
    expect(whyUnread(Object.assign(new Error('no'), { code }))).toBe(why);
  });

  it('is a message for users, and where the program itself is wrong where that is', () => {
    for (const error of [new StrataError('empty', 'It is empty.'), new InputError('It is gone.'), new UsageError('What?')])
      expect(messageOf(error)).toBe(error.message); // prettier-ignore
    expect(messageOf(new StrataError('unreadable-text', 'Reopen it with another encoding.'))).not.toMatch(/Reopen/);
    expect(messageOf(new TypeError('no such thing'))).toMatch(/TypeError: no such thing\n +at /);
    expect(messageOf('thrown')).toBe('thrown');
  });

  it('is that of one text where it is empty or no text, else that of all', () => {
    const of = (code: ConstructorParameters<typeof StrataError>[0]): boolean =>
      isUnreadable(new StrataError(code, 'x'));
    expect([of('empty'), of('unreadable-text'), of('model'), of('device'), of('internal')]).toEqual([true, true, false, false, false]); // prettier-ignore
    expect(isUnreadable(new Error('empty'))).toBe(false);
  });
});

describe('several files, of which one fails', () => {
  it('are gone on with where it concerns that one alone; it is named once and counted', async () => {
    const { io, written } = captured();
    const failures = new Failures(io);
    const failing = (error: Error): Promise<unknown> => failures.unless('a.txt', Promise.reject<number>(error));
    expect(await failures.unless('a.txt', Promise.resolve(7))).toBe(7);
    expect(failures.count).toBe(0);
    for (const error of [new InputError('a.txt is gone.'), new StrataError('empty', 'It is empty.'), new StrataError('internal', 'It is broken.')])
      expect(await failing(error)).toBeUndefined(); // prettier-ignore
    expect(written.err).toBe('error: a.txt is gone.\nerror: a.txt: It is empty.\nerror: a.txt: It is broken.\n');
    expect(failures.count).toBe(3);
    for (const error of [new StrataError('model', 'No model.'), new StrataError('device', 'No.'), new UsageError('What?')])
      await expect(failing(error)).rejects.toBe(error); // prettier-ignore
    expect(failures.count).toBe(3);
  });
});

describe('progress', () => {
  it('rewrites one line of a terminal, in percent of what there is to do, and leaves nothing', () => {
    const shown: string[] = [];
    const { io, written } = captured('', { rewrite: (line) => shown.push(line) });
    const { phase, done } = progressLine(io);
    done();
    expect(shown).toEqual([]);
    phase({ phase: 'load', done: 0, total: 1 });
    phase({ phase: 'encode', done: 2, total: 3 });
    done();
    done();
    expect(shown).toEqual(['loading the model …', 'encoding … 66 %', '']);
    expect(written.err).toBe('');
  });

  it('makes room for a message', async () => {
    const blank = Array.from({ length: 512 }, (_, id) => JSON.stringify({ id, text: '', kind: 'query' }));
    let screen = '';
    const { io } = captured([...blank, 'nonsense'].join('\n'), {
      err: (text) => (screen += text),
      rewrite: (line) => (screen = `${screen.slice(0, screen.lastIndexOf('\n') + 1)}${line}`),
    });
    expect(await run(['embed', '--jsonl', '--device', 'cpu'], io, FILES)).toBe(1);
    expect(screen).toBe('error: standard input, line 513: this is not JSON.\n');
  });

  it('is not shown in a file', () => {
    const { io, written } = captured();
    const { show, done } = progressLine(io);
    show('encoding');
    done();
    expect(written.err).toBe('');
  });
});
