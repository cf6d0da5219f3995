import { describe, expect, it } from 'vitest';
import { decode } from '../../../src/cli/decode.js';

const TEXT = 'Le café crème coûte 3 €.\nDas ist schön.\n';

describe('the bytes of a file', () => {
  it.each([
    ['UTF-8', Buffer.from(TEXT)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${TEXT}`)],
    ['UTF-16 LE', Buffer.from(`\uFEFF${TEXT}`, 'utf16le')],
    ['UTF-16 BE', Buffer.from(`\uFEFF${TEXT}`, 'utf16le').swap16()],
  ])('are read as %s without a word', (_, bytes) => {
    expect(decode(bytes)).toEqual({ text: TEXT });
  });

  it('are read as Windows-1252 where they are not UTF-8', () => {
    const bytes = Buffer.from(TEXT.replace('€', '\u0080'), 'latin1');
    expect(decode(bytes)).toEqual({ text: TEXT, note: 'read as Windows-1252' });
  });

  it('are read as UTF-16 where every other one is zero', () => {
    const expected = { text: TEXT, note: 'read as UTF-16' };
    expect(decode(Buffer.from(TEXT, 'utf16le'))).toEqual(expected);
    expect(decode(Buffer.from(TEXT, 'utf16le').swap16())).toEqual(expected);
  });

  it('stay UTF-8 where a character is broken', () => {
    expect(decode(Buffer.from(TEXT.repeat(2)).subarray(0, 5 + 2 * 22))).toMatchObject({
      text: expect.stringContaining('café crème') as string,
    });
    expect(decode(Buffer.concat([Buffer.from(TEXT), Buffer.of(0xc3)]))).toEqual({
      text: `${TEXT}\uFFFD`,
      note: 'one character is lost',
    });
    const two = Buffer.concat([Buffer.from(TEXT), Buffer.of(0xc3), Buffer.from('e.\n'), Buffer.of(0xc3)]);
    expect(decode(two)).toEqual({ text: `${TEXT}\uFFFDe.\n\uFFFD`, note: '2 characters are lost' });
  });

  it.each([
    ['zeros', Buffer.from([0, 1, 2, 0, 255, 0]), 'binary'],
    ['small numbers of two bytes', Buffer.from([1, 0, 2, 0, 3, 0, 65, 0, 66, 0]), 'binary'],
    ['a compressed stream', Buffer.from([0x1f, 0x8b, 8, 4, 3, 2, 0xff, 0xfe, 1, 9]), 'binary'],
    [
      'a picture behind a long text',
      Buffer.concat([Buffer.from(TEXT.repeat(300), 'latin1'), Buffer.of(0xff, 0, 1)]),
      'binary',
    ],
    ['Russian in UTF-16 that does not say so', Buffer.from('Привет, мир! Это - '.repeat(9), 'utf16le'), 'binary'],
    ['mostly text with a zero in it', Buffer.from(`${TEXT.repeat(100)}\0`), 'binary'],
    ['code with Russian words in KOI8-R', Buffer.from('d0d2c9d7c5d4203d20303b0a'.repeat(5), 'hex'), 'convert it'],
    ['Russian in KOI8-R', Buffer.from('d0d2c9d7c5d420cdc9d2', 'hex'), 'convert it'],
  ])('that are %s are no text', (_, bytes, why) => {
    expect(decode(bytes)).toEqual({ unreadable: expect.stringContaining(why) as string });
  });
});
