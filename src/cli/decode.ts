/** Bytes → text. Most files are UTF-8; what is not is read as what it most likely is, and its reader is told. */
import { isBinary } from '../engine/hierarchy/binary.js';

/** `note`: what became of bytes that are not valid UTF-8. `unreadable`: why they are no text. */
export type Decoded = { text: string; note?: string } | { unreadable: string };

const BINARY = 'it is binary, not text';
/** So much of a file is looked at by git, too, to tell binaries from text. */
const SAMPLE = 8_000;
/** Western European languages have far fewer letters that ASCII lacks; other alphabets have hardly any that it has. */
const MOST_HIGH = 0.3;
/** Of the first bytes of UTF-16's pairs: the letters of Western Europe have them, quotation marks and the euro do not. */
const LEAST_ZEROS = 0.8;

/** What Windows-1252 has from 0x80 to 0x9F, where Latin-1 has control characters; five are not used. */
const BEYOND_LATIN_1 = '€\uFFFD‚ƒ„…†‡ˆ‰Š‹Œ\uFFFDŽ\uFFFD\uFFFD‘’“”•–—˜™š›œ\uFFFDžŸ';

/** Byte order marks, and the encodings that they announce. The mark is no part of the text. */
const MARKS: readonly [bytes: readonly number[], encoding: string][] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

export function decode(bytes: Uint8Array): Decoded {
  const mark = MARKS.find(([begin]) => begin.every((byte, i) => bytes[i] === byte));
  if (mark) return { text: new TextDecoder(mark[1]).decode(bytes) };
  const sample = bytes.subarray(0, SAMPLE);
  if (sample.includes(0)) return asUtf16(bytes, sample) ?? { unreadable: BINARY };
  let text: string;
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    text = new TextDecoder('utf-8').decode(bytes);
  }
  if (bytes.includes(0) || isBinary(sample.length, (at) => sample[at]!)) return { unreadable: BINARY };
  // A few broken characters in a text that is UTF-8 otherwise, such as one cut off at the end of a log.
  const { broken, whole } = charactersBeyondAscii(text);
  if (whole > broken) return { text, note: broken === 1 ? 'one character is lost' : `${broken} characters are lost` };
  const high = sample.filter((byte) => byte > 127).length;
  if (high > MOST_HIGH * sample.length)
    return { unreadable: 'it is not UTF-8, and no Western European text; convert it, for example with iconv' };
  return { text: asWindows1252(bytes), note: 'read as Windows-1252' };
}

/** UTF-16 that does not say so, as some programs of Windows write it: one half of nearly each pair of bytes is zero, the other never. */
function asUtf16(bytes: Uint8Array, sample: Uint8Array): Decoded | undefined {
  const zeros = [0, 0];
  sample.forEach((byte, at) => {
    if (byte === 0) zeros[at % 2]!++;
  });
  const [even, odd] = zeros as [number, number];
  if (Math.min(even, odd) > 0 || Math.max(even, odd) < LEAST_ZEROS * (sample.length >> 1)) return undefined;
  const text = new TextDecoder(even > 0 ? 'utf-16be' : 'utf-16le').decode(bytes);
  const shown = Math.min(text.length, SAMPLE);
  return isBinary(shown, (at) => text.charCodeAt(at)) ? undefined : { text, note: 'read as UTF-16' };
}

/** Not by `TextDecoder`, which reads Latin-1 instead in some versions of Node. */
function asWindows1252(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('latin1')
    .replace(/[\x80-\x9f]/g, (char) => BEYOND_LATIN_1[char.charCodeAt(0) - 0x80]!);
}

/** Not by a pattern, whose matches of a log of hundreds of megabytes would fill the memory. */
function charactersBeyondAscii(text: string): { broken: number; whole: number } {
  let broken = 0;
  let whole = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0xfffd) broken++;
    else if (unit > 0x7f) whole++;
  }
  return { broken, whole };
}
