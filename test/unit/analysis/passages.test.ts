/** What a summary may quote at all, whatever it then takes of that. */
import { describe, expect, it } from 'vitest';
import { LevelIndex } from '../../../src/engine/analysis/levels.js';
import type { Passage } from '../../../src/engine/analysis/passage.js';
import { passages } from '../../../src/engine/analysis/passages.js';
import { fakeDocument } from './fake-document.js';

async function passagesOf(text: string, name: string): Promise<Passage[]> {
  const index = new LevelIndex(await fakeDocument(text, name));
  return passages(index, text, new Float64Array(index.pieces));
}
const quotable = async (text: string, name: string): Promise<string[]> =>
  (await passagesOf(text, name)).map((passage) => passage.text);

describe('what may be quoted of code', () => {
  const described = (...said: string[]): string =>
    said.map((words, i) => `# ${words}\ndef f${i}(x):\n    return g(x)\n\n`).join('');

  it('are comments on single steps, too, where hardly anything is described', async () => {
    const [descriptions, lines] = [['Reads a value.', 'Writes a value.', 'Closes a file.'], 'first, second, third'];
    const steps = (count: number): string[] => Array.from({ length: count }, (_, i) => `Step ${i} waits for it.`);
    const bare = (step: string): string =>
      `def s(x, ${lines}):\n    # ${step}\n    y = g(x, ${lines})\n    return g(y, ${lines})\n\n`;
    const text = (count: number): string => described(...descriptions) + steps(count).map(bare).join('');
    expect(await quotable(text(20), 'a.py')).toEqual(descriptions);
    expect(await quotable(text(160), 'a.py')).toEqual([...descriptions, ...steps(160)]);
  });

  it('are headers of what is not described, and each definition once', async () => {
    const methods = ['read', 'write', 'close'].map(
      (name) => `      def ${name}(value)\n        @all << value\n      end\n`,
    );
    const text = `module Shop\n  module Store\n    # Keeps all of the goods.\n    class Shelf < Base\n${methods.join('\n')}    end\n  end\nend\n`;
    const headers = ['def read(value)', 'def write(value)', 'def close(value)'];
    expect(await quotable(text, 'a.rb')).toEqual(['Keeps all of the goods.', ...headers]);
    const two = text.replace(
      / {2}end\nend\n$/,
      '    class Box\n      def put(value)\n        @all << value\n      end\n    end\n  end\nend\n',
    );
    const [described, ...others] = await quotable(two, 'a.rb');
    expect([described, ...others]).toEqual([
      'Keeps all of the goods.',
      'module Store',
      ...headers,
      'class Box',
      'def put(value)',
    ]);
  });

  it('is the header of a class of which nothing is said but what to use instead', async () => {
    const methods = ['read', 'write', 'close'].map((name) => `    fun ${name}(value: Int) =\n        all.add(value)\n`);
    const text = `/** @deprecated Use Box. */\nclass Shelf(val all: Bag) {\n${methods.join('\n')}}\n`;
    const headers = ['fun read(value: Int)', 'fun write(value: Int)', 'fun close(value: Int)'];
    expect(await quotable(text, 'a.kt')).toEqual(['class Shelf(val all: Bag)', ...headers]);
  });

  it('are no comments on blocks inside a function, where enough is described', async () => {
    const descriptions = ['Reads all of the files at once.', 'Writes all of the files.', 'Finds all of them.'];
    const loop = (said: string): string =>
      `    # ${said}\n    for a in x:\n${['b', 'c', 'd', 'e'].map((name) => `        ${name} = run(a, "first", "second")\n`).join('')}\n`;
    const text = `def all(x):\n${loop('Opens all of the files first.')}${loop('Closes all of the files again.')}\n${described(...descriptions)}`;
    expect(await quotable(text, 'a.py')).toEqual(descriptions);
  });

  it('is a long description once, by its first sentence', async () => {
    const lines = Array.from({ length: 40 }, (_, i) => `# Line ${i} says more about the values that are read here.\n`);
    const text = `# Reads a value.\n${lines.join('')}def f(x):\n    y = g(x)\n    return y\n\n${described('Writes a value.', 'Closes a file.')}`;
    const [first, ...others] = await passagesOf(text, 'a.py');
    expect([first!, ...others].map((p) => p.text)).toEqual(['Reads a value.', 'Writes a value.', 'Closes a file.']);
    expect(text.slice(first!.range.start, first!.range.end).split('\n')).toHaveLength(41);
  });

  it('is what it defines beside the little that it says', async () => {
    const text = `${described('Reads all of the files.')}def h(x):\n    return i(x)\n\ndef i(x):\n    return x\n`;
    expect(await quotable(text, 'a.py')).toEqual(['Reads all of the files.', 'def h(x)', 'def i(x)']);
  });

  it('is neither a reminder nor an import, even where there is little else', async () => {
    const js = 'import { first, second, third } from "./all.js";\nconst all = first + second + third;\n';
    expect(await quotable(js, 'a.js')).toEqual(['const all = first + second + third;']);
    const python =
      '# TODO: read all of it at once.\ntotal = sum(first, second, third, fourth)\nprint(total, to, all, of, them)\n';
    expect(await quotable(python, 'a.py')).toEqual(['print(total, to, all, of, them)']);
  });
});

