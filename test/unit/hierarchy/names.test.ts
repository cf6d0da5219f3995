import { describe, expect, it } from 'vitest';
import { named, parse } from './invariants.js';

const lines = (n: number, line: string): string => `${line}\n`.repeat(n);

describe('names of definitions', () => {
  it.each([
    ['a.cpp', 'namespace a::b {\nclass C {\n  int x;\n};\n}\n', ['a::b', 'C']],
    ['a.cpp', 'std::string &Store::name(int x) {\n  return y;\n}\nStore::operator bool() const {\n  return x;\n}\n', ['Store::name', 'Store::operator bool']],
    ['a.rs', `fn f() {\n    let mut keep = |x| {\n${lines(7, '        g();')}    };\n}\n`, ['f', 'keep']],
    ['a.php', `<?php\n$keep = static function ($x) {\n${lines(7, '  g();')}};\n`, ['$keep']],
    ['a.go', `package a\n\nfunc f() {\n\tc.Get = func() {\n${lines(7, '\t\tg()')}\t}\n}\n`, ['f', 'c.Get']],
    ['a.m', '@implementation Store\n- (void)open:(NSString *)path with:(int)mode {\n  g();\n}\n@end\n', ['Store', 'open:with:']],
    ['a.dart', 'void f() {\n  int twice(int x) {\n    return 2 * x;\n  }\n  twice(1);\n}\n', ['f', 'twice']],
    ['a.kt', 'class A {\n  fun one() = 1\n  fun two(): Int =\n    2\n}\n', ['A', 'one', 'two']],
    ['a.js', 'class A {\n  get [Symbol.iterator]() {\n    return 1;\n  }\n}\n', ['A', '[Symbol.iterator]']],
    ['a.ts', `const press = useCallback(() => {\n${lines(7, '  f();')}}, []);\n`, ['press']],
    ['a.ts', `export const key = /* pure */ (() => {\n${lines(7, '  f();')}})();\n`, ['key']],
    ['a.ts', `const twice =\n  <T>(f: T) =>\n  (x: T) => {\n${lines(7, '    f();')}  };\n`, ['twice', undefined]],
    ['a.ts', `test('adds', () => {\n${lines(7, '  f();')}});\n`, ["test 'adds'"]],
    ['a.test.ts', "describe('a', () => {\n  it('adds', () => {\n    f();\n  });\n  it.skip(`fails`, () =>\n    f());\n  test.each([1])('%i', (n) => {\n    f(n);\n  });\n});\n", ["describe 'a'", "it 'adds'", 'it.skip `fails`', "test.each '%i'"]],
    ['a_spec.rb', "RSpec.describe Store do\n  context 'when empty' do\n    it 'fails' do\n      f\n    end\n  end\n  it('ends') { f }\n  item 'a' do\n    f\n  end\nend\n", ['describe Store', "context 'when empty'", "it 'fails'"]],
    ['A.scala', 'class A extends AnyFlatSpec {\n  "A store" should "open" in {\n    f()\n    g()\n  }\n  it should "close" in {\n    f()\n  }\n  test("adds") {\n    f()\n  }\n  open("a") {\n    f()\n  }\n  "a" -> {\n    1\n  }\n}\n', ['A', '"A store" should "open"', 'it should "close"', 'test("adds")']],
    ['A.scala', 'given Ordering[Int] with\n  def compare(a: Int, b: Int) = a - b\n\ngiven context: Context = global\n\nextension (s: String)\n  def shout: String = s.up\n', ['given Ordering[Int]', 'compare', 'extension (s: String)', 'shout']],
    ['a.ts', "context.on('a', () => {\n  f();\n});\nitems('a', () => {\n  f();\n});\nit(() => {\n  f();\n});\n", []],
    ['a.go', `package a\n\nvar run = cli.Command{\n\tAction: func() {\n${lines(7, '\t\tf()')}\t},\n}\n`, ['run']],
    ['a.go', `package a\n\nfunc f() {\n\tsplit := func() {\n${lines(7, '\t\tg()')}\t}\n}\n`, ['f', 'split']],
    ['a.rb', 'class A\n  class << self\n    def [](key)\n      1\n    end\n  end\nend\n', ['A', '<< self', '[]']],
    ['a.kt', `fun f() {\n  setContent {\n${lines(7, '    g()')}  }\n}\n`, ['f', 'setContent(…)']],
    ['a.swift', `func f() {\n  queue.async {\n${lines(7, '    g()')}  }\n}\n`, ['f', 'queue.async(…)']],
    ['a.swift', 'struct A {\n  subscript(i: Int) -> String {\n    get { a[i] }\n  }\n  static func == (a: A, b: A) -> Bool { a.id == b.id }\n  static func <=> (a: A, b: A) -> Bool {\n    true\n  }\n}\n', ['A', 'subscript', '==', '<=>']],
    ['a.lua', 'local m = {\n  __eq = function(a, b)\n    return a.x == b.x\n  end,\n  __lt = function(a, b)\n    return a.x < b.x\n  end,\n}\n', ['__eq', '__lt']],
    ['a.js', `x.handlers["ready"] = function () {\n${lines(7, '  f();')}};\n`, ['x.handlers["ready"]']],
    ['a.js', `$.extend(x, {\n  "CHILD": function (m) {\n${lines(7, '    f();')}  },\n});\n`, ['CHILD']],
    ['a.php', `<?php\nreturn [\n  'Store' => static function ($x) {\n${lines(7, '    g();')}  },\n];\n`, ['Store']],
    ['a.d.ts', "declare module 'store' {\n  interface Store {\n    size: number;\n  }\n}\n", ['store', 'Store']],
    ['a.py', 'def f() -> Dict[\n    str,\n    Any,\n]:\n    g = h[\n        1,\n        2,\n    ]\n    return g\n', ['f']],
    ['a.ts', 'f()[\n  g(\n    1,\n  )\n](\n  2,\n);\n', []],
    ['a.c', 'void f(void) {\n  END_THREADS\n  if (x == 1) {\n    g();\n  }\n  Py_END\n\n  if (y) {\n    h();\n  }\n}\n', ['f']],
    ['a.cs', 'namespace Shop.Core {\n  class Money {\n    public static Money operator +(Money a, Money b) {\n      return a.Plus(b);\n    }\n    public static explicit operator decimal?(Money m) {\n      return m.x;\n    }\n    ~Money() {\n      Close();\n    }\n  }\n}\n', ['Shop.Core', 'Money', 'operator +', 'operator decimal?', '~Money']],
    ['a.rb', 'class A\n  def key=(key)\n    @key = key\n  end\n\n  def self.all=(all)\n    @all = all\n  end\nend\n', ['A', 'key=', 'all=']],
    ['A.java', `class A {\n  void f() {\n    view.setListener((v) -> {\n${lines(7, '      g();')}    });\n  }\n}\n`, ['A', 'f', 'setListener(…)']],
  ])('%s: %j', async (file, text, expected) => {
    expect(await named(text, file)).toEqual(expected);
  }); // prettier-ignore
});

