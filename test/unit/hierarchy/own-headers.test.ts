/** Definitions in languages without a grammar that have no keyword for them, or whose bodies begin on a line of their own. */
import { describe, expect, it } from 'vitest';
import { parse, problems, said } from './invariants.js';

/** Classes and functions with their depth below each other, and what is said of them. */
async function defined(text: string, file: string): Promise<string[]> {
  const tree = await parse(text, file);
  expect(problems(tree, text)).toEqual([]);
  expect(tree.fallback).toContain('no grammar');
  const depth = new Map<number, number>();
  const found: string[] = [];
  for (const n of tree.nodes) {
    const own = n.kind === 'class' || n.kind === 'function';
    depth.set(n.id, (depth.get(n.parent) ?? -1) + (own ? 1 : 0));
    if (!own) continue;
    found.push(`${'  '.repeat(depth.get(n.id)!)}${n.kind} ${n.name ?? '?'}${said(n, text)}`);
  }
  return found;
}

describe('definitions with a keyword', () => {
  it('SQL, whose names may be in quotes', async () => {
    const text =
      '-- Orders.\nCREATE TABLE "public"."orders" (\n  "id" int\n);\n\nCREATE TABLE IF NOT EXISTS `items` (\n  `id` int\n);\n\n' +
      'CREATE TABLE [dbo].[Order Details] (\n  id int\n);\n\nCREATE UNIQUE INDEX CONCURRENTLY by_email\n  ON users (email);\n\n' +
      'CREATE OR REPLACE VIEW shop.function AS\nSELECT 1;\n\nCREATE OR REPLACE FUNCTION touch() RETURNS trigger AS $$\nSELECT 1\n$$;\n';
    expect(await defined(text, 'a.sql')).toEqual([
      'class public.orders — -- Orders.',
      'class items',
      'class dbo.Order Details',
      'class by_email',
      'class shop.function',
      'function touch',
    ]);
  });

  it.each([
    ["CREATE FUNCTION touch()\nRETURNS trigger AS $$\nBEGIN\n    NEW.a = now();\n\n    RETURN NEW;\nEND;\n$$ LANGUAGE plpgsql;\n", ['touch 1–8']],
    ["CREATE FUNCTION add(a int)\nRETURNS int\nAS\n$body$\nDECLARE\n    b int;\nBEGIN\n    RETURN b;\nEND\n$body$\nLANGUAGE plpgsql;\nSELECT 1;\n", ['add 1–11']],
    ['CREATE PROCEDURE dbo.P\n    @id INT,\n    @name TEXT\nAS\nBEGIN\n    SELECT 1;\n\n    SELECT 2;\nEND\nGO\nCREATE PROC Q AS\nSELECT 1\nSELECT 2\nGO\nSELECT 3\nGO\n', ['dbo.P 1–10', 'Q 11–14']],
    ['CREATE PROCEDURE p\nIS\n  v INT;\nBEGIN\n  v := 1;\nEXCEPTION\n  WHEN OTHERS THEN NULL;\nEND;\n/\nSELECT 1;\n', ['p 1–9']],
    ['DELIMITER //\nCREATE TRIGGER t BEFORE INSERT ON u\nFOR EACH ROW\nBEGIN\n  SET NEW.a = 1;\n  SET NEW.b = 2;\nEND //\nDELIMITER ;\n', ['t 2–7']],
    ['CREATE PROCEDURE p()\nBEGIN\nSELECT 1;\n\nSELECT 2;\nEND;\n\nSELECT 3;\n', ['p 1–6']],
    ["CREATE FUNCTION touch() RETURNS trigger\n    LANGUAGE plpgsql\n    AS $$\nDECLARE\n    b int;\nBEGIN\n    b = 1;\n\n    RETURN NEW;\nEND;\n$$;\n\nSELECT 1;\n", ['touch 1–11']],
    ['CREATE PACKAGE BODY staff AS\n  FUNCTION hire RETURN NUMBER IS\n    n NUMBER;\n  BEGIN\n    RETURN n;\n  EXCEPTION\n    WHEN OTHERS THEN RAISE;\n  END hire;\n\n  PROCEDURE fire IS\n  BEGIN\n    NULL;\n  END;\nEND staff;\n/\n', ['staff 1–15', 'hire 2–8', 'fire 10–13']],
    // Neither of what is begun here ends with `END`.
    ['CREATE VIEW v AS\nSELECT 1\nFROM t;\n\nBEGIN;\nUPDATE t SET a = 1;\nCOMMIT;\n\nCREATE TABLE t (\n  a int,\n  b int\n);\n', ['v 1–3', 't 9–12']],
  ])('SQL, whose routines hold semicolons: %j', async (text, expected) => {
    const { nodes } = await parse(text, 'a.sql');
    const defined = nodes.filter((n) => n.kind === 'class' || n.kind === 'function');
    expect(defined.map((n) => `${n.name} ${n.startLine}–${n.endLine}`)).toEqual(expected);
  }); // prettier-ignore

  it('GraphQL, whose descriptions are strings', async () => {
    const text =
      '"""\nA user.\n"""\ntype User @key(fields: "id") {\n  "The id."\n  id: ID!\n  """\n  The name.\n  """\n  name(as: String = "x"): String\n}\n\n' +
      '"""The query."""\nextend type Query {\n  user: User\n  users: [User!]!\n}\n\nquery One($id: ID!) {\n  user(id: $id) {\n    id\n  }\n}\n';
    expect(await defined(text, 'a.graphql')).toEqual([
      'class User — """',
      'class Query — """The query."""',
      'function One',
    ]);
    const leaves = (await parse(text, 'a.graphql')).nodes.filter((n) => n.children.length === 0);
    expect(leaves.map((n) => text.slice(n.start, n.end))).toContain('"The id."\n  id: ID!');
  });

  it('a stage of Docker may be built for a platform', async () => {
    const text =
      'FROM --platform=$BUILDPLATFORM node:20 AS build\nRUN a\n\nFROM --platform=linux/amd64 nginx\nCOPY . .\n';
    const { nodes } = await parse(text, 'Dockerfile');
    expect(nodes.flatMap((n) => n.name ?? [])).toEqual(['build', 'nginx']);
  });
});

