/** Which of its own words a gist takes, whatever the attention is. */
import { describe, expect, it } from 'vitest';
import { inflow } from '../../../src/engine/analysis/flow.js';
import { sectionGists } from '../../../src/engine/analysis/gists.js';
import { LevelIndex } from '../../../src/engine/analysis/levels.js';
import { fakeDocument, withEvenAttention } from './fake-document.js';
import { gistsOf } from './summaries.js';

describe('the gist of a function', () => {
  const [plain, calling] = ['  let sum = first + second;\n  sum = sum + third;\n', '  keepValue(sum);\n'];

  it('is what a comment in it says, else a call, else another statement', async () => {
    const text =
      `function commented() {\n${plain}${calling}  // Old values are never kept.\n  removeOld(sum);\n  return sum;\n}\n` +
      `function calls() {\n${plain}${calling}  return sum;\n}\n`;
    expect(await gistsOf(text, 'a.js')).toEqual({
      commented: ['Old values are never kept.'],
      calls: ['keepValue(sum);'],
    });
  });

  it('is no reminder and no word on what is deprecated, where there is any other statement', async () => {
    const text =
      `function later() {\n${plain}  // TODO: write this again\n${calling}}\n` +
      `function older() {\n${plain}  // @deprecated Use get instead.\n${calling}  saveAll(sum);\n}\n` +
      `function empty() {\n  // TODO: write this one\n}\n`;
    expect(await gistsOf(text, 'a.js')).toEqual({
      later: ['let sum = first + second;', 'sum = sum + third;'],
      older: ['saveAll(sum);'],
      empty: ['function empty()'],
    });
  });

  it('is nothing that other functions say too, however they end', async () => {
    const ready = '  const store = createMock(Store);\n';
    const test = (name: string, said: string): string => `function ${name}() {\n${ready}${said}}\n`;
    const text = test('finds', '  check(store.find(key));\n') + test('counts', '  total = first + second;\n');
    expect(await gistsOf(text, 'a.js')).toEqual({
      finds: ['check(store.find(key));'],
      counts: ['total = first + second;'],
    });
    const last = `describe('a store', () => {\n  function opens() {\n    start(second);\n    openStore(first); }\n});\nopenStore(first);\n`;
    expect((await gistsOf(last, 'a.js'))['opens']).toEqual(['start(second);']);
    const same = `function one() {\n${ready}}\nfunction two() {\n${ready}}\n`;
    expect((await gistsOf(same, 'a.js'))['two']).toEqual(['const store = createMock(Store);']);
  });

  it('is no argument of a call, nor a branch', async () => {
    const text = `function store(key) {
  saveValue(
    key,
    { name: "the first of all the names", kind: "a kind" },
    [other, readMore(another), and, one, more, until, the, line, is, long, enough, to, break],
    function () { return other; },
  );
  switch (total) {
    case firstKind:
      readAll(total);
      break;
    default:
      readOther(total);
  }
  openValue(total);
}
`;
    expect(await gistsOf(text, 'a.js')).toEqual({ store: ['openValue(total);', 'switch (total)'] });
  });

  it('is none of its notices of a licence', async () => {
    const text =
      '# Finds all packages.\ndef find(x):\n    return g(x)\n\n# Licensed under the same terms as Perl.\ndef load(x):\n    return readAll(x)\n';
    expect(await gistsOf(text, 'a.py')).toEqual({ find: ['Finds all packages.'], load: ['return readAll(x)'] });
  });

  it('is the first of several statements that are looked at as much', async () => {
    const text = 'function all(key) {\n  keepValue(key);\n  saveValue(key);\n  sendValue(key);\n}\n';
    const index = new LevelIndex(withEvenAttention(await fakeDocument(text, 'a.js', { vectorOf: () => [1] })));
    expect(sectionGists(index, text, new Float64Array(index.pieces).fill(1)).map((g) => g.text)).toEqual([
      'keepValue(key);',
    ]);
  });

  it('is worth what the statement that it quotes is looked at', async () => {
    const text = 'function all(key) {\n  keepValue(key);\n  saveValue(key);\n  sendValue(key);\n}\n';
    const index = new LevelIndex(await fakeDocument(text, 'a.js'));
    const flow = inflow(index);
    const seen = index.document.tree.nodes
      .filter((n) => /^\w+Value/.test(text.slice(n.start, n.end)))
      .map((n) => ({ range: { start: n.start, end: n.end }, score: index.mean(flow, index.piecesOfNode(n.id)) }));
    const [most] = seen.toSorted((a, b) => b.score - a.score);
    expect(sectionGists(index, text, flow)).toMatchObject([most!]);
  });
});

