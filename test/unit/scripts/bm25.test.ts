import { expect, test } from 'vitest';
import { bm25 } from '../../../scripts/evaluate/bm25.mjs';

/** Whether a text of its own words is found by a question, beside one of others. */
const finds = (text: string, question: string): boolean => {
  const [score, other] = bm25([text, 'something else'])(question);
  return score! > 0 && other === 0;
};

test('words of every alphabet are found, whole and by their parts', () => {
  expect(finds('чтение данных', 'данных')).toBe(true);
  expect(finds('maß_größe', 'größe')).toBe(true);
  expect(finds('读取文件', '读取文件')).toBe(true);
  expect(finds('getДанные', 'данные')).toBe(true);
  expect(finds('зал٣', '٣')).toBe(true);
  expect(finds('readFirstLine', 'first')).toBe(true);
});
