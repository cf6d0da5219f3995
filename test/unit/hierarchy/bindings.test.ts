/** Functions without a name of their own are called by what they are given to, however short they are. */
import { describe, expect, it } from 'vitest';
import { named, parse, problems } from './invariants.js';

describe('a short closure is a function', () => {
  it.each([
    ['a.go', 'package a\n\nvar top = func() {\n\tg()\n}\n\nfunc f() {\n\tget := func() int {\n\t\treturn 1\n\t}\n\tvar put = func() {\n\t\tg()\n\t}\n\tc.Get = func() {\n\t\tg()\n\t}\n}\n', ['top', 'f', 'get', 'put', 'c.Get']],
    ['a.rs', 'static TOP: fn() = || {\n    g();\n};\nfn f() {\n    let mut keep = move |x: u32| -> u32 {\n        g();\n        x\n    };\n    self.on = |x| {\n        g();\n    };\n}\n', ['TOP', 'f', 'keep', 'self.on']],
    ['a.swift', 'class A {\n    var onTap: () -> Void = {\n        a()\n    }\n    func f() {\n        let keep = { (x: Int) in\n            b(x)\n        }\n        view.onTap = { [weak self] in\n            self?.b()\n        }\n    }\n}\n', ['A', 'onTap', 'f', 'keep', 'view.onTap']],
    ['a.kt', 'class A {\n    var onTap: () -> Unit = {\n        a()\n    }\n    fun f() {\n        val keep: (Int) -> Unit = { x ->\n            b(x)\n        }\n        val put = fun(x: Int): Int {\n            return x\n        }\n        this.on = { x ->\n            b(x)\n        }\n    }\n}\n', ['A', 'onTap', 'f', 'keep', 'put', 'this.on']],
    ['a.scala', 'object A {\n  val top = (x: Int) => {\n    a()\n    x\n  }\n}\n', ['A', 'top']],
    ['a.dart', 'void f() {\n  final keep = (int x) {\n    a();\n  };\n  this.on = (x) {\n    a();\n  };\n}\n', ['f', 'keep', 'this.on']],
    ['a.cpp', 'void f() {\n  const auto keep = [&](int x) {\n    return x;\n  };\n}\n', ['f', 'keep']],
    ['b.cpp', 'class A {\n  std::function<void()> on = [] {\n    g();\n  };\n};\n', ['A', 'on']],
    ['A.java', 'class A {\n  Runnable r = () -> {\n    a();\n  };\n  void f() {\n    this.on = () -> {\n      a();\n    };\n  }\n}\n', ['A', 'r', 'f', 'this.on']],
    ['a.cs', 'class A {\n  void f() {\n    var keep = delegate(int x) {\n      a();\n    };\n  }\n}\n', ['A', 'f', 'keep']],
    ['a.py', 'f = lambda x: (\n    x\n    + 1\n)\n', ['f']],
    ['a.rb', 'def f\n  @on ||= ->(x) {\n    a\n  }\nend\n', ['f', '@on']],
    ['a.ts', 'function f() {\n  on ||= () => {\n    return 1;\n  };\n}\n', ['f', 'on']],
  ])('where a variable is given it, %s: %j', async (file, text, expected) => {
    expect(await named(text, file)).toEqual(expected);
  }); // prettier-ignore

  it.each([
    ['a.go', 'package a\n\nvar ops = map[string]func(){\n\t"add": func() {\n\t\tg()\n\t},\n\t"sub": func() {\n\t\th()\n\t},\n}\n', ['add', 'sub']],
    ['a.rs', 'fn f() {\n    let ops = Ops {\n        add: |x| {\n            g();\n            x\n        },\n        size: 3,\n        sub: |x| {\n            g();\n            x\n        },\n    };\n}\n', ['f', 'add', 'sub']],
    ['a.ts', 'function f({\n  size = 1,\n  draw = (x) => {\n    g();\n  },\n}) {\n  h();\n}\n', ['f', 'draw']],
    ['a.php', "<?php\nreturn [\n  'add' => function ($x) {\n    return $x;\n  },\n  'sub' => function ($x) {\n    return $x;\n  },\n];\n", ['add', 'sub']],
  ])('where it stands under a key, %s: %j', async (file, text, expected) => {
    expect(await named(text, file)).toEqual(expected);
  }); // prettier-ignore

  it.each([
    ['a.go', 'package a\n\nfunc f() {\n\ta, b := func() {\n\t\tg()\n\t}, 1\n\tdefer func() {\n\t\tg()\n\t}()\n\tx := run(func() {\n\t\tg()\n\t})\n}\n', ['f']],
    ['a.rs', 'fn f() {\n    let _ = || {\n        g();\n    };\n    let y = xs.map(|x| {\n        g();\n        x\n    });\n}\n', ['f']],
    ['a.swift', 'func f() {\n    let y = xs.map { x in\n        a()\n        return x\n    }\n    lazy var view: UIView = {\n        return UIView()\n    }()\n}\n', ['f']],
    ['a.php', '<?php\nreturn [\n  function ($x) {\n    return $x;\n  },\n  function ($x) {\n    return $x;\n  },\n];\n', []],
  ])('and none where nothing names it, %s: %j', async (file, text, expected) => {
    expect(await named(text, file)).toEqual(expected);
  }); // prettier-ignore
});

it('a function under a key begins with that and with the comment above it', async () => {
  const text =
    'local meta = {\n  -- Says whether they are equal.\n  __eq = function(a, b)\n    return a.x == b.x\n  end,\n  __lt = function(a, b)\n    return a.x < b.x\n  end,\n}\n';
  const tree = await parse(text, 'a.lua');
  expect(problems(tree, text)).toEqual([]);
  const [equal, less] = tree.nodes.filter((n) => n.kind === 'function');
  expect(text.slice(equal!.description!.start, equal!.description!.end)).toBe('-- Says whether they are equal.');
  expect(text.slice(less!.start, less!.end)).toMatch(/^__lt = function/);
});

