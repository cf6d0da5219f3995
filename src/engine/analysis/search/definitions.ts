/** The definitions that a question calls by their names: `BaseModel`, `how Store.get falls back`. */
import type { DocumentTree, TreeNode } from '../../../protocol/document.js';
import { insideFunction } from '../defined.js';

const IDENTIFIER = String.raw`[\p{L}_$][\p{L}\p{N}_$]*`;
const NAME = new RegExp(String.raw`${IDENTIFIER}(?:(?:\.|::|#)${IDENTIFIER})*`, 'gu');
const SEPARATOR = /\.|::|#/;
/** How no sentence writes a word: `readFile`, `HTTPServer`, `read_file`. */
const CODE = /[\p{Ll}\p{N}]\p{Lu}|\p{Lu}{2}\p{Ll}|[\p{L}\p{N}]_+[\p{L}\p{N}]/u;

interface Named {
  name: string;
  /** What it must be a member of, as in `Store.get`. */
  owner?: string;
  /** Whether only what is defined at the top can be meant: `session` is a subject more often than some class's member. */
  top: boolean;
}

/** What a definition on a line of its own begins with, in most languages; the name follows. */
const DEFINITION = new RegExp(
  String.raw`^[ \t]*(?:(?:export|default|declare|public|private|protected|internal|final|abstract|sealed|open|pub(?:\([^)\n]*\))?|unsafe|inline)\s+)*` +
    String.raw`(?:(?:type|struct|enum|union|trait|interface|class|record|const|constexpr|static|let|var|val|typealias|using|define|def|fn|func|function)\s+(?:mut\s+)?|#\s*define\s+)(${IDENTIFIER})`,
  'gmu',
);
/** `LIMIT = 10`, `session: Session = …`, and the alias at the end of a `typedef`. */
const ASSIGNMENT = new RegExp(String.raw`^(${IDENTIFIER})\s*(?::[^=\n]+)?=(?![=>])`, 'gmu');
const ALIAS = new RegExp(String.raw`^typedef\b[^;]*?(${IDENTIFIER})\s*;`, 'gmu');

interface Definition {
  node: TreeNode;
  /** Its name behind the names of what it is a member of, outermost first; without type parameters. */
  path: string[];
}

/** What a file of code defines for others, on one line or many; nothing of any other text. */
export function definitionsIn(tree: DocumentTree, text: string): Definition[] {
  if (tree.genre !== 'code') return [];
  return tree.nodes.flatMap((node): Definition[] => {
    const owners = ownersOf(node, tree.nodes);
    if (node.kind !== 'statement') {
      const names = namesOf(node);
      return names.length > 0 ? [{ node, path: [...owners, ...names] }] : [];
    }
    if (insideFunction(tree, node)) return [];
    // The head of a class is a statement inside of it.
    const names = namesIn(text.slice(node.start, node.end)).filter((name) => name !== owners.at(-1));
    return names.map((name) => ({ node, path: [...owners, name] }));
  });
}

/** The leaf that stands for a definition among statements: the first with its name, or of all, behind what describes it. */
export function headOf({ node, path }: Definition, { nodes }: DocumentTree, text: string): TreeNode {
  const { description, end } = node;
  const leaves: TreeNode[] = [];
  // What lies in a node follows it.
  for (let at = node.id; at < nodes.length && nodes[at]!.start < end; at++) {
    const leaf = nodes[at]!;
    const describes = description && leaf.start >= description.start && leaf.end <= description.end;
    if (leaf.children.length > 0 || leaf.trivial || describes) continue;
    if (text.slice(leaf.start, leaf.end).includes(path.at(-1)!)) return leaf;
    leaves.push(leaf);
  }
  return leaves[0] ?? node;
}

/** A test for definitions: whether the question names them. */
export function namedBy(question: string): (definition: Definition) => boolean {
  const alone = question.replace(/^[\s`'"]+|[\s`'"()?]+$/g, '');
  const named = [...question.matchAll(NAME)].flatMap(({ 0: found, index }): Named[] => {
    const parts = found.split(SEPARATOR);
    const name = parts.at(-1)!;
    const owner = parts.at(-2);
    if (owner !== undefined) return [{ name, owner, top: false }];
    const isCode = CODE.test(name);
    const isMarked = question[index - 1] === '`' || question[index + name.length] === '(';
    if (!isCode && !isMarked && found !== alone) return [];
    return [{ name, top: !isCode && !/^\p{Lu}/u.test(name) }];
  });
  return ({ path }) =>
    named.some(
      ({ name, owner, top }) =>
        path.at(-1) === name && (owner === undefined || path.includes(owner)) && (!top || path.length === 1),
    );
}

/** The names that a statement defines, by what it looks like. */
function namesIn(statement: string): string[] {
  return [DEFINITION, ASSIGNMENT, ALIAS].flatMap((form) => [...statement.matchAll(form)].map(([, name]) => name!));
}

/** The parts of the name of a function or class (`Window::close`). */
function namesOf({ kind, name }: TreeNode): string[] {
  if (name === undefined || (kind !== 'function' && kind !== 'class')) return [];
  return name.replace(/[<([].*$/s, '').split(SEPARATOR);
}

/** The names of what a node is a member of, outermost first. */
function ownersOf(node: TreeNode, nodes: readonly TreeNode[]): string[] {
  const owners: string[] = [];
  for (let at = nodes[node.parent]; at; at = nodes[at.parent]) owners.unshift(...namesOf(at));
  return owners;
}
