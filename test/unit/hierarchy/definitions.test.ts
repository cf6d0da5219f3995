/** Where definitions begin and end, what they are called and what is said of them, in languages that write these in a way of their own. */
import { describe, expect, it } from 'vitest';
import { parse, problems, said } from './invariants.js';

/** All classes and functions with their lines and the first line of what is said of them. */
async function defined(text: string, file: string): Promise<string[]> {
  const tree = await parse(text, file);
  expect(problems(tree, text)).toEqual([]);
  return tree.nodes
    .filter((n) => n.kind === 'class' || n.kind === 'function')
    .map((n) => `${n.kind} ${n.name ?? '?'} ${n.startLine}–${n.endLine}${said(n, text)}`);
}

describe('what closes a definition does not belong to the last one in it', () => {
  it.each([
    ['a.cc', 'namespace a {\n\nvoid f() {\n  x();\n  y();\n}\n\n}  // namespace a\n', ['class a 1–8', 'function f 3–6'], '}  // namespace a'],
    ['a.h', '#ifndef A_H\n#define A_H\n\nint f(int x) {\n  x++;\n  return x;\n}\n\n#endif /* A_H */\n', ['function f 4–7'], '#endif /* A_H */'],
    ['a.js', `describe('x', () => {\n  test('b', () => {\n${'    a();\n'.repeat(6)}  });\n}); // x\n`, ["function describe 'x' 1–10", "function test 'b' 2–9"], '}); // x'],
    ['a.ex', 'defmodule A do\n  def b(x) do\n    y = x\n    y\n  end\nend\n', ['class A 1–6', 'function b 2–5'], 'end'],
    ['a.jl', 'module A\n  function b(x)\n    y = x\n    y\n  end\nend\n', ['class A 1–6', 'function b 2–5'], 'end'],
  ])('%s: %j', async (file, text, expected, closer) => {
    expect(await defined(text, file)).toEqual(expected);
    const last = (await parse(text, file)).nodes.findLast((n) => n.children.length === 0)!;
    expect(text.slice(last.start, last.end)).toBe(closer);
  }); // prettier-ignore

  it('a comment behind a statement stays with that', async () => {
    const text = 'f(); // one\nif (a) { g(); } // two\nclass A { int x; }; // three\n';
    const { nodes } = await parse(text, 'a.cc');
    const leaves = nodes.filter((n) => n.children.length === 0).map((n) => text.slice(n.start, n.end));
    expect(leaves.slice(0, 2)).toEqual(['f(); // one', 'if (a) { g(); } // two']);
    expect(leaves.at(-1)).toContain('// three');
  });
});

describe('Go: what shares its keyword', () => {
  it('are classes of their own where it is types, also on one line', async () => {
    const text =
      'package a\n\ntype (\n\t// Alpha is first.\n\tAlpha struct {\n\t\tX int\n\t}\n\n\tBeta struct {\n\t\tY int\n\t}\n\t// Small counts.\n\tSmall int\n\tSame = Small\n)\n\n' +
      '// Only is alone.\ntype (\n\tOnly struct {\n\t\tX int\n\t}\n)\n\n// Call is made.\ntype Call struct {\n\tTo string\n}\n\n' +
      '// Handler answers.\ntype Handler func(w Writer) error\ntype Level int\n';
    expect(await defined(text, 'a.go')).toEqual([
      'class Alpha 4–7 — // Alpha is first.',
      'class Beta 9–11',
      'class Small 12–13 — // Small counts.',
      'class Only 17–22 — // Only is alone.',
      'class Call 24–27 — // Call is made.',
      'class Handler 29–30 — // Handler answers.',
      'class Level 31–31',
    ]);
  });

  it('are statements of their own where it is constants or variables, each with its comment', async () => {
    const text =
      'package a\n\n// Limits of a store.\nconst (\n\t// TTL is how long a value lives.\n\tTTL = 5 * time.Minute\n\tmost = 1 << 16\n)\n\n' +
      'const (\n\tOpen State = iota\n\tClosed\n)\n\nvar (\n\t// ErrClosed comes after Close.\n\tErrClosed = errors.New("closed")\n\n\tmu sync.Mutex\n)\n\nvar version, build string\n';
    const tree = await parse(text, 'a.go');
    expect(problems(tree, text)).toEqual([]);
    const leaves = tree.nodes.filter((n) => n.children.length === 0).map((n) => text.slice(n.start, n.end));
    expect(leaves).toEqual([
      'package a',
      '// Limits of a store.',
      'const (',
      '// TTL is how long a value lives.\n\tTTL = 5 * time.Minute',
      'most = 1 << 16\n)',
      'const (',
      'Open State = iota',
      'Closed\n)',
      'var (',
      '// ErrClosed comes after Close.\n\tErrClosed = errors.New("closed")',
      'mu sync.Mutex\n)',
      'var version, build string',
    ]);
    const limits = tree.nodes.find((n) => n.kind === 'block')!;
    expect(said(limits, text)).toBe(' — // Limits of a store.');
    expect(limits.name).toBeUndefined();
  });
});

