/** Which lines of code are one statement, and which comments belong to which. */
import { describe, expect, it } from 'vitest';
import { parse, problems } from './invariants.js';

async function leaves(text: string, file: string): Promise<string[]> {
  const tree = await parse(text, file);
  expect(problems(tree, text)).toEqual([]);
  return tree.nodes.filter((n) => n.children.length === 0).map((n) => text.slice(n.start, n.end));
}

describe('the head of a condition of a preprocessor', () => {
  it.each([
    ['a.c', '#ifdef LOUD\nint x;\n#elif QUIET /* rarely */\nint y;\n#else // never\nint z;\n#endif\n', ['#ifdef LOUD', 'int x;', '#elif QUIET /* rarely */', 'int y;', '#else // never', 'int z;', '#endif']],
    ['a.cpp', '#if defined(A) && \\\n    B > 2\nint x;\n#endif\n', ['#if defined(A) && \\\n    B > 2', 'int x;', '#endif']],
    ['a.m', '#import <A/A.h>\n#ifndef LOUD\nint x;\n#endif\n', ['#import <A/A.h>', '#ifndef LOUD', 'int x;', '#endif']],
    ['a.cs', '#if DEBUG\nusing A;\n#endif\n', ['#if DEBUG', 'using A;', '#endif']],
    ['a.cpp', 'extern "C" {\n// One.\nint x;\nint y;\n}\n', ['extern "C" {', '// One.\nint x;', 'int y;\n}']],
  ])('is one statement: %s, %j', async (file, text, expected) => {
    expect(await leaves(text, file)).toEqual(expected);
  }); // prettier-ignore
});

it('a function of C in C++ is one as any other', async () => {
  const text = 'extern "C" int f(int x) {\n  return x;\n}\n\n// Says it.\nextern "C" void g(void);\n';
  const { nodes } = await parse(text, 'a.cpp');
  expect(nodes.filter((n) => n.kind !== 'statement').map((n) => n.name)).toEqual([undefined, 'f', 'g']);
});

describe('documentation of Rust', () => {
  it('of a module is not on the first item in it', async () => {
    const text =
      '//! Keeps values.\n\nuse a::b;\n\nmod c {\n    /*! Inside. */\n    fn d() {\n        e();\n    }\n}\n';
    expect(await leaves(text, 'a.rs')).toEqual([
      '//! Keeps values.',
      'use a::b;',
      'mod c {',
      '/*! Inside. */',
      'fn d() {',
      'e();\n    }',
      '}',
    ]);
  });
});

it('Python: a header of several lines is one statement, apart from the one below it', async () => {
  const text =
    'def f():\n    with open(\n        a,\n        b,\n    ) as c:\n        return c\n    if g(\n        a, b\n    ):\n        return a\n';
  expect(await leaves(text, 'a.py')).toEqual([
    'def f():',
    'with open(\n        a,\n        b,\n    ) as c:',
    'return c',
    'if g(\n        a, b\n    ):',
    'return a',
  ]);
});

it('Dart: a variable outside of classes is one statement, with its type and its comment', async () => {
  const text =
    'import "a.dart";\n\nconst int limit = 3;\n// By name.\nfinal Map<String, int> sizes = {};\nvar x = 1;\nlate final String? name;\n\nfinal run = (int x) {\n  go(x);\n};\n';
  expect(await leaves(text, 'a.dart')).toEqual([
    'import "a.dart";',
    'const int limit = 3;',
    '// By name.\nfinal Map<String, int> sizes = {};',
    'var x = 1;',
    'late final String? name;',
    'final run = (int x) {',
    'go(x);\n};',
  ]);
  const { nodes } = await parse(text, 'a.dart');
  expect(nodes.filter((n) => n.kind === 'function').map((n) => n.name)).toEqual(['run']);
});
