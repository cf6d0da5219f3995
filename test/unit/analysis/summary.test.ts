import { describe, expect, it } from 'vitest';
import { isBalanced } from '../../../src/engine/analysis/gists.js';
import { LevelIndex } from '../../../src/engine/analysis/levels.js';
import { summarise } from '../../../src/engine/analysis/summary.js';
import type { Summary } from '../../../src/protocol/document.js';
import { samples } from '../hierarchy/invariants.js';
import { fakeDocument } from './fake-document.js';

async function summary(text: string, name: string, words = 60): Promise<Summary> {
  return summarise(new LevelIndex(await fakeDocument(text, name)), text, words);
}
const sample = (name: string): string => samples.find((s) => s.name === name)!.text;

describe('gists', () => {
  it.each([
    ['warnings.warn(', false],
    ['Decorator[FieldSerializerDecoratorInfo], ]', false],
    ['warnings.warn("late")', true],
    ['if (ready(items[0])) {', true],
  ])('knows a piece of a call from a whole: %s', (text, whole) => {
    expect(isBalanced(text)).toBe(whole);
  });

  it('of a section are its own words, not a heading, a row of a table or a field', async () => {
    const markdown = `# Guide\n\nEverything about the store and its [keys](#keys).\n\n## Keys\n\n| Name | Kind |\n|---|---|\n| key | string |\n\n### Old keys\n\nOld keys are removed after a day.\n`;
    const { sections } = await summary(markdown, 'guide.md');
    expect(sections.map((g) => g.text)).toEqual([
      'Everything about the store and its keys.',
      'Old keys are removed after a day.',
      'Old keys are removed after a day.',
    ]);
  });

  it('of a section of prose are what it opens with, not what is attended to most', async () => {
    const [many, example] = ['Others are kept, too. They say more. All of them are old.', '```sh\nstore list\n```'];
    const markdown = `# Guide\n\n## Keys\n\nA key names a value. ${many}\n\n## Lists\n\n### Use\n\nA list is made of keys. ${many}\n\n## Examples\n\n${example}\n\n### More\n\nMore of them.\n`;
    const { sections } = await summary(markdown, 'guide.md');
    expect(sections.map((g) => g.text)).toEqual([
      'A key names a value.',
      'A key names a value.',
      'A list is made of keys.',
      'A list is made of keys.',
      'store list',
      'More of them.',
    ]);
  });

  it('of a section that is a table are a row below its head, not the heading', async () => {
    const markdown =
      '# Guide\n\nAll about it.\n\n## Keys\n\n| Name of it | Kind of it |\n|---|---|\n| the key | a string |\n';
    const { sections } = await summary(markdown, 'guide.md');
    expect(sections.map((g) => g.text)).toEqual(['All about it.', 'the key · a string']);
  });

  it.each([
    'Use the store for settings of one user.',
    'Import old data before the first run.',
    'End a line to send it.',
  ])('of prose may begin like a keyword: %s', async (sentence) => {
    const { sections } = await summary(`# Guide\n\n${sentence}\n`, 'guide.md');
    expect(sections.map((g) => g.text)).toEqual([sentence]);
  });

  it('of a section of LaTeX may begin below its label', async () => {
    const latex =
      '\\documentclass{article}\n\\begin{document}\n\\section{Keys}\n\\label{sec:keys}\nA key is made once.\n\n\\begin{verbatim}\nmake key store\n\\end{verbatim}\n\\end{document}\n';
    const { sections } = await summary(latex, 'guide.tex');
    expect(sections.map((g) => g.text)).toContain('A key is made once.');
  });

  it('of an object of reStructuredText are the first words of its description', async () => {
    const rst = `Store\n=====\n\n.. class:: Store(path, *, \\\n                 size=10)\n   :canonical: store.Store\n\n   The place where values are kept. It is quick.\n\n   :param size: number of values\n\n   .. method:: close()\n      :async:\n\n      Closes the store.\n\n      More is said here of what else happens.\n`;
    const { sections } = await summary(rst, 'store.rst');
    expect(sections.slice(1).map((g) => g.text)).toEqual(['The place where values are kept.', 'Closes the store.']);
  });

  it('are what a function says of itself, else one of its own statements', async () => {
    const text = sample('store.py');
    const { sections } = await summary(text, 'store.py');
    const { tree } = await fakeDocument(text, 'store.py');
    const gist = (name: string): string | undefined => sections.find((g) => tree.nodes[g.node]!.name === name)?.text;
    expect(gist('Entry')).toBe('One value and the moment at which it ends.');
    expect(gist('sweep')).toBe('Removes what is too old; returns how many were removed.');
    expect(gist('read')).toBe('Readers never see what is too old.');
    const constructor = gist('__init__')!;
    expect(text).toContain(constructor);
    expect(constructor).toMatch(/self\./);
  });

  it('of a class that says nothing of itself are its members', async () => {
    const method = (name: string): string => `  ${name}(a) {\n    // Reads a value first.\n    return other(a);\n  }\n`;
    const names = ['constructor', 'open', 'close', 'read'];
    const text = `class File {\n${names.map(method).join('')}}\n`;
    const { sections } = await summary(text, 'file.js');
    expect(sections[0]).toMatchObject({ text: 'open, close, read', range: { start: 0, end: 'class File {'.length } });
    const one = await summary(
      'namespace Shop\n{\n  /* Keeps values. */\n  class Store\n  {\n    int a;\n    int b;\n  };\n}\n',
      'a.cpp',
    );
    expect(one.sections[0]!.text).toBe('Store: Keeps values.');
    const many = Array.from({ length: 40 }, (_, i) => `member${i}`);
    const large = await summary(`class File {\n${many.map(method).join('')}}\n`, 'file.js');
    expect(large.sections[0]!.text).toMatch(/^(member\d+, )+member\d+ and \d+ more$/);
  });

  it('quote no reminders, even where nothing else is written above a function', async () => {
    const text = '// TODO: rewrite this\nfunction read(key) {\n  return fetchValue(key);\n}\n';
    const { sections } = await summary(text, 'a.js');
    expect(sections.map((g) => g.text)).toEqual(['return fetchValue(key);']);
  });

  it.each(samples.map((s) => s.name))('%s: one line for each named part, from inside it', async (name) => {
    const text = sample(name);
    const document = await fakeDocument(text, name);
    const { file, sections } = summarise(new LevelIndex(document), text, 60);
    for (const gist of [...file, ...sections]) {
      const node = document.tree.nodes[gist.node]!;
      expect(gist.text.trim()).not.toBe('');
      expect(gist.text).not.toContain('\n');
      expect(gist.range.start >= node.start && gist.range.end <= node.end).toBe(true);
    }
    expect(sections.map((g) => g.node)).toEqual(sections.map((g) => g.node).toSorted((a, b) => a - b));
  });
});

