/** `strata bench`: time and memory of analysing texts of given lengths. The text is this program's own source. */
import { readFile } from 'node:fs/promises';
import type { DeviceReport } from '../protocol/document.js';
import type { EngineService } from '../engine/service.js';
import type { Io } from './io.js';
import { progressLine } from './io.js';

export interface BenchOptions {
  tokens: number[];
  json?: boolean;
}

interface BenchRow {
  tokens: number;
  characters: number;
  /** Milliseconds. */
  parse: number;
  encode: number;
  summarise: number;
  heat: number;
  tokensPerSecond: number;
  /** Memory of the process after the analysis, MiB. */
  memory: number;
}

/** `source` is a long JavaScript file. */
export async function bench(io: Io, service: EngineService, source: string, options: BenchOptions): Promise<void> {
  const text = await readFile(source, 'utf8');
  const progress = progressLine(io);
  const rows: BenchRow[] = [];
  let device: DeviceReport | undefined;
  // The first run of a session is slower than all others.
  await measure(service, text.slice(0, 2000));
  for (const tokens of options.tokens) {
    progress.show(`${tokens} tokens …`);
    const sample = await ofLength(service, text, tokens);
    const { row, device: used } = await measure(service, sample);
    device = used;
    rows.push(row);
  }
  progress.done();
  if (options.json === true) await io.out(`${JSON.stringify({ device, rows })}\n`);
  else await io.out(table(device, rows));
}

/** Whole lines with about `tokens` tokens, the text repeated where it is too short. */
async function ofLength(service: EngineService, text: string, tokens: number): Promise<string> {
  const lines = text.split('\n');
  const { encoder } = await service.encode({ text: lines[0]!, fileName: 'bench.js' });
  const sample: string[] = [];
  for (let i = 0, have = 0; have < tokens; i++) {
    const line = lines[i % lines.length]!;
    sample.push(line);
    have += encoder.countTokens(line);
  }
  return sample.join('\n');
}

async function measure(service: EngineService, text: string): Promise<{ row: BenchRow; device: DeviceReport }> {
  const reference = { documentId: 'bench', version: 1 };
  // A document of the same name would lend its parts, and nothing would be measured.
  await service.close(reference);
  const { tokens, timings, device } = await service.analyze({
    ...reference,
    text,
    fileName: 'bench.js',
    summaryWords: 100,
  });
  const start = performance.now();
  await service.heat({ ...reference, query: { text: 'where is the cache kept and when is it emptied' } });
  const row = {
    tokens,
    characters: text.length,
    parse: timings.parse,
    encode: timings.encode,
    summarise: timings.summarise,
    heat: performance.now() - start,
    tokensPerSecond: (1000 * tokens) / timings.encode,
    memory: process.memoryUsage.rss() / 2 ** 20,
  };
  return { row, device };
}

function table(device: DeviceReport | undefined, rows: readonly BenchRow[]): string {
  const head = ['tokens', 'characters', 'parse ms', 'encode ms', 'summarise ms', 'heat ms', 'tokens/s', 'MiB'];
  const cells = rows.map((r) =>
    [r.tokens, r.characters, r.parse, r.encode, r.summarise, r.heat, r.tokensPerSecond, r.memory].map((x) =>
      String(Math.round(x)),
    ),
  );
  const line = (row: readonly string[]): string =>
    `${row.map((cell, i) => cell.padStart(head[i]!.length)).join('  ')}\n`;
  return `${device?.provider ?? ''}: ${device?.reason ?? ''}\n${line(head)}${cells.map(line).join('')}`;
}
