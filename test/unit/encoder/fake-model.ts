/** The files of a model that the fake session plays. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../hierarchy/invariants.js';
import { SHAPE } from './fake-session.js';

export const shipped = (name: string): string => readFileSync(path.join(ROOT, 'models', name), 'utf8');

/** `packing`: what differs from the shipped model there. */
export function writeFakeModel(
  dir: string,
  packing: object = {},
  tokenizerJson = shipped('tokenizer.json'),
  graph = 'no graph',
): void {
  const manifest = JSON.parse(shipped('manifest.json')) as { packing: object };
  const files = { 'encoder.onnx': graph, 'tokenizer.json': tokenizerJson };
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(dir, name), content);
  const sums = Object.entries(files).map(([name, content]) => [
    name,
    createHash('sha256').update(content).digest('hex'),
  ]);
  const played = { ...manifest, ...SHAPE, files: Object.fromEntries(sums) as object };
  writeFileSync(
    path.join(dir, 'manifest.json'),
    JSON.stringify({ ...played, packing: { ...manifest.packing, ...packing } }),
  );
}