it("Objective-C: methods that React Native's macros declare are methods, by their selectors", async () => {
  const text =
    '@implementation Calendar\n\nRCT_EXPORT_MODULE();\n\n// Adds an event.\nRCT_EXPORT_METHOD(addEvent:(NSString *)name\n                  date:(nonnull NSNumber *)date)\n' +
    '{\n  [self.store add:name date:date];\n}\n\nRCT_EXPORT_METHOD(find:(void (^)(NSError *error))done) {\n  done(@[[NSNull null]]);\n}\n\n' +
    'RCT_REMAP_METHOD(findAll,\n                 findWithResolver:(RCTPromiseResolveBlock)resolve\n                 rejecter:(RCTPromiseRejectBlock)reject)\n{\n  resolve(all);\n}\n\n' +
    'RCT_EXPORT_BLOCKING_SYNCHRONOUS_METHOD(name)\n{\n  return @"a";\n}\n\nRCT_CUSTOM_VIEW_PROPERTY(color, NSString, View)\n{\n  [view setColor:json];\n}\n\n' +
    '- (void)stop {\n  [self.store close];\n}\n\n- close {\n  [self stop];\n}\n@end\n';
  expect(await defined(text, 'Calendar.m')).toEqual([
    'class Calendar 1–40',
    'function addEvent:date: 5–10 — // Adds an event.',
    'function find: 12–14',
    'function findWithResolver:rejecter: 16–21',
    'function name 23–26',
    'function color 28–31',
    'function stop 33–35',
    'function close 37–39',
  ]);
});

describe('a comment that a body begins with is on the first thing in it', () => {
  it.each([
    ['a.rb', 'module Api\n  # A user.\n  class User\n    # Finds.\n    def find\n      1\n    end\n  end\nend\n', ['class Api 1–9', 'class User 2–8 — # A user.', 'function find 4–7 — # Finds.']],
    ['a.py', 'class A:\n    # Alone.\n\n    # Says f.\n    def f(self):\n        return 1\n', ['class A 1–6', 'function f 4–6 — # Says f.']],
    ['a.py', 'class A:  # noqa\n    def f(self):\n        return 1\n', ['class A 1–3', 'function f 2–3']],
    ['a.lua', 'function a()\n  -- Helps.\n  local function b()\n    c()\n  end\n  b()\nend\n', ['function a 1–7', 'function b 2–5 — -- Helps.']],
  ])('%s: %j', async (file, text, expected) => {
    expect(await defined(text, file)).toEqual(expected);
  }); // prettier-ignore

  it('before a bracket it is on what has the body', async () => {
    const text = 'void f(void)\n/* Runs it. */\n{\n  a();\n  b();\n}\n';
    const { nodes } = await parse(text, 'a.c');
    expect(nodes.filter((n) => n.children.length === 0).map((n) => n.startLine)).toEqual([1, 4, 5]);
  });
});

it('Dart: methods, constructors, mixins and functions on one line have names', async () => {
  const text =
    '/// Logs.\nmixin Log on Object {\n  /// Says it.\n  void log(String s) {\n    print(s);\n    print(s);\n  }\n  int get x => 1;\n}\n\n' +
    'class A {\n  factory A.make() {\n    return A(1);\n  }\n  bool operator ==(Object o) => true;\n  @override\n' +
    "  Widget build(Context c) => App(\n    title: 'x',\n    home: Home(),\n  );\n}\n\nextension E on String {\n  int go() => 1;\n}\n\nvoid main() => run(A());\n";
  expect(await defined(text, 'a.dart')).toEqual([
    'class Log 1–9 — /// Logs.',
    'function log 3–7 — /// Says it.',
    'function x 8–8',
    'class A 11–21',
    'function A.make 12–14',
    'function operator == 15–15',
    'function build 16–20',
    'class E 23–25',
    'function go 24–24',
    'function main 27–27',
  ]);
});

it('Python: the only line of a body may say what the definition is for', async () => {
  const text = 'class NotFound(Exception):\n    """Raised."""\n\n\ndef stub(a):\n    """Does nothing."""\n';
  expect(await defined(text, 'a.py')).toEqual([
    'class NotFound 1–2 — """Raised."""',
    'function stub 5–6 — """Does nothing."""',
  ]);
});

