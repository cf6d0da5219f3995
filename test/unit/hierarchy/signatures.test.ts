import { describe, expect, it } from 'vitest';
import { named, parse } from './invariants.js';

describe('functions that are declared without a body', () => {
  it.each([
    ['a.h', '/* Opens. */\nint open(const char *path);\n/* Reads. */\nextern char *read(int file);\nint close(int);\n', ['open', 'read']],
    ['a.h', '/* Called. */\nint (*callback)(int);\n/* A type. */\ntypedef int (*called)(int);\n/* A number. */\nextern int limit;\n', []],
    ['a.h', '/** Whether it is one. */\n#define is_one(x) ((x) == 1)\n', ['is_one']],
    ['a.hpp', 'class S {\n  /// Makes it.\n  explicit S(int x);\n  /// Ends it.\n  virtual ~S();\n  /// Reads.\n  virtual std::string &read(int key) const = 0;\n  /// No copies.\n  S &operator=(const S &) = delete;\n  /// Gets.\n  template <class T>\n  T get(int key);\n};\n', ['S', 'S', '~S', 'read', 'operator=', 'get']],
    ['a.d.ts', '/** Opens. */\nexport declare function open(path: string): Store;\ninterface Store {\n  /** How many. */\n  readonly size: number;\n  /** Reads. */\n  read(key: string): string;\n  /** Makes. */\n  new (size: number): Store;\n}\n', ['open', 'Store', 'read', 'new']],
    ['A.java', 'interface A {\n  /** Reads. */\n  String read(String key);\n  int size();\n}\n', ['A', 'read']],
    ['a.go', 'package a\n\ntype Store interface {\n\t// Read reads.\n\tRead(key string) string\n\tio.Closer\n}\n', ['Store', 'Read']],
    ['a.rs', 'trait Store {\n    /// Reads.\n    fn read(&self, key: &str) -> String;\n}\n', ['Store', 'read']],
    ['a.swift', 'protocol Store {\n  /// Reads.\n  func read(_ key: String) -> String\n  /// How many.\n  var size: Int { get }\n}\n', ['Store', 'read']],
    ['a.m', '@interface Store : NSObject\n/// Opens.\n- (void)open:(NSString *)path with:(int)mode NS_REQUIRES_SUPER;\n/// Makes.\n+ (instancetype)make NS_SWIFT_NAME(make());\n@end\n', ['Store', 'open:with:', 'make']],
    ['a.cs', 'interface IStore {\n  /// <summary>Reads.</summary>\n  string Read(string key);\n}\n', ['IStore', 'Read']],
    ['a.sol', 'interface Token {\n  /// @notice Moves.\n  function move(address to) external;\n}\n', ['Token', 'move']],
  ])('are functions where a comment describes them: %s, %j', async (file, text, expected) => {
    expect(await named(text, file)).toEqual(expected);
  }); // prettier-ignore

  it.each([
    ['a.swift', 'protocol P {\n', '  func fetch(\n    success a: @escaping () -> Void,\n    error b: @escaping () -> Void\n  ) async throws\n    -> Foo', '\n}\n'],
    ['a.kt', 'interface P {\n', '  fun fetch(\n    a: Int,\n    b: Int,\n  ): Foo', '\n}\n'],
    ['a.scala', 'trait P {\n', '  def fetch(\n    a: Int,\n    b: Int\n  ): Foo', '\n  def x: Int\n}\n'],
    ['a.d.ts', 'export interface P {\n', '  fetch(\n    a: number,\n    b: number,\n  ): Foo;', '\n  x(): void;\n}\n'],
    ['a.d.ts', '', 'declare function foo(\n  a: number,\n  b: string,\n): void;', '\n'],
    ['a.ts', 'abstract class Q {\n', '  abstract fetch(\n    a: number,\n    b: number,\n  ): Foo;', '\n  x = 1;\n}\n'],
    ['a.php', '<?php\ninterface P {\n', '    public function fetch(\n        int $a,\n        int $b\n    ): Foo;', '\n    public function x();\n}\n'],
    ['a.dart', 'abstract class P {\n', '  Future<Foo> fetch(\n    int a,\n    int b,\n  );', '\n  void x();\n}\n'],
    ['a.go', 'package p\n\ntype P interface {\n', '\tFetch(\n\t\ta int,\n\t\tb int,\n\t) error', '\n\tX()\n}\n'],
    ['a.hpp', 'class P {\n', '  virtual int fetch(\n    int a,\n    int b,\n    int c) = 0;', '\n  void x();\n};\n'],
    ['A.java', 'interface A {\n', '    Foo fetch(\n        int a,\n        int b,\n        int c\n    ) throws Bar;', '\n    void x();\n}\n'],
  ])('are one statement on however many lines: %s, %j', async (file, before, declaration, after) => {
    const text = `${before}${declaration}${after}`;
    const { nodes } = await parse(text, file);
    const leaves = nodes.filter((n) => n.children.length === 0).map((n) => text.slice(n.start, n.end));
    expect(leaves).toContain(declaration.trim());
  }); // prettier-ignore

  it('and hold their comment and their declaration', async () => {
    const text = '/* Opens a store. */\nstore *open_store(const char *path);\n';
    const { nodes } = await parse(text, 'a.h');
    const { kind, start, end, description } = nodes[1]!;
    expect({ kind, text: text.slice(start, end) }).toEqual({ kind: 'function', text: text.trim() });
    expect(text.slice(description!.start, description!.end)).toBe('/* Opens a store. */');
  });

  it('keep a long comment apart from the declaration', async () => {
    const text = `/*\n${' * Opens it.\n'.repeat(40)} */\nstore *open_store(const char *path);\n`;
    const { nodes } = await parse(text, 'a.h');
    const last = nodes[nodes[1]!.children.at(-1)!]!;
    expect(text.slice(last.start, last.end)).toBe('store *open_store(const char *path);');
  });

  it('are no variables that look alike', async () => {
    const text = 'void f() {\n  // Holds it.\n  std::lock_guard<std::mutex> lock(mutex);\n  g();\n}\n';
    expect(await named(text, 'a.cpp')).toEqual(['f']);
  });
});

