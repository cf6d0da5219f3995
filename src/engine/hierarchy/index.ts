/** Text → tree (docs/architecture.md). The one entry to the parsers; it knows no model and no editor. */
import type { Node, Tree } from 'web-tree-sitter';
import type { DocumentTree } from '../../protocol/document.js';
import { errorText, StrataError } from '../../protocol/errors.js';
import { CodeOutline } from './code/code.js';
import { assertReadable, detectDocument } from './detect.js';
import type { DraftNode } from './draft.js';
import { finishTree } from './draft.js';
import type { Embedded } from './code/embedded.js';
import { embeddedCode, insertOutline } from './code/embedded.js';
import { indentationOutline } from './code/fallback.js';
import { setGrammarsDirectory, unlessCancelled, withTree } from './code/grammars.js';
import { docbookOutline } from './prose/docbook.js';
import { pageOutline } from './prose/html.js';
import { latexOutline } from './prose/latex.js';
import type { LanguageSpec } from './code/languages.js';
import { LANGUAGES } from './code/languages.js';
import { markdownOutline } from './prose/markdown.js';
import { DIALECTS, markedOutline } from './prose/marked.js';
import { withoutOpenComments } from './code/readable.js';
import { notebookOutline } from './code/notebook.js';
import { perlOutline } from './prose/pod.js';
import { proseOutline } from './prose/prose.js';
import { roffOutline } from './prose/roff.js';
import { texinfoOutline } from './prose/texinfo.js';
import { rstOutline } from './prose/rst.js';
import { transcriptOutline } from './speech/transcript.js';
import { entryOf } from '../patterns.js';

/** More of the text than this inside syntax errors: the grammar is not trusted. */
const MAX_ERROR_SHARE = 0.5;
/** From here on a second reading of less is tried. */
const SOME_ERRORS = 0.1;

const BY_LAYOUT = 'the structure comes from indentation, blank lines, comments and headers.';

/** Says where the grammar files are; does no I/O. Call once before `parseDocument`. */
export function initHierarchy(assets: { grammarsDir: string }): void {
  setGrammarsDirectory(assets.grammarsDir);
}

/**
 * The tree of a text. Throws StrataError `empty`, `unreadable-text` or `cancelled`; anything else that goes wrong leads to a
 * simpler structure, named in `fallback`.
 */
export async function parseDocument(
  input: { text: string; fileName: string; language?: string | undefined },
  signal?: AbortSignal,
): Promise<DocumentTree> {
  assertReadable(input.text);
  const { text } = input;
  const { language, genre, parser } = detectDocument(input);
  const plain = (root: DraftNode): DocumentTree => finishTree(text, root, { language, genre });
  switch (parser) {
    case 'transcript':
      return plain(transcriptOutline(text));
    case 'prose':
      return plain(proseOutline(text));
    case 'rst':
      return plain(rstOutline(text));
    case 'latex':
      return finishTree(text, latexOutline(text), { language, genre, silentGaps: true });
    case 'roff':
      return finishTree(text, roffOutline(text), { language, genre, silentGaps: true });
    case 'texinfo':
      return finishTree(text, texinfoOutline(text), { language, genre, silentGaps: true });
    case 'docbook': {
      const root = docbookOutline(text);
      if (root) return finishTree(text, root, { language, genre, silentGaps: true });
      return parseCode(text, 'xml', 'data', signal);
    }
    case 'marked':
      return plain(markedOutline(text, DIALECTS[language]!));
    case 'perl': {
      const { root, told } = perlOutline(text);
      return told ? finishTree(text, root, { language, genre: 'prose' }) : withoutGrammar(text, root, language);
    }
    case 'outline': {
      const root = indentationOutline(text, language);
      // A row is a line, and needs no grammar.
      return language === 'csv' ? finishTree(text, root, { language, genre }) : withoutGrammar(text, root, language);
    }
    case 'notebook': {
      const root = notebookOutline(text);
      if (root) return finishTree(text, root, { language, genre, silentGaps: root.children.length > 0 });
      return parseCode(text, 'json', 'data', signal);
    }
    case 'markdown': {
      try {
        return plain(await markdownOutline(text, codeOutline, signal));
      } catch (error) {
        const fallback = `${unusable(language, error)}; the structure comes from headings and blank lines.`;
        return finishTree(text, proseOutline(text), { language, genre, fallback });
      }
    }
    case 'page': {
      const outline = (tree: Tree): DraftNode | null => pageOutline(tree.rootNode, text);
      const page = withTree('tree-sitter-html.wasm', withoutOpenComments(text), outline, signal);
      // Null where it is rather a program, or the grammar cannot be used.
      const root = await page.catch(unlessCancelled);
      if (root) return finishTree(text, root, { language, genre: 'prose', silentGaps: true });
      return parseCode(text, language, genre, signal);
    }
    case 'code':
      return parseCode(text, language, genre, signal);
  }
}

