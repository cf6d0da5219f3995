/**
 * Source code → outline, by tree-sitter grammars. The outline has classes, functions, blocks and statements; a comment or
 * docstring is part of what it describes. Works on trees with errors: what cannot be understood stays a plain statement.
 */
import type { Node } from 'web-tree-sitter';
import type { TextRange } from '../../../protocol/document.js';
import type { DraftNode } from '../draft.js';
import { commented, extend, isOverlong, remark, statement } from '../draft.js';
import { BINDING, boundIn, isEntry, namingOf } from './bindings.js';
import { isSigned, isTypeOfNext, variablesAt } from './dart.js';
import { headerRow, withoutHead } from './heads.js';
import type { LanguageSpec } from './languages.js';
import { BODILESS, COMMENT } from './languages.js';
import { nameOf } from './names.js';
import type { Role } from './roles.js';
import { isMultiline, roleOf, rows, testIn } from './roles.js';
import { signatureIn } from './signatures.js';
import { withOwnComments } from './trailing.js';

/** What a function takes: a list of it is no list of statements, however many lines it has. */
const PARAMETERS = /param/;
/** What belongs to the head of a function, on whatever line it stands. */
const HEAD = /param|type|throws|constraint|modifier/;
/** Ruby: what a block takes, which belongs to what it is handed to. */
const BLOCK_PARAMETERS = 'block_parameters';
/** Deeper nesting than any human writes; below it everything is one statement. */
const MAX_DEPTH = 60;
/** A compound statement no larger than this reads as one statement. */
const SMALL_LINES = 3;
const SMALL_CHARS = 160;
/** Statements that only wrap a definition. */
const WRAPPER =
  /^(export|decorated|template|ambient|annotated|lexical|variable)_?(statement|definition|declaration)?$|^type_declaration$/;
/** Of these, which hold a definition as it would stand without them: what is assigned is no definition on one line. */
const EXPORT =
  /^(export|decorated|template|ambient|annotated)_?(statement|definition|declaration)?$|^(type_declaration|linkage_specification)$/;
/** A statement larger than this is opened even if it holds no statements (a table, a long literal). */
const LARGE_LINES = 20;
/** TOML: what stands in the brackets of a table's header. */
const HEADER_KEY = /^(bare|dotted|quoted)_key$/;
/** How far below a statement bodies and functions are looked for. */
const SEARCH_DEPTH = 14;
/** Characters before a node in which a comment above it ends. */
const NEAR = 300;
/** A function that covers this share of a statement *is* the statement (`const f = () => {…}`, `export class …`). */
const DOMINANT = 0.55;

/** What a library's functions are exported by, on a line of its own: its grammar does not see it. */
const LONE_MACRO = /^\s*[A-Z][A-Z0-9_]*(?:\([^()\n]*\))?\s*$/;

/** One walk over one syntax tree. */
export class CodeOutline {
  constructor(
    private readonly text: string,
    private readonly spec: LanguageSpec,
  ) {}

  /** Outline of the whole tree. */
  outline(root: Node): DraftNode {
    const read = this.sequence(root.namedChildren, 0);
    const [only] = read;
    // The one object or mapping that data consists of is the file itself.
    const named = root.namedChildren.filter((n) => n.type === 'document').length === 1 ? undefined : only?.name;
    const whole = this.spec.genre === 'data' && read.length === 1 && only?.kind === 'block' && !named;
    const entries = whole ? only.children : read;
    const children = this.spec.commentsFollow ? withOwnComments(this.text, entries) : entries;
    return { kind: 'file', start: 0, end: this.text.length, children };
  }

  private role(node: Node): Role {
    return roleOf(node, this.text, this.spec);
  }

