/** Several files on one command line, some of which cannot be read; and command lines that are long. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundle } from '../client/bundle.js';
import { dir, lines, ROOT, strata } from './command-line.js';

const write = (name: string, content: string | Buffer): string => {
  const file = path.join(dir, name);
  writeFileSync(file, content);
  return file;
};
const good = write('good.txt', 'The cache is emptied every night. Values are kept for a day.\n');
const binary = write('bad.bin', Buffer.from([0, 1, 2, 0, 255, 0]));
const empty = write('empty.txt', ' \n');
const latin = write('latin.txt', Buffer.from('The caf\u00e9 is open until noon. It serves breakfast.\n', 'latin1'));

describe('several files', () => {
  it('are analysed, also where others cannot be, and each that failed is named', async () => {
    const { code, out, err } = await strata(['analyze', binary, good, empty, latin, '--json', '--device', 'cpu']);
    expect(code).toBe(1);
    expect(lines(out)).toMatchObject([{ file: good }, { file: latin }]);
    expect(out).toContain('café');
    expect(err.trimEnd().split('\n').sort()).toEqual(
      [
        `error: ${binary} cannot be read: it is binary, not text.`,
        `error: ${empty}: There is nothing to read: the document is empty.`,
        `${latin}: not valid UTF-8, read as Windows-1252.`,
      ].sort(),
    );
  });

  it.skipIf(process.platform === 'win32')('that have no end, or no beginning, are named as well', async () => {
    const circle = path.join(dir, 'circle');
    symlinkSync(circle, circle);
    expect((await strata(['analyze', circle, '/dev/zero'])).err.split('\n')).toEqual([
      `error: ${circle} cannot be read: its symbolic links lead in a circle.`,
      'error: /dev/zero cannot be read: it is larger than 256 MiB.',
      '',
    ]);
  });

  it('are named on one line, whatever their names hold', async () => {
    expect((await strata(['analyze', path.join(dir, 'none\nerror: x')])).err).toBe(
      `error: ${path.join(dir, 'none error: x')} cannot be read: there is no such file.\n`,
    );
  });

  it('are ranked, also where others cannot be', async () => {
    const args = ['--query', 'when is the cache emptied', '--json', '--device', 'cpu'];
    const { code, out, err } = await strata(['rank', empty, good, path.join(dir, 'none.txt'), ...args]);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject([{ file: good, startLine: 1 }, { file: good }]);
    expect(err).toContain(`error: ${empty}: There is nothing`);
    expect(err).toContain('none.txt cannot be read: there is no such file');
    expect(await strata(['rank', empty, ...args])).toMatchObject({ code: 1, out: '' });
  });
});

describe('the files of a named folder', () => {
  it('are told of with the name of the folder where they are left out or read otherwise, and none is a failure', async () => {
    mkdirSync(path.join(dir, 'menu'));
    const [bad, menu] = [path.join('menu', 'bad.bin'), path.join('menu', 'menu.txt')];
    write(bad, Buffer.from([0, 1, 2, 0, 255, 0]));
    write(menu, Buffer.from('The caf\u00e9 is open until noon.\n', 'latin1'));
    const args = ['--query', 'when is it open', '--unit', 'file', '--json', '--device', 'cpu'];
    const { code, out, err } = await strata(['rank', path.join(dir, 'menu'), ...args]);
    expect(err).toBe(
      `1 file left out: ${path.join(dir, bad)} (it is binary, not text).\n1 file not valid UTF-8: ${path.join(dir, menu)} (read as Windows-1252).\n`,
    );
    expect({ code, found: JSON.parse(out) as unknown }).toMatchObject({
      code: 0,
      found: [{ file: path.join(dir, menu) }],
    });
  });
});

describe('a pasted text as a question', () => {
  it('is asked as far as the model reads it, however long the command line is', async () => {
    const { file, remove } = await bundle('src/cli/main.ts');
    try {
      const question = 'when is the cache emptied and how long are values kept '.repeat(800);
      const args = [
        'rank',
        good,
        '--query',
        question,
        '--json',
        '--device',
        'cpu',
        '--model',
        path.join(ROOT, 'models'),
      ];
      const { status, signal, stdout, stderr } = spawnSync(process.execPath, [file, ...args], { encoding: 'utf8' });
      expect({ status, signal }).toEqual({ status: 0, signal: null });
      expect(JSON.parse(stdout)).toHaveLength(2);
      expect(stderr).toMatch(/^warn: Of a long question only the first 510 tokens are asked, up to “.+”\.\n/);
    } finally {
      remove();
    }
  });
});
