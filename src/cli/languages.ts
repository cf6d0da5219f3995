/** The languages that `--language` takes: those with a structure of their own here, and other names of them. */
import { LANGUAGE_ALIASES } from '../engine/hierarchy/code/languages.js';
import { LANGUAGE_IDS } from '../engine/hierarchy/detect.js';
import { entryOf } from '../engine/hierarchy/text.js';

/** As people and Markdown fences call them. */
const SHORT: Readonly<Record<string, string>> = {
  md: 'markdown', mdx: 'markdown', rst: 'restructuredtext', restructured: 'restructuredtext', text: 'plaintext', txt: 'plaintext', plain: 'plaintext',
  adoc: 'asciidoc', texi: 'texinfo', man: 'roff', nroff: 'roff', troff: 'roff', groff: 'roff', mdoc: 'roff', ipynb: 'jupyter', notebook: 'jupyter',
  srt: 'plaintext', vtt: 'plaintext', make: 'makefile', docker: 'dockerfile', batch: 'bat', cmd: 'bat', ps1: 'powershell', pwsh: 'powershell',
  protobuf: 'proto3', proto: 'proto3', hs: 'haskell', ex: 'elixir', erl: 'erlang', jl: 'julia', ml: 'ocaml', pl: 'perl', clj: 'clojure', tf: 'terraform', hcl: 'terraform',
  vim: 'viml', patch: 'diff', asm: 'assembly', 'f#': 'fsharp', fs: 'fsharp', elisp: 'lisp', scheme: 'lisp', conf: 'ini', cfg: 'ini',
}; // prettier-ignore

/** The id of a language by itself or by another name; undefined where nothing is called so. */
export function knownId(name: string): string | undefined {
  const lower = name.toLowerCase();
  const id = entryOf(LANGUAGE_ALIASES, lower) ?? entryOf(SHORT, lower) ?? lower;
  return LANGUAGE_IDS.includes(id) ? id : undefined;
}
