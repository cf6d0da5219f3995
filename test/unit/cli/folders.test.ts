/** Which files of a folder are read, and what is said of the others. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FolderReport, leaveOut, textFiles } from '../../../src/cli/files.js';
import { InputError } from '../../../src/cli/io.js';
import { StrataError } from '../../../src/protocol/errors.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'strata-folder-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Writes files by their paths; those that are given as a list say nothing of interest. */
function write(files: Readonly<Record<string, string | Buffer>> | readonly string[]): void {
  const all = Array.isArray(files) ? files.map((name: string) => [name, 'a = 1\n'] as const) : Object.entries(files);
  for (const [name, content] of all) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), content);
  }
}

async function read(): Promise<{ found: string[]; leftOut: string[]; noted: string[] }> {
  const [found, leftOut, noted]: [string[], string[], string[]] = [[], [], []];
  const report = {
    leftOut: (file: string, why: string) => leftOut.push(`${file}: ${why}`),
    noted: (file: string, note: string) => noted.push(`${file}: ${note}`),
  };
  for await (const file of textFiles(root, report)) found.push(file.path);
  return { found, leftOut, noted };
}

describe('the files of a folder', () => {
  it('are read in the order of their names, with hidden ones, but not what git keeps for itself, nor links', async () => {
    write(['b.py', 'a/z.py', 'a.py', 'c/d/e.py', '.hidden/f.py', '.git/config', 'c/.git/config']);
    symlinkSync(path.join(root, 'a.py'), path.join(root, 'link.py'));
    symlinkSync(path.join(root, 'a'), path.join(root, 'folder'));
    expect(await read()).toEqual({
      found: ['.hidden/f.py', 'a/z.py', 'a.py', 'b.py', 'c/d/e.py'],
      leftOut: [],
      noted: [],
    });
  });

  it('cannot be read where the folder itself cannot', async () => {
    const reading = textFiles(path.join(root, 'none'), new FolderReport()).next();
    await expect(reading).rejects.toThrow(
      new InputError(`${path.join(root, 'none')} cannot be read: there is no such file.`),
    );
  });

  it('are ignored as git ignores them: from the folder of the rule, folders as folders, the innermost rule last', async () => {
    write([
      'a/build/x.py',
      'b/build',
      'top.py',
      'a/top.py',
      'a/b/top.py',
      'a.log',
      'a/b.log',
      'a/keep.log',
      'c/d.py',
      'c/e.py',
    ]);
    write({ '.gitignore': '*.log\nbuild/\n', 'a/.gitignore': '!keep.log\n/top.py\n', 'c/.ignore': 'd.py\n' });
    // What an ignored folder says is not heard.
    write({ 'a/build/.gitignore': '!x.py\n' });
    expect((await read()).found).toEqual(['a/b/top.py', 'a/keep.log', 'b/build', 'c/e.py', 'top.py']);
  });

  // Elsewhere both are one folder.
  it.runIf(process.platform === 'linux')('are ignored by their names as they are written', async () => {
    write(['lib/a.py', 'Lib/a.py', 'Logs/a.py', 'Icon/a.py']);
    write({ '.gitignore': 'lib/\r\n[Ll]ogs\r\nIcon\r\r\n' });
    expect((await read()).found).toEqual(['Icon/a.py', 'Lib/a.py']);
  });

  it('are told of where a folder of theirs is gone before it is read', async () => {
    write(['a.py', 'b/c.py', 'd.py']);
    const [found, leftOut]: [string[], string[]] = [[], []];
    const report = { leftOut: (file: string, why: string) => leftOut.push(`${file}: ${why}`), noted: () => undefined };
    for await (const { path: file } of textFiles(root, report)) {
      found.push(file);
      rmSync(path.join(root, 'b'), { recursive: true, force: true });
    }
    expect({ found, leftOut }).toEqual({ found: ['a.py', 'd.py'], leftOut: ['b/: there is no such file'] });
  });

  it('are left out where they are no text or too large, and what was lost of others is said', async () => {
    write({
      'a.bin': Buffer.from([0, 1, 2, 0, 255, 0]),
      'b.txt': 'x'.repeat(1_000_001),
      'c.txt': 'x'.repeat(1_000_000),
      'd.txt': Buffer.from('The caf\u00e9 is open.\n', 'latin1'),
    });
    expect(await read()).toEqual({
      found: ['c.txt', 'd.txt'],
      leftOut: ['a.bin: it is binary, not text', 'b.txt: it is larger than 1 MB'],
      noted: ['d.txt: read as Windows-1252'],
    });
  });
});

describe('what is told of a folder', () => {
  it('is a line for all that was left out and one for all that was read otherwise, with three names', () => {
    let told = '';
    const tell = (report: FolderReport): string => {
      told = '';
      report.tell({ err: (text) => (told += text) });
      return told;
    };
    const report = new FolderReport();
    expect(tell(report)).toBe('');
    report.leftOut('a.bin', 'binary');
    expect(tell(report)).toBe('1 file left out: a.bin (binary).\n');
    for (const name of ['b', 'c', 'd', 'e']) report.leftOut(name, 'large');
    report.noted('f', 'as Latin');
    expect(tell(report)).toBe(
      '5 files left out: a.bin (binary), b (large), c (large) and 2 more.\n1 file not valid UTF-8: f (as Latin).\n',
    );
  });

  it('is nothing of an empty file; what concerns more than one file is no reason to leave it out', () => {
    const out: string[] = [];
    const report = { leftOut: (file: string, why: string) => out.push(`${file}: ${why}`), noted: () => undefined };
    const empty = new StrataError('empty', 'There is nothing to read.');
    leaveOut(empty, 'a.txt', ' \n', report);
    leaveOut(empty, 'b.txt', '\u200b', report);
    expect(out).toEqual(['b.txt: There is nothing to read']);
    const broken = new StrataError('model', 'The model is gone.');
    expect(() => {
      leaveOut(broken, 'a.txt', '', report);
    }).toThrow(broken);
  });
});