describe('what may be quoted of prose', () => {
  const sentences = [
    'It reads a file for every package.',
    'It writes a list of them all.',
    'A list is read by people.',
    'It stops when no file is there.',
  ];
  const about = ['The licence of each package is found.', 'A licence may have two names.'];

  it('names a licence only where the text is about that', async () => {
    expect(await quotable([about[0]!, ...sentences].join('\n\n'), 'a.md')).toEqual(sentences);
    expect(await quotable([...about, ...sentences].join('\n\n'), 'a.md')).toEqual([...about, ...sentences]);
  });

  it('has words, not numbers or single letters alone', async () => {
    expect(await quotable(`12 34 56 78 90\n\nab cd ef gh ij\n\n${sentences[0]!}\n`, 'a.txt')).toEqual([sentences[0]]);
  });

  it('are short ones, too, where there is hardly anything else', async () => {
    const two = ['It was short.', 'Nobody had anything to say about the budget.'];
    expect(await quotable(`${two.join(' ')}\n`, 'a.txt')).toEqual(two);
    expect(await quotable(`${two[0]!}\n\n${[...about, ...sentences, ...about].join(' ')}\n`, 'a.txt')).not.toContain(
      two[0],
    );
    const settings = '# Copy this file and fill it in.\n\nHOST=localhost\nPORT=25\n';
    expect(await quotable(settings, '.env.example')).toEqual([
      'Copy this file and fill it in.',
      'HOST=localhost',
      'PORT=25',
    ]);
  });

  it('is no heading, and may be an example where there is nothing else', async () => {
    const text = '# How all of this is used\n\n```sh\ncat names.txt | sort | uniq -c | sort -n\n```\n';
    expect(await quotable(text, 'a.md')).toEqual(['cat names.txt | sort | uniq -c | sort -n']);
  });
});

