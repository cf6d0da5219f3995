/** Names in languages without a grammar: headers that many of them write alike. */
import type { NodeKind } from '../../protocol/document.js';

const MODIFIERS =
  '(?:(?:export|public|private|protected|internal|static|async|local|inline|pub|abstract|final|override|global|default|shared|create|or|replace|alter|temp|temporary|unique|materialized|recursive|pure|elemental|generic|virtual|partial|sealed)\\s+)*';
const CALLED =
  'functions?!?|func!?|fn|fun|def|defn-?|defp|defmacro|defun|define|sub|proc|procedure|subroutine|macro|method|task|rule|trigger|process|job|action|rpc|test|it|describe';
const TYPED =
  'class|module|defmodule|package|struct|enum|union|record|interface|trait|protocol|service|message|type|namespace|table|view|index|schema|resource|data|variable|output|provider|component|entity|architecture|program|object|input|extend|mixin';
const NAME = `(?:"([^"]+)"(?:\\s+"([^"]+)")?|'([^']+)'|([\\w.$:@/*?!<>-]*\\w[\\w.$:@/*?!-]*))`;
/** A keyword and a name: after a blank, or in brackets as CMake has it. */
const DEFINITION = new RegExp(
  `^\\(?${MODIFIERS}(?:(${CALLED})|(${TYPED}))(?:\\s+(?:if\\s+not\\s+exists\\s+)?|(?<=^(?:function|macro))\\s*\\(\\s*)${NAME}`,
  'i',
);
/** `target: what it needs`, with a recipe below. */
const TARGET = /^([\w./%$(){}*-][^:=#]*?)\s*::?(?!=)/;
/** What gives a name to all that follows: `[section]`, a file of a diff, `FROM image AS stage`. */
const SECTION = /^\[\[?\s*([^\][,]+?)\s*\]\]?\s*([#;].*)?$/;
const DIFF = /^diff --git a\/(\S+)/;
const STAGE = /^FROM\s+(\S+)(?:\s+AS\s+(\S+))?\s*$/i;
const MOST = 80;

/** What a header line that has a body below it defines; undefined where it is only a line. */
export function definitionOf(
  line: string,
  language: string,
): { kind: Extract<NodeKind, 'class' | 'function'>; name: string } | undefined {
  if (language === 'makefile') {
    const target = TARGET.exec(line)?.[1];
    return target ? { kind: 'function', name: target.slice(0, MOST) } : undefined;
  }
  const match = DEFINITION.exec(line);
  const name = match?.[4] ?? match?.[3] ?? match?.[5] ?? match?.[6];
  if (!match || !name) return undefined;
  return { kind: match[1] ? 'function' : 'class', name: name.replace(/[:.]+$/, '').slice(0, MOST) };
}

/** The name that a line gives to all that follows it up to the next such line: `[section]`, a file of a diff, a stage of a Dockerfile. */
export function runningHead(line: string): string | undefined {
  const stage = STAGE.exec(line);
  return SECTION.exec(line)?.[1] ?? DIFF.exec(line)?.[1] ?? stage?.[2] ?? stage?.[1];
}
