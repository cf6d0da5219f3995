import { describe, expect, it } from 'vitest';
import { definitionsIn, namedBy } from '../../../../src/engine/analysis/search/definitions.js';
import { parse } from '../../hierarchy/invariants.js';

/** The definitions of a text that a question names, by line. */
async function namedIn(fileName: string, text: string, question: string): Promise<(string | undefined)[]> {
  return definitionsIn(await parse(text, fileName), text)
    .filter(namedBy(question))
    .map(({ node, path }) => `${node.startLine} ${path.join('.')}`);
}

describe('the definitions that a question names', () => {
  const python = `class Store:
    def session(self):
        return self.open()

    def read_all(self):
        return list(self.rows)


class Cache:
    def read_all(self):
        return self.rows


def session():
    return Store()
`;

  it.each([
    ['Store', ['1 Store']],
    ['how read_all works', ['5 Store.read_all', '10 Cache.read_all']],
    ['Cache.read_all', ['10 Cache.read_all']],
    ['what does Store.read_all return?', ['5 Store.read_all']],
    // A word of a sentence names nothing, and alone it is not every member of that name.
    ['session', ['14 session']],
    ['session()', ['14 session']],
    ['how a session is opened', []],
    ['how a `session` is opened', ['14 session']],
    ['who calls session(), and when?', ['14 session']],
    ['who calls session()', ['14 session']],
    ['the Store', []],
    ['store', []],
  ])('%s', async (question, expected) => {
    expect(await namedIn('store.py', python, question)).toEqual(expected);
  });

  it('are found without their type parameters, in namespaces, and by the whole names of members in C++', async () => {
    const rust = `pub struct Boxed<S, E> {
    inner: Box<dyn Erased<S, E>>,
}

impl<S, E> Boxed<S, E> {
    pub fn intoRoute(self) -> Route {
        self.inner.call()
    }
}
`;
    expect(await namedIn('boxed.rs', rust, 'Boxed')).toEqual(['1 Boxed', '5 Boxed']);
    expect(await namedIn('boxed.rs', rust, 'Boxed::intoRoute')).toEqual(['6 Boxed.intoRoute']);
    const cs = 'namespace Shop\n{\n  public class Basket\n  {\n    public int Sum() { return 1; }\n  }\n}\n';
    expect(await namedIn('basket.cs', cs, 'Basket')).toEqual(['3 Shop.Basket']);
    const cpp = 'void Window::close() {\n  hide();\n  destroy();\n}\n\nvoid Door::close() {\n  lock();\n}\n';
    expect(await namedIn('window.cpp', cpp, 'when Window::close is called')).toEqual(['1 Window.close']);
  });

  it('may be named with any of their owners, and in capitals as no sentence writes a word; none is inside a function', async () => {
    const cs = 'namespace Shop\n{\n  public class Basket\n  {\n    public int Sum() { return 1; }\n  }\n}\n';
    expect(await namedIn('basket.cs', cs, 'Shop.Sum')).toEqual(['5 Shop.Basket.Sum']);
    expect(await namedIn('basket.cs', cs, 'Basket.Sum')).toEqual(['5 Shop.Basket.Sum']);
    expect(await namedIn('basket.cs', cs, 'mine.Basket.Sum')).toEqual(['5 Shop.Basket.Sum']);
    expect(await namedIn('basket.cs', cs, 'Store.Sum')).toEqual([]);
    const python =
      'class HTTPServer:\n    def run(self):\n        last_run = now()\n        return last_run\n\n\nlast_run = 0\n';
    expect(await namedIn('a.py', python, 'how HTTPServer starts')).toEqual(['1 HTTPServer']);
    expect(await namedIn('a.py', python, 'where last_run is set')).toEqual(['7 last_run']);
  });

  // A place begins with the comment that describes it.
  it.each([
    [
      'a.rs',
      '/// Either.\npub(crate) struct Wrapper<T>(pub T);\n\nfn use_it() {\n    let x = Wrapper(1);\n    run(x);\n}\n',
      'Wrapper',
      1,
    ],
    ['a.rs', 'use std::io;\n\npub type Result<T> = std::result::Result<T, Error>;\n', 'Result', 3],
    ['a.ts', "import { x } from './x.js';\n\nexport type Handler = (x: string) => void;\n", 'Handler', 3],
    ['a.ts', "import { x } from './x.js';\n\nexport const handlers = { a: x };\n", 'handlers', 3],
    ['a.go', 'package a\n\n// Args checks.\ntype Args func(x []string) error\n', 'Args', 3],
    [
      'a.py',
      'import x\n\nsession: Session = x.proxy(find)\n\ndef f():\n    session = 1\n    return session\n',
      'session',
      3,
    ],
    ['a.py', 'import x\n\nMOST = 10\nif MOST == 3:\n    x.stop()\n', 'MOST', 3],
    ['a.py', 'import x\n\nMOST = 10\nMOST == 3 or x.stop()\n', 'MOST', 3],
    ['a.c', '#include <x.h>\n\ntypedef int (*handler)(int);\ntypedef struct box box_t;\n', 'box_t', 4],
    ['a.c', '#include <x.h>\n\n#define MOST_LINES 10\n\nint lines = MOST_LINES;\n', 'MOST_LINES', 3],
  ])('are found on one line, not where they are used: %s, %#', async (file, text, name, line) => {
    expect(await namedIn(file, text, name)).toEqual([`${line} ${name}`]);
  });

  it('are those of code: an example in a document defines nothing', async () => {
    const text = '# Use\n\nAs follows.\n\n```py\ndef read_all(store):\n    return store.rows\n```\n';
    expect(await namedIn('README.md', text, 'read_all')).toEqual([]);
  });
});
