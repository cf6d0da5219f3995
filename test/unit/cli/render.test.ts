import { describe, expect, it } from 'vitest';
import { renderAnalysis } from '../../../src/cli/render.js';
import type { DocumentAnalysis, HeatResult, TreeNode } from '../../../src/protocol/document.js';
import { fakeAnalysis } from '../engine/fake-service.js';

const text =
  'class Cache {\n  get(key) { return this.map.get(key) }\n  [Symbol.iterator]() { }\n}\nfunction clear() {}\n';

function node(id: number, kind: TreeNode['kind'], part: string, parent: number, name?: string): TreeNode {
  const start = text.indexOf(part);
  const startLine = text.slice(0, start).split('\n').length;
  const end = start + part.length;
  return { id, kind, start, end, startLine, endLine: startLine, parent, children: [], ...(name ? { name } : {}) };
}

const nodes: TreeNode[] = [
  node(0, 'file', text, -1),
  node(1, 'class', text.slice(0, text.indexOf('function')), 0, 'Cache'),
  node(2, 'function', 'get(key) { return this.map.get(key) }', 1, 'get'),
  node(3, 'statement', 'return this.map.get(key)', 2),
  node(4, 'function', '[Symbol.iterator]() { }', 1),
  node(5, 'function', 'function clear() {}', 0, 'clear'),
];
for (const n of nodes.slice(1)) nodes[n.parent]!.children.push(n.id);

const base = fakeAnalysis('a', 1, text);
const analysis: DocumentAnalysis = {
  ...base,
  tree: { ...base.tree, language: 'javascript', genre: 'code', nodes },
  summary: {
    file: [{ node: 3, text: 'A long sentence '.repeat(12).trim(), score: 1, range: { start: 0, end: 5 } }],
    sections: [{ node: 2, text: 'Value under a key.', score: 1, range: { start: 0, end: 5 } }],
  },
};
const heat: HeatResult = {
  query: { text: 'read a value' },
  answered: 1,
  scores: Float32Array.of(0, 0.2, 1.25, 1.5, -0.1, 0),
  meanCosines: Float32Array.of(0, 0.2, 0.45, 0.51, -0.1, 0),
  intensity: Float32Array.of(0, 0, 0.5, 1, 0, 0),
  ranking: [3],
  literal: [],
};