describe('what may be quoted of speech', () => {
  const said = [
    'The battery of the first prototype needs another supplier.',
    'Customers complained about prices and colours.',
  ];
  const long = [
    'The supplier of the battery wants more money than the customers would pay.',
    'Nobody in the committee liked the colour of the second prototype either.',
    'Perhaps the factory in the north could deliver cheaper cells before the autumn.',
  ];
  const meeting = [
    `Ann: ${said[0]!}`,
    'Bob: Well, I think that we know the battery of it, right?',
    `Ann: ${said[1]!}`,
    `Bob: ${long.join(' ')}`,
  ];

  it('has words of content, however many others', async () => {
    const expected = [...said.map((s) => `Ann: ${s}`), ...long.map((s) => `Bob: ${s}`)];
    expect(await quotable(`${[...meeting, ...meeting].join('\n')}\n`, 'meeting.txt')).toEqual([
      ...expected,
      ...expected,
    ]);
  });

  it.each([
    ['a colon', (who: string) => `${who}:`, ['Ann', 'Bob']],
    ['blanks and a colon', (who: string) => `${who} :`, ['Ann Miller', 'Bob']],
    ['brackets', (who: string) => `10:31 <${who}>`, ['ann', 'bob']],
    ['brackets with a blank', (who: string) => `10:31 < ${who}>`, ['ann', 'bob']],
    ['brackets with a mark of rank', (who: string) => `10:31 <@${who}>`, ['ann', 'bob']],
    ['marks of direction', (who: string) => `[12.03.21, 10:31:11] \u202a${who}\u202c:`, ['+49 170 1234567', 'Bob']],
    ['a special blank', (who: string) => `[12.03.21, 10:31:11] ${who.replace(' ', '\u202f')}:`, ['~ Ann', 'Bob']],
  ])('has its speaker before it once: %s', async (_, before, speakers) => {
    const all = [...said, ...long, said[0]!].map((words, i) => [speakers[i % 2]!, words] as const);
    const text = all.map(([who, words]) => `${before(who)} ${words}\n`).join('');
    expect(await quotable(text, 'chat.txt')).toEqual(all.map(([who, words]) => `${who}: ${words}`));
  });

  it('has every word of who speaks to somebody whose name begins like theirs', async () => {
    const words = 'Anna, two things: the budget of the factory and the colours of the prototype';
    const cues = ['Ann', 'Anna'].map((who, i) => `00:00:0${i}.000 --> 00:00:0${i + 1}.000\n<v ${who}>${words}\n`);
    expect(await quotable(`WEBVTT\n\n${cues.join('\n')}`, 'meeting.vtt')).toEqual([`Ann: ${words}`, `Anna: ${words}`]);
  });

  it('is a whole sentence of subtitles, from cue to cue of one speaker, and stands where it is', async () => {
    const cue = (words: string, i: number): string => `00:00:${10 + i}.000 --> 00:00:${11 + i}.000\n${words}\n`;
    const cues = [
      '<v Ann>The budget of the factory pays for',
      '<v Ann>two more prototypes. The batteries of all of them',
      'last for the whole winter in the north and in the south.',
      '<v Bob>The supplier sends display and buttons before the autumn begins.',
    ];
    const text = `WEBVTT\n\n${cues.map(cue).join('\n')}`;
    const found = await passagesOf(text, 'meeting.vtt');
    expect(found.map((p) => p.text)).toEqual([
      'Ann: The budget of the factory pays for two more prototypes.',
      'Ann: The batteries of all of them last for the whole winter in the north and in the south.',
      'Bob: The supplier sends display and buttons before the autumn begins.',
    ]);
    const written = found.map(({ range, node }) => [text.slice(range.start, range.end), node.start <= range.start]);
    expect(written[0]).toEqual([expect.stringMatching(/^The budget[^]*-->[^]*prototypes\.$/), true]);
    expect(written[1]).toEqual([expect.stringMatching(/^The batteries[^]*-->[^]*south\.$/), true]);
    const places = found.map((p) => p.place);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it('is one cue of subtitles that have no full stops', async () => {
    const words = Array.from({ length: 12 }, (_, i) => `the factory number ${i} sends batteries and buttons`);
    const cues = words.map((said, i) => `00:00:${10 + i}.000 --> 00:00:${11 + i}.000\n${said}\n`);
    expect(await quotable(`WEBVTT\n\n${cues.join('\n')}`, 'meeting.vtt')).toEqual(words);
  });

  it('stands where it was said, each sentence of a long turn for itself', async () => {
    const text = `${[...meeting, ...meeting].join('\n')}\n`;
    const found = await passagesOf(text, 'meeting.txt');
    const places = found.map((p) => p.place);
    expect(new Set(places).size).toBe(found.length);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    for (const { range, place } of found)
      expect(Math.abs(place - (range.start + range.end) / 2 / text.length)).toBeLessThan(0.05);
  });
});
