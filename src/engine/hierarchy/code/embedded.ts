/** Scripts and styles inside HTML and single-file components: each is parsed in its own language. */
import type { Node } from 'web-tree-sitter';
import type { DraftNode } from '../draft.js';
import { shift } from '../draft.js';
import { idWithGrammar } from '../detect.js';

/** Code of another language within a text. */
export interface Embedded {
  /** VS Code language id. */
  language: string;
  start: number;
  end: number;
}

/** Scripts without a `type` or with one of these are JavaScript; templates and shaders are not. */
const JAVASCRIPT = /^(module|(text|application)\/(java|ecma)script|text\/babel|jsx)$/i;
const MOST_DEPTH = 40;

/** The scripts and styles below an HTML root, in order. */
export function embeddedCode(root: Node, text: string): Embedded[] {
  const found: Embedded[] = [];
  const walk = (node: Node, depth: number): void => {
    for (const child of node.namedChildren) {
      const raw = child.namedChildren.find((c) => c.type === 'raw_text');
      if (raw && /^(script|style)_element$/.test(child.type)) {
        const language = languageOf(child.type, text.slice(child.startIndex, raw.startIndex));
        if (language) found.push({ language, start: raw.startIndex, end: raw.endIndex });
      } else if (depth < MOST_DEPTH) walk(child, depth + 1);
    }
  };
  walk(root, 0);
  return found;
}

function languageOf(type: string, tag: string): string | undefined {
  const attribute = (name: string): string | undefined =>
    new RegExp(`\\b${name}\\s*=\\s*["']?([^"'\\s>]+)`, 'i').exec(tag)?.[1];
  const lang = attribute('lang')?.toLowerCase();
  if (type === 'style_element') return lang === undefined || lang === 'css' ? 'css' : undefined;
  const named = lang === undefined ? undefined : idWithGrammar(lang);
  if (named === 'typescript' || named === 'typescriptreact') return named;
  const declared = attribute('type');
  if (declared !== undefined && /json$/i.test(declared)) return 'json';
  return declared === undefined || JAVASCRIPT.test(declared) ? 'javascript' : undefined;
}

/**
 * Puts the outline of a part, its offsets counted from the part's start, into the innermost draft around it; a part of one statement
 * stays as it is.
 */
export function insertOutline(whole: DraftNode, { language, start, end }: Embedded, part: DraftNode): void {
  if (part.children.length < 2 && part.children.every((c) => c.children.length === 0)) return;
  let around = whole;
  for (;;) {
    const inner = around.children.find((c) => c.start <= start && c.end >= end);
    if (!inner) break;
    around = inner;
  }
  if (around.kind === 'statement') {
    around.kind = 'block';
    around.name = language === 'css' ? 'style' : 'script';
  }
  const inside = part.children.map((c) => shift(c, start));
  around.children = [...around.children.filter((c) => c.end <= start || c.start >= end), ...inside];
}
