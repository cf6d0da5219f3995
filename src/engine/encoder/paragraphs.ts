/** Paragraphs of a text as its author set them: leaves that stand together, in code as in prose (docs/model-contract.md, Heat). */
import { type DocumentTree, hasStatements, type TreeNode } from '../../protocol/document.js';

/** Counts paragraphs along the leaves of a tree. */
export class Paragraphs {
  private current = -1;
  private indent = 0;
  private reached = 0;
  private indentOfLine = 0;
  /** Offsets of comments that stand before what they describe. */
  private readonly comments: ReadonlySet<number>;
  /** Whether a block ends where the indentation falls. */
  private readonly indented: boolean;

  constructor(
    private readonly text: string,
    { nodes, genre }: DocumentTree,
  ) {
    this.comments = new Set(nodes.flatMap((n) => (n.description?.start === n.start ? [n.start] : [])));
    this.indented = hasStatements(genre);
  }

  /**
   * The paragraph of the next leaf. A new one begins where `apart` (after a blank line, at another function or section), at a comment that
   * describes what follows it, and, in code, where a block ends: left of where the paragraph began.
   */
  next(leaf: TreeNode, apart: boolean): number {
    const indent = this.indentOf(leaf.start);
    if (apart || this.comments.has(leaf.start) || (this.indented && indent < this.indent)) {
      this.current++;
      this.indent = indent;
    }
    return this.current;
  }

  /** Blanks before the first word of the line that an offset lies in. Offsets must not fall; each character is looked at once. */
  private indentOf(offset: number): number {
    const end = this.text.slice(this.reached, offset).lastIndexOf('\n');
    if (end >= 0 || this.reached === 0) {
      const line = end < 0 ? 0 : this.reached + end + 1;
      let at = line;
      while (this.text[at] === ' ' || this.text[at] === '\t') at++;
      this.indentOfLine = at - line;
    }
    this.reached = offset;
    return this.indentOfLine;
  }
}
