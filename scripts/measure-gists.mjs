/**
 * How well the line that is shown for a section tells what it is about: manuals in Texinfo, whose authors wrote such a line for each section
 * into their menus (`* Exit Status:: Exit status returned by grep.`), which the engine does not read.
 *   node scripts/measure-gists.mjs FILE.texi…
 * Results on standard output, for each manual and all together: the words that the shown line and the author's have in common (F1, recall), beside
 * those of a sentence of the section at random. Small words and those of the section's name do not count; a line with fewer than two others says nothing.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { mean } from './evaluate/data.mjs';
import { strata } from './evaluate/strata.mjs';
import { ROOT } from './lib/root.mjs';
import { setup } from './setup.mjs';

const LEAST_WORDS = 2;
/** Characters between the command that names a section and the one that begins it. */
const MOST_APART = 600;
const SMALL = new Set(
  'a an the of to in on for and or is are be by with from as at it its this that these those you can how what when your which if not use using'.split(
    ' ',
  ),
);

/** Name of a section → what the menus of a manual say of it. */
function menus(text) {
  const said = new Map();
  for (const [, menu] of text.matchAll(/^@(?:menu|detailmenu)\b([^]*?)^@end (?:menu|detailmenu)\b/gm))
    for (const [, name, other, line] of menu.matchAll(
      /^\* (?:([^:\n]+)::|[^:\n]+:\s*([^.,:\n]+)\.)[ \t]*(.*(?:\n[ \t]+\S.*)*)/gm,
    )) {
      const section = (name ?? other).trim();
      if (!said.has(section)) said.set(section, line);
    }
  return said;
}

/** Where each section's name stands before it. */
const places = (text) => [...text.matchAll(/^@node[ \t]+([^,\n]+?)[ \t]*(?:,.*)?$/gm)].map((m) => [m[1], m.index]);

/** The words that count, each as often as it stands there. */
function words(text, name) {
  const left = new Set(name.toLowerCase().match(/[a-z0-9]+/g));
  const plain = text.replace(/@[a-zA-Z]+/g, ' ').toLowerCase();
  const counts = new Map();
  for (const word of plain.match(/[a-z0-9]+/g) ?? [])
    if (!SMALL.has(word) && !left.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

function compare(line, wanted, name) {
  const [a, b] = [words(line, name), words(wanted, name)];
  const sum = (counts) => [...counts.values()].reduce((x, y) => x + y, 0);
  const common = [...a].reduce((n, [word, count]) => n + Math.min(count, b.get(word) ?? 0), 0);
  return { f1: common === 0 ? 0 : (2 * common) / (sum(a) + sum(b)), recall: common / (sum(b) || 1) };
}

/** A number from 0 up to `below`, the same for the same name each time. */
const drawn = (name, below) => [...name].reduce((hash, c) => (hash * 31 + c.codePointAt(0)) >>> 0, 7) % below;

function sectionsOf(file, { tree, summary }) {
  const text = readFileSync(file, 'utf8');
  const said = menus(text);
  const starts = tree.filter((n) => n.kind === 'section');
  const shown = new Map(summary.sections.map((gist) => [gist.node, gist.text]));
  return places(text).flatMap(([name, at]) => {
    const section = starts.find((n) => n.start >= at);
    const [wanted, called] = [said.get(name) ?? '', section?.name ?? name];
    if (
      words(wanted, called).size < LEAST_WORDS ||
      !section ||
      section.start - at > MOST_APART ||
      !shown.has(section.id)
    )
      return [];
    const sentences = tree.filter(
      (n) => n.children.length === 0 && !n.trivial && n.start > section.start && n.end <= section.end,
    );
    const some = sentences[drawn(name, sentences.length)] ?? section;
    return [
      {
        ours: compare(shown.get(section.id), wanted, called),
        random: compare(text.slice(some.start, some.end), wanted, called),
      },
    ];
  });
}

const figures = (rows, system) =>
  ['f1', 'recall'].map((metric) => mean(rows.map((row) => row[system][metric])).toFixed(3)).join(' | ');

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('usage: node scripts/measure-gists.mjs FILE.texi…');
  process.exit(2);
}
await setup({ parts: ['node', 'build'] });
const open = strata({ model: path.join(ROOT, 'models'), device: 'cpu' });
const all = [];
console.log('| manual | sections | F1 | recall | at random: F1 | recall |\n| --- | --- | --- | --- | --- | --- |');
const print = (name, rows) =>
  console.log(`| ${name} | ${rows.length} | ${figures(rows, 'ours')} | ${figures(rows, 'random')} |`);
for (const file of files) {
  const [analysis] = await open.analyze([file], { summaryWords: 100 });
  const rows = sectionsOf(file, analysis);
  all.push(...rows);
  print(path.basename(file), rows);
}
print('all', all);
