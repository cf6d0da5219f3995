import { describe, expect, it } from 'vitest';
import { outline, parse, problems } from './invariants.js';

describe('Markdown', () => {
  it('headings are called by their words; names of code keep theirs', async () => {
    const names = {
      'read_all(path, *rest)': 'read_all(path, *rest)',
      '`__init__`': '__init__',
      '_The_ **whole `a * b`** story': 'The whole a * b story',
      '{class}`~zmq.Context`': 'zmq.Context',
      '`Map<K, V>` and `__a__[^b]`': 'Map<K, V> and __a__[^b]',
      'Map<K, V> of **`<T>`**': 'Map<K, V> of <T>',
      'When a < b and c > d': 'When a < b and c > d',
      '<a name="x"></a>Use <BR/>it <!-- no toc -->': 'Use it',
    };
    const text = Object.keys(names).map((heading) => `## ${heading}\n\nText.\n`);
    const tree = await parse(text.join('\n'), 'a.md');
    expect(tree.nodes.filter((n) => n.kind === 'section').map((n) => n.name)).toEqual(Object.values(names));
  });

  it('nests headings of both styles by level', async () => {
    const tree = await parse('Title\n=====\n\na\n\n## B\n\nb\n\n#### C\n\nc\n\n## D\n\nd\n', 'a.md');
    const names = tree.nodes
      .filter((n) => n.kind === 'section')
      .map((n) => [n.name, tree.nodes[n.parent]!.name ?? tree.nodes[n.parent]!.kind]);
    expect(names).toEqual([
      ['Title', 'file'],
      ['B', 'Title'],
      ['C', 'B'],
      ['D', 'Title'],
    ]);
  });

  it('names sections without footnotes and attributes', async () => {
    const tree = await parse('# Oak[^1] {#oak .tree}\n\nSlow.\n\n[^1]: Or not.\n', 'a.md');
    expect(tree.nodes.find((n) => n.kind === 'section')?.name).toBe('Oak');
  });

  it('is no list where a line is drawn with dashes', async () => {
    const text = `# A\n\nText.\n\n${'-'.repeat(80)}\n\n\`\`\`ts\nexport function go(): void {\n  run();\n  stop();\n}\n\`\`\`\n`;
    expect((await parse(text, 'a.md')).nodes.map((n) => n.name)).toContain('go');
  });

  it('names why it is read as plain text', async () => {
    const tree = await parse(`# A\n\n${'- '.repeat(61)}x\n`, 'a.md');
    expect(tree.fallback).toMatch(/nest too deep/);
    expect(tree.nodes.length).toBeGreaterThan(2);
  });

  it('parses fenced code in its own language', async () => {
    const tree = await parse('# A\n\n```ts\nexport function go(): void {\n  run();\n  stop();\n}\n```\n', 'a.md');
    expect(tree.nodes.find((n) => n.kind === 'function')?.name).toBe('go');
    const unknown = await parse('# A\n\n```nonsense\nfoo bar\nbaz\n```\n', 'a.md');
    expect(unknown.nodes.some((n) => n.kind === 'function')).toBe(false);
  });
});

describe('Markdown with HTML', () => {
  it('has no end of a sentence inside of a tag', async () => {
    const text =
      '# Lamp\n\n<span class="x"><a href="https://a.b/c?d. E" title="View it! On a page.">One</a></span>\ntwo <b>three.</b> Four.\n';
    const tree = await parse(text, 'a.md');
    const leaves = tree.nodes.filter((n) => n.children.length === 0).map((n) => text.slice(n.start, n.end));
    expect(leaves).toEqual(['# Lamp', text.slice(8, text.indexOf(' Four')), 'Four.']);
  });

  it('has a line of its own for each badge, which are no paragraph', async () => {
    const badge = '<a href="https://a.b/c" title="View it! On a page."><img src="a.svg"></a>';
    const { nodes } = await parse(`# Lamp\n\n${badge}\n${badge}\n\nText.\n`, 'a.md');
    expect(nodes.filter((n) => n.kind === 'block').map((n) => n.children.length)).toEqual([2]);
  });

  it('has headings of HTML, around which other HTML may stand', async () => {
    const text =
      '<div align="center">\n  <h1>My <em>Lamp</em></h1>\n  <p>It is a lamp.</p>\n</div>\n\n<h2 id="use">Use</h2>\n\nRead &amp; write.\n\n## Care\n\nText.\n\n' +
      '<h3>Of the Shade\n</h3>\nIt is clean. It lasts.\n\n<!-- <h3>Hidden</h3> -->\n\n<table><tr><td><h3>Cell</h3></td></tr></table>\n\n<h3><img src="a.svg"></h3>\n';
    const tree = await parse(text, 'a.md');
    expect(problems(tree, text)).toEqual([]);
    expect(outline(tree).split('\n').slice(1, -1)).toEqual([
      'file 1–22',
      '  section My Lamp 1–22 · 1',
      '    paragraph 3–4 · 1',
      '    section Use 6–8 · 1',
      '      paragraph 8–8 · 1',
      '    section Care 10–22 · 1',
      '      paragraph 12–12 · 1',
      '      section Of the Shade 14–22 · 1',
      '        paragraph 16–16 · 2',
      '        block 18–18 · 1',
      '        block 20–20 · 1',
      '        block 22–22 · 1',
    ]);
  });
});
