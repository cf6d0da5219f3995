/** A service with the engine's methods and none of its work, for tests of the loop and of the client. */
import type { DocumentAnalysis, DocumentTree } from '../../../src/protocol/document.js';
import { StrataError, throwIfCancelled } from '../../../src/protocol/errors.js';
import type { CallContext, EngineMethods } from '../../../src/engine/loop.js';

export const CPU = { provider: 'cpu', reason: 'Test.', tokensPerSecond: 1000 };

export function fakeAnalysis(documentId: string, version: number, text: string): DocumentAnalysis {
  const tree: DocumentTree = {
    language: 'plaintext',
    genre: 'prose',
    length: text.length,
    nodes: [{ id: 0, kind: 'file', start: 0, end: text.length, startLine: 1, endLine: 1, parent: -1, children: [] }],
  };
  return {
    documentId,
    version,
    tree,
    tokens: text.length,
    summary: { file: [], sections: [] },
    topics: [],
    sectionTopics: [],
    timings: { parse: 1, encode: 1, summarise: 1 },
    device: CPU,
  };
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Keeps the version of each analysed document, like the engine; heat tells the version as its only score.
 * `during` is called inside each analysis.
 */
export function fakeService(
  during: (text: string, context: CallContext) => Promise<void> = async () => {},
): EngineMethods {
  const documents = new Map<string, number>();
  const known = (id: string): number => {
    const version = documents.get(id);
    if (version === undefined) throw new StrataError('unknown-document', 'Analyse the document again.');
    return version;
  };
  return {
    initialize: (params) =>
      Promise.resolve({
        device: { ...CPU, provider: params.device === 'cpu' ? 'cpu' : 'webgpu' },
        model: { name: 'fake', version: '1' },
      }),
    analyze: async (params, context) => {
      await during(params.text, context);
      throwIfCancelled(context.signal);
      documents.set(params.documentId, params.version);
      return fakeAnalysis(params.documentId, params.version, params.text);
    },
    heat: async ({ documentId, query }) => {
      const version = known(documentId);
      await Promise.resolve();
      return {
        query,
        answered: 1,
        scores: Float32Array.of(version),
        meanCosines: Float32Array.of(0.5),
        intensity: Float32Array.of(0.5),
        ranking: [],
        literal: [],
      };
    },
    tokenHeat: () =>
      Promise.resolve({ offsets: new Uint32Array(2), scores: new Float32Array(1), intensity: new Float32Array(1) }),
    explainHeat: () => Promise.reject(new Error('a defect')),
    attention: ({ node, layer, head }) =>
      Promise.resolve({ node, layer, head, rungs: [], lookers: [], layers: 8, heads: 12 }),
    close: ({ documentId }) => {
      documents.delete(documentId);
      return Promise.resolve({});
    },
  };
}
