/**
 * The only module that knows ONNX Runtime: one session on one execution provider, chosen by trial (docs/architecture.md).
 *
 * Providers do not fall back by themselves, so each is tried alone: it must load the model, agree with the CPU on a probe,
 * and be faster than the CPU. Runs are queued, because concurrent runs crash the WebGPU provider. A run cannot be
 * interrupted; callers keep runs short and cancel between them.
 */
import './without-telemetry.js';
import os from 'node:os';
import * as ort from 'onnxruntime-node';
import type { DeviceChoice } from '../../protocol/engine.js';
import type { DeviceReport } from '../../protocol/document.js';
import { errorText, StrataError } from '../../protocol/errors.js';
import type { GraphInputs, Tensor } from './inputs.js';
import type { Manifest } from './manifest.js';
import type { VerdictStore } from './verdicts.js';
import { hasVulkanDriver } from './vulkan.js';

export type Log = (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
export type Outputs = Readonly<Record<string, { data: Float32Array; dims: readonly number[] }>>;

type Provider = 'cpu' | 'webgpu' | 'dml' | 'cuda';

/** GPU providers to try before the CPU, by platform. */
const GPU_PROVIDERS: Readonly<Partial<Record<NodeJS.Platform, readonly Provider[]>>> = {
  linux: ['webgpu'],
  win32: ['webgpu', 'dml'],
  darwin: ['webgpu'],
};
/** Largest difference from the CPU, as a share of the largest value, that still counts as the same result. */
const TOLERANCE = 2e-3;
/** A device that is so many times slower than the CPU on the short probe is not tried with the longer one. */
const HOPELESS = 10;

const NO_DRIVER = 'no graphics processor with a working driver was found';

export interface Probe {
  inputs: GraphInputs;
  tokens: number;
}

interface SessionOptions {
  modelPath: string;
  manifest: Manifest;
  device: DeviceChoice;
  /** Threads of the CPU provider; 0 chooses: all but one, so that the editor keeps a core. */
  threads: number;
  /** A short run that every provider must get right. */
  probe: Probe;
  /** A longer one, which tells more of the speed: what each run costs before it begins counts for less. */
  load: Probe;
  verdicts: VerdictStore;
  log: Log;
  /** Called when a device was given up for the CPU. */
  onDevice?: ((device: DeviceReport) => void) | undefined;
}

export class EncoderSession {
  private queue: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly options: SessionOptions,
    private session: ort.InferenceSession,
    private report: DeviceReport,
  ) {}

  get device(): DeviceReport {
    return this.report;
  }

  /** Opens the model on the best device. Throws StrataError `model` or, for an explicitly chosen device, `device`. */
  static async open(options: SessionOptions): Promise<EncoderSession> {
    const { device, log } = options;
    const cpu = await create(options, 'cpu').catch((cause: unknown) => {
      throw new StrataError(
        'model',
        `The model cannot be loaded: ${errorText(cause).replace(/\.+$/, '')}. Reinstall the Strata extension.`,
        { cause },
      );
    });
    const reference = await verified(cpu, options);
    const onCpu = (reason: string): EncoderSession =>
      new EncoderSession(options, cpu, { provider: 'cpu', reason, tokensPerSecond: reference.speed });
    if (device === 'cpu') return onCpu('The CPU was chosen.');
    const reasons: string[] = [];
    for (const provider of device === 'auto' ? (GPU_PROVIDERS[process.platform] ?? []) : [device]) {
      const known = device === 'auto' ? options.verdicts.get(provider) : undefined;
      if (known !== undefined) {
        reasons.push(known);
        continue;
      }
      const trial = await attempt(provider, options, { ...reference, session: cpu }, device === 'auto');
      log('info', `device ${provider}: ${trial.reason}`);
      if ('session' in trial) {
        await cpu.release();
        const report = { provider, reason: trial.reason, tokensPerSecond: trial.speed };
        return new EncoderSession(options, trial.session, report);
      }
      if (device !== 'auto') {
        await cpu.release();
        throw new StrataError('device', `${trial.reason} Choose another device with "Strata: Select Device".`);
      }
      reasons.push(trial.reason);
      if (trial.lasting) options.verdicts.set(provider, trial.reason);
    }
    return onCpu(reasons.length > 0 ? reasons.join(' ') : 'No graphics processor is supported on this platform.');
  }

  /**
   * Runs the graph for the named outputs only. Waits for earlier runs. A device that fails (it was lost while the machine slept, or has too
   * little memory) is given up for the CPU. Throws StrataError `internal` when the CPU fails.
   */
  async run(inputs: GraphInputs, outputs: readonly string[]): Promise<Outputs> {
    const turn = this.queue.then(async () => {
      try {
        return await runOnce(this.session, inputs, outputs);
      } catch (error) {
        if (this.report.provider === 'cpu') throw error;
        await this.leaveDevice(errorText(error));
        return runOnce(this.session, inputs, outputs);
      }
    });
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  private async leaveDevice(why: string): Promise<void> {
    const { options, report } = this;
    const reason = `${label(report.provider as Provider)} failed during its work, so the CPU is used until the engine is restarted.`;
    options.log('warn', `${reason} ${why}`);
    const failed = this.session;
    this.session = await create(options, 'cpu').catch((cause: unknown) => {
      throw new StrataError(
        'internal',
        `The encoder failed, and the CPU cannot take over: ${firstLine(errorText(cause))}`,
        { cause },
      );
    });
    this.report = { provider: 'cpu', reason, tokensPerSecond: 0 };
    await failed.release().catch(() => undefined);
    try {
      const { speed } = await timed(this.session, options.probe);
      this.report = { ...this.report, tokensPerSecond: speed };
    } finally {
      options.onDevice?.(this.report);
    }
  }

  async close(): Promise<void> {
    await this.queue;
    await this.session.release();
  }
}

/** What the CPU computes of the probe. A session that does not keep the contract, or cannot run, is released: it is opened anew with the next request. */
async function verified(
  cpu: ort.InferenceSession,
  { manifest, probe }: SessionOptions,
): Promise<{ outputs: Outputs; speed: number }> {
  try {
    verifyContract(cpu, manifest);
    return await timed(cpu, probe);
  } catch (error) {
    await cpu.release().catch(() => undefined);
    throw error;
  }
}

async function create(options: SessionOptions, provider: Provider): Promise<ort.InferenceSession> {
  const cores = os.availableParallelism();
  return ort.InferenceSession.create(options.modelPath, {
    executionProviders: [provider],
    // More threads than cores wait for each other: eight lines took 18 s.
    intraOpNumThreads: options.threads > 0 ? Math.min(options.threads, cores) : Math.max(1, cores - 1),
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // Documents differ in every shape: remembered buffers would only pile up.
    enableMemPattern: false,
    logSeverityLevel: 3,
  });
}

/** A refusal is lasting when the next start would find the same; a driver that is missing or fails may be mended. */
type Trial = { session: ort.InferenceSession; speed: number; reason: string } | { reason: string; lasting: boolean };

async function attempt(
  provider: Provider,
  options: SessionOptions,
  reference: { outputs: Outputs; speed: number; session: ort.InferenceSession },
  mustBeFaster: boolean,
): Promise<Trial> {
  const cannot = (why: string): Trial => ({
    reason: `${label(provider)} cannot be used here: ${why}.`,
    lasting: false,
  });
  if (provider === 'webgpu' && process.platform === 'linux' && !hasVulkanDriver()) return cannot(NO_DRIVER);
  let session: ort.InferenceSession;
  try {
    session = await create(options, provider);
  } catch (error) {
    options.log('debug', `${provider}: ${errorText(error)}`);
    return cannot(unusable(errorText(error)));
  }
  try {
    const { outputs, speed: first } = await timed(session, options.probe);
    const difference = relativeDifference(outputs, reference.outputs);
    if (!(difference <= TOLERANCE)) {
      await session.release();
      return {
        reason: `${label(provider)} gives other results than the CPU (difference ${difference.toExponential(1)}), so the CPU is used.`,
        lasting: true,
      };
    }
    // One that is hopelessly slow would take minutes for the longer run.
    const close = first * HOPELESS > reference.speed;
    const speed = close ? (await timed(session, options.load)).speed : first;
    const onCpu = close ? (await timed(reference.session, options.load)).speed : reference.speed;
    const speeds = `${Math.round(speed)} against ${Math.round(onCpu)} tokens per second`;
    if (mustBeFaster && speed <= onCpu) {
      await session.release();
      return { reason: `${label(provider)} is slower than the CPU (${speeds}), so the CPU is used.`, lasting: true };
    }
    const why = mustBeFaster
      ? `${label(provider)} is faster than the CPU (${speeds}).`
      : `${label(provider)} was chosen (${speeds} on the CPU).`;
    return { session, speed, reason: why };
  } catch (error) {
    await session.release().catch(() => undefined);
    return { reason: `${label(provider)} failed on a test run (${firstLine(errorText(error))}).`, lasting: false };
  }
}

/** A probe's outputs, and tokens per second of the second of two runs (the first one warms up). */
async function timed(
  session: ort.InferenceSession,
  { inputs, tokens }: Probe,
): Promise<{ outputs: Outputs; speed: number }> {
  const wanted = ['piece_own', 'piece_context', 'part_keys'];
  await runOnce(session, inputs, wanted);
  const start = performance.now();
  const outputs = await runOnce(session, inputs, wanted);
  return { outputs, speed: (1000 * tokens) / Math.max(0.01, performance.now() - start) };
}

async function runOnce(
  session: ort.InferenceSession,
  inputs: GraphInputs,
  outputs: readonly string[],
): Promise<Outputs> {
  const feeds = Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, toOrt(tensor)]));
  let results: ort.InferenceSession.OnnxValueMapType;
  try {
    results = await session.run(feeds, [...outputs]);
  } catch (cause) {
    throw new StrataError('internal', `The encoder failed: ${firstLine(errorText(cause))}`, { cause });
  }
  const found: Record<string, { data: Float32Array; dims: readonly number[] }> = {};
  for (const name of outputs) {
    const tensor = results[name];
    if (!(tensor?.data instanceof Float32Array)) throw new StrataError('model', `The model gave no ${name}.`);
    found[name] = { data: tensor.data, dims: tensor.dims };
  }
  return found;
}