describe('the gist of a class', () => {
  it('names the members that are looked at most, as many as fit, in the order in which they stand', async () => {
    const names = Array.from({ length: 14 }, (_, i) => `${'read'.repeat(1 + (i % 4))}${'abcdefghijklmn'[i]!}`);
    const text = `class File {\n${names.map((name) => `  ${name}(a) {\n    return other(a);\n  }\n`).join('')}}\n`;
    for (let seed = 1; seed <= 4; seed++) {
      const index = new LevelIndex(await fakeDocument(text, 'file.js', { seed }));
      const flow = inflow(index);
      const members = index.document.tree.nodes.filter((n) => n.kind === 'function');
      const seen = (name: string): number => {
        const { id } = members.find((n) => n.name === name)!;
        return index.mean(flow, index.piecesOfNode(id));
      };
      let room = 90;
      const best = names.toSorted((a, b) => seen(b) - seen(a));
      const cut = best.findIndex((name) => (room -= name.length + 2) < 0);
      const shown = names.filter((name) => best.slice(0, cut).includes(name));
      expect(sectionGists(index, text, flow)[0]!.text).toBe(`${shown.join(', ')} and ${names.length - cut} more`);
    }
  });

  it('names a member once, also one in a branch or that is written with the name of the class', async () => {
    const python = `class Store:
    if FAST:
        def open(self):
            run(1)
    else:
        def open(self):
            run(2)
        def close(self):
            run(2)
`;
    expect((await gistsOf(python, 'a.py')).Store).toEqual(['open, close']);
    const lua = 'class Store {\n  Store::open() { return run(1); }\n  Store::close() { return run(2); }\n}\n';
    expect((await gistsOf(lua, 'a.cpp')).Store).toEqual(['open, close']);
  });

  it('looks for a member that is written several times at the one that is looked at most', async () => {
    const many = Array.from({ length: 20 }, (_, i) => `  readTheValue${i}(a) {\n    return other(a);\n  }\n`);
    const twice = (first: string, second: string): string =>
      `class File {\n${many.join('')}  writeAll(a) {\n    ${first};\n  }\n  writeAll(a, b) {\n    ${second};\n  }\n}\n`;
    for (const text of [twice('hot(a)', 'cold(a)'), twice('cold(a)', 'hot(a)')]) {
      const index = new LevelIndex(await fakeDocument(text, 'file.ts'));
      const leaf = index.document.tree.nodes.find(
        (n) => n.children.length === 0 && text.startsWith('hot(a)', n.start),
      )!;
      const flow = new Float64Array(index.pieces).fill(1, ...index.piecesOfNode(leaf.id));
      expect(sectionGists(index, text, flow)[0]!.text).toMatch(/, writeAll and \d+ more$/);
    }
  });

  it('counts one that has no room, too', async () => {
    const names = ['readAllOfTheValuesThatAreThere', 'writeAllOfTheValuesThatAreThere', 'closeAllOfTheValuesThere'];
    const text = `class File {\n${names.map((name) => `  ${name}(a) {\n    return other(a);\n  }\n`).join('')}}\n`;
    for (const said of (await gistsOf(text, 'file.js')).File!) expect(said).toMatch(/^\w+, \w+ and 1 more$/);
  });
});