describe('definitions without a keyword', () => {
  it('R', async () => {
    const text =
      "#' Fits a line.\nfit <- function(x, y) {\n  z <- x\n  lm(y ~ z)\n}\n\n" +
      'Stack <- R6Class("Stack",\n  public = list(\n    push = function(x) {\n      self$x <- x\n      self\n    }\n  )\n)\n\n' +
      'test_that("lines fit", {\n  expect_true(TRUE)\n  expect_true(TRUE)\n})\n';
    expect(await defined(text, 'a.R')).toEqual([
      "function fit — #' Fits a line.",
      'class Stack',
      '  function push',
      'function lines fit',
    ]);
  });

  it('Haskell, whose functions have a signature and clauses', async () => {
    const text =
      '-- | A trie.\ndata Trie = Trie\n  { ends :: Bool\n  , next :: Map\n  }\n\n' +
      '-- | Inserts a word.\ninsert :: String -> Trie -> Trie\ninsert [] t = t\ninsert (c:cs) t =\n  go t\n  where\n    go = insert cs\n\n' +
      '(<+>) :: Trie -> Trie -> Trie\na <+> b = union a b\n\ninstance Semigroup Trie where\n  a <> b = a\n  c = d\n';
    expect(await defined(text, 'a.hs')).toEqual([
      'class Trie — -- | A trie.',
      'function insert — -- | Inserts a word.',
      'function (<+>)',
      'class Semigroup Trie',
    ]);
  });

  it.each([
    ['a.elm', '{-| Handles it. -}\nupdate : Msg -> Model\nupdate msg =\n    case msg of\n        A -> 1\n', ['function update — {-| Handles it. -}']],
    ['a.ml', '(* Inserts. *)\nlet rec insert x = function\n  | Leaf -> x\n  | Node -> x\n\nmodule Cache = struct\n  let size = 16\n  let find k = k\nend\n', ['function insert — (* Inserts. *)', 'class Cache']],
    ['b.ml', 'module Make (X : S) : sig\n  val f : int\nend = struct\n  let f x =\n    g x\nend\n\nmodule Sort (X : sig\n  type t\nend) = struct\n  let f = 1\nend\n', ['class Make', '  function f', 'class Sort']],
    ['a.fs', '/// Totals.\nlet total (order: Order) =\n    order.Items\n    |> sum\n\ntype Cart() =\n    member this.Add(item) =\n        items <- item\n        items\n', ['function total — /// Totals.', 'class Cart', '  function Add']],
    ['a.scm', '(define (sum lst)\n  (if (null? lst)\n      0\n      (car lst)))\n', ['function sum']],
    ['a.erl', '%% Counts.\ncount([]) ->\n    0;\ncount([_ | T]) ->\n    1 + count(T).\n\nloop(S) ->\n    receive\n        stop -> ok\n    end.\n', ['function count — %% Counts.', 'function loop']],
    ['a.glsl', "// Lambert's law.\nfloat diffuse(vec3 n) {\n    float d = n.x;\n    return d;\n}\n", ["function diffuse — // Lambert's law."]],
    ['a.s', 'copy:\n        movq %rdx, %rcx\n        ret\n.Lback:\n        std\n        ret\n', ['function copy', 'function .Lback']],
    ['a.y', '%{\nstatic int\ncount(int x)\n{\n  x++;\n  return x;\n}\n%}\n%%\n/* All. */\nprogram\n\t: item\n\t| program item { $$ = count($1); }\n\t;\n\nitem : WORD\n\t{ put($1);\n\t  end($1); }\n\t;\n%%\n', ['class program — /* All. */', 'class item']],
    ['a.zig', '/// Grows.\npub const List = struct {\n    items: []u8,\n    pub fn push(self: *List) void {\n        self.n += 1;\n        self.m += 1;\n    }\n};\n', ['class List — /// Grows.', '  function push']],
    ['b.ex', 'defimpl String.Chars, for: Store do\n  def to_string(s) do\n    all = s.all\n    join(all)\n  end\nend\n', ['class String.Chars', '  function to_string']],
    ['c.hs', "swap' :: Stack a -> Stack a\nswap' (Stack t (l:ls)) = Stack t ls\nswap' (Stack t []) = Stack t rs\n  where\n    rs = reverse ls\n", ["function swap'"]],
    ['b.hs', 'main :: IO ()\nmain = do\n  when (a == b) $ do\n    one\n    two\n  forM_ xs $ \\x ->\n    print x || y\n', ['function main']],
    ['b.d', 'struct Point(T)\n{\n    T x;\n    static if (a)\n    {\n        int y;\n        int z;\n    }\n}\n', ['class Point']],
    ['a.tcl', 'namespace eval shop {\n    proc put {x} {\n        set y $x\n        return $y\n    }\n}\n', ['class shop', '  function put']],
    ['a.coffee', 'count = (text) ->\n  words = text\n  words.length\n\nclass Store\n  add: (x) =>\n    @items.push x\n    @items\n', ['function count', 'class Store', '  function add']],
    ['a.cob', 'MAIN-PARA.\n    DISPLAY "A".\n    STOP RUN.\nOTHER-PARA.\n    EXIT.\n', ['function MAIN-PARA', 'function OTHER-PARA']],
    ['a.clj', ';; All prices.\n(defn ^:private total\n  [order]\n  (sum order))\n\n(defprotocol Store\n  (put [this k])\n  (fetch [this k]))\n', ['function total — ;; All prices.', 'class Store']],
    ['a.nim', 'type\n  Circle* = object\n    x*: float\n    y*: float\n\nproc area*(c: Circle): float =\n  let r = c.x\n  result = r\n', ['class Circle', 'function area']],
    ['a.vim', 'function! s:Align(p) range\n  let a = 1\n  return a\nendfunction\n', ['function s:Align']],
    ['a.ex', 'defmodule Store do\n  @doc """\n  Puts it.\n  """\n  def put(s) do\n    text = """\n    # no comment\n    """\n    s\n  end\nend\n', ['class Store', '  function put — @doc """']],
    ['a.sv', 'class driver extends uvm_driver;\n  virtual function void build_phase(uvm_phase phase);\n    super.build_phase(phase);\n    x = 1;\n  endfunction\n  task automatic run();\n    a();\n    b();\n  endtask\n  function [7:0] crc;\n    input x;\n    crc = x;\n  endfunction\nendclass\n', ['class driver', '  function build_phase', '  function run', '  function crc']],
    ['a.adb', 'package body Stores is\n   overriding procedure Put (X : Item) is\n   begin\n      Keep (X);\n      Done;\n   end Put;\nend Stores;\n\ntask body Worker is\nbegin\n   A;\n   B;\nend Worker;\n', ['class Stores', '  function Put', 'function Worker']],
    ['a.vhd', 'package body Stores is\n  function f return integer is\n  begin\n    a := 1;\n    return a;\n  end;\nend Stores;\n', ['class Stores', '  function f']],
    ['a.pas', 'type\n  TStore = class(TObject)\n    FSize: Integer;\n    function Size: Integer;\n  end;\n\n  TStoreClass = class of TStore;\n\nclass function TStore.Make: TStore;\nbegin\n  a;\n  b;\nend;\n\nconstructor TStore.Create;\nbegin\n  a;\n  b;\nend;\n', ['class TStore', 'function TStore.Make', 'function TStore.Create']],
    ['a.vb', "Friend MustInherit Class Store\n    Protected Overrides Sub OnLoad(e As Args)\n        A()\n        B()\n    End Sub\n    Public ReadOnly Property Size As Integer\n        Get\n            Return 1\n        End Get\n    End Property\nEnd Class\n", ['class Store', '  function OnLoad', '  function Size']],
    ['a.scss', '/// Doubles.\n@function double($n) {\n  @return $n * 2;\n}\n\n@mixin theme {\n  a: b;\n}\n\ntable td {\n  a: b;\n  c: d;\n  e: f;\n}\n', ['function double — /// Doubles.', 'function theme']],
    ['a.sass', '=theme($c)\n  color: $c\n\n@mixin other\n  a: b\n', ['function theme', 'function other']],
    ['a.less', '.box(@top: 1px) when (default()) {\n  a: b;\n}\n.a:hover {\n  .box();\n}\n', ['function .box']],
    ['b.jl', 'mutable struct Point\n    x::Int\n    y::Int\n    z::Int\nend\n', ['class Point']],
    ['c.jl', 'function Base.:+(a, b)\n    c = a\n    c + b\nend\n\nfunction Base.:(==)(a, b)\n    c = a\n    c == b\nend\n\nfunction push!(a)\n    b\n    c\nend\n', ['function Base.:+', 'function Base.:(==)', 'function push!']],
    ['b.ps1', 'class Store : Base {\n    [string]$Name\n    Store([string]$n) {\n        $this.Name = $n\n    }\n    static [void] Run() {\n        if ($a) {\n            b\n            c\n        }\n    }\n}\n', ['class Store', '  function Store', '  function Run']],
    ['a.jl', '"""\n    area(r)\n\nArea of a circle.\n"""\nfunction area(r)\n    text = """\n"""\n    return r\nend\n', ['function area — """']],
  ])('%s', async (file, text, expected) => {
    expect(await defined(text, file)).toEqual(expected);
  }); // prettier-ignore
});

