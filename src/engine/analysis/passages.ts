/** What a summary may quote: sentences of prose, sentences of what somebody said, and of code what it says in words. */
import { type DocumentTree, hasStatements, type TreeNode } from '../../protocol/document.js';
import { isBoilerplate } from './boilerplate.js';
import { isDeprecation, isFragment, isNotice, isReminder, namesLicence } from './comments.js';
import { definitionsOf, entriesOf, insideFunction } from './defined.js';
import { headingsOf, headOfTable, inParagraph, isTold, leavesBelow, speakingLeaves } from './leaves.js';
import type { LevelIndex } from './levels.js';
import type { Passage } from './passage.js';
import { countWords, passage } from './passage.js';
import { reading } from './reading.js';
import { spoken } from './spoken.js';

/** With fewer descriptions than this, and than one for so many leaves, comments on single steps speak for code too; with fewer of both, its statements. */
const ENOUGH_WORDS = 3;
const LEAVES_OF_DESCRIPTION = 100;
const LEAST_WORDS = 5;
/** A text of which longer passages have fewer words together is quoted with its short ones. */
const FEW_WORDS = 40;

/** So many of the sentences of a text name a licence that it is about that. */
const OF_LICENCES = 0.3;

/** A row of links, as stands below many titles; a sentence may hold alternatives. */
const LINKS = /(?:(?:[|·•]|\s\/\s)[^|·•/]+){2}/;
const SENTENCE_END = /[.!?][^\p{L}\d]*$/u;

/** The passages of a document, in reading order. Short ones only where the others say next to nothing (settings, a list, a note). */
export function passages(index: LevelIndex, text: string, flow: Float64Array): Passage[] {
  const found = withLeastWords(index, text, flow, LEAST_WORDS);
  return saysEnough(found, index.document.tree) ? found : withLeastWords(index, text, flow, 1);
}

/** People who say little in short turns mean "yes"; the definitions of a file are all that there is to quote. */
function saysEnough(found: readonly Passage[], { genre }: DocumentTree): boolean {
  if (genre === 'transcript' || found.some(({ node }) => node.children.length > 0)) return found.length > 0;
  return found.reduce((sum, { words }) => sum + words, 0) >= FEW_WORDS;
}

function withLeastWords(index: LevelIndex, text: string, flow: Float64Array, leastWords: number): Passage[] {
  const { tree } = index.document;
  if (tree.genre === 'transcript') return spoken(index, text, flow, leastWords);
  return written(index, text, flow, leastWords);
}

function written(index: LevelIndex, text: string, flow: Float64Array, leastWords: number): Passage[] {
  const { tree } = index.document;
  const code = hasStatements(tree.genre) && !isTold(tree);
  const described = code ? describedLeaves(index) : new Map<number, TreeNode>();
  const headings = headingsOf(tree);
  // Beside sentences of prose, examples and settings are not quoted.
  const quotable = !code && tree.nodes.some((n) => inParagraph(tree, n)) ? inParagraph : (): boolean => true;
  const head = headOfTable(tree);
  const ofLicences = !code && isOfLicences(tree, text);
  const found: Passage[] = [];
  const taken = new Set<number>();
  for (const leaf of tree.nodes) {
    if (leaf.children.length > 0 || leaf.trivial || headings.has(leaf.id) || !quotable(tree, leaf)) continue;
    const pieces = index.piecesOfNode(leaf.id);
    if (pieces[0] === pieces[1]) continue;
    const owner = described.get(leaf.id);
    if (owner && taken.has(owner.id)) continue;
    const range = owner?.description ?? { start: leaf.start, end: leaf.end };
    const raw = text.slice(range.start, range.end);
    const { text: said, worded } = reading(tree, leaf.kind, raw, owner !== undefined);
    if (
      // A header may name a licence after it has said what the file is.
      (code && worded ? isNotice(said) : isBoilerplate(raw, ofLicences)) ||
      (!code && LINKS.test(said) && !SENTENCE_END.test(said) && inParagraph(tree, leaf)) ||
      (code && (isReminder(raw) || isFragment(said))) ||
      (countWords(said) < leastWords && !owner && leaf !== head) ||
      !(leaf === head ? /\p{L}/u : /\p{L}{3}/u).test(said)
    )
      continue;
    if (owner) taken.add(owner.id);
    found.push(passage(index, flow, owner ?? leaf, range, said, pieces, worded));
  }
  return code ? mostTelling(index, text, flow, found) : found;
}

/** Whether a text is a licence, or about licences. */
function isOfLicences(tree: DocumentTree, text: string): boolean {
  const leaves = speakingLeaves(tree);
  return leaves.filter((n) => namesLicence(text.slice(n.start, n.end))).length > OF_LICENCES * leaves.length;
}

/** Of code what is said in words, if enough is; else what it defines, of data its entries; else all. */
function mostTelling(index: LevelIndex, text: string, flow: Float64Array, found: Passage[]): Passage[] {
  const { tree } = index.document;
  const inWords = found.filter((c) => c.worded);
  // Of data, comments tell about single entries, and the entries what there is.
  const entries = tree.genre === 'data' ? entriesOf(index, text, flow) : [];
  if (entries.length >= ENOUGH_WORDS) {
    const listed = new Set(entries.map(({ node }) => node));
    return [...inWords.filter(({ node }) => !listed.has(node)), ...entries];
  }
  // A comment inside a function that describes no node speaks of a step, not of the file.
  const descriptions = inWords.filter(({ node }) => node.children.length > 0 || !insideFunction(tree, node));
  if (descriptions.length >= Math.max(ENOUGH_WORDS, found.length / LEAVES_OF_DESCRIPTION)) return descriptions;
  if (inWords.length >= ENOUGH_WORDS) return inWords;
  // Where nothing is said in words, what a file defines tells more than any one of its statements.
  // The cells of a notebook define nothing.
  const definitions = tree.language === 'jupyter' ? [] : definitionsOf(index, text, flow);
  return definitions.length >= ENOUGH_WORDS ? eachOnce(inWords, definitions) : found;
}

/** What is described, and the other definitions. What to use instead of something does not say what it is: its header does. */
function eachOnce(inWords: readonly Passage[], definitions: readonly Passage[]): Passage[] {
  const defined = new Set(definitions.map(({ node }) => node));
  const described = inWords.filter((c) => !(isDeprecation(c.text) && defined.has(c.node)));
  const told = new Set(described.map(({ node }) => node));
  return [...described, ...definitions.filter(({ node }) => !told.has(node))];
}

/** Leaf of a docstring or leading comment → what it describes; a step inside a function is not described for the file. */
function describedLeaves(index: LevelIndex): Map<number, TreeNode> {
  const described = new Map<number, TreeNode>();
  for (const node of index.document.tree.nodes) {
    if (!node.description || node.children.length === 0) continue;
    if (node.kind === 'block' && insideFunction(index.document.tree, node)) continue;
    const { start, end } = node.description;
    for (const leaf of leavesBelow(index, node)) if (leaf.start < end && leaf.end > start) described.set(leaf.id, node);
  }
  return described;
}