describe('functions as values', () => {
  it.each([
    ['a.ts', '/** Whether it is one. */\nexport const isOne = (x: number): boolean => x === 1;\n', ['isOne']],
    ['a.ts', 'class A {\n  /** Handles. */\n  handle = (x) => this.x;\n  /** How many. */\n  size = 3;\n}\n', ['A', 'handle']],
    ['a.ts', '/** Adds. */\nexport const add: {\n  (that: T): T;\n  (a: T, b: T): T;\n} = dual(2, (a: T, b: T): T => {\n  let c = a;\n  c += b;\n  c += b;\n  c += b;\n  c += b;\n  return c;\n});\n', ['add']],
    ['a.ts', '/** Lifted. */\nexport const lifted: (x: T) => T = lift(add);\n/** A limit. */\nexport const limit: number = most(3);\n', ['lifted']],
    ['a.js', '// Goes.\nexports.go = function (x) { return 1; };\n', ['exports.go']],
    ['a.js', 'function f() {\n  // Twice.\n  const twice = (x) => 2 * x;\n  return twice;\n}\n', ['f']],
  ])('are functions on one line where a comment describes them: %s, %j', async (file, text, expected) => {
    expect(await named(text, file)).toEqual(expected);
  }); // prettier-ignore

  it('are functions where Ruby hands a block to a name', async () => {
    const body = (by: string): string => `${by}a\n`.repeat(6);
    const text =
      `RSpec.describe Store do\n  context 'empty' do\n${body('    ')}  end\n  items.each do |x|\n${body('    ')}  end\nend\n` +
      `task :build, [:env] => :all do\n${body('  ')}end\nit 'is short' do\n  a\nend\nopen 'a' do\n  a\nend\n`;
    expect(await named(text, 'a.rb')).toEqual(['describe Store', "context 'empty'", 'task :build', "it 'is short'"]);
  });
});

it('a type of several lines is a class of TypeScript', async () => {
  expect(await named("type Options = {\n  a: string;\n};\ntype Mode = 'a' | 'b';\n", 'a.ts')).toEqual(['Options']);
});

describe('macros around functions of C', () => {
  it.each([
    ['/* Closes. */\nextern int close (int fd) __THROW __nonnull ((1, 2));\n', ['close']],
    ['/* Last. */\nSQLITE_API sqlite3_int64 last_rowid(sqlite3*);\n', ['last_rowid']],
    ['/* Packs. */\nZEXTERN int ZEXPORT deflate(z_streamp strm,\n  int flush);\n', ['deflate']],
    ['/* Makes. */\nNAPI_EXTERN napi_status NAPI_CDECL\nnapi_create(napi_env env);\n', ['napi_create']],
    ['/* Makes. */\nLIB_AVAILABLE_IN_ALL\nGList*   g_list_alloc   (void) LIB_WARN_UNUSED;\n', ['g_list_alloc']],
    ['/* Adds. */\nint __must_check add(int x);\n', ['add']],
    ['/* One. */\nstatic BOOL is_one(int x);\n/* Finds. */\nstruct DATA *find(int x);\n', ['is_one', 'find']],
    ['int APIENTRY run(void)\n{\n  if (x) RETURN(1);\n  return LIMIT;\n}\n', ['run']],
    ['#ifdef __cplusplus\nextern "C"\n{\n#endif\n/* Reads. */\nAPI_EXPORT WARN_UNUSED int read_all(\n  int fd\n) ARG_NONNULL(1) ARG_NONNULL(2);\n#if defined(__cplusplus)\n}\n#endif\n', ['read_all']],
  ])('leave the functions what they are: %j', async (text, expected) => {
    expect(await named(text, 'a.c')).toEqual(expected);
  }); // prettier-ignore

  it('are not looked through where only one end of them is known', async () => {
    const text =
      '#ifdef __cplusplus\nnamespace a {\n#endif\nint f(void) {\n  return 1;\n}\n#ifdef __cplusplus\n}\n#endif\n';
    expect(await named(text, 'a.c')).toEqual(['a', 'f']);
  });
});