describe('a definition is one with all that is written before it', () => {
  const options = (n: number): string => '@click.option("--name", default="x", help="What it is called.")\n'.repeat(n);

  it.each([
    ['a.py', `# Deploys.\n@click.command()\n${options(4)}def deploy(name):\n    run(name)\n`, ['function deploy 1–8 — # Deploys.']],
    ['a.py', `@pytest.mark.parametrize(\n    "a",\n    [\n${'        (1, 2),\n'.repeat(9)}    ],\n)\ndef test_add(a):\n    """Adds."""\n    assert a\n`, ['function test_add 1–17 — """Adds."""']],
    ['a.ts', `/** Shows. */\n@Component({\n${"  selector: 'app',\n".repeat(9)}})\nexport class App {\n  save() {\n    this.a();\n  }\n}\n`, ['class App 1–17 — /** Shows. */', 'function save 14–16']],
    ['a.ts', 'export const handler: Handler<APIGatewayProxyEvent, APIGatewayProxyResult> = async (event) => {\n  const x = 1;\n  return ok(x);\n};\n', ['function handler 1–4']],
  ])('%s: %j', async (file, text, expected) => {
    expect(await defined(text, file)).toEqual(expected);
  }); // prettier-ignore

  it.each([
    ['a.js', 'exports.a = function () {\n  return 1;\n};\n\nmodule.exports.b = (x) => {\n  return x;\n};\n', ['function exports.a 1–3', 'function module.exports.b 5–7']],
    ['a.jsx', 'class K {\n  handleClick = () => {\n    this.set(1);\n  };\n  small = () => 1;\n}\n', ['class K 1–6', 'function handleClick 2–4']],
    ['a.ts', 'class K {\n  private open: Opens = async () => {\n    this.set(1);\n  };\n}\n', ['class K 1–5', 'function open 2–4']],
    ['a.lua', 'M.go = function(a)\n  return a\nend\nf(function()\n  g()\nend)\n', ['function M.go 1–3']],
    ['a.js', 'items.forEach((x) => {\n  a(x);\n});\nconst a = 1,\n  b = 2;\n', []],
  ])('also where it is short and assigned, %s: %j', async (file, text, expected) => {
    expect(await defined(text, file)).toEqual(expected);
  }); // prettier-ignore
});

describe('a comment in data is on the entry below it', () => {
  const settings =
    '# All.\nname: ci\non:\n  push:\n    branches: [main]\n# The jobs.\njobs:\n  # Builds.\n  build:\n    steps:\n' +
    '      # Fetch.\n      - uses: fetch\n        with:\n          a: 1\n          b: 2\n          c: 3\n          # Inner.\n      # Run.\n      - run: |\n          # no comment\n          x\n          y\n\n' +
    '  # Tests.\n  test:\n    runs: a\n    on: b\n    # Alone.\n\n# End.\n';
  const tables =
    '# Builds.\n[build]\nneeds = ["a"]\nby = "b"\n\n# The project.\n[project]\nname = "x"\n\n[[rules]]\nmodule = "x"\n\n[empty]\n';

  it.each([
    ['a.yaml', settings, [['jobs', '# The jobs.'], ['build', '# Builds.'], ['test', '# Tests.']]],
    ['a.toml', tables, [['[build]', '# Builds.'], ['[project]', '# The project.'], ['[[rules]]', undefined]]],
  ] as const)('%s', async (file, text, expected) => {
    const tree = await parse(text, file);
    expect(problems(tree, text)).toEqual([]);
    const slice = (n?: { start: number; end: number }): string | undefined => n && text.slice(n.start, n.end);
    const blocks = tree.nodes.filter((n) => n.name !== undefined);
    for (const [name, said] of expected) expect(slice(blocks.find((n) => n.name === name)!.description)).toBe(said);
    const leaves = tree.nodes.filter((n) => n.children.length === 0).map(slice);
    if (file === 'a.toml') expect(leaves).toEqual(expect.arrayContaining(['[build]', '[project]', '[[rules]]', '[empty]']));
    else expect(leaves).toEqual(expect.arrayContaining(['# Fetch.', '- uses: fetch', '# Inner.', '# Alone.', '# End.']));
  }); // prettier-ignore
});

describe('what stands in a body of a kind of its own', () => {
  it.each([
    ['a.cs', 'var a = 1;\n\n// Doubles.\nstatic int Twice(int x) {\n  return 2 * x;\n}\n', ['function Twice 3–6 — // Doubles.']],
    ['A.java', 'enum Op {\n  PLUS("+");\n\n  // How it is written.\n  String sign() {\n    return sign;\n  }\n}\n', ['class Op 1–8', 'function sign 4–7 — // How it is written.']],
  ])('are definitions with their comments: %s', async (file, text, expected) => {
    expect(await defined(text, file)).toEqual(expected);
  }); // prettier-ignore

  it('are cases of an enumeration of PHP', async () => {
    const text =
      "<?php\nenum Suit: string {\n  case Hearts = 'H';\n  // Black.\n  case Spades = 'S';\n\n  function color() {\n    return 1;\n  }\n}\n";
    const { nodes } = await parse(text, 'a.php');
    const leaves = nodes.filter((n) => n.children.length === 0).map((n) => text.slice(n.start, n.end));
    expect(leaves.slice(1, 4)).toEqual([
      'enum Suit: string {',
      "case Hearts = 'H';",
      "// Black.\n  case Spades = 'S';",
    ]);
  });

  it('are arms of a match with their comments', async () => {
    const text =
      'fn f(x: X) {\n    match x {\n        // First.\n        X::A => a(),\n        X::B => {\n            b();\n            c();\n        }\n    }\n}\n';
    const { nodes } = await parse(text, 'a.rs');
    const arms = nodes.filter((n) => nodes[n.parent]?.startLine === 2).map((n) => `${n.startLine}–${n.endLine}`);
    expect(arms).toEqual(['2–2', '3–4', '5–8', '9–9']);
  });
});