describe('the gist of a group of tests', () => {
  it.each([
    ['a.test.ts', "describe('a store', () => {\n  beforeEach(() => {\n    a();\n    b();\n    c();\n    d();\n    e();\n  });\n  function help() {\n    a();\n  }\n  it('opens a file.', () => {\n    a();\n  });\n  it.skip(`ends`, async () => {\n    b();\n  });\n  describe('when empty', () => {\n    test('fails', () => {\n      c();\n    });\n  });\n});\n", "describe 'a store'", 'opens a file, ends, when empty'],
    ['a_spec.rb', "RSpec.describe Store do\n  context 'when empty' do\n    it 'fails' do\n      a\n    end\n    it 'says so' do\n      b\n    end\n  end\nend\n", "context 'when empty'", 'fails, says so'],
    ['b.test.ts', `describe('a store', () => {\n  it('opens', () => {\n    a();\n  });\n  it('${'keeps '.repeat(20)}', () => {\n    b();\n  });\n});\n`, "describe 'a store'", `opens, ${'keeps '.repeat(12)}kee…`],
  ])('lists what they test, by their titles: %s', async (file, text, name, listed) => {
    expect((await gistsOf(text, file))[name]).toEqual([listed]);
  }); // prettier-ignore
});

describe('the gist of a section', () => {
  it('is a sentence rather than words without a full stop, also of its first part', async () => {
    const text =
      '# Guide\n\nAll about the store\n\nIt keeps values for a day.\n\n## Lists\n\n### Use\n\nWhat a list is\n\nA list is made of keys.\n';
    const [guide, list] = ['It keeps values for a day.', 'A list is made of keys.'];
    expect(await gistsOf(text, 'a.md')).toEqual({ Guide: [guide], Lists: [list], Use: [list] });
  });

  it('is no notice of a licence', async () => {
    const text = '# Guide\n\nCopyright 2020 by Ann Oak.\n\nIt keeps values for a day.\n';
    expect(await gistsOf(text, 'a.md')).toEqual({ Guide: ['It keeps values for a day.'] });
  });

  it('of examples is one that no other section has', async () => {
    const example = (code: string): string => `\`\`\`\n${code}\n\`\`\`\n\n`;
    const section = (name: string): string =>
      `## ${name}\n\n${example('store install all')}${example(`store list ${name}`)}`;
    expect(await gistsOf(`# Guide\n\nAll about it.\n\n${section('keys')}${section('sets')}`, 'a.md')).toEqual({
      Guide: ['All about it.'],
      keys: ['store list keys'],
      sets: ['store list sets'],
    });
  });

  it('that is a table is a row below its head, and that is a picture its address', async () => {
    const text =
      '# Guide\n\nAll about it.\n\n## Keys\n\n| Name of it | Kind of it |\n|---|---|\n| key | string |\n\n## Logo\n\n![](a.png)\n';
    expect(await gistsOf(text, 'a.md')).toEqual({
      Guide: ['All about it.'],
      Keys: ['key · string'],
      Logo: ['![](a.png)'],
    });
  });
});

describe('the gist of a function whose documentation stands elsewhere', () => {
  const pod = `=head1 NAME\n\nStore - keeps values\n\n=head2 read\n\nReads the value of a key.\n\n=head2 read\n\nIs the same as it was.\n\n=head1 LIMITS\n\nOnly texts can be kept here.\n\nThey have a limit too.\n`;

  it('is what is said first under its name, which may have that of the package before it', async () => {
    const text = `package Store;\n\nsub Store::read {\n  my ($self, $key) = @_;\n  return $self->{$key};\n}\n\n1;\n__END__\n\n${pod}`;
    expect((await gistsOf(text, 'Store.pm'))['Store::read']).toEqual(['Reads the value of a key.']);
  });
});