it('a body is read statement by statement, whatever stands below it', async () => {
  const text = 'count([]) ->\n    a(),\n    0;\ncount([_ | T]) ->\n    1 + count(T).\n';
  const { nodes } = await parse(text, 'a.erl');
  const first = nodes.filter((n) => n.endLine < 4).map((n) => text.slice(n.start, n.end));
  expect(first).toEqual(['count([]) ->', 'a(),', '0;']);
});

describe('MATLAB and Objective-C, which share an extension', () => {
  it('are told apart', async () => {
    expect(await defined('% Area.\nfunction a = area(r)\n  p = 3;\n  a = p * r;\nend\n', 'a.m')).toEqual([
      'function area — % Area.',
    ]);
    const text = '#import "a.h"\n\n@implementation Store\n- (void)read {\n  int x = 1;\n  use(x);\n}\n@end\n';
    const tree = await parse(text, 'a.m');
    expect(tree.language).toBe('objective-c');
    expect(tree.fallback).toBeUndefined();
  });

  it('macros of Apple and headers that an editor takes for C++ do no harm', async () => {
    const text =
      '#import <A/A.h>\n\nNS_ASSUME_NONNULL_BEGIN\n\ntypedef NS_ENUM(NSInteger, Mode) {\n  ModeA,\n  ModeB,\n};\n\n' +
      '/** Keeps values. */\n@interface Store (Reading) <Reader>\n- (void)read:(int)x;\n- (void)close;\n@end\n\nNS_ASSUME_NONNULL_END\n';
    const tree = await parse(text, 'Store.h', 'cpp');
    expect(problems(tree, text)).toEqual([]);
    expect(tree.fallback).toBeUndefined();
    expect(tree.nodes.filter((n) => n.kind === 'class').map((n) => n.name)).toEqual(['Mode', 'Store (Reading)']);
  });

  it('Objective-C++ is read as whichever of both explains more of it', async () => {
    const cpp =
      'namespace a {\ntemplate <typename T> class B : public C<T> {\n  std::vector<T> x;\n  int f() const {\n    return 1;\n  }\n};\n}\n';
    const names = async (text: string): Promise<unknown[]> =>
      (await parse(text, 'a.mm')).nodes.filter((n) => n.kind === 'class').map((n) => n.name);
    expect(await names(cpp)).toEqual(['a', 'B']);
    expect(await names('@implementation Store\n- (void)read {\n  int x = 1;\n}\n@end\n')).toEqual(['Store']);
  });
});