describe('the summary of prose', () => {
  it('leaves out rows of links, not sentences with alternatives', async () => {
    const text =
      '# Shop\n\n[Documentation](a) · [Web site](b) · [Talk to us](c) · [Help](d)\n\nThe rights to read / write / execute are kept with each file.\n';
    const { file } = await summary(text, 'README.md');
    expect(file.map((g) => g.text)).toEqual(['The rights to read / write / execute are kept with each file.']);
  });
});

describe('the summary of a licence', () => {
  it('quotes it', async () => {
    const text =
      'MIT License\n\nCopyright (c) 2020 Ann Oak\n\nPermission is hereby granted to any person to deal in the Software.\n\nThe above copyright notice shall be included in all copies.\n';
    const { file } = await summary(text, 'LICENSE');
    expect(file.map((g) => g.text)).toContain('Permission is hereby granted to any person to deal in the Software.');
  });
});

describe('the summary of code', () => {
  it('quotes comments on single steps where nothing is described, not bare statements', async () => {
    const step = (i: number): string =>
      `int step_${i}(int x) {\n  int y = prepare(x, ${i});\n\n  // Case ${i} waits until nobody writes to the file any more.\n  wait(y);\n  finish(y);\n  return y;\n}\n\n`;
    const { file } = await summary(Array.from({ length: 6 }, (_, i) => step(i)).join(''), 'steps.c');
    expect(file.length).toBeGreaterThan(1);
    for (const { text } of file) expect(text).toMatch(/^Case \d waits until nobody writes to the file any more\.$/);
  });

  it('quotes a header that says what the file is before it names a licence, not how the file came to be', async () => {
    const python =
      '# Lexers for languages of diagrams.\n#\n# Licensed under the same terms as all others.\n\ndef f(x):\n    # Use the store while it is open.\n    return g(x)\n';
    const said = ['Lexers for languages of diagrams.', 'Use the store while it is open.'];
    expect((await summary(python, 'a.py')).file.map((g) => g.text)).toEqual(said);
    const made = `# This file was generated by a tool.\n\n${said.map((s, i) => `# ${s}\ndef f${i}(x):\n    return g(x)\n`).join('\n')}`;
    expect((await summary(made, 'b.py')).file.map((g) => g.text)).toEqual(said);
  });

  it('quotes what is said about licences, not their notices', async () => {
    const text =
      '# Copyright 2020 Ann Oak\n\n# Finds the licences of all packages.\ndef find(x):\n    return g(x)\n\n# Licensed under the same terms as Perl.\ndef g(x):\n    return x\n';
    const { file, sections } = await summary(text, 'a.py');
    expect(file.map((g) => g.text)).toEqual(['Finds the licences of all packages.']);
    expect(sections[0]!.text).toBe('Finds the licences of all packages.');
  });

  it('ends no statement with what closes another', async () => {
    const { sections } = await summary('module Shop\n  def add(a)\n    call(a)\n  end\nend\n', 'a.unknown');
    expect(sections.map((g) => g.text).join(' ')).not.toMatch(/\bend\b/);
  });

  it('quotes no attributes, lists of arguments or words that lead to an example', async () => {
    const said = ['Keeps what was read.', 'Forgets what is old.', 'Writes all values at once.'];
    const parts = said.map(
      (words, i) => `/// ${words}\n#[cfg(feature = "std")]\npub fn f${i}(x: u8) -> u8 {\n    g(x)\n}\n`,
    );
    const rust = `#![cfg(any(feature = "std", feature = "alloc"))]\n\n// If this were outside, it would just use:\n\n// args: name, kind, size of the value\n\n${parts.join('\n')}`;
    const { file } = await summary(rust, 'lib.rs');
    expect(file.map((g) => g.text)).toEqual(said);
  });
});

