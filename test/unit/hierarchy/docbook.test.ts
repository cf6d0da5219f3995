import { describe, expect, it } from 'vitest';
import { textOfDocbook } from '../../../src/engine/hierarchy/prose/docbook.js';
import { outline, parse, problems } from './invariants.js';

const MANUAL = `<?xml version="1.0"?>
<!DOCTYPE chapter PUBLIC "-//OASIS//DTD DocBook XML V4.5//EN" "docbookx.dtd" [ <!ENTITY more SYSTEM "more.xml"> ]>
<!-- <title>Hidden</title> -->
<chapter id="lamps">
  <chapterinfo>
    <author><surname>Doe</surname></author>
    <title>Lamps &amp; <literal>bulbs</literal></title>
    <abstract><para>What gives light.</para></abstract>
  </chapterinfo>
  <para>A lamp is <emphasis>lit</emphasis> with <command>lamp -s</command>. It needs power,
    as <xref linkend="power"/> says:
    <itemizedlist>
      <listitem><para>from a wall, e.g. here;</para></listitem>
      <listitem><para>from a <quote>cell</quote>.</para></listitem>
    </itemizedlist>
  </para>
  &more;
  <sect1><title>Power</title>
    <indexterm><primary>power</primary></indexterm>
    <para>It comes from elsewhere.</para>
    <figure><title>A wall</title><mediaobject><textobject><phrase>wall</phrase></textobject></mediaobject></figure>
    <programlisting><![CDATA[
lamp -s 2
lamp -a > log
]]></programlisting>
  </sect1>
  <refentry>
    <refmeta><refentrytitle>lamp</refentrytitle><manvolnum>1</manvolnum></refmeta>
    <refnamediv><refname>lamp</refname><refpurpose>draws lamps.</refpurpose></refnamediv>
    <refsect1><title>Options</title><para>There are none.</para></refsect1>
  </refentry>
</chapter>
`;

const read = async (text: string): Promise<string[]> => {
  const { nodes } = await parse(text, 'a.xml');
  return nodes
    .filter((n) => n.children.length === 0 && !n.silent)
    .map((n) => textOfDocbook(text.slice(n.start, n.end)));
};

describe('manuals in DocBook', () => {
  it('have sections with their titles, wherever these stand, and nothing that is not read', async () => {
    const tree = await parse(MANUAL, 'a.xml');
    expect(problems(tree, MANUAL)).toEqual([]);
    expect(tree).toMatchObject({ language: 'docbook', genre: 'prose' });
    const sections = outline(tree)
      .split('\n')
      .filter((line) => /section/.test(line))
      .map((line) => line.replace(/ \d+–.*/, ''));
    expect(sections).toEqual([
      '  section Lamps & bulbs',
      '    section Power',
      '    section lamp',
      '      section Options',
    ]);
  });

  it('are read sentence by sentence and, where lines are shown as they are, line by line', async () => {
    expect(await read(MANUAL)).toEqual([
      'Lamps & bulbs', 'What gives light.', 'A lamp is lit with lamp -s.', 'It needs power, as power says:',
      'from a wall, e.g. here;', 'from a cell.', 'Power', 'It comes from elsewhere.', 'A wall', 'lamp -s 2', 'lamp -a > log',
      'lamp', 'draws lamps.', 'Options', 'There are none.',
    ]); // prettier-ignore
  });

  it('are read so in DITA', async () => {
    const text =
      '<task id="a"><title>Light a lamp</title><taskbody><steps><step><cmd>Press the button on its side.</cmd></step><step><cmd>Wait until it is lit.</cmd></step></steps></taskbody></task>';
    expect(await read(text)).toEqual(['Light a lamp', 'Press the button on its side.', 'Wait until it is lit.']);
  });

  it('have the rows of their tables as one each, cell beside cell', async () => {
    const cell = (said: string): string => `<entry align="left"><para>${said}</para></entry>`;
    const text = `<section><title>T</title><para>Here they are.</para><table><tgroup cols="2"><tbody>
      <row>${cell('large')}
        ${cell('12 <emphasis>cm</emphasis>')}</row>
      <row><entry>small</entry><entry/></row></tbody></tgroup></table><para>That is all.</para></section>`;
    expect(await read(text)).toEqual(['T', 'Here they are.', 'large · 12 cm', 'small', 'That is all.']);
  });

  it('may be half written, or nested without end', async () => {
    const half = MANUAL.slice(0, MANUAL.indexOf('lamp -s 2')).replace('</listitem>', '');
    expect(await read(half)).toContain('It comes from elsewhere.');
    const deep = '<section><title>T</title><para>Words are here. And here.</para>'.repeat(8000);
    expect(problems(await parse(deep, 'a.xml'), deep)).toEqual([]);
  });

  it.each([
    [
      'settings',
      '<?xml version="1.0"?>\n<settings><title>Lamps.</title><para>One. Two.</para><para>Three.</para></settings>\n',
    ],
    ['a section without words', '<section><item key="a" value="1"/><item key="b" value="2"/></section>\n'],
    ['what is only called like one', '<part><number>7</number><name>lamp</name><price>3.00</price></part>\n'],
  ])('are not %s', async (_, text) => {
    expect((await parse(text, 'a.xml')).genre).toBe('data');
  });
});
