import { describe, expect, it } from 'vitest';
import { textOfHtml } from '../../../src/engine/hierarchy/prose/html.js';
import { outline, parse, problems, samples } from './invariants.js';

const page = samples.find((s) => s.name === 'guide.html')!.text;

describe('a page of HTML', () => {
  it('is read by its headings and sentences, without tags and scripts', async () => {
    const tree = await parse(page, 'guide.html');
    expect(tree).toMatchObject({ language: 'html', genre: 'prose' });
    const said = tree.nodes
      .filter((n) => n.children.length === 0 && !n.silent)
      .map((n) => textOfHtml(page.slice(n.start, n.end)));
    expect(said).toEqual([
      'The store',
      'Values grow_old here & there.',
      'Nobody reads them after a day.',
      'Use',
      'Open it with one call.',
      'It needs a folder.',
      'It needs no server.',
      'open("store")',
      'read("key")',
      'Key Meaning',
      'age Seconds until it ends.',
      'Limits',
      'One process writes.',
      'Many read.',
    ]);
    expect(tree.nodes.filter((n) => n.kind === 'section').map((n) => n.name)).toEqual(['The store', 'Use', 'Limits']);
  });

  it('is read without permanent links and without the links to the pages around it', async () => {
    const links =
      '<p>Next: <a href="b.html" rel="next">Reading</a>, Previous: <a href="c.html" rel="prev">Opening</a> &nbsp; [<a href="i.html">Index</a>]</p>\n';
    const text = page.replace('<h1', `${links}<h1`).replace('</h1>', '<a class="headerlink" href="#store">¶</a></h1>');
    const tree = await parse(text, 'guide.html');
    expect(tree.nodes.find((n) => n.kind === 'section')?.name).toBe('The store');
    expect(
      tree.nodes.filter((n) => text.slice(n.start, n.end).includes('Previous:')).every((n) => n.id === 0 || n.silent),
    ).toBe(true);
    expect(textOfHtml('<dt>open(path)<a href="#open">¶</a></dt> <b>Opens.</b>')).toBe('open(path) Opens.');
  });

  it.each(['#', '§', '&para;'])('calls sections by their titles without the links %s to them', async (link) => {
    const text = page.replace('</h1>', ` <a class="mark" href="#store" id="store">${link}</a></h1>`);
    expect((await parse(text, 'guide.html')).nodes.find((n) => n.kind === 'section')?.name).toBe('The store');
  });

  it('is read in Chinese, whose sentences end with stops of their own', async () => {
    const text = `<body>${'<p>灯塔站在海边。它每晚都会亮起。</p>\n'.repeat(5)}</body>\n`;
    const tree = await parse(text, 'guide.html');
    expect(tree.genre).toBe('prose');
    expect(tree.nodes.filter((n) => n.kind === 'sentence' && !n.silent)).toHaveLength(10);
  });

  it('is a program where its scripts are longer than its words', async () => {
    const script = Array.from(
      { length: 20 },
      (_, i) => `function step${i}() {\n  run(${i});\n  stop(${i});\n  wait();\n}\n`,
    ).join('');
    const tree = await parse(page.replace('send(page);', script), 'guide.html');
    expect(tree.genre).toBe('code');
    expect(outline(tree)).toContain('function step19');
  });
});

describe('a short page', () => {
  const short = `<!DOCTYPE html>
<html><head><title>Guide</title><style>body{color:red}</style><script>var x = 1; function go(){ return x; }</script></head>
<body><h1>Guide to the garden</h1><p>Water the tomatoes in the morning.</p>
<h2>Tools</h2><ul><li>A spade for digging deep holes.</li><li>A rake &amp; a broom for the leaves.</li></ul></body></html>`;

  it('is read by its headings, without styles and scripts', async () => {
    const tree = await parse(short, 'guide.html');
    expect(tree.genre).toBe('prose');
    expect(tree.nodes.filter((n) => n.kind === 'section').map((n) => n.name)).toEqual(['Guide to the garden', 'Tools']);
    const said = tree.nodes.filter((n) => n.children.length === 0 && !n.silent).map((n) => short.slice(n.start, n.end));
    expect(said.join(' ')).not.toMatch(/color|var x/);
  });

  it('is a program where it is a template', async () => {
    expect((await parse(short.replace('Water', '{{ verb }}'), 'guide.html')).genre).toBe('code');
  });
});

