import { describe, expect, it } from 'vitest';
import { textOfHtml } from '../../../src/engine/hierarchy/prose/html.js';
import { outline, parse, samples } from './invariants.js';

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

describe('the text of HTML', () => {
  it.each([
    ['<p>Read <code>is_<wbr>old</code> first.</p>', 'Read is_old first.'],
    ['a &lt; b &amp;&amp; c&nbsp;&#8217; &unknown; &constructor;', 'a < b && c ’ &unknown; &constructor;'],
    ['(<span class="a">new</span>) <!-- gone -->here<br>there', '(new) here there'],
    ['if a < b and c > d', 'if a < b and c > d'],
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
