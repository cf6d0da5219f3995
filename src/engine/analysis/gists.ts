/**
 * One line for each class, function and section: its own description where it has one, else the sentence that a section opens with, else the
 * statement that is attended to most.
 */
import { type DocumentTree, type Gist, OUTLINE_KINDS, type TextRange, type TreeNode } from '../../protocol/document.js';
import { excerpt } from '../../protocol/excerpt.js';
import { trim } from '../hierarchy/draft.js';
import { isBoilerplate } from './boilerplate.js';
import { cleanDescription, GIST_CHARS, isCommented, isDeprecation, isNotice, isReminder, isTitle } from './comments.js';
import { fieldsOf } from './fields.js';
import { headingsOf, inParagraph, isTold, leavesBelow } from './leaves.js';
import type { LevelIndex } from './levels.js';
import { reading } from './reading.js';
import { contentWords } from './speech.js';

/** Words of content in a turn that tells something. */
const TOLD = 6;

/** A document, and what is found out about it once for all of its gists. */
interface Scene {
  index: LevelIndex;
  text: string;
  /** Inflow of each piece. */
  flow: Float64Array;
  headings: ReadonlySet<number>;
  /** Leaves whose words another leaf says too. */
  repeated: ReadonlySet<number>;
  /** What the documentation of a program says of its functions, by their names. */
  documented: ReadonlyMap<string, string>;
}

/** One gist for each class, function and section, in document order. `flow` is the inflow of each piece. */
export function sectionGists(index: LevelIndex, text: string, flow: Float64Array): Gist[] {
  const { tree } = index.document;
  const [headings, repeated, documented] = [headingsOf(tree), repeatedLeaves(tree, text), documentedIn(tree, text)];
  const scene: Scene = { index, text, flow, headings, repeated, documented };
  const gists: Gist[] = [];
  for (const node of tree.nodes) {
    if (!OUTLINE_KINDS.includes(node.kind)) continue;
    const described = node.description && describe(scene, node.description);
    if (described) {
      gists.push({ node: node.id, text: described, range: node.description!, score: nodeFlow(index, flow, node.id) });
      continue;
    }
    const hasMembers = node.kind === 'class' || TEST_GROUP.test(node.name ?? '');
    const elsewhere = hasMembers ? membersOf(scene, node) : documentedFor(scene, node);
    if (elsewhere) {
      // What was too long to be read has no leaves.
      const { start, end } = headOf(leavesBelow(index, node), text, tree.language) ?? node;
      gists.push({ node: node.id, text: elsewhere, range: { start, end }, score: nodeFlow(index, flow, node.id) });
      continue;
    }
    const best = opening(scene, node) ?? mostAttended(scene, node);
    if (best) {
      const range = withoutTitle(text, best, node);
      const raw = text.slice(range.start, range.end);
      const said = excerpt(reading(tree, best.kind, raw).text || raw, GIST_CHARS);
      gists.push({ node: node.id, text: said, range, score: nodeFlow(index, flow, best.id) });
    }
  }
  return gists;
}