it.each([
  ['a.fs', '[<Struct>]\ntype Point =\n    { X: int\n      Y: int }\n\nlet f x =\n    x + 1\n', ['Point', 'f']],
  ['a.asm', '[bits 16]\nstart:\n    mov ax, 1\n    ret\n', ['start']],
])('what stands in brackets is no section where it is an attribute or an order: %s', async (file, text, expected) => {
  const { nodes } = await parse(text, file);
  expect(nodes.flatMap((n) => (n.parent === 0 && n.name) || [])).toEqual(expected);
}); // prettier-ignore

describe('labels that stand before what they name', () => {
  it.each([
    ['a.bat', '@echo off\ngoto clean\n:build\ncl main.c\ngoto :eof\n\n:: Tidies up.\n:clean\ndel *.obj\n', ['build', 'clean']],
    ['a.cob', 'DATA DIVISION.\nPROCEDURE DIVISION.\nMAIN-PARA.\n    DISPLAY "A".\n    STOP RUN.\n', ['DATA DIVISION', 'PROCEDURE DIVISION']],
  ])('%s', async (file, text, expected) => {
    const tree = await parse(text, file);
    expect(problems(tree, text)).toEqual([]);
    expect(tree.nodes.filter((n) => n.kind === 'section').map((n) => n.name)).toEqual(expected);
  }); // prettier-ignore
});