  /** Statements in a row: comments and prefixes are joined to what they stand before or behind. */
  private sequence(nodes: readonly (Node | null)[], depth: number): DraftNode[] {
    const drafts: DraftNode[] = [];
    let pending: Node[] = [];
    let previousEnd = -1;
    const flush = (): void => {
      if (pending.length > 0)
        drafts.push(remark(this.text, { start: pending[0]!.startIndex, end: pending.at(-1)!.endIndex }));
      pending = [];
    };
    const row = this.inlined(nodes);
    for (const [i, node] of row.entries()) {
      if (!node || node.endIndex === node.startIndex || isSigned(row[i - 1], node)) continue;
      if (node.type === BLOCK_PARAMETERS || isTypeOfNext(node)) continue;
      const role = this.role(node);
      if (role === 'comment' && previousEnd === node.startPosition.row && pending.length === 0) {
        const last = drafts.at(-1);
        if (last) {
          extend(this.text, last, node.endIndex);
          continue;
        }
      }
      if (role === 'comment' || role === 'prefix') {
        const before = pending.at(-1);
        if (before && this.isApart(before, node)) flush();
        pending.push(node);
        continue;
      }
      if (pending.length > 0 && this.isApart(pending.at(-1)!, node)) flush();
      previousEnd = node.endPosition.row;
      if (role === 'transparent') {
        const lead = pending[0]?.startIndex ?? node.startIndex;
        pending = [];
        drafts.push(block(lead, node.endIndex, this.sequence(withoutHead(node), depth + 1)));
        continue;
      }
      for (const draft of this.drafts(node, row[i + 1], pending, depth)) {
        drafts.push(this.withLead(draft, pending));
        pending = [];
      }
    }
    flush();
    return drafts;
  }

  /** What one of several nodes in a row stands for; `lead` are the comments and prefixes before it. */
  private drafts(node: Node, next: Node | null | undefined, lead: readonly Node[], depth: number): DraftNode[] {
    if (next && isSigned(node, next)) return [this.signed(node, next, depth)];
    const variables = variablesAt(node, this.text);
    if (variables) return this.item(node, depth).map((draft) => ({ ...draft, ...variables }));
    const signature = lead.some((n) => COMMENT.test(n.type)) ? signatureIn(node) : undefined;
    if (!signature || this.role(signature) === 'function') return this.item(node, depth);
    const name = nameOf(signature, this.text);
    const whole = { kind: 'function' as const, ...(name ? { name } : {}), start: node.startIndex, end: node.endIndex };
    // The head of a declaration is one statement; a constant of several lines keeps what is in it.
    const keeps = signature.type === 'variable_declarator' && rows(node) > SMALL_LINES;
    const [only, ...more] = keeps ? this.item(node, depth) : [];
    if (!only || more.length > 0) return [{ ...whole, children: [] }];
    // What makes the function may be handed one for it.
    const made = only.children.find((child) => child.kind === 'function' && child.name === name);
    return [{ ...whole, children: made?.children ?? only.children }];
  }

  private inlined(nodes: readonly (Node | null)[]): readonly (Node | null)[] {
    if (!this.spec.inlined) return nodes;
    // Blanks between elements are nodes as well.
    return nodes
      .flatMap((n) => (n && this.spec.inlined!.includes(n.type) ? n.namedChildren : [n]))
      .filter((n) => n && /\S/.test(this.text.slice(n.startIndex, n.endIndex)));
  }

  /** Joins the comments and prefixes before a declaration to it; the comment part becomes its description. */
  private withLead(draft: DraftNode, lead: Node[]): DraftNode {
    if (lead.length === 0) return draft;
    const start = lead[0]!.startIndex;
    const comments = lead.filter((n) => COMMENT.test(n.type));
    const description: TextRange | undefined =
      comments.length > 0 ? { start: comments[0]!.startIndex, end: comments.at(-1)!.endIndex } : undefined;
    if (draft.children.length === 0 && description && draft.kind === 'statement')
      return { description, ...commented(this.text, draft, description), start };
    const whole = draft.children.length === 0 && !(description && isOverlong(this.text, description));
    const children = whole ? [] : [...(description ? [statement(description)] : []), ...draft.children];
    return { ...draft, start, children, ...(description && !draft.description ? { description } : {}) };
  }

