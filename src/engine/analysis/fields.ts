/** How the fields of a struct, an interface, a table or an enum are called, by the way in which its language writes them. */
import { type DocumentTree, startOfContent, type TreeNode } from '../../protocol/document.js';
import { oneOf, words } from '../patterns.js';
import { isCommented } from './comments.js';
import { withoutAttributes } from './reading.js';

const { raw } = String;

const NAME = raw`[\p{L}_$][\p{L}\p{N}_$]*`;
/** Several of one kind may stand in one row. */
const NAMES = `(${NAME}(?:\\s*,\\s*${NAME})*)`;
const MODIFIERS = words`
  abstract accessor const declare export final internal lateinit lazy let mut override private(?:\(set\))? protected
  pub(?:\([^()]*\))? public readonly static val var weak
`;
const QUOTE = raw`["'\x60]?`;

/** `ID, Name string`, `Get(key string)`. */
const FIRST = new RegExp(raw`^\s*${NAMES}(?:\s+[\p{L}*[(<]|\()`, 'u');
const CONSTRAINT = raw`(?:primary|foreign)\s+key\b|constraint\s|(?:unique|check|exclude|(?:unique\s+)?(?:key|index)\s+\S*)\s*\(`;
/** `id serial`, and no constraint. */
const COLUMN = new RegExp(raw`^(?!\s*(?:${CONSTRAINT}))\s*${QUOTE}(${NAME})${QUOTE}\s+[\p{L}"]`, 'iu');
/** `const char *name;`, `repeated Guest guests = 2;`, `public Guest Guest { get; set; }`, `int size() const;` */
const LAST = new RegExp(
  raw`^(?!\s*(?:using|friend|typedef|import|return)\b)[^;=({]*?[\s*&](${NAME})\s*(?:\[[^\]]*\]\s*)*(?:[;=({,]|:(?!:)|$)`,
  'u',
);
/** `id: string`, `private val nights = 1`. */
const TYPED = typed('');
/** Where what is called is declared alike: `on?(event: string): void`. */
const TYPED_OR_CALLED = typed(raw`|\(`);
/** `public string $name;` */
const DOLLAR = new RegExp(raw`^[^;=(]*?\$(${NAME})`, 'u');
/** `RED = 1,`, `Paid { amount: u32 },`, `case paid, cancelled`. */
const CONSTANT = new RegExp(raw`^\s*(?:case\s+)?${NAMES}\s*(?:[=,({;]|$)`, 'u');

/** By VS Code language id; of others no names can be told. */
const FORMS = new Map(
  (
    [
      [FIRST, 'go'],
      [COLUMN, 'sql'],
      [LAST, 'apex c cpp csharp d dart glsl hlsl java objective-c objective-cpp proto3 solidity vala'],
      [TYPED, 'cython javascript javascriptreact kotlin python rust scala swift'],
      [TYPED_OR_CALLED, 'graphql typescript typescriptreact'],
      [DOLLAR, 'php'],
    ] as const
  ).flatMap(([form, languages]) => languages.split(' ').map((language): [string, RegExp] => [language, form])),
);
const ENUM = /\benum\b/;
/** `map<string, int>`, of which the inner ones go first. */
const TYPE_ARGUMENTS = /<[^<>;]*>/g;
/** `int (*read)(void)` */
const POINTER_TO_FUNCTION = /\(\s*[*^]\s*(\w+)\s*\)/;
/** Objective-C: `@property (nonatomic, copy)`, and `- (void)open:(NSString *)path`. */
const PROPERTY = /^\s*@property\s*\([^()]*\)/;
const METHOD = /^\s*[-+]\s*\((?:[^()]|\([^()]*\))*\)\s*(\w+:?)/;
/** What commas between names do not stand in. */
const INSIDE = /\/\*[^]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|\([^()]*\)|\[[^[\]]*\]|\{[^{}]*\}/g;
/** `, *b`, `, c = 2` */
const NEXT = new RegExp(raw`,[\s*&]*(${NAME})\s*(?=[,=:]|$)`, 'gu');
/** A field is called something within so many characters. */
const MOST_CHARS = 400;

/** The fields and members right below a class by their names, in order; none where most of what stands there cannot be told by name. */
export function fieldsOf({ nodes, language }: DocumentTree, text: string, node: TreeNode): Map<string, TreeNode> {
  const written = (n: TreeNode): string =>
    text.slice(startOfContent(n), Math.min(n.end, startOfContent(n) + MOST_CHARS));
  const [head, ...body] = node.children
    .map((c) => nodes[c]!)
    .filter((n) => !n.trivial && !isCommented(written(n), language));
  const fields = new Map<string, TreeNode>();
  // A view of SQL is a query, not a list of columns.
  if (!head || (language === 'sql' && !/\btable\b/i.test(written(head)))) return fields;
  const form = ENUM.test(written(head)) ? CONSTANT : FORMS.get(language);
  let told = 0;
  for (const child of body) {
    const isMember = child.kind === 'class' || child.kind === 'function';
    const names = isMember ? child.name?.split(/\.|::/).slice(-1) : form && namesIn(written(child), form);
    if (names) told++;
    for (const name of names ?? []) if (!fields.has(name)) fields.set(name, child);
  }
  return 2 * told >= body.length ? fields : new Map<string, TreeNode>();
}

/** A branch of a program and what Python itself reads are no fields. */
function typed(or: string): RegExp {
  const name = raw`#?${QUOTE}(${NAME})${QUOTE}[?!]?`;
  return new RegExp(
    raw`^(?!\s*(?:(?:else|try|finally)\s*:\s*(?:\n|$)|__\w+__))\s*(?:${oneOf(MODIFIERS)}\s+)*${name}\s*(?::(?!:)|=(?![=>])${or})`,
    'u',
  );
}

function namesIn(declaration: string, form: RegExp): string[] | undefined {
  const bare = withoutAttributes(declaration.replace(PROPERTY, '')).replace(/\s*\}\s*$/, '');
  return form === LAST ? lastNames(bare) : form.exec(bare)?.[1]?.split(/\s*,\s*/);
}

/** The names behind a type: `int a, *b = 0;` has two. */
function lastNames(declaration: string): string[] | undefined {
  const method = METHOD.exec(declaration)?.[1];
  if (method) return [method];
  const plain = without(TYPE_ARGUMENTS, declaration.replace(POINTER_TO_FUNCTION, ' $1'));
  const [found = '', first] = LAST.exec(plain) ?? [];
  if (!first) return undefined;
  // What is called is one, whatever it takes.
  if (found.endsWith('(')) return [first];
  const [rest = ''] = without(INSIDE, plain.slice(found.lastIndexOf(first) + first.length)).split(';');
  return [first, ...[...rest.matchAll(NEXT)].map(([, name]) => name!)];
}

/** A text without what a pattern finds in it, and then in the rest. */
function without(pattern: RegExp, text: string): string {
  const rest = text.replace(pattern, '');
  return rest === text ? rest : without(pattern, rest);
}
