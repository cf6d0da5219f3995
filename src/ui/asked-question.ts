/** A question that is asked of a document until it is cleared. A selection that it consists of moves with the text. No `vscode` here. */
import type { HeatQuery } from '../protocol/document.js';
import { MovingRanges, type TextChange } from './moving-ranges.js';

export class AskedQuestion {
  /** The whole text and the selection in it, in the text as it is now; undefined for a question in words. */
  private readonly moving: MovingRanges | undefined;
  /** Where the selection was in the versions that were or are being analysed. */
  private readonly places = new Map<number, { start: number; end: number }>();

  /** `query` speaks of this version of the text, which has `length` UTF-16 units. */
  constructor(
    private readonly query: HeatQuery,
    /** The question as the user put it, or the beginning of the selected text. */
    readonly title: string,
    version: number,
    length: number,
  ) {
    if ('range' in query) this.moving = new MovingRanges([{ start: 0, end: length }, query.range]);
    this.note(version);
  }

  edited(edit: readonly TextChange[]): void {
    this.moving?.apply(edit);
  }

  /** Notes where the selection is in this version, the current one, because it will be asked about in it. */
  note(version: number): void {
    if (this.moving) this.places.set(version, { start: this.moving.start(1), end: this.moving.end(1) });
  }

  /** The question as it is put to an analysis of a version that was noted; older versions are forgotten. */
  in(version: number): HeatQuery {
    for (const noted of this.places.keys()) if (noted < version) this.places.delete(noted);
    const range = this.places.get(version);
    return range ? { range } : this.query;
  }
}