/** `open`, `$store->open($path)`, `Store::open()`. */
const CALLED = /^(?:.*(?:->|::))?(\w+)\s*(?:\(.*)?$/;

/** First sentences of what stands under the name of a function in the documentation of a program, which may be far from its code. */
function documentedIn(tree: DocumentTree, text: string): Map<string, string> {
  const documented = new Map<string, string>();
  if (tree.genre !== 'code' || !isTold(tree)) return documented;
  for (const { kind, name, children } of tree.nodes) {
    const called = kind === 'section' || kind === 'block' ? CALLED.exec(name ?? '')?.[1] : undefined;
    const paragraph = called && children.map((c) => tree.nodes[c]!).find((c) => c.kind === 'paragraph');
    const said = paragraph && saying(text.slice(paragraph.start, paragraph.end), tree.language);
    if (said && !documented.has(called)) documented.set(called, said);
  }
  return documented;
}

function documentedFor({ documented }: Scene, { kind, name }: TreeNode): string | undefined {
  return kind === 'function' ? documented.get(name?.split('::').at(-1) ?? '') : undefined;
}

/** How a group of tests is called, and a test in it, which has a title, cut short where it is long. */
const TEST_GROUP =
  /^(?:\w+\.)?(?:describe|context|suite|feature)(?:\.(?:only|skip|each|concurrent|sequential|serial|parallel))*\s/;
const TITLED = /^[\w.]+ (["'`])(.+?)\.?(?:\1|(?<=…))$/s;

/** Names of a class's members that fit into a gist. */
const MEMBER_CHARS = 90;

/**
 * What a class or a group of tests without a description consists of: the names of its members, those that the rest looks at most where they are many,
 * in the order in which they stand; of one that has hardly any, what its only member says of itself, or the names of its fields.
 * Undefined where there is none of these.
 */
function membersOf(scene: Scene, node: TreeNode): string | undefined {
  const { index, flow } = scene;
  const { nodes } = index.document.tree;
  const names = new Map<string, number>();
  let only: TreeNode | undefined;
  const visit = (id: number): void => {
    for (const child of nodes[id]!.children.map((c) => nodes[c]!)) {
      if (child.kind !== 'class' && child.kind !== 'function') visit(child.id);
      else if (child.name && !isCustomary(child.name, node.name)) {
        const name = memberName(child.name, node);
        if (!name) continue;
        only ??= child;
        names.set(name, Math.max(names.get(name) ?? 0, nodeFlow(index, flow, child.id)));
      }
    }
  };
  visit(node.id);
  // Whatever stands in a group beside its tests is no field of it.
  if (names.size < 2 && node.kind === 'class') {
    const said = only?.description && describe(scene, only.description);
    if (said) return excerpt(`${only!.name!}: ${said}`, GIST_CHARS);
    names.clear();
    for (const [name, field] of fieldsOf(index.document.tree, scene.text, node))
      if (!isCustomary(name, node.name)) names.set(name, nodeFlow(index, flow, field.id));
    if (names.size < 2) return undefined;
  }
  if (names.size === 0) return undefined;
  const shown = new Set<string>();
  let left = MEMBER_CHARS;
  for (const [name] of [...names].sort((a, b) => b[1] - a[1])) {
    if (name.length + 2 > left && shown.size > 0) break;
    shown.add(name);
    left -= name.length + 2;
  }
  const listed = [...names.keys()].filter((name) => shown.has(name)).join(', ');
  const more = names.size - shown.size;
  return more > 0 ? `${listed} and ${more} more` : listed;
}

/** A member without what it belongs to; of a group only what it tests, by its title. */
function memberName(name: string, { kind }: TreeNode): string | undefined {
  if (kind === 'class') return name.split(/\.|::/).at(-1)!;
  return TITLED.exec(name)?.[2] ?? (TEST_GROUP.test(name) ? name.replace(TEST_GROUP, '') : undefined);
}

/** What every class may have, whatever it is for. */
function isCustomary(name: string, className: string | undefined): boolean {
  return /^(constructor|companion object|__init__|initialize|init|~.*|operator\W.*)$/.test(name) || name === className;
}

/** The first leaf of a definition that is no comment; the first of all where there is none. */
function headOf(leaves: readonly TreeNode[], text: string, language: string): TreeNode | undefined {
  return leaves.find((l) => !isCommented(text.slice(l.start, l.end), language)) ?? leaves[0];
}

/** What a description says; undefined where it says nothing to a reader. */
function describe({ index, text }: Scene, range: TextRange): string | undefined {
  const said = saying(text.slice(range.start, range.end), index.document.tree.language);
  return said !== undefined && !isNotice(said) ? said : undefined;
}

/** What a comment says; undefined where that is nothing, something for other readers or a title over several definitions. */
function saying(raw: string, language: string): string | undefined {
  const said = cleanDescription(raw, language);
  return /\p{L}{2}/u.test(said) && !isReminder(raw) && !isTitle(said) ? said : undefined;
}

/** Whether a comment inside a definition may speak for it; that one member is deprecated is no word on the others. */
function tellsOfWhole(raw: string, language: string): boolean {
  const said = saying(raw, language);
  return said !== undefined && !isDeprecation(said);
}

/** A leaf, without the comment in it that describes nothing. */
function withoutTitle(text: string, leaf: TreeNode, { description }: TreeNode): TextRange {
  const rest =
    description && leaf.start <= description.start && description.end < leaf.end
      ? trim(text, description.end, leaf.end)
      : undefined;
  return rest ?? { start: leaf.start, end: leaf.end };
}

/** What stands below the head of a Markdown table. */
const RULE = /^\s*\|?[\s|:-]+$/;

/**
 * The first sentence of a section of prose before its first subsection, else the first thing said there, else the first sentence further down: authors
 * begin with what a section is about (docs/experiments.md, 57). What the document says several times, word for word, tells nothing about one section.
 */
function opening(scene: Scene, node: TreeNode): TreeNode | undefined {
  const { index, text, headings, repeated } = scene;
  const { tree } = index.document;
  if (node.kind !== 'section' || tree.genre === 'transcript') return undefined;
  const told = leavesBelow(index, node).filter(
    (l) => !headings.has(l.id) && !repeated.has(l.id) && speaks(l, text) && isWhole(text.slice(l.start, l.end)),
  );
  const inWords = told.filter((l) => inParagraph(tree, l));
  const isSentence = (l: TreeNode): boolean => /[.!]\W*$/.test(text.slice(l.start, l.end));
  const isDirect = (l: TreeNode): boolean => sectionOf(tree, l) === node.id;
  const direct = inWords.find((l) => isDirect(l) && isSentence(l)) ?? inWords.find(isDirect);
  // A section that consists of examples or settings is told by these.
  return direct ?? (told.some(isDirect) ? undefined : inWords.find(isSentence));
}

function speaks(leaf: TreeNode, text: string): boolean {
  return !leaf.trivial && !isBoilerplate(text.slice(leaf.start, leaf.end));
}

/**
 * The leaf below `node` that the rest looks at most, among those that say most: comments, then calls, then whatever has words;
 * its header line and boilerplate only when there is nothing else.
 */
function mostAttended(scene: Scene, node: TreeNode): TreeNode | undefined {
  const { index, text, flow, headings, repeated } = scene;
  const leaves = leavesBelow(index, node);
  const raw = (leaf: TreeNode): string => text.slice(leaf.start, leaf.end);
  const code = node.kind !== 'section';
  const { tree } = index.document;
  const { genre, language } = tree;
  const isComment = (leaf: TreeNode): boolean => code && isCommented(raw(leaf), language);
  // Of a leaf that begins with a comment nothing else is quoted.
  const speaking = leaves.filter((l) => speaks(l, text) && (!isComment(l) || tellsOfWhole(raw(l), language)));
  const isSound = (leaf: TreeNode): boolean =>
    isWhole(raw(leaf)) && (!code || isComment(leaf) || isBalanced(raw(leaf)));
  // The first leaf of a function that is no comment is its signature, of a section its heading: the name is shown already.
  const head = (code ? headOf(leaves, text, language) : leaves[0])!;
  const body = speaking.filter((l) => l.start > head.start && !headings.has(l.id) && isSound(l));
  const isRow = (l: TreeNode): boolean => !l.trivial && l.start > head.start && !headings.has(l.id);
  const isFresh = (l: TreeNode): boolean => !repeated.has(l.id);
  const byTelling = (some: TreeNode[]): TreeNode[][] => [
    some.filter(isComment),
    some.filter((l) => /\w{3,}\s*\(/.test(raw(l))),
    some,
  ];
  const telling = code
    ? // What is said in several functions, such as what each test makes ready, tells of none of them.
      [...byTelling(body.filter(isFresh)), ...byTelling(body)]
    : genre === 'transcript'
      ? // Assent and a word thrown in say nothing about what was talked of.
        [body.filter((l) => contentWords(raw(l)) >= TOLD)]
      : // What a section says before its first subsection is about the section as a whole.
        [body.filter((l) => isFresh(l) && sectionOf(tree, l) === node.id)];
  const tiers = [
    ...telling,
    body,
    // Of a section that consists of a table, a row below its head.
    ...(code ? [] : [leaves.filter((l, i) => isRow(l) && !(leaves[i + 1] && RULE.test(raw(leaves[i + 1]!))))]),
    speaking,
    leaves,
  ];
  const candidates = tiers.find((tier) => tier.length > 0) ?? [];
  let best: TreeNode | undefined;
  let bestFlow = -1;
  for (const leaf of candidates) {
    const value = nodeFlow(index, flow, leaf.id);
    if (value > bestFlow) {
      best = leaf;
      bestFlow = value;
    }
  }
  return best;
}

/** What ends a statement, or what it stands in. */
const ENDS = /(?<![\s)\]};,])[\s)\]};,]+$/;

