/** `strata analyze FILE…`: tree, summary, topics and, with a question, heat. */
import path from 'node:path';
import { chosen } from '../engine/analysis/ladder.js';
import type { EngineService } from '../engine/service.js';
import type { LayerOrHead, TopicLabel } from '../protocol/document.js';
import { topicLabelsSchema } from '../protocol/document.js';
import type { Failures } from './failures.js';
import type { Io, TextFile } from './io.js';
import { InputError, notedOf, progressLine, readText } from './io.js';
import { renderAnalysis } from './render.js';

/** What an analysis for the command line needs of the engine. */
export type AnalyzeService = Pick<EngineService, 'analyze' | 'heat' | 'attentionTables' | 'layersAndHeads'>;

export interface AnalyzeOptions {
  query?: string;
  language?: string;
  json?: boolean;
  attention?: boolean;
  layer: LayerOrHead;
  head: LayerOrHead;
  summaryWords: number;
  top: number;
  /** File with the user's own topics. */
  topics?: string;
}

const DEFAULT_WIDTH = 100;

/** The user's own topics. Throws InputError when the file is no list of at least two. */
export async function readTopics(io: Io, file: string): Promise<TopicLabel[]> {
  let value: unknown;
  try {
    value = JSON.parse(await readText(file, notedOf(io, file)));
  } catch (error) {
    if (error instanceof SyntaxError) throw new InputError(`${file} is not JSON.`);
    throw error;
  }
  const parsed = topicLabelsSchema.safeParse(value);
  if (!parsed.success) throw new InputError(`${file} must be a list of at least two {"label","description"}.`);
  return parsed.data;
}

/** Prints one report, or one line of JSON, for each file that can be analysed. */
export async function analyze(
  io: Io,
  service: AnalyzeService,
  files: readonly TextFile[],
  options: AnalyzeOptions,
  failures: Failures,
): Promise<void> {
  if (options.attention === true) await assertLayerAndHead(service, options);
  let printed = 0;
  for (const file of files) {
    const report = await failures.unless(file.file, analyzeOne(io, service, file, options));
    if (report === undefined) continue;
    if (printed++ > 0 && options.json !== true) await io.out('\n');
    await io.out(report);
  }
}

/** Throws StrataError where the model lacks the layer or the head: before the files are read, which may take minutes. */
async function assertLayerAndHead(service: AnalyzeService, choice: AnalyzeOptions): Promise<void> {
  chosen(await service.layersAndHeads(), choice);
}

async function analyzeOne(
  io: Io,
  service: AnalyzeService,
  { file, text }: TextFile,
  options: AnalyzeOptions,
): Promise<string> {
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
    return renderAnalysis(file, text, analysis, heat, { color, width: columns ?? DEFAULT_WIDTH, top: options.top });
  }
  const { tree, tokens, timings, device, summary, topics, sectionTopics, truncated } = analysis;
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
    ...(heat ? { answered: heat.answered } : {}),
    tree: tree.nodes.map((node) =>
      heat ? { ...node, heat: heat.scores[node.id], intensity: heat.intensity[node.id] } : node,
    ),
    summary,
    topics,
    sectionTopics,
    ...(options.attention === true
      ? { attention: { layer, head, levels: service.attentionTables({ ...reference, layer, head }) } }
      : {}),
  };
  return `${JSON.stringify(result)}\n`;
}
