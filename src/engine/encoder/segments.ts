/** Which parts are encoded together (docs/architecture.md). */

/** Consecutive parts [from, to). */
interface Segment {
  from: number;
  to: number;
}

/** Cuts the parts that are `needed` into segments of at most `segmentTokens` tokens (a larger part stands alone), in document order. */
export function planSegments(
  partTokens: readonly number[],
  needed: readonly boolean[],
  segmentTokens: number,
): Segment[] {
  const segments: Segment[] = [];
  let tokens = 0;
  partTokens.forEach((size, part) => {
    if (!needed[part]) return;
    const last = segments.at(-1);
    if (last?.to === part && tokens + size <= segmentTokens) {
      last.to = part + 1;
      tokens += size;
    } else {
      segments.push({ from: part, to: part + 1 });
      tokens = size;
    }
  });
  return segments;
}