function repeatedLeaves({ nodes }: DocumentTree, text: string): Set<number> {
  const bySaying = new Map<string, number[]>();
  for (const { id, start, end, children } of nodes) {
    if (children.length > 0) continue;
    const saying = text.slice(start, end).replace(ENDS, '').trim();
    const ids = bySaying.get(saying);
    if (ids) ids.push(id);
    else bySaying.set(saying, [id]);
  }
  return new Set([...bySaying.values()].filter((ids) => ids.length > 1).flat());
}

/** The innermost section around a node; the file where there is none. */
function sectionOf({ nodes }: DocumentTree, node: TreeNode): number {
  let at = nodes[node.parent]!;
  while (at.parent >= 0 && at.kind !== 'section') at = nodes[at.parent]!;
  return at.id;
}

/** A statement of some words; not the end of a block or one argument of a call. */
function isWhole(raw: string): boolean {
  const words = raw.match(/\p{L}{2,}/gu)?.length ?? 0;
  return words >= 2 && !/^\s*([})\]]|else\b|case\b|default\b)|,\s*$/.test(raw);
}

/** No piece of a longer call or type: brackets are closed, and none that was not opened. A block's brace may stay open. */
export function isBalanced(raw: string): boolean {
  let depth = 0;
  for (const [bracket] of raw.matchAll(/[()[\]]/g)) {
    depth += bracket === '(' || bracket === '[' ? 1 : -1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

/** Mean inflow over a node's tokens. */
function nodeFlow(index: LevelIndex, flow: Float64Array, id: number): number {
  return index.mean(flow, index.piecesOfNode(id));
}
