/** `strata analyze FILE…`: tree, summary, topics and, with a question, heat. */
import path from 'node:path';
import type { EngineService } from '../engine/service.js';
import type { Io } from './io.js';
import type { TextFile } from './io.js';
import { progressLine } from './io.js';
import { renderAnalysis } from './render.js';

export interface AnalyzeOptions {
  query?: string;
  language?: string;
  json?: boolean;
  attention?: boolean;
  layer: 'mean' | number;
  head: 'mean' | number;
  summaryWords: number;
  top: number;
}

const DEFAULT_WIDTH = 100;

/** Prints one report, or one line of JSON, for each file. */
export async function analyze(
  io: Io,
  service: EngineService,
  files: readonly TextFile[],
  options: AnalyzeOptions,
): Promise<void> {
  for (const [i, file] of files.entries()) {
    if (i > 0 && options.json !== true) await io.out('\n');
    await analyzeOne(io, service, file, options);
  }
}

async function analyzeOne(
  io: Io,
  service: EngineService,
  { file, text }: TextFile,
  options: AnalyzeOptions,
): Promise<void> {
  const reference = { documentId: path.resolve(file), version: 1 };
  const { summaryWords, language, layer, head } = options;
  const progress = progressLine(io);
  const analysis = await service
    .analyze(
      { ...reference, text, fileName: file, summaryWords, ...(language === undefined ? {} : { language }) },
      { onProgress: progress.phase },
    )
    .finally(progress.done);
  const heat =
    options.query === undefined ? undefined : await service.heat({ ...reference, query: { text: options.query } });
  if (options.json !== true) {
    const { color, columns } = io;
    await io.out(
      renderAnalysis(file, text, analysis, heat, { color, width: columns ?? DEFAULT_WIDTH, top: options.top }),
    );
    return;
  }
  const { tree, tokens, timings, device, summary, topics, truncated } = analysis;
  const result = {
    file,
    language: tree.language,
    genre: tree.genre,
    tokens,
    timings,
    device,
    ...(tree.fallback === undefined ? {} : { fallback: tree.fallback }),
    ...(truncated ? { truncated } : {}),
    ...(options.query === undefined ? {} : { query: options.query }),
    tree: tree.nodes.map((node) =>
      heat ? { ...node, heat: heat.scores[node.id], intensity: heat.intensity[node.id] } : node,
    ),
    summary,
    topics,
    ...(options.attention === true
      ? { attention: { layer, head, levels: service.attentionTables({ ...reference, layer, head }) } }
      : {}),
  };
  await io.out(`${JSON.stringify(result)}\n`);
}