describe('texts in a program, whose lines stand wherever they like', () => {
  it.each([
    ['a.pl', "sub usage {\n    print <<'EOF';\nUsage: x\n\n  -h  help\nEOF\n    exit 1;\n}\n\nsub two {\n    return 1 << EOF;\n}\n", ['usage 1–8', 'two 10–12']],
    ['a.tf', 'resource "a" "b" {\n  run = <<-EOF\n#!/bin/sh\n\necho\n  EOF\n  c = 1\n}\n', ['b 1–8']],
    ['a.ps1', 'function Show-Help {\n    Write-Host @"\nUsage: x\n\n"@\n    exit 1\n}\n', ['Show-Help 1–7']],
  ])('end no definition: %s', async (file, text, expected) => {
    const tree = await parse(text, file);
    expect(problems(tree, text)).toEqual([]);
    const own = tree.nodes.filter((n) => n.kind === 'class' || n.kind === 'function');
    expect(own.map((n) => `${n.name} ${n.startLine}–${n.endLine}`)).toEqual(expected);
  }); // prettier-ignore
});

describe('bodies that begin on a line of their own', () => {
  it.each([
    ['a.d', '/// Area.\ndouble area(double r)\n{\n    auto p = r;\n\n    return p;\n}\n\nint x = area(1);\n', ['function area — /// Area.']],
    ['a.pas', '{ The area. }\nfunction TCircle.Area: Double;\nvar\n  p: Double;\nbegin\n  p := 3;\n  Result := p;\nend;\n', ['function TCircle.Area — { The area. }']],
  ])('%s', async (file, text, expected) => {
    expect(await defined(text, file)).toEqual(expected);
    const tree = await parse(text, file);
    const { start, end } = tree.nodes.find((n) => n.kind === 'function')!;
    expect(text.slice(start, end)).toMatch(/(^|\n)(\}|end;)$/);
  }); // prettier-ignore
});

