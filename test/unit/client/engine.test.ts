/** The client with the real engine and the real model: what the extension starts. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineClient } from '../../../src/client/index.js';
import type { Progress } from '../../../src/protocol/engine.js';
import { ROOT } from '../../../scripts/lib/root.mjs';
import { bundle } from './bundle.js';

/** A long source file that is not ours. */
const FILE = path.join(ROOT, 'node_modules/commander/lib/help.js');
const text = readFileSync(FILE, 'utf8');

let engine: Awaited<ReturnType<typeof bundle>>;
let client: EngineClient;

beforeAll(async () => {
  engine = await bundle('src/engine/main.ts');
  client = new EngineClient({
    modulePath: engine.file,
    modelDir: path.join(ROOT, 'models'),
    grammarsDir: path.join(ROOT, 'dist/grammars'),
  });
  await client.request('initialize', { device: 'cpu', threads: 1 });
});
afterAll(async () => {
  await client.dispose();
  engine.remove();
});

const document = { documentId: 'file:///help.js', version: 1, fileName: FILE, summaryWords: 80 };

describe('the engine behind the client', () => {
  it('survives SIGKILL in the middle of an analysis: the result arrives all the same', async () => {
    let killed = 0;
    const progress: Progress[] = [];
    const analysis = await client.request(
      'analyze',
      { ...document, text },
      {
        onProgress: (p) => {
          progress.push(p);
          if (p.phase !== 'encode' || p.done === 0 || killed > 0) return;
          killed = client.pid!;
          process.kill(killed, 'SIGKILL');
        },
      },
    );
    expect(killed).toBeGreaterThan(0);
    expect(client.pid).not.toBe(killed);
    expect(analysis.tree.language).toBe('javascript');
    expect(analysis.tree.nodes.some((n) => n.kind === 'function' && n.name === 'formatHelp')).toBe(true);
    expect(progress.at(-1)!.phase).toBe('summarise');
  });

  it('answers questions about the document, also after another crash', async () => {
    process.kill(client.pid!, 'SIGKILL');
    const query = { text: 'wrap long lines to the width of the terminal' };
    const reference = { documentId: document.documentId, version: 1 };
    const heat = await client.request('heat', { ...reference, query });
    const { nodes } = (await client.request('analyze', { ...document, text })).tree;
    expect(heat.scores).toHaveLength(nodes.length);
    // Each question has its own heat.
    const other = await client.request('heat', { ...reference, query: { text: 'sort options by their names' } });
    expect(other.ranking).not.toEqual(heat.ranking);
    expect(await client.request('heat', { ...reference, query })).toEqual(heat);
    const gone = client.request('explainHeat', { ...reference, query, node: nodes.length });
    await expect(gone).rejects.toMatchObject({ code: 'stale-document' });
    const best = nodes[heat.ranking[0]!]!;
    const explanation = await client.request('explainHeat', { ...reference, query, node: best.id });
    expect(explanation.scales.reduce((sum, s) => sum + s.contribution, 0)).toBeCloseTo(heat.scores[best.id]!, 4);
    const ladder = await client.request('attention', {
      ...reference,
      node: best.id,
      layer: 'mean',
      head: 'mean',
      targets: 3,
    });
    expect(ladder.rungs.reduce((sum, rung) => sum + rung.share, 0)).toBeCloseTo(1, 4);
  });

  it('cancels a running analysis and refuses what is no text', async () => {
    const abort = new AbortController();
    const cancelled = client.request(
      'analyze',
      { ...document, documentId: 'again', text: text.replaceAll('command', 'program') },
      {
        signal: abort.signal,
        onProgress: (p) => {
          if (p.phase === 'encode' && p.done > 0) abort.abort();
        },
      },
    );
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    const binary = { ...document, documentId: 'binary', text: '\u0000\u0001PNG\u0000'.repeat(100) };
    await expect(client.request('analyze', binary)).rejects.toMatchObject({ code: 'unreadable-text' });
    await expect(client.request('analyze', { ...document, text: ' \n' })).rejects.toMatchObject({ code: 'empty' });
  });
});
