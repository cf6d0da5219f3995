/**
 * Comments of YAML and TOML, whose grammars count to an entry what stands below it. A comment belongs to what follows it, at the level that its
 * indentation says.
 */
import type { TextRange } from '../../../protocol/document.js';
import type { DraftNode } from '../draft.js';
import { commented, remark, statement } from '../draft.js';
import { columnOf, lineStart } from '../text.js';

/** The entries of one level, and those below them, each with the comment above it. */
export function withOwnComments(text: string, entries: readonly DraftNode[]): DraftNode[] {
  const drafts: DraftNode[] = [];
  let lead: TextRange | undefined;
  for (const [i, entry] of entries.entries()) {
    const next = entries[i + 1];
    const comments = commentsBelow(text, entry, columnOf(text, (next ?? entry).start));
    const whole = comments[0] ? cut(entry, comments[0].start) : entry;
    drafts.push(withLead(text, { ...whole, children: withOwnComments(text, whole.children) }, lead));
    lead = next && isAdjacent(text, comments.at(-1), next) ? comments.pop() : undefined;
    for (const comment of comments) drafts.push(remark(text, comment));
  }
  return drafts;
}

/** The comments that an entry ends with and that are indented no deeper than a column, apart where blank lines are between them. */
function commentsBelow(text: string, entry: DraftNode, column: number): TextRange[] {
  const found: TextRange[] = [];
  let isApart = true;
  for (
    let end = entry.end, start = lineStart(text, end);
    start > entry.start;
    end = start - 1, start = lineStart(text, end)
  ) {
    const [, blanks = '', mark] = /^([ \t]*)(#?)/.exec(text.slice(start, end)) ?? [];
    if (!mark && blanks.length === end - start) isApart = true;
    else if (!mark || blanks.length > column) break;
    else {
      const [above] = found;
      if (isApart || !above) found.unshift({ start: start + blanks.length, end });
      else above.start = start + blanks.length;
      isApart = false;
    }
  }
  return found;
}

function isAdjacent(text: string, comment: TextRange | undefined, next: DraftNode): boolean {
  return comment !== undefined && !/\n[ \t\r]*\n/.test(text.slice(comment.end, next.start));
}

/** What of a draft stands before an offset. */
function cut(draft: DraftNode, at: number): DraftNode {
  const children = draft.children.filter((child) => child.start < at).map((child) => cut(child, at));
  return { ...draft, end: Math.min(draft.end, at), children };
}

function withLead(text: string, draft: DraftNode, lead: TextRange | undefined): DraftNode {
  if (!lead) return draft;
  if (draft.kind === 'statement') return { description: lead, ...commented(text, draft, lead) };
  const description = draft.description ?? lead;
  return { ...draft, start: lead.start, description, children: [statement(lead), ...draft.children] };
}
