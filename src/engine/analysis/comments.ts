/** What a comment or docstring says in words, and to whom. */
import { excerpt } from '../../protocol/excerpt.js';
import { type CommentMarks, commentMarks } from '../hierarchy/code/comment-marks.js';
import { isSettingOff } from '../hierarchy/code/settings.js';
import { withoutCodes } from '../hierarchy/prose/pod-text.js';
import { sentences } from '../hierarchy/prose/sentences.js';
import { withoutCommands } from '../hierarchy/prose/texinfo-text.js';
import { oneOf, words } from '../patterns.js';
import { withoutMarkup } from './markup.js';

const { raw } = String;

/** What is shown of a class, function or section is one line. */
export const GIST_CHARS = 140;
/** A sentence of fewer characters says too little alone. */
const LEAST_SENTENCE = 12;
/** Comments are hardly ever wrapped at fewer columns than this. */
const NARROW = 60;

/** What licences say, and seldom anything else. */
const LEGAL = [
  'all rights reserved',
  'redistribution and use',
  'permission is hereby granted',
  'without (?:any )?warranty',
  raw`such damages?\b`,
];
const LICENCE = new RegExp(oneOf([...LEGAL, 'copyright', 'licen[cs]e', 'SPDX', '^this file is part of']), 'i');

export function namesLicence(text: string): boolean {
  return LICENCE.test(text);
}

const NOTICE = new RegExp(
  oneOf([
    ...LEGAL,
    raw`^\W*(?:copyright|©|\(c\)|spdx|(?:the )?(?:MIT|BSD|Apache|GNU|ISC|zlib)\b.{0,20}licen[cs]e|licen[cs]e)`,
    'licen[cs]ed (?:under|to)',
    'free software',
    'this file is part of',
    'the above copyright',
    raw`copyright (?:\(c\)|©|\d{4}|holder)`,
  ]),
  'i',
);

/** Whether a sentence is a notice of a licence; one about licences may be what the code is for. */
export function isNotice(said: string): boolean {
  return NOTICE.test(said);
}

/** Licence headers and the lines that only a machine reads. */
export function isLicence(text: string): boolean {
  return namesLicence(text) || text.startsWith('#!');
}

