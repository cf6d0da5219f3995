/** What `strata embed` hands to the engine and prints of its answer. */
import { expect, it } from 'vitest';
import { embed } from '../../../src/cli/embed.js';
import { Failures } from '../../../src/cli/failures.js';
import type { EngineService } from '../../../src/engine/service.js';
import { StrataError } from '../../../src/protocol/errors.js';
import { captured, lines } from './command-line.js';

type Item = Parameters<EngineService['embed']>[0][number];

/** The vector of a text is its number; what says so is too long, or no text. */
function byNumber(): { service: Pick<EngineService, 'embed'>; asked: (readonly Item[])[] } {
  const asked: (readonly Item[])[] = [];
  return {
    asked,
    service: {
      embed: (items, options) => {
        asked.push(items);
        items.forEach(({ text }, i) => {
          if (text.includes('long')) options.onTruncated?.('Only a part was read.', i);
          if (text.includes('binary')) options.onFailed(new StrataError('unreadable-text', 'It is binary.'), i);
        });
        return Promise.resolve(items.map(({ text }) => Float32Array.of(Number.parseFloat(text) / 3)));
      },
    },
  };
}

const jsonl = (items: readonly unknown[]): string => items.map((item) => `${JSON.stringify(item)}\n`).join('');

it('each text has one vector, in the order of the input, however many there are', async () => {
  for (const count of [0, 1, 511, 512, 513, 1300]) {
    const items = Array.from({ length: count }, (_, i) => ({ id: i, text: `${i}`, kind: 'query' }));
    const { io, written } = captured(jsonl(items));
    await embed(io, byNumber().service, new Failures(io));
    const found = (written.out === '' ? [] : lines(written.out)) as { id: number; vector: number[] }[];
    expect(found.map(({ id }) => id)).toEqual(items.map(({ id }) => id));
    // To the last bit.
    expect(found.every(({ id, vector }) => Math.fround(vector[0]!) === Math.fround(id / 3))).toBe(true);
    expect(written.err).toBe('');
  }
});

it('texts are handed on with their languages and kinds, and those that are too long are told of by their ids', async () => {
  const items = [
    { id: 'a', text: '1', kind: 'document', language: 'python' },
    { id: 'by another name', text: '1', kind: 'document', language: 'md' },
    ...Array.from({ length: 511 }, (_, i) => ({ id: `b${i}`, text: '2', kind: 'query' })),
    { id: 'c', text: '3 long', kind: 'document' },
  ];
  const { io, written } = captured(jsonl(items));
  const { service, asked } = byNumber();
  await embed(io, service, new Failures(io));
  expect(asked.flat().slice(0, 2)).toEqual([
    { text: '1', language: 'python', kind: 'document' },
    { text: '1', language: 'markdown', kind: 'document' },
  ]);
  expect(asked.flat()).toHaveLength(items.length);
  expect(written.err).toBe('c: Only a part was read.\n');
});

it('a line that is no item is an error that names it', async () => {
  const { io } = captured(
    `${jsonl([{ id: 1, text: '1', kind: 'query' }])}\n${jsonl([{ id: 2, text: '2', kind: 'page' }])}`,
  );
  await expect(embed(io, byNumber().service, new Failures(io))).rejects.toThrow(/^standard input, line 3: kind: /);
  const unknown = captured(jsonl([{ id: 1, text: '1', kind: 'document', language: 'nonsense' }]));
  await expect(embed(unknown.io, byNumber().service, new Failures(unknown.io))).rejects.toThrow(
    'standard input, line 1: language: Strata knows no language that is called “nonsense”.',
  );
  const number = captured('5\n');
  await expect(embed(number.io, byNumber().service, new Failures(number.io))).rejects.toThrow(
    /^standard input, line 1: Invalid input/,
  );
  const broken = captured('{"id":1,\n');
  await expect(embed(broken.io, byNumber().service, new Failures(broken.io))).rejects.toThrow(
    'standard input, line 1: this is not JSON.',
  );
});

it('a byte order mark before the first line is none of it', async () => {
  const { io, written } = captured(`\uFEFF${jsonl([{ id: 1, text: '1', kind: 'query' }])}`);
  await embed(io, byNumber().service, new Failures(io));
  expect(lines(written.out)).toMatchObject([{ id: 1 }]);
});

it('progress is shown on a terminal alone, and gone in the end', async () => {
  const shown: string[] = [];
  const { io } = captured(jsonl([{ id: 1, text: '1', kind: 'query' }]), { rewrite: (line) => shown.push(line) });
  await embed(io, byNumber().service, new Failures(io));
  expect(shown).toEqual(['1 of the texts embedded', '']);
});

it('a text that cannot be read is told of by its id, and those after it have their vectors', async () => {
  const texts = ['1', '2 binary', '3'];
  const { io, written } = captured(jsonl(texts.map((text, i) => ({ id: `t${i}`, text, kind: 'document' }))));
  const failures = new Failures(io);
  await embed(io, byNumber().service, failures);
  expect(lines(written.out)).toMatchObject([{ id: 't0' }, { id: 't1' }, { id: 't2' }]);
  expect(written.err).toContain('error: t1: This is binary data, not text.\n');
  expect(failures.count).toBe(1);
});
