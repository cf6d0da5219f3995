/** What the service has the encoder read of a document that it knows already, with the fake session. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { EngineService } from '../../../src/engine/service.js';
import type { DocumentAnalysis } from '../../../src/protocol/document.js';
import { writeFakeModel } from '../encoder/fake-model.js';
import { runs } from '../encoder/fake-session.js';
import { ROOT } from '../hierarchy/invariants.js';

vi.mock('../../../src/engine/encoder/session.js', () => import('../encoder/fake-session.js'));

const dir = mkdtempSync(path.join(os.tmpdir(), 'strata-service-'));
let service: EngineService;

beforeAll(() => {
  writeFakeModel(dir, { segmentTokens: 1 });
});
beforeEach(() => {
  service = new EngineService({ modelDir: dir, grammarsDir: path.join(ROOT, 'dist/grammars'), log: () => undefined });
  runs.length = 0;
});
afterAll(() => {
  rmSync(dir, { recursive: true });
});

const TEXT = Array.from(
  { length: 12 },
  (_, i) => `def f${i}(a):\n${'    call(a, 1, 2)\n'.repeat(60)}    return ${i}\n`,
).join('\n');
const EDITED = TEXT.replace('return 7', 'return 8');

const analyze = (text: string, version = 1): Promise<DocumentAnalysis> =>
  service.analyze({ documentId: 'a', version, text, fileName: 'a.py', summaryWords: 50 });
/** Parts of the document that were read since the last call: one each run. */
function partsRead(): number[] {
  const read = runs.filter((run) => run.outputs.includes('part_keys')).map((run) => run.firstPart);
  runs.length = 0;
  return read;
}

it('on another device only what has changed since is read', async () => {
  await analyze(TEXT);
  expect(partsRead().length).toBeGreaterThan(3);
  await service.initialize({ device: 'cpu', threads: 2 });
  await analyze(EDITED, 2);
  expect(partsRead()).toHaveLength(1);
});