/** Lines drawn with characters, alone or beside a title. */
const ORNAMENT_BEFORE = /^(?:[-=*~_#+/]{3,}\s*)+/;
const ORNAMENT = /[-=*~_#+/!]/;
/** No more of a line or a paragraph is looked at: the first sentence is cut long before. */
const LONGEST_LINE = 2_000;
/** Where an editor folds. */
const FOLD = /\s*(?:\{{3}|\}{3})(?:\s?\d\b)?/g;
/** Where a description ends and an account of details begins. */
const DETAILS =
  /^(@!?\w+|- (?:Parameters?|Returns?|Throws|Note|Important|Warning|Complexity|SeeAlso)\b[^:]*:|\.(?:PARAMETER|EXAMPLE|NOTES|INPUTS|OUTPUTS|LINK)\b|:param|:return|\\(param|brief)\b|<(param|typeparam|returns|remarks|exception|example|value)\b|Args:|Returns:|Parameters$|-{3,}|={3,}|```|>>>)/;
/** These have a paragraph of their own; seldom is something said after them. */
const DETAIL_TAG = /^(?:[\\@](?:t?param|returns?|retval|throws|exception|example)\b|:?call-seq:)/;
const TAG = /^[\\@]!?\w|^\{@inheritdoc\}|^\.(?:SYNOPSIS|DESCRIPTION)$/i;
/** How a description begins that only says what to use instead. */
const DEPRECATED_MARK = 'Deprecated: ';
const DEPRECATED = /^[\\@]deprecated[:,.]?\s+(?=\p{L})/u;
/** Tags whose words are the description. */
const DESCRIBING =
  /^[\\@](brief|doc|summary|description|desc|file|fileoverview|overview|title|notice|dev)\s+|^<module>\s+/;
/** A call and nothing else, as docstrings of compiled modules begin with. */
const SIGNATURE = /^["']?[\w.!]+\([^()]*\)(?:\s*->\s*\S+|\s+is\s+(?:semi|non|multi)?det\.?)?["']?$/;
/** A name and nothing else. */
const NAME = /^(?:[\w:!-]+(?:\.[\w-]+)*|\w+(?:\.\w+)+\.)$/;
/** What a header begins with in Lisp and Tcl, what a file or procedure is called: `store.el --- Keeps values`. */
const NAMED = /^[\w:./+-]+ -{2,3}(?=\s|$)/;
/** Where comments are written for Doxygen, and how the next word is to look there. */
const DOXYGEN: ReadonlySet<string> = new Set(['c', 'cpp', 'objective-c', 'objective-cpp', 'fortran']);
const STYLE = /(?<![\w\\`'"])[\\@](?:em|[abcep])[ \t]+(?=\S)/g;
/** Where comments name what they speak of in brackets. */
const LINKING: ReadonlySet<string> = new Set(['dart', 'kotlin', 'rust']);
const LINK = /(?<![\w\])])\[(`?)([A-Za-z_][\w.:]*(?:\(\))?)\1\](?![[(])/g;
/** A comment that is written as a manual is, as Octave's are. */
const TEXINFO = /-\*- texinfo -\*-/;
/** How an editor is to show a file. */
const MODE_LINE = /-\*-.*?-\*-/;
/** What Haddock says of a module before it describes it. */
const FIELD = /^(Module|Description|Copyright|Licen[cs]e|Maintainer|Stability|Portability)\s*:(?:\s+|$)/;
/** Where something was taken from, and no word on it. */
const ADDRESS = /^[^\p{L}\p{N}]*(?:(?:see(?: also)?|cf\.?|source|from):?\s+)?https?:\/\/\S+\s*$/iu;
/** What a function costs, as Haskell's libraries say before what it does: `/O(log n)/.`, `\(O(1)\).` */
const COST = /^(?:\/O\(.*?\/|\\\(O\(.*?\\\))[.:,]?(?:\s+|$)/;
/** Titles in the list of what a module of Haskell exports, and the names of what is said there: `-- * Zippers`, `-- $zippers`. */
const EXPORTS = /^[ \t]*--+[ \t]*(?:\*+[ \t]|\$\w)[^\n]*$/gm;
/** How RDoc sets code: `+min+`. */
const RDOC_CODE = /(?<![\w+])\+([\w:.#?!]+)\+(?![\w+])/g;
/** What is said under a title of its own. */
const TITLE = /^[A-Z][A-Z0-9_]{3,}:\s/;

/** Whether a piece of code begins with a comment or docstring; a setting that was commented out says that it is not set. */
export function isCommented(text: string, language: string): boolean {
  return commentMarks(language).begins.test(text) && !isSettingOff(text, language);
}

/** The first sentence of a comment, docstring or passage, without markers and tags; empty when nothing is left. */
export function cleanDescription(raw: string, language: string): string {
  const marks = commentMarks(language);
  let rest = withoutCommandsOf(raw, language);
  if (language === 'haskell') rest = rest.replace(EXPORTS, '--');
  let said: string;
  // An ornament may stand before the words as a comment of its own.
  do {
    const [first, after] = firstBlock(rest, marks);
    said = firstSentence(first, marks);
    rest = after;
  } while (said === '' && marks.begins.test(rest));
  return said;
}

/** A comment without what the tool that makes the documentation of its language reads in it. */
function withoutCommandsOf(raw: string, language: string): string {
  if (language === 'perl') return withoutCodes(raw);
  if (language === 'ruby') return raw.replace(RDOC_CODE, '$1');
  const plain = TEXINFO.test(raw) ? withoutCommands(raw) : raw;
  if (LINKING.has(language)) return plain.replace(LINK, '$1$2$1');
  return DOXYGEN.has(language) ? plain.replace(STYLE, '') : plain;
}

/** A comment of several lines, and what follows it; all of any other text. */
function firstBlock(raw: string, { blocks }: CommentMarks): [string, string] {
  const [opens, closes] = blocks.find(([begin]) => begin.test(raw)) ?? [];
  if (!opens || !closes) return [raw, ''];
  const opened = opens.exec(raw)![0].length;
  const closed = closes.exec(raw.slice(opened));
  const end = closed ? opened + closed.index + closed[0].length : raw.length;
  return [raw.slice(0, end), raw.slice(end)];
}

/** What a script is run by: no words of the comment below it. */
const INTERPRETER = /^#!.*\n?/;

/** All that a comment or a part of one says on one line, details too, without its marks. */
export function wordsOfComment(raw: string, language: string): string {
  const marks = commentMarks(language);
  const [comment] = firstBlock(withoutCommandsOf(raw.replace(INTERPRETER, ''), language), marks);
  const lines = comment.split('\n');
  const code = marks.line.test(comment) ? lines.findIndex((line) => !marks.line.test(line)) : -1;
  const said = lines
    .slice(0, code < 0 ? undefined : code)
    .map((line) => withoutOrnaments(unmarked(line, marks).trim()))
    .filter((line) => line !== '');
  return withoutMarkup(said.join(' ').slice(0, LONGEST_LINE).replace(DESCRIBING, ''));
}

function firstSentence(comment: string, marks: CommentMarks): string {
  const lines: string[] = [];
  const lineComment = marks.line.test(comment);
  let inDetail = false;
  // What only says how something is called is said where nothing else is.
  let called = '';
  for (const whole of comment.split('\n')) {
    const line = whole.slice(0, LONGEST_LINE);
    if (lineComment && !marks.line.test(line)) break;
    if (lines.length === 0 && line.startsWith('#!')) continue;
    const written = unmarked(line, marks).replace(MODE_LINE, '').replace(NAMED, '').trim();
    if (lines.length > 0 && isBelow(written)) break;
    inDetail = DETAIL_TAG.test(written) || (inDetail && written !== '');
    if (inDetail) continue;
    const field = lines.length === 0 ? FIELD.exec(written) : null;
    if (field) {
      if (field[1] === 'Description') called = written.slice(field[0].length);
      continue;
    }
    const bare = withoutOrnaments(
      lines.length === 0 ? written.replace(DEPRECATED, DEPRECATED_MARK).replace(COST, '') : written,
    );
    // A call that stands by itself above is what is described.
    if (lines.length === 1 && SIGNATURE.test(lines[0]!)) lines.pop();
    if (bare === '' && lines.length === 1 && NAME.test(lines[0]!)) called ||= lines.pop()!;
    if (bare === '' && lines.length > 0) break;
    if (
      bare === '' ||
      (TAG.test(bare) && !DESCRIBING.test(bare)) ||
      (lines.length === 0 && (ORDER.test(bare) || ADDRESS.test(bare)))
    )
      continue;
    if (lines.length > 0 && isBroken(lines.at(-1)!, bare)) lines.push(`${lines.pop()!}.`);
    lines.push(bare);
  }
  if (lines.length === 1 && SIGNATURE.test(lines[0]!)) return '';
  const text = (lines.join(' ') || called).replace(DESCRIBING, '').trim();
  const plain = withoutMarkup(text.slice(0, LONGEST_LINE));
  return excerpt(beginningOf(plain), GIST_CHARS);
}

function unmarked(line: string, { before, after }: CommentMarks): string {
  return line.replace(before, '').replace(after, '').replace(FOLD, '');
}

/** The first sentence, and the next ones as long as it is hardly more than a word. */
function beginningOf(plain: string): string {
  const end = sentences(plain, 0, plain.length).find((sentence) => sentence.end > LEAST_SENTENCE)?.end;
  return plain.slice(0, end);
}

/** A line without what is drawn at its ends. */
function withoutOrnaments(line: string): string {
  const rest = line.replace(ORNAMENT_BEFORE, '');
  let end = rest.length;
  while (end > 0 && ORNAMENT.test(rest[end - 1]!)) end--;
  return rest.length - end < 3 ? rest : rest.slice(0, end).trimEnd();
}

/** Whether a line after the first is no longer the description: details, what is to be done, a bare address, a title, code. */
function isBelow(line: string): boolean {
  return (
    [DETAILS, TO_DO, ADDRESS, TITLE, SWITCH].some((is) => is.test(line)) || (/[;{]$/.test(line) && /[=(]/.test(line))
  );
}

/** Whether a line was ended on purpose: the next begins like a sentence, and its first word would have had room. */
function isBroken(line: string, next: string): boolean {
  const [word] = next.split(' ', 1);
  return /[\p{L}\p{N})\]`'"]$/u.test(line) && /^\p{Lu}\p{Ll}*\s/u.test(next) && line.length + word!.length < NARROW;
}

/** What is still to be done. */
const TO_DO = /^\W*((TODO|FIXME|XXX|HACK)\b[-: (]|(todo|fixme|hack)\b[^:\s]{0,20}:)/;
const TOOLS = words`
  shellcheck clang-format rubocop phpcs phpstan psalm swiftlint ktlint pylint noqa nolint NOLINT noinspection
  eslint tslint jshint ts prettier biome istanbul stylelint markdownlint cspell
`;
const SETTINGS_OF_TOOLS = words`
  (?:en)?coding (?:emacs:\s*)?vim? frozen[_-]string[_-]literal warn[_-]indent
  fmt mypy cython type go:\w+ sourceMappingURL MARK
`;
/** A line of a comment that orders a tool to do something; the language of an example is none. */
const ORDER = new RegExp(
  `^[^\\w\`\\n]*${oneOf([
    raw`${oneOf(TOOLS)}\b[-: ]`,
    raw`${oneOf(SETTINGS_OF_TOOLS)}\s*[:=]`,
    ...words`#?(?:end)?region\b \+build\b codingStandards\w+ autoload\s*$`,
  ])}`,
  'm',
);
/** The same below what a comment says, where a line may go on with the name of a tool. */
const SWITCH = new RegExp(
  `^\\W*(?:${oneOf(TOOLS)}|fmt|mypy|type)[-: ]\\s?(?:disable|enable|ignore|expect|nocheck|off\\b|on\\b)|^\\W*(?:noqa|NOLINT\\w*)\\b`,
);
/** Code that was taken out by making it a comment. */
const COMMENTED_OUT =
  /^\s*(?:\/\*+|\/\/+|#+|--+)[!*]?\s*(?:\*\s*)?[^\n]{0,120}[\w)\]]\s*[=(][^\n]{0,120}[;{]\s*(?:\*\/\s*)?(?:\n|$)/;
const SENTENCE = /[\p{L}\p{N})\]`'"][.!?]\s*$/mu;
/** Names and types of arguments, or of people, without a sentence. */
const ARGUMENTS = /^\W*(args?\b[^.]*$|(arguments|param(eter)?s?|returns?|usage|authors?|maintainers?)\s*:)/i;
/** For whom something is, and no word on what it is. */
const STANDING = /^\W*(obsolete|deprecated|(for )?internal usa?g?e only)\b[^.]{0,40}\.?$/i;

/** That something is made or destroyed here, which its name says too. */
const MADE =
  /^(?:(?:the|a|an|class|copy|default|empty|main|move|no-arg|private|protected|public)\s+)*(?:con|de)structor(?:\s+(?:for|of)\s+(?:(?:the|a|an)\s+)?[\w.:<>]+(?:\s+(?:class|instance|object)s?)?)?\W*$/i;

const MEMBERS = words`
  accessors api callbacks classes constants constructors? declarations definitions destructors? enums events exports fields functions getters globals
  handlers helpers imports includes internal lifecycle listeners macros members methods operators overrides private properties protected prototypes public
  setters signals slots structs tests types utilities variables
`;
const OF_MEMBERS = words`abstract class common global helper inline instance internal local main other private protected public static the utility virtual`;
/** The title of several definitions below it. */
const GROUP = new RegExp(`^(?:${oneOf(OF_MEMBERS)} )*${oneOf(MEMBERS)}(?: (?:and|&) ${oneOf(MEMBERS)})?\\W*$`, 'i');

/** What parts the sections of a program in Fortran: `.. Local Scalars ..` */
const SEPARATOR = /^\.\.(?:\s|$)/;

/** Whether a comment is a title over several definitions, and describes none of them. */
export function isTitle(said: string): boolean {
  return GROUP.test(said) || SEPARATOR.test(said);
}

/** How a file came to be. */
const GENERATED =
  /\b(?:file|code) (?:was|is|has been) (?:auto(?:matically)?[- ]?)?generated\b|\bdo not edit\b|^\W*(?:auto-?)?generated (?:by|from)\b/i;

/** A comment for other readers: what is still to be done, orders to a tool (with a note why, but no sentence), a bare address, code. */
export function isReminder(raw: string): boolean {
  return TO_DO.test(raw) || ADDRESS.test(raw) || COMMENTED_OUT.test(raw) || (ORDER.test(raw) && !SENTENCE.test(raw));
}

/** A picture of letters. */
function isDrawn(said: string): boolean {
  const signs = said.replace(/\s+/g, '');
  return signs.replace(/[^\p{L}\p{N}]/gu, '').length < signs.length / 2;
}

/** Words that say nothing without what they belong to: a list of arguments, what leads to an example that is left out, "Internal use only.", "Constructor." */
export function isFragment(said: string): boolean {
  return isDrawn(said) || isTitle(said) || [ARGUMENTS, STANDING, GENERATED, MADE, /:\s*$/].some((is) => is.test(said));
}

/** Whether a description only says what to use instead. */
export function isDeprecation(said: string): boolean {
  return said.startsWith(DEPRECATED_MARK);
}