describe('Elixir, whose functions may be one line long', () => {
  it('has them with what is said of them, also where their clauses stand below each other', async () => {
    const text =
      'defmodule Store do\n  @doc "Adds two."\n  def add(a, b), do: a + b\n\n  @doc """\n  Gives a value.\n\n      iex> Store.get(%{})\n  """\n  @spec get(map) :: term\n  def get(map), do: map.all\n\n' +
      '  @doc false\n  def hidden(x), do: x\n\n  @doc "Counts."\n  @doc since: "1.2.0"\n  def count([]), do: 0\n  def count([_ | rest]), do: 1 + count(rest)\n  def other(x), do: x\n\n' +
      '  @doc "Tells keys."\n  defguard is_key(k) when is_atom(k)\n\n  @doc "How many."\n  defdelegate size(map), to: Map\n\n  @doc "May be left out."\n  def find(map, key \\\\ nil)\n\n' +
      '  @typedoc "A key."\n  @type key :: atom\n  @limit 10\n  def wide(x),\n    do: x + @limit\nend\n';
    expect(await defined(text, 'store.ex')).toEqual([
      'class Store',
      '  function add — @doc "Adds two."',
      '  function get — @doc """',
      '  function hidden',
      '  function count — @doc "Counts."',
      '  function other',
      '  function is_key — @doc "Tells keys."',
      '  function size — @doc "How many."',
      '  function find — @doc "May be left out."',
      '  function wide',
    ]);
    const count = (await parse(text, 'store.ex')).nodes.find((n) => n.name === 'count')!;
    expect(text.slice(count.start, count.end)).toMatch(/^@doc "Counts[^]*count\(rest\)$/);
  });
});

it.each([
  ['a.erl', '%% @doc Adds.\n-spec add(integer(), integer()) ->\n    integer().\nadd(A, B) ->\n    C = A,\n    C + B.\n', ['function add — %% @doc Adds.']],
  ['a.ex', 'defmodule A do\n  @spec add(a) :: b\n  @doc "Adds."\n  def add(x), do: x\nend\n', ['class A', '  function add — @doc "Adds."']],
])('what is declared of a function stands between it and its description, or above: %s', async (file, text, expected) => {
  expect(await defined(text, file)).toEqual(expected);
  const tree = await parse(text, file);
  const { start, end } = tree.nodes.find((n) => n.name === 'add')!;
  expect(text.slice(start, end)).toContain('spec add');
}); // prettier-ignore

describe('Fortran, whose bodies need not be indented', () => {
  const cards = (text: string): string => text.slice(1);
  const leavesOf = async (text: string, file: string): Promise<string[]> =>
    (await parse(text, file)).nodes.filter((n) => n.children.length === 0).map((n) => text.slice(n.start, n.end));

  it('on cards has functions up to their ends, each with the comment above it', async () => {
    const text = cards(`
C     Sums up values and finds the largest.
      PROGRAM MAIN
      REAL X(100), TOTAL
      DO 10 I = 1, N
         X(I) = 2.0
   10 CONTINUE
      CALL SUMUP(X, N, TOTAL)
      WRITE(*,20) TOTAL
   20 FORMAT(' TOTAL = ', F10.4)
      END
C
C     Adds the first N values of A.
C
      SUBROUTINE SUMUP(A, N, TOTAL)
      INTEGER N, I
C     Begin with nothing.
      TOTAL = 0.0
      IF (TOTAL .GT. 1.0E6) THEN
         WRITE(*,*) 'LARGE'
      END IF
      RETURN
      END
*
*     Finds the largest value.
*
      DOUBLE PRECISION FUNCTION DMAXV(N, DX,
     $                                INCX)
      DMAXV = DX(1)
C$OMP PARALLEL
      DMAXV = DX(1) + DX(2) + DX(3)
     1      + DX(4)
      END FUNCTION

      INTEGER*4 FUNCTION IFIND(KEY)
      IFIND = MOD(KEY, 97) + 1
      END

      BLOCK DATA INIT
      DATA N /0/
      END
`);
    expect(await defined(text, 'a.f')).toEqual([
      'class MAIN — C     Sums up values and finds the largest.',
      'function SUMUP — C',
      'function DMAXV — *',
      'function IFIND',
      'class BLOCK DATA INIT',
    ]);
    expect(await leavesOf(text, 'a.f')).toEqual(
      expect.arrayContaining([
        'DO 10 I = 1, N\n         X(I) = 2.0\n   10 CONTINUE',
        'C     Begin with nothing.\n      TOTAL = 0.0',
        'DOUBLE PRECISION FUNCTION DMAXV(N, DX,\n     $                                INCX)',
        'C$OMP PARALLEL\n      DMAXV = DX(1) + DX(2) + DX(3)\n     1      + DX(4)\n      END FUNCTION',
      ]),
    );
  });

  it('in free form has modules, types and interfaces with what they hold', async () => {
    const text = cards(`
!> Keeps values.
module store
  implicit none
  !> One value.
  type :: entry
    integer :: key
    real :: value
  end type entry
  type, extends(entry) :: dated
    integer :: day
    integer :: hour
  end type
  type(entry) :: all(100)
  interface swap
    module procedure swap_int, swap_real
    module procedure swap_all
  end interface
contains
  !> Keeps a value.
  subroutine put(key, value)
  integer, intent(in) :: key
  all(key)%value = value
  end subroutine put

  pure real(real64) function get(key) &
      result(value)
    value = all(key)%value
    c = 1
  end function
end module store

program main
use store
select type (x => y)
type is (integer)
  print *, x
  print *, x
end select
contains
  function twice(x) result(y)
    y = 2 * x
  end function
end program main
`);
    expect(await defined(text, 'a.f90')).toEqual([
      'class store — !> Keeps values.',
      '  class entry — !> One value.',
      '  class dated',
      '  class swap',
      '  function put — !> Keeps a value.',
      '  function get',
      'class main',
      '  function twice',
    ]);
    expect(await leavesOf(text, 'a.f90')).toContain('pure real(real64) function get(key) &\n      result(value)');
  });

  it('has a function after one that is not ended yet', async () => {
    const text =
      '      SUBROUTINE A\n      X = 1\n      Y = 2\n\n      SUBROUTINE B\n      X = 1\n      Y = 2\n      END\n';
    expect(await defined(text, 'a.for')).toEqual(['function A', 'function B']);
  });

  it('has the last comment of a function in that', async () => {
    const text =
      '      SUBROUTINE A\n      X = 1\n*     End of A.\n      END\n\n      SUBROUTINE B\n      X = 1\n      END\n';
    const { nodes } = await parse(text, 'a.f');
    expect(nodes[1]).toMatchObject({ name: 'A', startLine: 1, endLine: 4 });
  });

  it('takes no variable for a comment that begins with the same letter', async () => {
    const text = 'subroutine a(c)\nc = 1\nc(1) = 2\nc%x = 3\nend\n';
    expect(await leavesOf(text, 'a.f90')).toEqual(['subroutine a(c)', 'c = 1', 'c(1) = 2', 'c%x = 3\nend']);
  });
});
