/** What a passage is worth for its role in a document, beside what the rest of the document makes of it. */
import { describe, expect, it } from 'vitest';
import { inflow } from '../../../src/engine/analysis/flow.js';
import { LevelIndex } from '../../../src/engine/analysis/levels.js';
import { passages } from '../../../src/engine/analysis/passages.js';
import { standardScores } from '../../../src/engine/analysis/statistics.js';
import { summarise } from '../../../src/engine/analysis/summary.js';
import { fakeDocument } from './fake-document.js';

/** Where all passages are as close to the document: what each is worth, without what it has for the attention to it. */
async function roles(text: string, name: string): Promise<Record<string, number>> {
  const index = new LevelIndex(await fakeDocument(text, name, { vectorOf: () => [1] }));
  const pool = passages(index, text, inflow(index));
  const attended = standardScores(pool.map((p) => p.attended));
  const share = index.document.tree.genre === 'transcript' ? 1 : 0.5;
  return Object.fromEntries(
    summarise(index, text, 1000).file.map(({ text: said, score }) => {
      const at = pool.findIndex((p) => p.text === said);
      return [said, Math.round(100 * (score - share * attended[at]!)) / 100 + 0];
    }),
  );
}

describe('a passage of code', () => {
  const described = ['Reads one value.', 'Writes a value.', 'Closes a file.'];
  const functions = described.map((said, i) => `# ${said}\ndef f${i}(x):\n    y = g(x)\n    return y\n\n`).join('');
  const own = Object.fromEntries(described.map((said) => [said, 2]));

  it.each([
    ['a docstring', '"""Keeps values for a while."""\n\nimport x\n\n'],
    ['a header that names a licence', '# Keeps values for a while.\n#\n# Licensed under the terms of all others.\n\nimport x\n\n'],
    ['a comment below a notice', '# Copyright 2020 by Ann Oak.\n\n# Keeps values for a while.\n\nimport x\n\n'],
  ])('is worth most as what a file says of itself, in %s, and more as a description', async (_, head) => {
    expect(await roles(head + functions, 'a.py')).toEqual({ 'Keeps values for a while.': 4, ...own });
  }); // prettier-ignore

  it('is worth nothing more at the top of the file where it is a bare statement', async () => {
    const text = 'total = sum(first, second, third, fourth)\nprint(total, to, all, of, them)\n';
    expect(Object.values(await roles(text, 'a.py'))).toEqual([0, 0]);
  });
});

describe('a passage of prose', () => {
  const title = 'Lamps are put on walls.';
  const filler = Array.from({ length: 12 }, (_, i) => `Lamp number ${i} stands on a wall.`);
  const rolesIn = async (...paragraphs: string[]): Promise<Record<string, number>> => {
    const found = await roles(`# Lamp\n\n${[...paragraphs, ...filler].join('\n\n')}\n`, 'a.md');
    return Object.fromEntries(Object.entries(found).filter(([said]) => !filler.includes(said)));
  };

  it('is worth most below the title, and more where it opens a section, or one that tells what the text is about', async () => {
    expect(
      await rolesIn(
        title,
        'Each of them is white.',
        '## Walls',
        'A wall may hold one lamp.',
        '## 1. Overview',
        'Each lamp has one number.',
      ),
    ).toEqual({
      [title]: 6,
      'Each of them is white.': 0,
      'A wall may hold one lamp.': 0.5,
      'Each lamp has one number.': 2,
    });
  });

  it('is worth more where it says in a whole sentence what the text is for', async () => {
    expect(await rolesIn(title, 'We present a lamp that is dark.', 'This guide describes the second lamp')).toEqual({
      [title]: 6,
      'We present a lamp that is dark.': 2,
    });
  });

  it('is worth less as an entry of a list', async () => {
    const entries = ['One', 'Two', 'Three', 'Four', 'Five'].map((count) => `${count} of them are for each wall.`);
    const { [title]: first, ...others } = await rolesIn(title, entries.map((entry) => `- ${entry}`).join('\n'));
    expect(first).toBe(6);
    // What is looked at least is not quoted at all.
    expect(Object.keys(others).length).toBeGreaterThan(1);
    for (const [said, worth] of Object.entries(others)) expect([said, worth]).toEqual([said, -0.75]);
  });
});

describe('a turn', () => {
  const words =
    'supplier battery customers prices colours factory prototype committee autumn cells money north budget display button needs'.split(
      ' ',
    );

  it('is worth more the more was said, up to twice for four times as much', async () => {
    const said = [6, 8, 12, 16].map((count) => `${words.slice(0, count).join(' ')}.`);
    const text = said.map((s) => `Bob: ${s}\nAnn: Mm - hmm .\n`).join('');
    const found = Object.entries(await roles(text, 'meeting.txt'));
    expect(found).toHaveLength(said.length);
    for (const [turn, worth] of found) {
      const count = turn.split(' ').length;
      expect(worth).toBeCloseTo(Math.min(1, Math.log2(count / 8) / 2), 2);
    }
  });

  it('stands for the meeting where it is like what else is worth quoting, however many only said yes', async () => {
    const turns = ['battery', 'button', 'battery', 'display'].map(
      (thing, i) => `Ann: The ${thing} of prototype ${i} needs another supplier${' of its prices'.repeat(i)}.`,
    );
    const text = `${turns.join('\nBob: Yeah, okay, right.\nBob: Mm - hmm, yes.\n')}\n`;
    const vectorOf = (said: string): number[] =>
      said.includes('battery') ? [1, 0] : said.includes('button') ? [0.8, 0.6] : [0, 1];
    for (let seed = 1; seed <= 3; seed++) {
      const index = new LevelIndex(await fakeDocument(text, 'meeting.txt', { seed, vectorOf }));
      const pool = passages(index, text, inflow(index));
      const attended = standardScores(pool.map((p) => p.attended));
      // Long ones tell more, but not as much more as they are longer.
      const whole = [0, 1].map((d) => pool.reduce((sum, p) => sum + p.vector[d]! * Math.sqrt(p.words), 0));
      const like = standardScores(
        pool.map(({ vector }) => (vector[0]! * whole[0]! + vector[1]! * whole[1]!) / Math.hypot(...whole)),
      );
      const { file } = summarise(index, text, 1000);
      expect(file).toHaveLength(4);
      file.forEach(({ score }, i) => {
        const bonus = Math.log2(pool[i]!.words / 8) / 2;
        expect(score).toBeCloseTo(like[i]! + attended[i]! + bonus, 3);
      });
    }
  });
});

it('what is left of the words when few remain is not worth another passage', async () => {
  const text = ['Reads one value.', 'Writes a value.', 'Closes a file.']
    .map((said, i) => `# ${said}\ndef f${i}(x):\n    return g(x)\n\n`)
    .join('');
  const index = new LevelIndex(await fakeDocument(text, 'a.py', { vectorOf: () => [1] }));
  const taken = [5, 7, 8, 10, 11].map((words) => summarise(index, text, words).file.length);
  expect(taken).toEqual([1, 1, 2, 2, 3]);
});