function withoutGrammar(text: string, root: DraftNode, language: string): DocumentTree {
  const fallback = `Strata has no grammar for ${language}; ${BY_LAYOUT}`;
  return finishTree(text, root, { language, genre: 'code', fallback });
}

async function parseCode(
  text: string,
  language: string,
  genre: DocumentTree['genre'],
  signal?: AbortSignal,
): Promise<DocumentTree> {
  let reason: string;
  try {
    const root = await codeOutline(text, language, signal);
    if (root) return finishTree(text, root, { language, genre });
    const { mostLines } = LANGUAGES[language]!;
    reason =
      mostLines !== undefined && text.split('\n', mostLines + 1).length > mostLines
        ? `The ${language} grammar reads ${mostLines.toLocaleString('en')} lines at most`
        : 'Most of this text has syntax errors';
  } catch (error) {
    reason = unusable(language, error);
  }
  return finishTree(text, indentationOutline(text, language), {
    language,
    genre,
    fallback: `${reason}; ${BY_LAYOUT}`,
  });
}

/** Why a grammar is not used. Throws what was cancelled. */
function unusable(language: string, error: unknown): string {
  if (error instanceof StrataError) throw error;
  return `The ${language} grammar could not be used (${errorText(error)})`;
}

/** What one grammar makes of a text. */
interface Attempt {
  outline: DraftNode;
  /** Share of the text in syntax errors: at the top of the tree, and anywhere. */
  broken: number;
  wrong: number;
  embedded: Embedded[];
}

/** Outline of code in a known language; null where the grammar makes no sense of it. */
async function codeOutline(text: string, language: string, signal?: AbortSignal): Promise<DraftNode | null> {
  const spec = entryOf(LANGUAGES, language);
  if (!spec) return null;
  const readable = (as: LanguageSpec): string => as.readable?.(text) ?? text;
  const attempt = (as: LanguageSpec, source = readable(as)): Promise<Attempt> =>
    withTree(
      as.grammar,
      source,
      (tree) => ({
        outline: new CodeOutline(text, as).outline(tree.rootNode),
        broken: brokenShare(tree.rootNode),
        wrong: spec.otherwise ? errorShare(tree.rootNode) : 0,
        embedded: language === 'html' ? embeddedCode(tree.rootNode, text) : [],
      }),
      signal,
    );
  let best = await attempt(spec);
  if (best.broken > SOME_ERRORS && spec.bare) {
    const second = await attempt(spec, spec.bare(readable(spec)));
    if (second.broken < best.broken) best = second;
  }
  const other = spec.otherwise && LANGUAGES[spec.otherwise];
  if (best.wrong > 0 && other) {
    const second = await attempt(other);
    if (second.wrong < best.wrong) best = second;
  }
  if (best.broken > MAX_ERROR_SHARE) return null;
  for (const code of best.embedded) {
    const inside = text.slice(code.start, code.end);
    const part = await codeOutline(inside, code.language, signal).catch(unlessCancelled);
    if (part) insertOutline(best.outline, code, part);
  }
  return best.outline;
}

/** Share of the text that lies in syntax errors at the top of the tree. */
function brokenShare(root: Node): number {
  if (root.type === 'ERROR') return 1;
  if (!root.hasError) return 0;
  let broken = 0;
  for (const child of root.namedChildren) if (child.type === 'ERROR') broken += child.endIndex - child.startIndex;
  return broken / Math.max(1, root.endIndex);
}

/** Share of the text that lies in syntax errors anywhere. */
function errorShare(root: Node): number {
  let wrong = 0;
  const rest = [root];
  for (let node = rest.pop(); node; node = rest.pop()) {
    if (node.type === 'ERROR') wrong += node.endIndex - node.startIndex;
    else if (node.hasError) for (const child of node.children) rest.push(child);
  }
  return wrong / Math.max(1, root.endIndex);
}