  /** Whether a comment or prefix is not on what follows it: a blank line is between them, or it is on what both stand in (Rust's `//!`). */
  private isApart(a: Node, b: Node): boolean {
    if (a.childForFieldName('inner') && !b.childForFieldName('inner')) return true;
    // Rust's documentation holds the line break behind it.
    const breaks = a.endPosition.column === 0 ? 1 : 0;
    const between = this.text.slice(a.endIndex - breaks, b.startIndex);
    const rowsBetween = b.startPosition.row - a.endPosition.row + breaks;
    return /\n[ \t\r]*\n/.test(between) || (rowsBetween > 1 && !LONE_MACRO.test(between));
  }

  /** One statement or declaration, as one node or (a body) as the nodes in it. */
  private item(node: Node, depth: number): DraftNode[] {
    const role = this.role(node);
    if (depth > MAX_DEPTH) return [leaf(node)];
    if (role === 'body') return this.bodyItem(node, depth);
    if (role === 'class' || role === 'function') return [this.definition(node, node, depth)];
    const lines = rows(node) + 1;
    const size = node.endIndex - node.startIndex;
    const held = this.heldDefinition(node, lines > 1) ?? testIn(node, this.text);
    if (held) return [this.definition(node, held, depth)];
    const wrapper = lines > 1 && WRAPPER.test(node.type);
    if (!wrapper && lines <= SMALL_LINES && size <= SMALL_CHARS * (lines > 1 ? 2 : 8)) return [leaf(node)];
    const inner = this.search(node);
    const only = inner.definitions.length === 1 ? inner.definitions[0]! : undefined;
    if (only && (only.endIndex - only.startIndex) / size > DOMINANT) return [this.definition(node, only, depth)];
    if (wrapper && lines <= SMALL_LINES) return [leaf(node)];
    if (inner.nodes.length > 0) {
      const children = inner.nodes.flatMap((n) => this.nested(n, depth + 1));
      if (children.length > 0) return [this.keyed(node, children)];
    }
    if (lines <= LARGE_LINES && size <= 2_000) {
      return lines > SMALL_LINES ? this.openLines(node, depth, 2) : [leaf(node)];
    }
    return this.openLines(node, depth, 4);
  }

  /** What a statement exports, decorates or also assigns, whatever that takes, where it would be a definition without that. */
  private heldDefinition(node: Node, assigned: boolean): Node | undefined {
    const inside = EXPORT.test(node.type) ? node.namedChildren : assigned ? [boundIn(node)] : [];
    for (const child of inside) {
      if (!child) continue;
      const role = this.role(child);
      if (role === 'class' || role === 'function') return child;
      const inner = this.heldDefinition(child, assigned);
      if (inner) return inner;
    }
    return undefined;
  }

  private bodyItem(node: Node, depth: number): DraftNode[] {
    const inside = node.namedChildren.filter((c) => !HEADER_KEY.test(c.type));
    const children = this.sequence(inside, depth + 1);
    const lines = rows(node) + 1;
    const least = inside.length < node.namedChildCount ? 1 : 2;
    if (children.length < least && lines <= SMALL_LINES) return [leaf(node)];
    // A line of markup is one statement, its tags included.
    if (node.type === 'element' && lines === 1 && children.every((c) => c.children.length === 0)) return [leaf(node)];
    // A list is not called what the first in it is.
    const name = this.spec.isList?.(node) ? undefined : nameOf(node, this.text);
    const [only] = children;
    const single = children.length === 1 && only?.kind === 'block' ? only : undefined;
    if (!name && single?.start === node.startIndex) return children;
    // A document of YAML is the one mapping or list in it.
    const entries = node.type === 'document' && single && !single.name ? single.children : children;
    return [{ ...block(node.startIndex, node.endIndex, entries), ...(name ? { name } : {}) }];
  }