it('rules of CSS are called by what they are for', async () => {
  const text = '.a,\n.b > p {\n  x: y;\n  z: w;\n}\n\n@media (min-width: 1em) {\n  p {\n    x: y;\n  }\n}\n';
  const { nodes } = await parse(text, 'a.css');
  expect(nodes.flatMap((n) => n.name ?? [])).toEqual(['.a, .b > p', '@media (min-width: 1em)']);
});

describe('a long comment', () => {
  const comment = `/*\n * Reads values.\n${' * They are kept.\n'.repeat(30)} */\n`;

  it('that stands alone is described by itself, as a whole', async () => {
    const text = `${comment}\nint x;\n`;
    const tree = await parse(text, 'a.c');
    const block = tree.nodes[1]!;
    expect(block.kind).toBe('block');
    expect(block.description).toEqual({ start: 0, end: comment.length - 1 });
    expect(block.children.length).toBeGreaterThan(1);
  });

  it.each([
    ['a.c', '/*', ' *', ' */'],
    ['a.f90', '!>', '!>', '!'],
    ['a.py', '#', '#', '#'],
  ])('is cut between its paragraphs, as long as those may be: %s', async (file, first, mark, last) => {
    const paragraphs = [5, 14, 2, 9].map((n) => `${mark} It says\n`.repeat(n - 1) + `${mark} so.\n`);
    const text = `${first}\n${paragraphs.join(`${mark}\n`)}${last}\n\nx = 1\n`;
    const { nodes } = await parse(text, file);
    const leaves = nodes.filter((n) => n.children.length === 0).map((n) => text.slice(n.start, n.end));
    expect(leaves.length).toBe(5);
    for (const leaf of leaves.slice(0, -1)) expect(leaf).toMatch(/ so\.\W*$/);
  });

  it.each(['a.c', 'a.groovy'])('is no part of the statement that it describes: %s', async (file) => {
    const text = `${comment}def x = 1;\n`;
    const tree = await parse(text, file);
    const block = tree.nodes[1]!;
    expect(block.description).toEqual({ start: 0, end: expect.any(Number) as number });
    const last = tree.nodes[block.children.at(-1)!]!;
    expect(text.slice(last.start, last.end)).toContain('x = 1;');
    expect(text.slice(last.start, last.end)).not.toContain('*');
  });
});