describe('the report for people', () => {
  it('nests what has a name, with gists, and leaves out callbacks without one', () => {
    const report = renderAnalysis('cache.js', text, analysis, undefined, { color: false, width: 80, top: 5 });
    const outline = report.slice(report.indexOf('Outline\n')).split('\n').slice(1, -1);
    expect(outline).toEqual(['     1  ├─ Cache', '     2  │  └─ get  Value under a key.', '     5  └─ clear']);
    expect(report).not.toContain('Hottest');
  });

  it('shows no gist that only repeats the name', () => {
    const sections = [{ node: 5, text: 'clear():', score: 1, range: { start: 0, end: 5 } }];
    const repeating = { ...analysis, summary: { ...analysis.summary, sections } };
    const report = renderAnalysis('cache.js', text, repeating, undefined, { color: false, width: 80, top: 5 });
    expect(report).toContain('     5  └─ clear\n');
  });

  it('says how the text was read, how far, and what it and its parts are about', () => {
    const topic = (label: string, id: number) => ({ label, node: id, score: 2, cosine: 0.4, evidence: [] });
    const told = {
      ...analysis,
      tokens: 1,
      tree: { ...analysis.tree, fallback: 'Read by its indentation.' },
      truncated: { at: 50, reason: 'Only the beginning was read.' },
      topics: [topic('storage', 0), topic('parsing', 0)],
      sectionTopics: [topic('parsing', 1), topic('storage', 2), topic('storage', 5)],
    };
    const report = renderAnalysis('cache.js', text, told, undefined, { color: false, width: 80, top: 5 });
    expect(report.split('\n').slice(1, 6)).toEqual([
      expect.stringMatching(/^javascript, 1 line, 1 token; 0\.0 s on cpu/),
      'Read by its indentation.',
      'Only the beginning was read.',
      'Topics: storage, parsing',
      'Topics of parts: storage (2), parsing (1)',
    ]);
  });

  it.each([
    ['prose', ['section', 'function'], ['section']],
    ['prose', ['function', 'paragraph'], ['function']],
    ['prose', ['paragraph'], ['paragraph']],
    ['code', ['section', 'function'], ['section', 'function']],
    ['code', ['block'], ['block']],
  ] as const)('outlines %s that has %j by %j', (genre, kinds, shown) => {
    const source = kinds.map((kind) => `a ${kind}`).join('\n');
    const places = kinds.map((kind, i): TreeNode => {
      const start = source.indexOf(`a ${kind}`);
      return { ...nodes[1]!, id: i + 1, kind, start, end: start + kind.length + 2, name: `a ${kind}`, children: [] };
    });
    const file = { ...nodes[0]!, end: source.length, children: places.map((p) => p.id) };
    const tree = { ...analysis.tree, genre, nodes: [file, ...places] };
    const summary = { file: [], sections: [] };
    const options = { color: false, width: 80, top: 5 };
    const report = renderAnalysis('a', source, { ...analysis, tree, summary }, undefined, options);
    const outline = report.slice(report.indexOf('Outline\n')).split('\n').slice(1, -1);
    expect(outline.map((line) => line.split('─ ')[1])).toEqual(shown.map((kind) => `a ${kind}`));
  });

  it('has room for more places than a function can have arguments', () => {
    const many = 150_000;
    const classes = Array.from({ length: many }, (_, i) => ({ ...nodes[1]!, id: i + 1, parent: 0, children: [] }));
    const file = { ...nodes[0]!, children: classes.map(({ id }) => id) };
    const tree = { ...analysis.tree, nodes: [file, ...classes] };
    const report = renderAnalysis(
      'caches.js',
      text,
      { ...analysis, tree, summary: { file: [], sections: [] } },
      undefined,
      { color: false, width: 80, top: 5 },
    );
    expect(report.match(/─ Cache$/gm)).toHaveLength(many);
  });

  it('has no outline where nothing is to be outlined', () => {
    const tree = { ...analysis.tree, nodes: nodes.slice(0, 1).map((file) => ({ ...file, children: [] })) };
    const told = { ...analysis, tree, summary: { file: [], sections: [] } };
    expect(renderAnalysis('a', text, told, undefined, { color: false, width: 80, top: 5 })).not.toContain('Outline');
  });

  it('draws heat as bars and numbers, as long as the colour is strong', () => {
    const report = renderAnalysis('cache.js', text, analysis, heat, { color: false, width: 80, top: 5 });
    expect(report).toContain('     2  ██▌    0.45 │  └─ get  Value under a key.\n');
    expect(report).toContain('     5         0.00 └─ clear\n');
    expect(report).toContain('Hottest for “read a value”\n     2  █████  0.51 return this.map.get(key)\n');
  });

  it('shows the hottest places of a text as they read, and those of code without what closes something else', () => {
    const listed = (source: string, language: string, genre: 'code' | 'prose'): string | undefined => {
      const kind = genre === 'prose' ? 'sentence' : 'statement';
      const leaf = { ...nodes[3]!, id: 1, kind, start: 0, end: source.length, parent: 0 } as const;
      const tree = {
        ...base.tree,
        language,
        genre,
        nodes: [{ ...nodes[0]!, end: source.length, children: [1] }, leaf],
      };
      const found = { ...heat, meanCosines: Float32Array.of(0, 1), intensity: Float32Array.of(0, 1), ranking: [1] };
      const options = { color: false, width: 80, top: 1 };
      return renderAnalysis('a', source, { ...base, tree }, found, options)
        .split('\n')
        .at(-2)
        ?.split('1.00 ')[1];
    };
    expect(listed('- **Heat** of a [question](docs/heat.md)\n  in `code`.', 'markdown', 'prose')).toBe(
      'Heat of a question in code.',
    );
    expect(listed('// Reads *all* of it. Slowly.\nread();', 'javascript', 'code')).toBe('Reads all of it. Slowly.');
    expect(listed('return booking;\n}', 'php', 'code')).toBe('return booking;');
    expect(listed('a *= b[c](d)', 'javascript', 'code')).toBe('a *= b[c](d)');
    expect(listed('a =\u001b[31m 1', 'javascript', 'code')).toBe('a = 1');
  });

  it('shows as much of the brightest bars as there is heat, and in the colour of it', () => {
    const shown = (intensity: number): string =>
      renderAnalysis('cache.js', text, analysis, { ...heat, intensity: heat.intensity.map(() => intensity) }, { color: true, width: 80, top: 1 })
        .split('\n')
        .at(-2)!; // prettier-ignore
    const [dim, yellow, red] = ['\u001b[2m', '\u001b[33m', '\u001b[31m'];
    expect(shown(0)).toContain(`${dim}     \u001b`);
    expect(shown(0.25)).toContain(`${dim}█▎   \u001b`);
    expect(shown(0.5)).toContain(`${yellow}██▌  \u001b`);
    expect(shown(0.7)).toContain(`${red}███▌ \u001b`);
    expect(shown(7)).toContain(`${red}█████\u001b`);
  });

  it('does not say a heading twice, lists as many places as were asked for, and counts', () => {
    const sections = [{ node: 2, text: 'get', score: 1, range: { start: 0, end: 5 } }];
    const told = { ...analysis, tokens: 1200, summary: { file: [], sections }, timings: { parse: 400, encode: 3000, summarise: 100 } }; // prettier-ignore
    const options = { color: false, width: 80, top: 2 };
    const many = { ...heat, query: { range: { start: 0, end: 5 } }, ranking: [3, 2, 4] };
    const report = renderAnalysis('cache.js', text, told, many, options).split('\n');
    expect(report[1]).toBe('javascript, 1 line, 1200 tokens; 3.5 s on cpu (400 tokens/s)');
    expect(report.filter((line) => line.includes('get'))[0]).toMatch(/└─ get$/);
    expect(report.slice(report.indexOf('Hottest for the selection')).map((line) => line.trim().split(/ +/)[0])).toEqual(['Hottest', '2', '2', '']); // prettier-ignore
  });

  it('does nothing to a terminal, whatever stands in a file, its name or the names in it', () => {
    const evil = (words: string): string => `${words.slice(0, 2)}\u001b[31m${words.slice(2)}\n`;
    const tree = { ...analysis.tree, nodes: nodes.map((n) => (n.name ? { ...n, name: evil(n.name) } : n)) };
    const gist = (id: number, said: string) => ({ node: id, text: evil(said), score: 1, range: { start: 0, end: 5 } });
    const summary = { file: [gist(3, 'Keeps values.')], sections: [gist(2, 'Value under a key.')] };
    const options = { color: false, width: 80, top: 5 };
    const report = renderAnalysis(evil('cache.js'), text, { ...analysis, tree, summary }, heat, options);
    expect(report).not.toContain('\u001b');
    for (const line of ['cache.js', '     2  Keeps values.', '     1         0.20 ├─ Cache'])
      expect(report.split('\n').map((l) => l.trimEnd())).toContain(line);
    expect(report).toContain('get  Value under a key.\n');
  });

  it('shows what has no name by its first words, without the comment that describes it, and a gist only where there is room', () => {
    const source = '// Reads them.\nreadAll(values);\n';
    const start = source.indexOf('readAll');
    const description = { start: 0, end: start - 1 };
    const block = {
      ...nodes[1]!,
      id: 1,
      kind: 'block' as const,
      start: 0,
      end: source.length,
      children: [],
      description,
    };
    delete block.name;
    const tree = { ...analysis.tree, nodes: [{ ...nodes[0]!, end: source.length, children: [1] }, block] };
    const options = { color: false, width: 80, top: 1 };
    const found = { ...heat, meanCosines: Float32Array.of(0, 1), intensity: Float32Array.of(0, 1), ranking: [1] };
    const told = { ...analysis, tree, summary: { file: [], sections: [] } };
    const report = renderAnalysis('a', source, told, found, options).split('\n');
    expect(report.filter((line) => line.includes('└─')).map((line) => line.split('─ ')[1])).toEqual([
      'readAll(values);',
    ]);
    expect(report.at(-2)).toMatch(/1\.00 readAll\(values\);$/);
    const outline = (width: number): string =>
      renderAnalysis('a', text, analysis, undefined, { ...options, width })
        .split('\n')
        .find((line) => line.includes('get'))!;
    // Line number and branch take 14 characters, the name 5.
    expect(outline(14 + 5 + 24)).toBe('     2  │  └─ get  Value under a key.');
    expect(outline(14 + 5 + 23)).toBe('     2  │  └─ get');
  });

  it('says so where nothing answers the question', () => {
    const unanswered = { ...heat, answered: 0.1 };
    const report = renderAnalysis('cache.js', text, analysis, unanswered, { color: false, width: 80, top: 5 });
    expect(report).toContain('Hottest for “read a value”\nNothing here seems to answer this question');
  });

  it.each([40, 60, 100])('keeps every line within %d characters', (width) => {
    const topic = (label: string) => ({ label, node: 0, score: 2, cosine: 0.4, evidence: [] });
    const topics = ['storage of values', 'parsing of languages', 'data that is old'].map(topic);
    const asked = { ...heat, query: { text: `how to read a value\nof a key ${'or more '.repeat(30)}` } };
    const name = 'a/rather/long/directory/with/a/long/file/name/cache.js';
    const told = { ...analysis, topics, sectionTopics: [...topics, ...topics] };
    const report = renderAnalysis(name, text, told, asked, { color: false, width, top: 5 });
    expect(report).toContain('data that');
    expect(report).toMatch(/^Hottest for “how to read a value of/m);
    for (const line of report.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
  });

  it('says the same with colours as without', () => {
    const plain = renderAnalysis('cache.js', text, analysis, heat, { color: false, width: 80, top: 5 });
    const colored = renderAnalysis('cache.js', text, analysis, heat, { color: true, width: 80, top: 5 });
    expect(colored).not.toBe(plain);
    const stripped = colored.replace(/\u001b\[\d+m/g, '');
    const trimmed = (s: string): string => s.replace(/ +$/gm, '');
    expect(trimmed(stripped)).toBe(trimmed(plain));
  });
});