it.each([
  ['a.go', 'package a\n\nvar serve = &cobra.Command{\n\tUse: "serve",\n\tRunE: func(cmd *cobra.Command, args []string) error {\n\t\ta()\n\t\tb()\n\t\treturn nil\n\t},\n}\n', ['serve']],
  ['a.js', 'const plugin = {\n  install: (app) => {\n    a();\n    b();\n    return app;\n  },\n};\n', ['plugin']],
  ['a.js', 'module.exports = {\n  create: function (context) {\n    a();\n    b();\n    return context;\n  },\n};\n', ['create']],
])('what is little but one function is called by its variable, if it has one, %s: %j', async (file, text, expected) => {
  expect(await named(text, file)).toEqual(expected);
}); // prettier-ignore

describe('a long callback', () => {
  const body = (line: string): string => `${line}\n`.repeat(6);

  it.each([
    ['a.kt', `fun f() {\n  Button(text = "a", onClick = {\n${body('    g()')}  })\n}\n`, ['f', 'onClick']],
    ['a.swift', `func f() {\n  Button(action: {\n${body('    g()')}  })\n}\n`, ['f', 'action']],
    ['a.dart', `void f() {\n  Button(onPressed: () {\n${body('    g();')}  });\n}\n`, ['f', 'onPressed']],
    ['a.tsx', `function F() {\n  return (\n    <A\n      onPress={() => {\n${body('        g();')}      }}\n    />\n  );\n}\n`, ['F', 'onPress']],
    ['a.ts', `function f() {\n  const { a, b } = useMemo(() => {\n${body('    g();')}  });\n}\n`, ['f', 'useMemo(…)']],
    ['a.rs', `fn f() {\n  let (a, b) = run(|| {\n${body('    g();')}  });\n  let Some(c) = run(|| {\n${body('    g();')}  }) else { return };\n}\n`, ['f', 'run(…)', 'run(…)']],
    ['a.lua', 'handlers[kind] = function(a)\n  return a\nend\n', ['handlers[kind]']],
  ])('is called by its label, %s: %j', async (file, text, expected) => {
    expect(await named(text, file)).toEqual(expected);
  }); // prettier-ignore

  it.each([
    ['a.kt', `class A : Spec({\n  test("opens") {\n${body('    g()')}  }\n  get("/users") { x ->\n${body('    g()')}  }\n  with(x) {\n${body('    g()')}  }\n})\n`, ['test "opens"', 'get "/users"', 'with(…)']],
    ['a.swift', `func f() {\n  it("opens") {\n${body('    g()')}  }\n  run(x) {\n${body('    g()')}  }\n}\n`, ['it "opens"', 'run(…)']],
    ['a.dart', `void main() {\n  test('adds', () {\n${body('    g();')}  });\n  x.run(() {\n${body('    g();')}  });\n}\n`, ["test 'adds'", 'run(…)']],
    ['a.php', `<?php\nit('adds', function () {\n${body('    g();')}});\n`, ["it 'adds'"]],
    ['A.java', `class A {\n  void f() {\n    new Thread(() -> {\n${body('      g();')}    }).start();\n  }\n}\n`, ['Thread(…)']],
    ['b.cs', `class A {\n  void F() {\n    var t = new Thread(() => {\n${body('      g();')}    });\n    Run(new Thread(() => {\n${body('      g();')}    }));\n  }\n}\n`, ['t', 'Thread(…)']],
    ['a.cs', `app.MapGet("/users", () => {\n${body('    g();')}});\n`, ['app.MapGet "/users"']],
  ])('is else called by what it is handed to, and by the title, %s: %j', async (file, text, expected) => {
    expect(await named(text, file)).toEqual(expect.arrayContaining(expected));
  }); // prettier-ignore

  it('begins with the label', async () => {
    const text = `const x = (\n  <A\n    size={1}\n    onPress={() => {\n${body('      g();')}    }}\n    onHold={() => {\n${body('      g();')}    }}\n  />\n);\n`;
    const tree = await parse(text, 'a.tsx');
    expect(problems(tree, text)).toEqual([]);
    const starts = tree.nodes.filter((n) => n.kind === 'function').map((n) => text.slice(n.start, n.start + 10));
    expect(starts).toEqual(['onPress={(', 'onHold={()']);
  });
});

it('Ruby: what a block takes stands with what it is handed to, and each statement in braces is one', async () => {
  const text = 'items.each do |x|\n  a(x)\n  b\n  c\nend\nitems.map { |x|\n  a(x)\n  b\n  c\n}\n';
  const tree = await parse(text, 'a.rb');
  expect(problems(tree, text)).toEqual([]);
  const leaves = tree.nodes.filter((n) => n.children.length === 0).map((n) => text.slice(n.start, n.end));
  expect(leaves).toEqual(['items.each do |x|', 'a(x)', 'b', 'c', 'end', 'items.map { |x|', 'a(x)', 'b', 'c\n}']);
});

it('Kotlin: what stands between braces is apart from what it is handed to', async () => {
  const text = `fun f() {\n  setContent {\n${'    g()\n'.repeat(6)}  }\n}\n`;
  const { nodes } = await parse(text, 'a.kt');
  const leaves = nodes.filter((n) => n.children.length === 0).map((n) => text.slice(n.start, n.end));
  expect(leaves.slice(2, 4)).toEqual(['setContent {', 'g()']);
});