describe('the summary of a program that holds its documentation', () => {
  const sub = (name: string): string => `sub ${name} {\n  my ($self, $key) = @_;\n  return $self->{$key};\n}\n\n`;
  const perl = `package Store;\n\n${sub('read')}${sub('_find')}1;\n__END__\n
=head1 NAME\n\nStore - keeps values of one user\n
=head1 METHODS\n
=head2 $store->read( $key )\n\nReads the value of a C<key>. Old ones are gone.\n
  # Reads the value of this long key.\n  $store->read('a');\n
=head1 LIMITS\n\nOnly texts can be kept here.\n\nThey have a limited length too.\n
=head1 AUTHORS\n\nWritten by somebody who likes values.\n`;

  it('is taken from that', async () => {
    const { file } = await summary(perl, 'Store.pm');
    const said = file.map((g) => g.text);
    expect(said).toContain('Store - keeps values of one user');
    expect(said).toContain('Reads the value of a key.');
    for (const text of said) expect(text).not.toMatch(/[#$]/);
  });

  it('has for a function what stands under its name, wherever that is', async () => {
    const { tree } = await fakeDocument(perl, 'Store.pm');
    const { sections } = await summary(perl, 'Store.pm');
    const gist = (name: string): string | undefined => sections.find((g) => tree.nodes[g.node]!.name === name)?.text;
    expect(gist('read')).toBe('Reads the value of a key.');
    expect(gist('_find')).toBe('return $self->{$key};');
  });
});

describe('the summary of code that repeats itself', () => {
  it('says nothing twice, and not for whom it is', async () => {
    const said = [
      'Needs the rc feature.',
      'Internal use only.',
      'Reads one value.',
      'Needs the rc feature.',
      'Writes all values.',
    ];
    const parts = said.map((words, i) => `# ${words}\ndef f${i}(x):\n    y = g(x)\n    return y\n`);
    const { file } = await summary(parts.join('\n\n'), 'a.py');
    expect(file.map((g) => g.text).toSorted()).toEqual([
      'Needs the rc feature.',
      'Reads one value.',
      'Writes all values.',
    ]);
  });
});

describe('the summary of a document', () => {
  it.each(samples.map((s) => s.name))('%s: within its words, in reading order, without repeating', async (name) => {
    const text = sample(name);
    const { file } = await summary(text, name, 30);
    expect(file.length).toBeGreaterThan(0);
    const words = file.reduce((sum, g) => sum + g.text.split(/\s+/).length, 0);
    expect(file.length === 1 || words <= 30).toBe(true);
    const starts = file.map((g) => g.range.start);
    expect(starts).toEqual([...new Set(starts)].toSorted((a, b) => a - b));
  });

  it('of code begins with what the file says of itself, and has no bare code where there are words', async () => {
    const { file } = await summary(sample('store.py'), 'store.py');
    expect(file[0]!.text).toBe('Keeps values for a while.');
    for (const gist of file) expect(gist.text).toMatch(/^[A-Z][^=()]*\.$/);
  });

  it('of code without a word of comment is made of its statements', async () => {
    const { file } = await summary('total = compute_total(first, second)\nprint(total, file=output)\n', 'a.py');
    expect(file.length).toBeGreaterThan(0);
  });

  it('of code without words names what it defines', async () => {
    const text = ['open', 'close', 'read', 'write']
      .map(
        (name) =>
          `function ${name}Connection(first, second) {\n  const a = prepare(first);\n  return a.run(second);\n}\n`,
      )
      .join('\n');
    const { file } = await summary(text, 'a.js', 40);
    expect(file.map((g) => g.text)).toContain('function openConnection(first, second)');
    expect(file.every((g) => g.text.startsWith('function '))).toBe(true);
  });

  it('of data is made of its entries, a block by the keys in it', async () => {
    const json = JSON.stringify(
      {
        name: 'store',
        version: '1.0.0',
        scripts: { build: 'make', test: 'make test', clean: 'rm -r out' },
        keywords: ['a', 'b', 'c', 'd'],
      },
      null,
      2,
    );
    const { file } = await summary(json, 'package.json', 40);
    expect(file.map((g) => g.text)).toEqual(expect.arrayContaining(['"name": "store"', 'scripts: build, test, clean']));
  });

  it('of a page of HTML quotes what it says, without its tags', async () => {
    const said = [
      'The store keeps values for a day.',
      'Old values are removed at night &amp; on Sundays.',
      'Readers never see what is too old.',
    ];
    const page = `<html>\n<body>\n${said.map((s) => `<p class="a">${s}</p>`).join('\n')}\n<p>\n  <b>Nobody</b> writes to it at night.\n</p>\n<a href="b.html">Next</a>\n<script>\nconst a = 1;\nrun(a);\n</script>\n</body>\n</html>\n`;
    const { file } = await summary(page, 'a.html', 60);
    expect(file.map((g) => g.text)).toContain('Old values are removed at night & on Sundays.');
    expect(file.map((g) => g.text).join(' ')).not.toMatch(/[<>]|run\(/);
  });

  it('of a notebook quotes its cells as they are read', async () => {
    const { file } = await summary(sample('notes.ipynb'), 'notes.ipynb', 80);
    for (const { text } of file) expect(text).not.toMatch(/cell_type|\\n|^"|",$/);
  });

  it('never takes imports or licences for content', async () => {
    const text = `# Copyright 2020 Somebody. All rights reserved.\n\nimport os\nimport sys\n\n${sample('store.py')}`;
    const { file } = await summary(text, 'a.py', 200);
    expect(file.map((g) => g.text).join('\n')).not.toMatch(/import |Copyright/);
  });
});

describe('the summary of prose and speech', () => {
  it('takes what a text says of its purpose', async () => {
    const text =
      'Cold starts waste much time on small machines. Some of them never recover from it at all. ' +
      'We present a cache that keeps what is needed between starts. Numbers follow in the second half of the text.';
    const alike = await fakeDocument(text, 'a.txt', { vectorOf: () => [1] });
    const { file } = summarise(new LevelIndex(alike), text, 12);
    expect(file.map((g) => g.text)).toEqual(['We present a cache that keeps what is needed between starts.']);
  });

  /** Worth of the first passage of a text that goes on with 30 sentences. */
  const worthOfFirst = async (head: string, name: string): Promise<number> => {
    const text = head + Array.from({ length: 30 }, (_, i) => `The option o${i} makes ${i} lamps dark.`).join('\n\n');
    const alike = await fakeDocument(text, name, { vectorOf: () => [1] });
    const [first] = summarise(new LevelIndex(alike), text, 60).file;
    expect(first!.text).toMatch(/[Dd]raws lamps on all walls/);
    return first!.score;
  };

  it('takes what stands below the title whether or not it ends with a full stop', async () => {
    const readme = (ends: string): string => `# Lamp\n\nDraws lamps on all walls${ends}\n\n## Options\n\n`;
    const worth = await worthOfFirst(readme(''), 'README.md');
    expect(worth).toBeCloseTo(await worthOfFirst(readme('.'), 'README.md'), 0);
    expect(worth).toBeGreaterThan(await worthOfFirst(readme(':'), 'README.md'));
  });

  it.each([
    ['README.md', '[Guide](a) | [Options](b) | [Report a bug of lamps](c)\n\nDraws lamps on all walls\n\n## Options\n\n'],
    ['README.md', '# Lamp\n\n[![A badge of lamps](a.svg)](b)\n\n<p align="center">Draws lamps on all walls</p>\n\n## Options\n\n'],
    ['lamp.1', '.SH NAME\nlamp \\- draws lamps on all walls\n.SH OPTIONS\n'],
    ['lamp.tex', '\\title{Of all the lamps}\n\\begin{abstract}\nThis draws lamps on all walls.\n\\end{abstract}\n\\section{Options}\n'],
  ])('%s: %j begins with what the text says it is', async (name, head) => {
    expect(await worthOfFirst(head.startsWith('[') ? `# Lamp\n\n${head}` : head, name)).toBeGreaterThan(3);
  }); // prettier-ignore

  it('prefers the first sentence of a section that tells what the text is about', async () => {
    const text = (name: string): string =>
      `Lamps of all kinds.\n\n# Walls\n\nA wall may hold one lamp only.\n\n# ${name}\n\nA lamp is known by its number.\n\n${'Each of them is dark.\n\n'.repeat(9)}`;
    const scoreOf = async (name: string): Promise<number> => {
      const alike = await fakeDocument(text(name), 'a.md', { vectorOf: () => [1] });
      const { file } = summarise(new LevelIndex(alike), text(name), 60);
      return file.find((g) => g.text === 'A lamp is known by its number.')!.score;
    };
    expect(await scoreOf('Overview')).toBeGreaterThan((await scoreOf('Numbered')) + 1);
  });

  it('leaves out what only leads to something, and how to take part in it, where there is more to say', async () => {
    const text =
      '# Lamp\n\nLamp draws lamps on walls.\n\n## Use\n\nIt is used like this, on each wall:\n\n```\nlamp\n```\n\nEach wall has one lamp in its middle.\n\n(Some walls of this house have no lamp.)\n\n' +
      '- Set the size of the lamp\n\n## Contributing\n\nWe thank everybody who sends us a lamp.\n\n## License\n\nYou may draw lamps as you like.\n';
    const alike = await fakeDocument(text, 'README.md', { vectorOf: (words) => [words.length] });
    const { file } = summarise(new LevelIndex(alike), text, 16);
    expect(file.map((g) => g.text)).toEqual(['Lamp draws lamps on walls.', 'Each wall has one lamp in its middle.']);
    // Room for more is left empty rather than filled with what says nothing.
    const roomy = summarise(new LevelIndex(alike), text, 200).file.map((g) => g.text);
    for (const empty of [
      'It is used like this, on each wall:',
      'Set the size of the lamp',
      '(Some walls of this house have no lamp.)',
    ])
      expect(roomy).not.toContain(empty);
  });

  it.each([
    ['one that is all about taking part in it', 'Contributing', ''],
    ['a list', 'Lamps', '- '],
    ['lines without full stops', 'Lamps', '', ''],
    ['a list without full stops', 'Lamps', '- ', ''],
  ])('quotes as much of %s as of any other text', async (_, title, mark, end = '.') => {
    const text = (name: string, bullet: string, stop: string): string =>
      `# ${name}\n\n${Array.from({ length: 20 }, (_, i) => `${bullet}The lamp l${i} is sent to us by ${i} people${stop}`).join('\n\n')}\n`;
    const quoted = async (t: string): Promise<number> =>
      summarise(new LevelIndex(await fakeDocument(t, 'a.md', { vectorOf: () => [1] })), t, 100).file.length;
    expect(await quoted(text(title, mark, end))).toBe(await quoted(text('Trees', '', '.')));
  });

  const turns = (count: number): string[] =>
    Array.from({ length: count }, (_, i) => [
      `Ann: The ${['battery', 'button', 'display', 'budget'][i % 4]!} {disfmarker} of prototype ${i} needs another supplier , because customers complained .`,
      'Bob: Yeah , yeah , I mean , okay , right .',
      'Ann: Mm - hmm .',
    ]).flat();

  it('never quotes assent, leaves out the marks of the transcriber, and says who spoke', async () => {
    const { file } = await summary(`${turns(20).join('\n')}\n`, 'meeting.txt', 60);
    expect(file.length).toBeGreaterThan(2);
    for (const { text } of file)
      expect(text).toMatch(/^Ann: The \w+ of prototype \d+ needs another supplier, because customers complained\.$/);
  });

  it('quotes a speech that fills pages to its end', async () => {
    const speech = Array.from(
      { length: 60 },
      (_, i) => `Supplier number ${i} delivers batteries before the autumn begins.`,
    );
    const { file } = await summary(
      `${[...turns(3), `Ann: ${speech.join(' ')}`, ...turns(3)].join('\n')}\n`,
      'meeting.txt',
      900,
    );
    const quoted = file.map((g) => g.text);
    expect(
      quoted.filter((t) => /^Ann: Supplier number \d+ delivers batteries before the autumn begins\.$/.test(t)).length,
    ).toBe(60);
    expect(quoted).toContain('Ann: Supplier number 59 delivers batteries before the autumn begins.');
  });

  it('of subtitles says who spoke, without times', async () => {
    const { file } = await summary(sample('meeting.vtt'), 'meeting.vtt', 60);
    expect(file.map((g) => g.text)).toContain(
      'Ben: We did, but the migration ran twice, so for three weeks we paid for both copies.',
    );
    expect(file.map((g) => g.text).join()).not.toMatch(/-->|<v/);
  });

  it('covers a whole meeting', async () => {
    const text = `${turns(60).join('\n')}\n`;
    const { file } = await summary(text, 'meeting.txt', 80);
    const third = file.map((g) => Math.floor((3 * g.range.start) / text.length));
    expect(new Set(third).size).toBe(3);
  });

  it('has about as many words as were asked for', async () => {
    const { file } = await summary(`${turns(60).join('\n')}\n`, 'meeting.txt', 120);
    const words = file.flatMap((g) => g.text.split(/\s+/)).length;
    expect(words).toBeGreaterThan(100);
    expect(words).toBeLessThanOrEqual(120);
  });

  it('quotes long turns sentence by sentence', async () => {
    const long =
      'Ann: The supplier of the battery wants more money than the customers would pay. ' +
      'Nobody in the committee liked the colour of the second prototype either. ' +
      'Perhaps the factory in the north could deliver cheaper cells before the autumn.';
    const { file } = await summary(`${[...turns(3), long, ...turns(3)].join('\n')}\n`, 'meeting.txt', 300);
    expect(file.map((g) => g.text)).toContain(
      'Ann: Nobody in the committee liked the colour of the second prototype either.',
    );
  });
});
