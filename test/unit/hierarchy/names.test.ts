import { describe, expect, it } from 'vitest';
import { withTree } from '../../../src/engine/hierarchy/grammars.js';
import { plainCpp, withoutVariance } from '../../../src/engine/hierarchy/readable.js';
import { parse } from './invariants.js';

async function named(text: string, file: string): Promise<(string | undefined)[]> {
  const tree = await parse(text, file);
  return tree.nodes.filter((n) => n.kind === 'class' || n.kind === 'function').map((n) => n.name);
}
const lines = (n: number, line: string): string => `${line}\n`.repeat(n);

describe('names of definitions', () => {
  it.each([
    ['a.cpp', 'namespace a::b {\nclass C {\n  int x;\n};\n}\n', ['a::b', 'C']],
    ['a.js', 'class A {\n  get [Symbol.iterator]() {\n    return 1;\n  }\n}\n', ['A', '[Symbol.iterator]']],
    ['a.ts', `const press = useCallback(() => {\n${lines(7, '  f();')}}, []);\n`, ['press']],
    ['a.ts', `export const key = /* pure */ (() => {\n${lines(7, '  f();')}})();\n`, ['key']],
    ['a.ts', `const twice =\n  <T>(f: T) =>\n  (x: T) => {\n${lines(7, '    f();')}  };\n`, ['twice', undefined]],
    ['a.ts', `test('adds', () => {\n${lines(7, '  f();')}});\n`, ["test 'adds'"]],
    ['a.go', `package a\n\nvar run = cli.Command{\n\tAction: func() {\n${lines(7, '\t\tf()')}\t},\n}\n`, ['run']],
    ['a.go', `package a\n\nfunc f() {\n\tsplit := func() {\n${lines(7, '\t\tg()')}\t}\n}\n`, ['f', 'split']],
    ['a.rb', 'class A\n  class << self\n    def [](key)\n      1\n    end\n  end\nend\n', ['A', '<< self', '[]']],
    ['a.kt', `fun f() {\n  setContent {\n${lines(7, '    g()')}  }\n}\n`, ['f', 'setContent(…)']],
    ['a.swift', `func f() {\n  queue.async {\n${lines(7, '    g()')}  }\n}\n`, ['f', 'queue.async(…)']],
    ['a.lua', 'local m = {\n  __eq = function(a, b)\n    return a.x == b.x\n  end,\n  __lt = function(a, b)\n    return a.x < b.x\n  end,\n}\n', ['__eq', '__lt']],
    ['A.java', `class A {\n  void f() {\n    view.setListener((v) -> {\n${lines(7, '      g();')}    });\n  }\n}\n`, ['A', 'f', 'setListener(…)']],
  ])('%s: %j', async (file, text, expected) => {
    expect(await named(text, file)).toEqual(expected);
  }); // prettier-ignore
});

describe('what a grammar does not know', () => {
  it('conditions of Swift hide no method', async () => {
    const text = `class View {
  private func handle(_ notification: Notification) {
    switch notification.name {
    #if os(iOS)
    case UIApplication.willEnterForegroundNotification:
      registry.post(event: .appEntersForeground)
    case UIApplication.didBecomeActiveNotification:
      registry.post(event: .appBecomesActive)
    #elseif os(macOS)
    case NSApplication.willUnhideNotification:
      registry.post(event: .appEntersForeground)
    #endif
    default:
      return
    }
  }
  func close() {
  }
}
`;
    expect(await named(text, 'a.swift')).toEqual(['View', 'handle', 'close']);
  });

  it('selectors and raw strings of Swift are no errors, whatever was read before', async () => {
    const text = `button.add(action: #selector(press), for: .touch)\nlet a = #"a "raw" string"#\n`.repeat(3);
    for (let reading = 0; reading < 5; reading++) {
      const failed = await withTree('tree-sitter-swift.wasm', text, (tree) => tree.rootNode.hasError);
      expect(failed, `reading ${reading}`).toBe(false);
      await withTree('tree-sitter-swift.wasm', `let a = ###"begun${reading}`, (tree) => tree.rootNode.hasError);
    }
  });

  it('modules of C++ hide no declaration', async () => {
    const text = `module;
#include <map>
export module store:values;
import std;
export namespace store {
export class Values {
  int size;
};
export int read(int key) {
  return key;
}
}
`;
    expect(await named(text, 'a.cppm')).toEqual(['store', 'Values', 'read']);
  });

  it.each([
    ['a.hpp', 'class CORE_EXPORT Store : public Base, public Kept {\n  Q_OBJECT\n private:\n  Size size;\n\n private slots:\n  void read();\n};\n', ['Store']],
    ['a.c', 'struct PACKED head {\n  int size;\n};\nSYSCALL_DEFINE2(open, const char __user *, path,\n\t\tint, flags)\n{\n\treturn 1;\n}\n', ['head', 'open']],
  ])('macros hide no declaration: %s %j', async (file, text, expected) => {
    expect(await named(text, file)).toEqual(expected);
  }); // prettier-ignore

  it('what Unreal writes before a class stands between it and its description', async () => {
    const text = `/** Takes damage. */
UCLASS(Blueprintable, meta = (Tip = "A"))
class GAME_API Actor : public Object, public Thing
{
\tGENERATED_BODY()

\t/** What is left. */
\tUPROPERTY(EditAnywhere)
\tint32 health = 100;

\t/** Applies damage. */
\tUFUNCTION(BlueprintCallable, Category = "A")
\tvoid hit(int32 damage)
\t{
\t\thealth -= damage;
\t}
};
`;
    const tree = await parse(text, 'a.hpp');
    const said = tree.nodes
      .filter((n) => n.kind === 'class' || n.kind === 'function')
      .map((n) => [n.name, n.description && text.slice(n.description.start, n.description.end)]);
    expect(said).toEqual([
      ['Actor', '/** Takes damage. */'],
      ['hit', '/** Applies damage. */'],
    ]);
  });

  it('sections of Qt are those of C++', () => {
    const text = 'private slots:\n  void set();\nsignals:\n  void changed();\n';
    expect(plainCpp(text)).toBe('private      :\n  void set();\npublic :\n  void changed();\n');
  });

  it('types in JavaScript hide no function', async () => {
    const text = `// @flow
import type {Node} from 'react';
type Props = {+name: string, ...};
class View extends Component<Props, State> {
  props: Props;
  render(): Node {
    return <Text>{this.props.name}</Text>;
  }
}
function title(key: string, fallback: ?string): string {
  const found: string | void = names.get(key);
  return found ?? fallback ?? '';
}
`;
    expect(await named(text, 'a.js')).toEqual(['View', 'render', 'title']);
  });

  it('variance of type parameters is left out, and nothing else', () => {
    const text = 'interface Box<in out T, out R,\n  in\nU> {\n  at: (a: T, inner: R) => U;\n}\n';
    const bare = 'interface Box<       T,     R,\n    \nU> {\n  at: (a: T, inner: R) => U;\n}\n';
    expect(withoutVariance(text)).toBe(bare);
  });
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