function toOrt(tensor: Tensor): ort.Tensor {
  return tensor.data instanceof Int32Array
    ? new ort.Tensor('int32', tensor.data, tensor.dims)
    : new ort.Tensor('float32', tensor.data, tensor.dims);
}

/** The session must have every input and output that the manifest promises. */
function verifyContract(session: ort.InferenceSession, manifest: Manifest): void {
  const missing = [
    ...Object.keys(manifest.inputs).filter((n) => !session.inputNames.includes(n)),
    ...session.inputNames.filter((n) => !(n in manifest.inputs)),
    ...Object.keys(manifest.outputs).filter((n) => !session.outputNames.includes(n)),
  ];
  if (missing.length > 0)
    throw new StrataError(
      'model',
      `The model file does not fit its manifest (${missing.slice(0, 3).join(', ')}). Reinstall the Strata extension.`,
    );
}

/** NaN where either gives one. */
function relativeDifference(a: Outputs, b: Outputs): number {
  let worst = 0;
  for (const [name, { data }] of Object.entries(b)) {
    const other = a[name]!.data;
    let largest = 1e-6;
    let difference = 0;
    for (let i = 0; i < data.length; i++) {
      largest = Math.max(largest, Math.abs(data[i]!));
      const d = Math.abs(data[i]! - other[i]!);
      difference = d > difference || Number.isNaN(d) ? d : difference;
    }
    worst = Math.max(worst, difference / largest);
  }
  return worst;
}

function label(provider: Provider): string {
  return { cpu: 'The CPU', webgpu: 'WebGPU', dml: 'DirectML', cuda: 'CUDA' }[provider];
}

/** In words, why a provider did not start. */
function unusable(message: string): string {
  if (/adapter|webgpu_context|vulkan|no drivers/i.test(message)) return NO_DRIVER;
  return firstLine(message);
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').slice(0, 160);
}

/** Version of ONNX Runtime, part of what a device verdict is remembered by. */
export const RUNTIME_VERSION = ort.env.versions.common;