  /** A statement's block; an entry of data is called by its key, a rule of CSS by what it is for. */
  private keyed(node: Node, children: DraftNode[]): DraftNode {
    const isNamed = this.spec.genre === 'data' || this.spec.grammar === 'tree-sitter-css.wasm';
    const name = isNamed ? nameOf(node, this.text) : undefined;
    // The dash before the first entry of an item is no entry.
    if (node.type === 'block_sequence_item' && children[0]) children[0].start = node.startIndex;
    return { ...block(node.startIndex, node.endIndex, children), ...(name ? { name } : {}) };
  }

  /** Opens a statement whose children start on lines of their own (Ruby's `if`, a long table); else leaves it whole. */
  private openLines(node: Node, depth: number, least: number): DraftNode[] {
    let container: Node = node;
    for (let down = 0; down < SEARCH_DEPTH && !PARAMETERS.test(container.type); down++) {
      const children = container.namedChildren.filter((c) => c.startPosition.row > container.startPosition.row);
      if (
        children.length >= least &&
        /if|unless|while|until|for|case|when|begin|do|rescue|ensure|else|table|array|object|list|dict|hash|set|tuple|initializer|literal|record|element|mapping|sequence|arguments|stylesheet|rule_set|switch|try|match|select/.test(
          container.type,
        )
      ) {
        // A header of several lines is not opened where there is a body below it.
        const body = container.equals(node) ? undefined : node.namedChildren.find((c) => this.isBelow(c, node));
        const below = body ? node.namedChildren.filter((c) => c.startIndex >= body.startIndex) : children;
        return [this.keyed(node, this.sequence(below, depth + 1))];
      }
      const largest = container.namedChildren.reduce<Node | null>(
        (best, c) => (!best || c.endIndex - c.startIndex > best.endIndex - best.startIndex ? c : best),
        null,
      );
      if (!largest || (largest.endIndex - largest.startIndex) * 2 < container.endIndex - container.startIndex) break;
      container = largest;
    }
    return [leaf(node)];
  }

  /** Whether a node is a body that begins a line not far below the head of a statement. */
  private isBelow(node: Node, { startPosition }: Node): boolean {
    const { row, column } = node.startPosition;
    const isNear = row > startPosition.row && row - startPosition.row < LARGE_LINES;
    return isNear && this.role(node) === 'body' && !this.text.slice(node.startIndex - column, node.startIndex).trim();
  }

  /** The nearest bodies and definitions below a statement, outermost only, in order. */
  private search(node: Node): { nodes: Node[]; definitions: Node[] } {
    const nodes: Node[] = [];
    const definitions: Node[] = [];
    const walk = (from: Node, depth: number): void => {
      for (const child of from.namedChildren) {
        const role = this.role(child);
        if (role === 'class' || role === 'function') {
          nodes.push(child);
          definitions.push(child);
        } else if (role === 'body') {
          if (isMultiline(child)) nodes.push(child);
        } else if (depth < SEARCH_DEPTH && isMultiline(child)) walk(child, depth + 1);
      }
    };
    walk(node, 0);
    return { nodes, definitions };
  }

  /** What stands in a body, or a definition somewhere inside a statement (a method of an object literal) with its key and comment. */
  private nested(node: Node, depth: number): DraftNode[] {
    if (this.role(node) === 'body') return this.sequence([...this.commentsAbove(node), ...node.namedChildren], depth);
    let whole = namingOf(node) ?? node;
    while (whole.parent && (BINDING.test(whole.parent.type) || whole.parent.startIndex === whole.startIndex))
      whole = whole.parent;
    const lead = this.commentsBefore(whole);
    const [first, ...rest] = this.item(node, depth);
    if (!first) return rest;
    return [this.withLead({ ...first, start: Math.min(first.start, whole.startIndex) }, lead), ...rest];
  }

  /** The comments between a header and its body, which begins with the first statement, not with a bracket: they are on that. */
  private commentsAbove(body: Node): Node[] {
    if (body.namedChildren[0]?.startIndex !== body.startIndex) return [];
    let whole = body;
    while (whole.parent?.startIndex === whole.startIndex) whole = whole.parent;
    return this.commentsBefore(whole, true);
  }

