import { describe, expect, it } from 'vitest';
import { named, parse } from './invariants.js';

const EXPORTS = [
  'export function add(a: number, b: number): number { return a + b; }',
  '',
  '/** Multiplies. */',
  'export function mul(a: number, b: number): number { return a * b; }',
  '',
  'export async function load(url: string) { return (await fetch(url)).json(); }',
  'export default function half(x: number) { return x / 2; }',
  'export class Empty extends Store {}',
  'export declare class Handle {}',
  'export interface Options extends Settings {}',
  'export declare function open(path: string): void;',
  'export const twice = (x: number) => 2 * x;',
  'export const LIMIT = 3;',
].join('\n');

describe('definitions on one line', () => {
  it('are what they would be without being exported', async () => {
    const expected = ['add', 'mul', 'load', 'half', 'Empty', 'Handle', 'Options'];
    expect(await named(EXPORTS, 'a.ts')).toEqual(expected);
    // Without `export` a default has no keyword left, and what is declared keeps its own.
    expect(await named(EXPORTS.replaceAll(/^export (default )?/gm, ''), 'a.ts')).toEqual(expected);
  });

  it('keep their comment as description', async () => {
    const { nodes } = await parse(EXPORTS, 'a.ts');
    const { kind, start, end, description } = nodes.find((n) => n.name === 'mul')!;
    expect(kind).toBe('function');
    expect(EXPORTS.slice(start, end)).toMatch(/^\/\*\* Multiplies[^]*\}$/);
    expect(EXPORTS.slice(description!.start, description!.end)).toBe('/** Multiplies. */');
  });

  it.each([
    ['exc.py', 'class NotFound(Exception): pass\n\nclass Denied(Exception): pass\n\n\ndef main():\n    raise Denied()\n', ['NotFound', 'Denied', 'main']],
    ['a.rb', 'class NotFound < StandardError; end\nmodule Empty; end\nx = Class.new\n', ['NotFound', 'Empty']],
    ['a.kt', 'class NotFound(key: String) : Exception(key)\ndata class Point(val x: Int, val y: Int)\n', ['NotFound', 'Point']],
    ['a.rs', 'mod tests;\npub struct Id(u64);\npub enum Colour { Red, Blue }\nimpl Error for Id {}\n', ['Id', 'Colour', 'Error for Id']],
    ['a.cpp', 'class Later;\ntemplate <class T> struct is_text : false_type {};\nenum class Colour { red, blue };\nstruct Point { int x; } origin;\n', ['is_text', 'Colour']],
    ['a.c', 'struct later;\nstruct point { int x; };\nstruct row { int a; } rows[] = {\n  {1},\n  {2},\n  {3},\n  {4},\n};\ntypedef struct { int x; } thing;\n', ['point']],
    ['a.ts', 'const Made = class Inner {};\nregister(class Other {}, {\n  a: 1,\n  b: 2,\n  c: 3,\n});\n', []],
  ])('are classes where they have a name of their own: %s', async (file, text, expected) => {
    expect(await named(text, file)).toEqual(expected);
  }); // prettier-ignore

  it('end with their semicolon', async () => {
    const text = 'enum colour { RED, BLUE };\nint x;\n';
    const { nodes } = await parse(text, 'a.c');
    expect(nodes.filter((n) => n.children.length === 0).map((n) => text.slice(n.start, n.end))).toEqual([
      'enum colour { RED, BLUE };',
      'int x;',
    ]);
  });
});