describe('sentences of a page', () => {
  it('end neither in an attribute nor in an entity, and keep the tags that close behind them', async () => {
    const paragraph =
      '<p>See <a href="x.html" title="The guide. It is long. Read it all.">the guide</a>. It says <b>all.</b> Nothing&nbsp;else&period; So <i>it</i> ends.</p>';
    const text = `<html><body><h1>A page</h1>${paragraph}<p>Another one is here.</p><p>And it ends.</p></body></html>`;
    const tree = await parse(text, 'a.html');
    const [block] = tree.nodes.filter((n) => n.kind === 'paragraph');
    const pieces = block!.children.map((id) => text.slice(tree.nodes[id]!.start, tree.nodes[id]!.end));
    expect(pieces.map(textOfHtml)).toEqual(['See the guide.', 'It says all.', 'Nothing else.', 'So it ends.']);
    expect(pieces[1]).toBe('It says <b>all.</b>');
  });
});

describe('the text of HTML', () => {
  it.each([
    ['<p>Read <code>is_<wbr>old</code> first.</p>', 'Read is_old first.'],
    ['1&#xa0;&para; &copy;&nbsp;2024 caf&eacute; &Omega;&sigmaf;&mdash;co&shy;op', '1 ¶ © 2024 café Ως—coop'],
    ['a &lt; b &amp;&amp; c&nbsp;&#8217; &unknown; &constructor;', 'a < b && c ’ &unknown; &constructor;'],
    ['(<span class="a">new</span>) <!-- gone -->here<br>there', '(new) here there'],
    ['if a < b and c > d', 'if a < b and c > d'],
    ['<a title="a > b" rel=\'>\'>one</a> <img alt="half>two', 'one two'],
    ['<!-- one --> a <!-- two, without an end', 'a <!-- two, without an end'],
    ['( a )  , <b', '(a), <b'],
  ])('%j', (raw, expected) => {
    expect(textOfHtml(raw)).toBe(expected);
  });

  it.each(['<a', '<!--', '</b'])('%s, however often it is opened, is shown where nothing closes', (open) => {
    const raw = open.repeat(150_000);
    expect(textOfHtml(raw)).toBe(raw);
  });

  it('has single blanks, however many there were', () => {
    expect(textOfHtml(`a${' '.repeat(300_000)}b`)).toBe('a b');
  });
});

it('a heading that is not closed yet ends where the next element begins', async () => {
  const text = `<h1>The <b>store</b>\n<p>Values grow old. They go.</p>\n${'<p>One is read. Two are not.</p>\n'.repeat(5)}<h2>Limits</h2>\n<p>One.</p>\n`;
  const tree = await parse(text, 'a.html');
  expect(problems(tree, text)).toEqual([]);
  expect(tree.nodes.filter((n) => n.kind === 'section').map((n) => n.name)).toEqual(['The store', 'Limits']);
  expect(tree.nodes.filter((n) => n.kind === 'paragraph')).toHaveLength(7);
});

it('a comment that is not closed yet hides nothing', async () => {
  const text = `<h1>Store</h1>\n<!-- kept -->\n${'<p>One is read. Two are not.</p>\n'.repeat(5)}<!-- to do\n<h2>Limits</h2>\n<p>One.</p>\n${'<!--\n'.repeat(8_000)}`;
  const tree = await parse(text, 'a.html');
  expect(problems(tree, text)).toEqual([]);
  expect(tree.nodes.filter((n) => n.kind === 'section').map((n) => n.name)).toEqual(['Store', 'Limits']);
});
