/** Decides how a text is read: language, genre and parser, from the editor's language id, the file name and the text. */
import path from 'node:path';
import type { DocumentGenre } from '../../protocol/document.js';
import { StrataError } from '../../protocol/errors.js';
import { LANGUAGES, WITHOUT_GRAMMAR } from './code/languages.js';
import { unnamedLanguage } from './code/unnamed.js';
import { DIALECTS } from './prose/marked.js';
import { isManualPage } from './prose/roff.js';
import { isXmlManual } from './prose/docbook.js';
import { speechOf } from './speech/transcript.js';
import { entryOf } from '../patterns.js';
import { isBinary } from './binary.js';
import { isBlank } from './text.js';

type ParserName =
  | 'code'
  | 'markdown'
  | 'rst'
  | 'latex'
  | 'roff'
  | 'texinfo'
  | 'docbook'
  | 'marked'
  | 'prose'
  | 'transcript'
  | 'notebook'
  | 'page'
  | 'perl'
  | 'outline';
interface Detection {
  language: string;
  genre: DocumentGenre;
  parser: ParserName;
}

interface Input {
  text: string;
  fileName: string;
  language?: string | undefined;
}

/** Languages that have one parser, whatever the text. */
const PARSERS: Readonly<Record<string, Pick<Detection, 'genre' | 'parser'>>> = {
  markdown: { genre: 'prose', parser: 'markdown' },
  restructuredtext: { genre: 'prose', parser: 'rst' },
  latex: { genre: 'prose', parser: 'latex' },
  roff: { genre: 'prose', parser: 'roff' },
  texinfo: { genre: 'prose', parser: 'texinfo' },
  docbook: { genre: 'prose', parser: 'docbook' },
  jupyter: { genre: 'code', parser: 'notebook' },
  html: { genre: 'code', parser: 'page' },
  perl: { genre: 'code', parser: 'perl' },
  // Said to be one: a text in which too few speakers come back to tell it by.
  transcript: { genre: 'transcript', parser: 'transcript' },
};
const BY_EXTENSION = new Map<string, string>([
  ...Object.entries(WITHOUT_GRAMMAR).flatMap(([id, extensions]) => extensions.map((e): [string, string] => [e, id])),
  ...Object.entries(LANGUAGES).flatMap(([id, spec]) => spec.extensions.map((e): [string, string] => [e, id])),
]);
const PROSE_EXTENSIONS: Readonly<Record<string, string>> = {
  '.md': 'markdown', '.markdown': 'markdown', '.mdx': 'markdown', '.qmd': 'markdown', '.rmd': 'markdown', '.mkd': 'markdown', '.mdown': 'markdown', '.mdc': 'markdown', '.rst': 'restructuredtext',
  '.rest': 'restructuredtext', '.tex': 'latex', '.ltx': 'latex', '.txt': 'plaintext', '.text': 'plaintext',
  '.log': 'log', '.ipynb': 'jupyter', '.srt': 'plaintext', '.vtt': 'plaintext', '.adoc': 'asciidoc', '.asciidoc': 'asciidoc',
  '.texi': 'texinfo', '.texinfo': 'texinfo', '.txi': 'texinfo', '.org': 'org', '.wiki': 'mediawiki', '.mediawiki': 'mediawiki', '.typ': 'typst',
}; // prettier-ignore
/** A map, because a file may be called `constructor`. */
const BY_NAME = new Map(Object.entries({
  dockerfile: 'dockerfile', makefile: 'makefile', 'cmakelists.txt': 'cmake', gemfile: 'ruby', rakefile: 'ruby',
  sconstruct: 'python', sconscript: 'python', snakefile: 'python', brewfile: 'ruby', fastfile: 'ruby', gnumakefile: 'makefile', containerfile: 'dockerfile', jenkinsfile: 'groovy', vagrantfile: 'ruby', podfile: 'ruby',
  '.gitconfig': 'ini', '.gitmodules': 'ini', '.editorconfig': 'ini', '.npmrc': 'ini',
  '.gitignore': 'ignore', '.dockerignore': 'ignore', '.npmignore': 'ignore', '.eslintignore': 'ignore', '.prettierignore': 'ignore', '.gitattributes': 'ignore', codeowners: 'ignore',
  'go.mod': 'go.mod', 'go.work': 'go.mod', 'go.sum': 'go.sum', 'yarn.lock': 'lock', 'gemfile.lock': 'lock', 'podfile.lock': 'yaml', 'cargo.lock': 'toml', 'poetry.lock': 'toml', 'uv.lock': 'toml', pipfile: 'toml',
  'pipfile.lock': 'json', 'composer.lock': 'json', '.babelrc': 'jsonc', '.eslintrc': 'jsonc', '.prettierrc': 'jsonc', '.swcrc': 'jsonc', '.clang-format': 'yaml', '.clang-tidy': 'yaml', 'meson.build': 'meson', justfile: 'makefile',
  '.bashrc': 'shellscript', '.bash_profile': 'shellscript', '.bash_aliases': 'shellscript', '.profile': 'shellscript', '.zshrc': 'shellscript', '.zshenv': 'shellscript', pkgbuild: 'shellscript', '.vimrc': 'viml',
  readme: 'plaintext', license: 'plaintext', licence: 'plaintext', copying: 'plaintext', notice: 'plaintext',
  changelog: 'plaintext', authors: 'plaintext',
})); // prettier-ignore
/** Names that many files have, each with something of its own before or after them. */
const BY_KIND_OF_NAME: readonly (readonly [RegExp, string])[] = [
  [/^\.env(\.|$)/, 'ini'],
  [/^(?:requirements|constraints)\b.*\.(?:txt|in)$/, 'pip-requirements'],
];
const SHEBANGS: readonly [RegExp, string][] = [
  [/\b(ba|z|k|da)?sh\b/, 'shellscript'],
  [/python/, 'python'],
  [/node|deno|bun/, 'javascript'],
  [/ruby/, 'ruby'],
  [/php/, 'php'],
  [/lua/, 'lua'],
  [/perl/, 'perl'],
  [/awk/, 'awk'],
  [/tclsh|wish/, 'tcl'],
  [/Rscript/, 'r'],
];
/** Characters in which a language shows what it is. */
const HEAD = 20_000;
// Blanks before the first word of a line: with `\s*`, blank lines would be searched from each of them.
const OBJECTIVE_C = /^[^\S\r\n]*(@(interface|implementation|protocol|class|import)\b|#\s*(import|include)\b)/m;
const OBJECTIVE_C_HEADER = /^@(interface|protocol)\b/m;
const CPP_HEADER = /^[^\S\r\n]*(class|namespace|template\s*<)|\w::\w|\b(public|private):/m;
const MATLAB = /^[^\S\r\n]*(%|function\b|classdef\b)/m;
/** What a test of Perl begins with, beside its comments. */
const PERL = /^[^\S\r\n]*(?:use|require)\s+(?:[A-Z]\w*::|strict\b|warnings\b|v?5)/m;
/** Extensions that name one language here and others elsewhere, by what their files begin with or hold. */
const ELSEWHERE: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  // OpenCL's kernels.
  '.cl': [[/^\s*(?:\/[/*]|#\s*(?:include|define|if|ifdef|ifndef|pragma)\b|(?:__)?(?:kernel|constant)\b)/, 'c']],
  '.cls': [[/^VERSION \d/, 'vb'], [/^(?!\s*[\\%])[^\\%{}]*?\b(?:class|interface|enum)\s+\w+[^\\%{}]*\{/i, 'apex']],
  '.pl': [[/^:-\s*\w/m, 'prolog']],
  '.pp': [[/^[^\S\r\n]*(?:unit|program|library)\s+[\w.]+\s*;/im, 'pascal']],
  '.pro': [[/^[^\S\r\n]*[A-Z_]{2,}\s*[+*-]?=/m, 'qmake']],
  '.ts': [[/^\uFEFF?\s*<(?:\?xml|!DOCTYPE TS|TS)\b/, 'xml']],
  '.v': [[/(?<![^])\s*\(\*|^(?:From\s+\w+\s+Require|Require|Theorem|Lemma|Inductive|Definition|Fixpoint)\s/m, 'coq']],
}; // prettier-ignore
/** Every language that a text can be read as; what editors and extensions name besides is read by its layout alone. */
export const LANGUAGE_IDS: readonly string[] = [
  ...new Set([
    ...Object.keys(PARSERS),
    ...Object.keys(DIALECTS),
    ...Object.keys(LANGUAGES),
    ...Object.keys(WITHOUT_GRAMMAR),
    ...Object.values(PROSE_EXTENSIONS),
    ...BY_NAME.values(),
    ...BY_KIND_OF_NAME.map(([, id]) => id),
  ]),
].sort();
/** Other names of these: what editors, Markdown fences and people call them. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  py: 'python', python3: 'python', starlark: 'python', bazel: 'python', ts: 'typescript', tsx: 'typescriptreact', js: 'javascript', node: 'javascript', jsx: 'javascriptreact',
  'c++': 'cpp', 'cuda-cpp': 'cpp', objc: 'objective-c', objectivec: 'objective-c', cs: 'csharp', 'c#': 'csharp', 'f#': 'fsharp', fs: 'fsharp', golang: 'go', rs: 'rust', rb: 'ruby', kt: 'kotlin',
  sh: 'shellscript', bash: 'shellscript', zsh: 'shellscript', shell: 'shellscript', batch: 'bat', cmd: 'bat', ps1: 'powershell', pwsh: 'powershell',
  htm: 'html', vue: 'html', svelte: 'html', astro: 'html', jsp: 'html', ejs: 'html', handlebars: 'html', liquid: 'html', razor: 'html', aspnetcorerazor: 'html', jade: 'pug', xsl: 'xml',
  yml: 'yaml', dockercompose: 'yaml', 'github-actions-workflow': 'yaml', jsonl: 'json', json5: 'jsonc', snippets: 'jsonc', dotenv: 'ini', conf: 'ini', cfg: 'ini',
  hs: 'haskell', ex: 'elixir', erl: 'erlang', jl: 'julia', ml: 'ocaml', pl: 'perl', clj: 'clojure', elisp: 'lisp', scheme: 'lisp', bison: 'yacc', asm: 'assembly', vim: 'viml', patch: 'diff', cucumber: 'gherkin',
  make: 'makefile', docker: 'dockerfile', protobuf: 'proto3', proto: 'proto3', tf: 'terraform', hcl: 'terraform', ipynb: 'jupyter', notebook: 'jupyter',
  md: 'markdown', mdx: 'markdown', juliamarkdown: 'markdown', rst: 'restructuredtext', restructured: 'restructuredtext', adoc: 'asciidoc', texi: 'texinfo', wikitext: 'mediawiki',
  man: 'roff', nroff: 'roff', troff: 'roff', groff: 'roff', mdoc: 'roff', text: 'plaintext', txt: 'plaintext', plain: 'plaintext',
  srt: 'plaintext', subrip: 'plaintext', vtt: 'plaintext', webvtt: 'plaintext', subtitles: 'plaintext',
}; // prettier-ignore
/** What a file is called that another is made from, or a copy of one: `settings.py.tmpl`, `config.h.in`. */
const MADE_FROM = /(?<=\.\w+)\.(?:in|tmpl|tpl|template|j2|jinja2?|erb|dist|sample|example|orig|bak|old)$/i;
/** Lines of most languages: they end a statement or open a body, close one, call or assign something. */
const OF_CODE = /[;{}]\s*$|^\s*(?:[})\]]|end\b)|\w\(.*\)|\w\s[:+-]?=\s/;
/** Lines of a text without a known extension that are looked at, and the share of them above which it is code. */
const LINES_OF_CODE = 400;
const SHARE_OF_CODE = 0.5;
/** Languages whose extensions scripts and XML have as well: `update-rc.d`, `fonts.conf`. */
const SHARED_NAMES: ReadonlySet<string> = new Set(['d', 'ini', 'properties']);
/** What a text file has that is written for Sphinx. */
const RST_DIRECTIVE = /^\.\. [\w:-]+::/gm;
/** Where manual pages stand, by section, and what editors call them; old logs and libraries are numbered too. */
const MANUAL_NAME = /\.(?:[1-9](?:[a-z]\w*)?|man|mdoc|[gnt]?roff)$/i;
const MANUAL = /^(?:[gnt]?roff|mdoc|man(?:-?page)?)$/;

/** How the text should be read. Never throws; a language without a grammar is read by its indentation, blank lines, comments and headers. */
export function detectDocument(input: Input): Detection {
  const named = languageOf(input);
  const language = named === 'xml' && isXmlManual(input.text) ? 'docbook' : named;
  const only = entryOf(PARSERS, language);
  if (only) return { language, ...only };
  if (Object.hasOwn(DIALECTS, language)) return { language, genre: 'prose', parser: 'marked' };
  if (language === 'plaintext' || language === 'log') {
    const speech = speechOf(input.text);
    if (!speech && language === 'plaintext') return { language, genre: 'prose', parser: 'prose' };
    // What people say to each other is no log, whatever the file is called; entries are one.
    const isLog = !speech || speech === 'entries';
    return { language: isLog ? 'log' : 'plaintext', genre: 'transcript', parser: 'transcript' };
  }
  const spec = entryOf(LANGUAGES, language);
  return spec ? { language, genre: spec.genre, parser: 'code' } : { language, genre: 'code', parser: 'outline' };
}

/** The id of a language by itself or by another name; undefined where nothing is called so. */
export function knownId(name: string): string | undefined {
  const id = idOf(name.toLowerCase());
  return LANGUAGE_IDS.includes(id) ? id : undefined;
}

/** The same, undefined also where Strata has no grammar for it. */
export function idWithGrammar(name: string): string | undefined {
  const id = knownId(name);
  return id !== undefined && Object.hasOwn(LANGUAGES, id) ? id : undefined;
}

function idOf(name: string): string {
  return entryOf(OTHER_NAMES, name) ?? name;
}

/** Whether most lines are such as programs have, whatever the language. */
function looksLikeCode(text: string): boolean {
  const lines = text
    .slice(0, 60_000)
    .split('\n', LINES_OF_CODE)
    .filter((line) => !isBlank(line));
  return lines.filter((line) => OF_CODE.test(line.slice(0, 300))).length > SHARE_OF_CODE * lines.length;
}

function languageOf({ text, language = '', fileName: written }: Input): string {
  const fileName = written.replace(MADE_FROM, '');
  const extension = path.extname(fileName).toLowerCase();
  return (
    languageInSpiteOf(language, fileName, extension, text) ??
    languageOfEditor(idOf(language), extension) ??
    languageOfFile(fileName, extension, text)
  );
}

/** What a text is whatever an editor calls it, because several languages have its extension, or its format is a part of another. */
function languageInSpiteOf(language: string, fileName: string, extension: string, text: string): string | undefined {
  // A notebook's text is JSON for the editor as well, Objective-C's headers are C++, and Sphinx publishes its sources as text.
  if (extension === '.ipynb') return 'jupyter';
  if (/\.rst\.txt$/i.test(fileName)) return 'restructuredtext';
  if ((MANUAL_NAME.test(fileName) || MANUAL.test(language)) && isManualPage(text)) return 'roff';
  const head = text.slice(0, HEAD);
  if (extension === '.h' && OBJECTIVE_C_HEADER.test(head)) return 'objective-c';
  const other = ELSEWHERE[extension]?.find(([pattern]) => pattern.test(head));
  if (other) return other[1];
  // Editors know `.m` as one of the two.
  if (extension === '.m' && !OBJECTIVE_C.test(text) && MATLAB.test(text)) return 'matlab';
  return extension === '.m' && language === 'matlab' && OBJECTIVE_C.test(text) ? 'objective-c' : undefined;
}

/** What an editor calls a text, where that says more than its name. */
function languageOfEditor(known: string, extension: string): string | undefined {
  if (known === '' || known === 'plaintext') return undefined;
  if (Object.hasOwn(LANGUAGES, known) || Object.values(PROSE_EXTENSIONS).includes(known)) return known;
  // Editors call packages and classes so, which are programs, and some every document.
  if (known === 'tex') return BY_EXTENSION.get(extension) ?? 'latex';
  if (Object.hasOwn(WITHOUT_GRAMMAR, known) && !SHARED_NAMES.has(known)) return known;
  // What a plain text is called for (`requirements.txt`) is more than its extension says.
  const prose = (PROSE_EXTENSIONS[extension] ?? 'plaintext') !== 'plaintext';
  return BY_EXTENSION.has(extension) || prose ? undefined : known;
}

/** What the name of a file says, and where that says little, its text. */
function languageOfFile(fileName: string, extension: string, text: string): string {
  const base = path.basename(fileName).toLowerCase();
  const kind = BY_KIND_OF_NAME.find(([pattern]) => pattern.test(base));
  if (kind) return kind[1];
  if (extension === '.h' && CPP_HEADER.test(text.slice(0, HEAD))) return 'cpp';
  const named =
    BY_NAME.get(base) ??
    BY_EXTENSION.get(extension) ??
    PROSE_EXTENSIONS[extension] ??
    BY_NAME.get(path.parse(base).name);
  if ((named ?? 'plaintext') === 'plaintext' && (text.match(RST_DIRECTIVE)?.length ?? 0) >= 2)
    return 'restructuredtext';
  if (named && !SHARED_NAMES.has(named)) return named;
  return languageOfBeginning(extension, text) ?? named ?? languageOfText(extension, text);
}

/** What the first lines say. */
function languageOfBeginning(extension: string, text: string): string | undefined {
  const shebang = /^#!(.*)/.exec(text)?.[1];
  const run = shebang === undefined ? undefined : SHEBANGS.find(([pattern]) => pattern.test(shebang));
  if (run) return run[1];
  if (extension === '.t' && PERL.test(text)) return 'perl';
  return /^\uFEFF?<\?xml\b/.test(text) ? 'xml' : undefined;
}

function languageOfText(extension: string, text: string): string {
  if (/^\s*<(!doctype html|html)\b/i.test(text)) return 'html';
  if (/^\s*<\?php/.test(text)) return 'php';
  if (speechOf(text)) return 'plaintext';
  if (/^\.[a-z]\w*$/.test(extension) && !(extension.slice(1) in {}) && looksLikeCode(text)) return extension.slice(1);
  return unnamedLanguage(text) ?? 'plaintext';
}

/**
 * Refuses what is not text. Throws StrataError `empty` for nothing but blanks and `unreadable-text` for binary data or a
 * text that was decoded with the wrong encoding.
 */
export function assertReadable(text: string): void {
  if (isBlank(text)) throw new StrataError('empty', 'There is nothing to read: the document is empty.');
  const sample = text.length > 40_000 ? text.slice(0, 20_000) + text.slice(-20_000) : text;
  if (isBinary(sample.length, (at) => sample.charCodeAt(at))) {
    throw new StrataError(
      'unreadable-text',
      'This does not look like text: it is binary, or it was opened with the wrong encoding. Reopen it with another encoding and try again.',
    );
  }
}
