import { describe, expect, it } from 'vitest';
import { withTree } from '../../../src/engine/hierarchy/code/grammars.js';
import { LANGUAGES } from '../../../src/engine/hierarchy/code/languages.js';
import {
  plainCpp,
  plainTypeScript,
  withoutConditionals,
  withoutMacros,
} from '../../../src/engine/hierarchy/code/readable.js';
import { named, parse, samples } from './invariants.js';

describe('what a grammar does not know', () => {
  const written = `SYSCALL_DEFINE0(getpid)
{
  return 1;
}
SYSCALL_DEFINE1(close, unsigned int, fd)
{
  return 1;
}
extern int close (int fd) __THROW __nonnull ((1));
API_EXPORT int API_CALL
read(int fd);
static __always_inline int __init begin(void)
class API Store : public Base {
  Q_OBJECT
  GENERATED_BODY()
  UPROPERTY()
  int a;
signals:
Q_SIGNALS:
  void b();
API_PRIVATE:
  API_EXPLICIT operator int();
};
export module a:b;
typedef NS_ENUM(NSInteger, Mode) { A };
interface Box<in out A, in B> {}
cdef extern from *:
  cdef class Store(Base) [object Store]:
    cdef inline int* read(self, char *key not None) except NULL nogil:
      cdef:
        int a
      cdef int b = <int>&a
global with sharing class Store {
    undelete stores;
#if A \\
  && B
#endif
`;

  it.each(Object.keys(LANGUAGES))('every place of it stays where it was: %s', (language) => {
    const { readable, bare } = LANGUAGES[language]!;
    for (const text of [written, written.replaceAll('\n', '\r\n'), ...samples.map((s) => s.text)])
      for (const change of [readable, bare]) {
        const changed = change?.(text) ?? text;
        expect(changed.length).toBe(text.length);
        // A header of Scala is joined with the brace below it; how far lines are apart is all that is asked of rows.
        if (language === 'scala') continue;
        expect(changed.split('\n').map((l) => l.length)).toEqual(text.split('\n').map((l) => l.length));
      }
  });

  it('a condition may go on behind a Windows line end', () => {
    const text = '#if A && \\\r\n  B\r\nint x;\r\n';
    expect(withoutConditionals(text).trim()).toBe('int x;');
  });

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

  it('what the compiler of Linux is told of a function does not tear it apart', async () => {
    const heads = [
      'static int __init begin(void)', 'static noinline void __ref bar(struct x *y)', 'static __always_inline int baz(int a)',
      'int __init __maybe_unused two(void)', 'static __printf(1, 2) void say(const char *f)', 'void __user *get(void *p)',
      'static int __cold\ncold(int a)', 'static __u32 get32(int a)', '__be16 __init get16(int a)', 'unsigned __int64 wide(int a)', 'int __foo(int a)',
    ]; // prettier-ignore
    const text = heads.map((head) => `${head}\n{\n\ta();\n\treturn b;\n}\n`).join('\n');
    const expected = ['begin', 'bar', 'baz', 'two', 'say', 'get', 'cold', 'get32', 'get16', 'wide', '__foo'];
    expect(await named(text, 'a.c')).toEqual(expected);
    // A type may be called alike.
    const types = 'static __u32 a(int b)\nunsigned __int64 *c(int d)\n';
    expect(withoutMacros(types)).toBe(types);
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

  it('functions of a text that no grammar makes sense of are found by what they look like', async () => {
    const torn = `{{{ [[[ @@ <% if %> @@\n<<<<<<< HEAD ((( {{{ 'x\n`.repeat(3);
    const text = `${torn}int write_all(int fd, int b) {\n  if (fd) {\n    return @@b;\n  }\n  ## $$\n}\n`;
    expect((await parse(text, 'a.c')).fallback).toContain('syntax errors');
    expect(await named(text, 'a.c')).toEqual(['write_all']);
  });

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

  it('what Cython declares is what Python defines', async () => {
    const text = `from lxml.includes cimport tree
cdef extern from "store.h" nogil:
    int store_open(char* path)
cdef int _DEFAULT = 8, _MOST

cdef class Store(Base) [object Store, type StoreType]:
    """What is kept."""
    cdef tree.xmlDoc* _doc
    def __cinit__(self, unsigned long size=8, Base base not None):
        self._doc = <tree.xmlDoc*>open(&size)
    cdef inline const char* name(self, tree.xmlNode *c_node, int[:] row) except NULL nogil:
        """The name of a node."""
        return c_node.name
    cpdef size(self):
        return self._size

cdef object _find(Store store,
                  list names):
    for name in names:
        if store.name(<tree.xmlNode*>name) is not NULL:
            return name
`;
    expect(await named(text, 'store.pyx')).toEqual(['Store', '__cinit__', 'name', 'size', '_find']);
    const plain = LANGUAGES['cython']!.readable!(text);
    await withTree(LANGUAGES['cython']!.grammar, plain, ({ rootNode }) => {
      // What is declared of C and not written in Python is the one place that is not read.
      const errors = rootNode.descendantsOfType('ERROR');
      expect(errors.map((e) => e.startPosition.row)).toEqual([2]);
    });
  });

  it('Apex has classes that share, and orders to its database', async () => {
    const text = `global without sharing class Store {
    global static List<Item__c> read(Id owner) {
        return [SELECT Id FROM Item__c WHERE OwnerId = :owner];
    }
    public void write(String name) {
        insert new Item__c(Name = name);
        update items;
    }
}
`;
    expect(await named(text, 'Store.cls')).toEqual(['Store', 'read', 'write']);
    const { nodes } = await parse(text, 'Store.cls');
    const leaves = nodes.filter((n) => n.children.length === 0).map((n) => text.slice(n.start, n.end));
    expect(leaves).toContain('insert new Item__c(Name = name);');
  });

  it('a macro may decide on the access of a section, stand before an operator or have arguments with calls', async () => {
    const text = `class Store {
  STORE_PRIVATE_UNLESS_TESTED:
    void clear()
    {
        switch (kind) { case 1: break; }
    }
    STORE_DEPRECATED_FOR(2.0, items()) // later
    Size size() const
    {
        return 0;
    }
    STORE_EXPLICIT operator bool() const
    {
        return true;
    }
    BOOL operator==(const Store& other) const
    {
        return false;
    }
};
STORE_NAMESPACE_END
`;
    expect(await named(text, 'a.hpp')).toEqual(['Store', 'clear', 'size', 'operator bool', 'operator==']);
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
    expect(plainTypeScript(text)).toBe(bare);
  });

  it('macros on lines of their own are no types of what follows them', async () => {
    const text = `#include <QObject>

QT_BEGIN_NAMESPACE

// ${'/'.repeat(100)}
/** Keeps values. */
class CORE_EXPORT Store : public QObject
{
    Q_OBJECT
public:
    int size() const {
        check();
        return n;
    }
};

QT_END_NAMESPACE
NS_BEGIN(shop)
namespace inner {
int read() {
  open();
  return 1;
}
}
`;
    expect(await named(text, 'a.h')).toEqual(['Store', 'size', 'inner', 'read']);
    const define = '#define KEEP(x) \\\n  REQUIRE(x)\n\nstruct store {\n  int a;\n  int b;\n};\n';
    expect(await named(define, 'a.h')).toEqual(['store']);
  });

  it('types of other modules are names with parameters and elements', async () => {
    const text = `export declare const props: import("vue").Props<{
    size: import('./size.js').Sizes['small'];
}>;
type Load = typeof import("./load");
export interface Store {
    keys: readonly import("./key").Key[];
    open(path: string): Promise<import("./file").File<string>>;
}
`;
    expect(await named(text, 'a.d.ts')).toEqual(['Store']);
    expect((await parse(text, 'a.d.ts')).fallback).toBeUndefined();
    expect(plainTypeScript("import('./a.js').then(f); await import('./a.js');")).not.toContain('_');
  });

  it('Kotlin: a constructor with annotations and a modifier belongs to the class', async () => {
    const text = `class Store
@Inject
@Named("it's (new)")
internal constructor(
    private val size: Int,
) : Base() {

  fun read(dynamic: Dynamic): Int {
    if (dynamic.isNull) return 0
    return dynamic.asInt()
  }
}
`;
    expect(await named(text, 'a.kt')).toEqual(['Store', 'read']);
  });

  it('Kotlin: an annotation with arguments between a comment and a class belongs to the class', async () => {
    const text = `private const val SIZE = 0.5f

/** Draws a box. */
@RequiresApi(level("28 (old)"))
internal class Box(
  size: Int? = null,
) : Base() {
  fun draw() {
    fill()
    stroke()
  }
}
`;
    const { nodes } = await parse(text, 'a.kt');
    const box = nodes.find((n) => n.kind === 'class')!;
    expect(text.slice(box.start).startsWith('/** Draws a box. */')).toBe(true);
    expect(text.slice(box.description!.start, box.description!.end)).toBe('/** Draws a box. */');
  });

  it('Scala: the body of a class may begin below its header', async () => {
    const text = `class Store(size: Int)
    extends Base
    with Cache
{
  def put(x: Int): Unit = {
    check(x)
    save(x)
  }
}

// An empty one { is meant.
object Store
{ self =>
  def make(): Store = {
    log()
    new Store(1)
  }
}
`;
    const { nodes } = await parse(text, 'a.scala');
    const owner = (name: string): string | undefined => nodes[nodes.find((n) => n.name === name)!.parent]!.name;
    expect(await named(text, 'a.scala')).toEqual(['Store', 'put', 'Store', 'make']);
    expect([owner('put'), owner('make')]).toEqual(['Store', 'Store']);
  });

  it('C#: an `if` that goes on under a condition is no function, and a class may have bases under one', async () => {
    const text = `namespace Shop
{
    class Store : IStore
#if !OLD
        , IDisposable
#endif
    {
        void Read(object value)
        {
            if (value is int)
            {
                Count();
            }
#if !OLD
            else if (value is long)
            {
                CountLong();
            }
#endif
            else
            {
                Fail();
            }
        }
#if OLD
        void Close()
        {
            Stop();
        }
#endif
    }
}
`;
    expect(await named(text, 'a.cs')).toEqual(['Shop', 'Store', 'Read', 'Close']);
  });
});
