/** Sections of a text, whatever marks their titles: what stands below a title up to the next of its own or a higher level. */
import type { DraftNode } from '../draft.js';
import { sentenceLeaves, trim } from '../draft.js';

/** A title in a text. */
export interface Heading {
  /** 1 is the outermost. */
  level: number;
  name: string;
  start: number;
  /** First offset after the heading's own lines. */
  bodyStart: number;
  /** Whether the first paragraph of the body is the description of an object that the heading names. */
  described?: boolean;
}

/** Nests sections by level; text before the first heading stays directly under the file. `body` parses what is between headings. */
export function nestSections(
  text: string,
  headings: readonly Heading[],
  body: (start: number, end: number) => DraftNode[],
): DraftNode {
  const root: DraftNode = {
    kind: 'file',
    start: 0,
    end: text.length,
    children: body(0, headings[0]?.start ?? text.length),
  };
  const open: { node: DraftNode; level: number }[] = [{ node: root, level: 0 }];
  const ends = sectionEnds(headings, text.length);
  headings.forEach((heading, i) => {
    while (open.length > 1 && open.at(-1)!.level >= heading.level) open.pop();
    const next = headings[i + 1];
    const title = trim(text, heading.start, heading.bodyStart);
    const content = body(heading.bodyStart, next?.start ?? text.length);
    const first = heading.described && content[0] && !isField(text, content[0]) ? content[0] : undefined;
    const node: DraftNode = {
      kind: 'section',
      name: heading.name,
      start: heading.start,
      end: ends[i]!,
      children: [...sentenceLeaves(title ? [title] : []), ...content],
      ...(first ? { description: { start: first.start, end: first.end } } : {}),
    };
    open.at(-1)!.node.children.push(node);
    open.push({ node, level: heading.level });
  });
  return root;
}

/** Index of the first of some drafts, in order, that begins at an offset or behind it. O(log drafts). */
export function firstFrom(drafts: readonly DraftNode[], offset: number): number {
  let low = 0;
  let high = drafts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (drafts[middle]!.start < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Those of some drafts, in order, that begin between two offsets: a `body` for `nestSections`. */
export function between(drafts: readonly DraftNode[]): (start: number, end: number) => DraftNode[] {
  return (start, end) => drafts.slice(firstFrom(drafts, start), firstFrom(drafts, end));
}

/** Where each section ends: where the next heading of its own or a higher level starts, or with the text. */
function sectionEnds(headings: readonly Heading[], length: number): number[] {
  const ends: number[] = [];
  const after: Heading[] = [];
  for (let i = headings.length - 1; i >= 0; i--) {
    while (after.length > 0 && after.at(-1)!.level > headings[i]!.level) after.pop();
    ends[i] = after.at(-1)?.start ?? length;
    after.push(headings[i]!);
  }
  return ends;
}

/** An entry of a field list, `:param name: …`, tells about a detail. */
function isField(text: string, { start, end }: DraftNode): boolean {
  return /^\s*:\w[^:\n]*:/.test(text.slice(start, end));
}