  /** The comments directly above a node (or also apart from it) that stand on lines of their own, in order. */
  private commentsBefore(node: Node, apart = false): Node[] {
    const lead: Node[] = [];
    // Siblings are slow to reach; most nodes have no comment above.
    if (!/(\*\/|(\/\/|#|--)[^\n]*)\s*$/.test(this.text.slice(Math.max(0, node.startIndex - NEAR), node.startIndex)))
      return lead;
    for (let at = node, before = at.previousNamedSibling; before; at = before, before = at.previousNamedSibling) {
      if (!COMMENT.test(before.type) || (!apart && this.isApart(before, at))) break;
      if (before.previousNamedSibling?.endPosition.row === before.startPosition.row) break;
      lead.unshift(before);
    }
    return lead;
  }

  /** A class or function. `outer` is the whole statement, `inner` the definition in it. */
  private definition(outer: Node, inner: Node, depth: number): DraftNode {
    const kind = this.role(inner) === 'class' ? 'class' : 'function';
    const bodies = this.search(inner).nodes;
    const children = bodies.flatMap((n) => this.nested(n, depth + 1));
    // Languages without body nodes (Ruby, Lua, classes of Objective-C): what starts below the header line is the body.
    const items =
      (bodies.length > 0 && !BODILESS.test(inner.type)) || this.hasBracesOnOneLine(inner)
        ? children
        : this.sequence(
            inner.namedChildren.filter(
              (c) => c.startPosition.row > headerRow(inner) && !(kind === 'function' && HEAD.test(c.type)),
            ),
            depth + 1,
          );
    // A variable whose value is little but one entry is that value, not the entry.
    const isVariable = isEntry(inner) && boundIn(outer) !== undefined;
    const [name] = (isVariable ? [outer, inner] : [inner, outer]).flatMap((n) => nameOf(n, this.text) ?? []);
    const docstring = this.docstring(bodies[0] ?? inner.childForFieldName('body'));
    // The semicolon that ends a structure of C is no part of it, and would be left over as a line that is none.
    const closed = !isMultiline(outer) && this.text[outer.endIndex] === ';' ? 1 : 0;
    return {
      kind,
      ...(name ? { name } : {}),
      start: outer.startIndex,
      end: outer.endIndex + closed,
      children: items,
      ...(docstring ? { description: docstring } : {}),
    };
  }

  private hasBracesOnOneLine(definition: Node): boolean {
    const body = definition.childForFieldName('body');
    return body !== null && this.text[body.startIndex] === '{' && !isMultiline(body);
  }

  /** Dart: a function whose signature and body stand side by side. */
  private signed(signature: Node, body: Node, depth: number): DraftNode {
    const range = { start: signature.startIndex, end: body.endIndex };
    const name = nameOf(signature, this.text);
    const whole = { kind: 'function' as const, ...(name ? { name } : {}), ...range };
    if (!isMultiline(body)) return { ...whole, children: [] };
    // Behind an arrow stands one expression, however many nodes it has.
    const inside = body.namedChildren.some((n) => n.type === 'block')
      ? body.namedChildren.flatMap((n) => this.nested(n, depth + 1))
      : this.openLines(body, depth + 1, 2).flatMap((opened) => opened.children);
    return { ...whole, children: inside };
  }

  /** Python: the string that a body begins with. */
  private docstring(body: Node | null): TextRange | undefined {
    const first = body?.namedChildren[0];
    const string = first?.type === 'expression_statement' ? first.namedChildren[0] : first;
    if (!string || string.type !== 'string' || this.spec.grammar !== 'tree-sitter-python.wasm') return undefined;
    return { start: string.startIndex, end: string.endIndex };
  }
}

function leaf({ startIndex, endIndex }: Node): DraftNode {
  return statement({ start: startIndex, end: endIndex });
}

function block(start: number, end: number, children: DraftNode[]): DraftNode {
  return { kind: 'block', start, end, children };
}
