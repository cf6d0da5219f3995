import { describe, expect, it } from 'vitest';
import { parse } from './invariants.js';

/** The leaves that are never answers. */
async function trivial(file: string, text: string): Promise<string[]> {
  const { nodes } = await parse(text, file);
  return nodes.filter((n) => n.trivial).map((n) => text.slice(n.start, n.end));
}

const RUBY = [
  'class Store',
  '  def self.open(path)',
  '    begin',
  '      File.read(path)',
  '    rescue Errno::ENOENT => e',
  '      warn "missing #{path}"',
  '      nil',
  '    end',
  '  end',
  '',
  '  def close',
  '    if @opened',
  '      @file.close',
  '    else',
  '      warn "not open"',
  '    end',
  '  end',
  'end',
].join('\n');

const SHELL =
  '#!/bin/sh\n\nfor file in *.txt; do\n  if test -s "$file"; then\n    sort "$file"\n    uniq "$file"\n  else\n    rm "$file"\n    echo gone\n  fi\ndone\n';

describe('lines that only close or open others say nothing', () => {
  it('in Ruby', async () => {
    const found = await trivial('trav.rb', RUBY);
    expect(found.length).toBeGreaterThan(2);
    for (const leaf of found) expect(leaf).toMatch(/^(?:\s*(?:begin|end|else))+$/);
    const { nodes } = await parse(RUBY, 'trav.rb');
    const said = nodes.filter((n) => n.children.length === 0 && !n.trivial).map((n) => RUBY.slice(n.start, n.end));
    expect(said.filter((leaf) => /^(?:end|else|begin)$/.test(leaf))).toEqual([]);
  });

  it('in a shell script, whose first line tells what it is run by', async () => {
    expect(await trivial('tidy.sh', SHELL)).toEqual(expect.arrayContaining(['#!/bin/sh', 'fi', 'done']));
  });

  it.each([
    ['a.cc', 'namespace a {\n\nint f() {\n  return 1;\n}\n\n}  // namespace a\n', ['}  // namespace a']],
    ['a.h', '#ifndef A_H\n#define A_H\n\nint f(int x);\nint g(int x);\n\n#endif /* A_H */\n', ['#endif /* A_H */']],
    ['a.js', 'a();\n\n// Said on its own.\n\nb(); // said\n', []],
    ['a.cmake', 'endif()\n\nset(A 1)\n', ['endif()']],
    ['a.adb', 'procedure Run is\nbegin\n   Open;\n   Close;\nend Run;\n', ['begin']],
    ['a.rs', '#![allow(dead_code)]\n\nfn f() {}\n', []],
    ['a.test.js', 'done();\n\nend();\n\nfi = 1;\n', []],
    ['a.v', 'Defined.\n\nLemma one : 1 = 1.\n', ['Defined.']],
    ['names.csv', 'word\nend\ndone\n', []],
    ['.gitignore', 'end\ndone\n', []],
    ['notes.txt', 'Done.\n\nThe end\n\nend\n', []],
  ])('%s: %j', async (file, text, expected) => {
    expect(await trivial(file, text)).toEqual(expected);
  });

  it.each([
    ['a.f90', 'do i = 1, n\n  call one(i)\n  call two(i)\n  call three(i)\nenddo\n'],
    ['a.vim', 'try\n  call One()\n  call Two()\n  call Three()\nendtry\n'],
    ['a.v', 'Lemma one : 1 = 1.\nProof.\n  simpl.\n  auto.\n  reflexivity.\nAdmitted.\n'],
  ])('and belong to what they close, in %s', async (file, text) => {
    const { nodes } = await parse(text, file);
    const [only, ...more] = nodes[0]!.children.map((id) => nodes[id]!);
    expect(more).toEqual([]);
    expect(text.slice(only!.start, only!.end)).toBe(text.trim());
  });

  it('a long row of them that is none after all is found out at once', async () => {
    expect(await trivial('a.zzz', `${'fi ; '.repeat(38)}x\n`)).toEqual([]);
  });
});
