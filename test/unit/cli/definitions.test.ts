import { describe, expect, it } from 'vitest';
import { namedBy } from '../../../src/cli/definitions.js';
import { parse } from '../hierarchy/invariants.js';

/** The definitions of a text that a question names, by line. */
async function namedIn(fileName: string, text: string, question: string): Promise<(string | undefined)[]> {
  const { nodes } = await parse(text, fileName);
  const isNamed = namedBy(question);
  return nodes.filter((n) => isNamed(n, nodes)).map((n) => `${n.startLine} ${n.name}`);
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
    ['how read_all works', ['5 read_all', '10 read_all']],
    ['Cache.read_all', ['10 read_all']],
    ['what does Store.read_all return?', ['5 read_all']],
    // A word of a sentence names nothing, and alone it is not every member of that name.
    ['session', ['14 session']],
    ['how a session is opened', []],
    ['the Store', []],
    ['store', []],
  ])('%s', async (question, expected) => {
    expect(await namedIn('store.py', python, question)).toEqual(expected);
  });

  it('are found without their type parameters, and through the names of members in C++', async () => {
    const rust = `pub struct Boxed<S, E> {
    inner: Box<dyn Erased<S, E>>,
}

impl<S, E> Boxed<S, E> {
    pub fn intoRoute(self) -> Route {
        self.inner.call()
    }
}
`;
    expect(await namedIn('boxed.rs', rust, 'Boxed')).toEqual(['1 Boxed', '5 Boxed<S, E>']);
    expect(await namedIn('boxed.rs', rust, 'Boxed::intoRoute')).toEqual(['6 intoRoute']);
    const cpp = 'void Window::close() {\n  hide();\n  destroy();\n}\n\nvoid Door::close() {\n  lock();\n}\n';
    expect(await namedIn('window.cpp', cpp, 'when Window::close is called')).toEqual(['1 Window::close']);
  });
});
