/** What the client remembers of analyses, so that the engine may forget them. */
import { expect, it } from 'vitest';
import { AnalysedDocuments } from '../../../src/client/documents.js';
import type { Params } from '../../../src/protocol/engine.js';

const version = (n: number): Params<'analyze'> => ({
  documentId: 'a',
  version: n,
  text: 'hello',
  fileName: 'a.txt',
  summaryWords: 50,
});
const read = (): Promise<string> => Promise.resolve('read');

it('reads an older version again only while no newer one is asked for', async () => {
  const documents = new AnalysedDocuments();
  await documents.first(version(7), read);
  let end: { resolve: (value: string) => void; reject: (error: Error) => void } | undefined;
  const asked = (n: number): Promise<string> =>
    documents.first(version(n), () => new Promise((resolve, reject) => (end = { resolve, reject })));

  const failed = asked(8);
  expect(documents.again('a', 7, read)).toBeUndefined();
  end!.reject(new Error('cancelled'));
  await expect(failed).rejects.toThrow('cancelled');
  expect(documents.again('a', 7, read)).toBeInstanceOf(Promise);

  const newer = asked(9);
  expect(documents.again('a', 7, read)).toBeUndefined();
  end!.resolve('read');
  await newer;
  expect(documents.again('a', 7, read)).toBeUndefined();
  expect(documents.again('a', 9, read)).toBeInstanceOf(Promise);
});
