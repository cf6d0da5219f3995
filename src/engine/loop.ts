/**
 * The message loop of the engine process: validates what arrives, orders the requests, answers each exactly once.
 *
 * Order: at most one analysis and one interactive request (heat, explanation, attention) are under way, so that a question about
 * one document need not wait for the analysis of another; the encoder itself never does two runs at once. What
 * concerns the same document stays in the order in which it was asked, and `initialize` runs alone, because it replaces the encoder.
 * The loop knows no process: `process.ts` connects it to Node's IPC, tests to a pair of functions.
 */
import * as z from 'zod';
import type { FromEngine, Method, Params, Progress, RequestMessage, Result } from '../protocol/engine.js';
import { METHODS, toEngineSchema } from '../protocol/engine.js';
import { columnsOf } from '../protocol/tree-columns.js';
import { cancelled, errorDetails, errorText, firstProblem, StrataError, throwIfCancelled } from '../protocol/errors.js';

export interface CallContext {
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
}

/** What the loop calls: one function for each method of the protocol. */
export type EngineMethods = {
  [M in Method]: (params: Params<M>, context: CallContext) => Promise<Result<M>>;
};

/** Progress messages of one request are at least this far apart, except where a phase begins or ends. */
const PROGRESS_INTERVAL_MS = 100;

interface Job {
  request: RequestMessage;
  abort: AbortController;
  /** Undefined for `initialize`, which concerns no document. */
  documentId: string | undefined;
  running: boolean;
}

export interface EngineLoop {
  /** Takes one message of unknown shape; never throws. Returns true when the message asks the process to end. */
  receive(message: unknown): boolean;
  /** Cancels everything that is queued or running. */
  stop(): void;
}

/** A loop that calls `service` and answers through `send`. */
export function createLoop(service: EngineMethods, send: (message: FromEngine) => void): EngineLoop {
  const jobs: Job[] = [];

  function receive(message: unknown): boolean {
    const parsed = toEngineSchema.safeParse(message);
    if (!parsed.success) {
      refuse(message);
      return false;
    }
    // The union is built from METHODS at run time, which the type of the schema cannot follow.
    const valid = parsed.data as RequestMessage | { type: 'cancel'; id: number } | { type: 'shutdown' };
    switch (valid.type) {
      case 'shutdown':
        stop();
        return true;
      case 'cancel':
        cancel(valid.id);
        return false;
      case 'request':
        if (jobs.some((job) => job.request.id === valid.id)) {
          send({ type: 'log', level: 'error', message: `A second request with id ${valid.id} was ignored.` });
          return false;
        }
        jobs.push({
          request: valid,
          abort: new AbortController(),
          documentId: 'documentId' in valid.params ? valid.params.documentId : undefined,
          running: false,
        });
        startNext();
        return false;
    }
  }

  function refuse(message: unknown): void {
    const problem = describeProblem(message);
    const head = z.object({ id: z.number().int() }).safeParse(message);
    // A cancel is never answered, and an id in use has an answer of its own to come.
    if (head.success && !jobs.some((job) => job.request.id === head.data.id))
      send({ type: 'error', id: head.data.id, code: 'invalid-message', message: problem });
    else send({ type: 'log', level: 'error', message: problem });
  }

  function cancel(id: number): void {
    const index = jobs.findIndex((job) => job.request.id === id);
    const job = jobs[index];
    if (!job) return;
    job.abort.abort();
    // A running job answers by itself as soon as the service notices.
    if (job.running) return;
    jobs.splice(index, 1);
    send({ type: 'error', id, ...describeError(cancelled(), send) });
    startNext();
  }

  function stop(): void {
    for (const job of jobs) job.abort.abort();
    jobs.splice(0, jobs.length, ...jobs.filter((job) => job.running));
  }

  function mayStart(job: Job, position: number): boolean {
    if (job.running) return false;
    if (job.request.method === 'initialize') return !jobs.some((other) => other.running);
    return !jobs.some((other, i) => {
      if (other.request.method === 'initialize' && (other.running || i < position)) return true;
      if (other.running && isAnalysis(other) === isAnalysis(job)) return true;
      return i < position && other.documentId === job.documentId;
    });
  }

  function startNext(): void {
    // `jobs` keeps the order of arrival. Interactive requests are looked at first, and `initialize` among them: a device or topics that were
    // chosen since count for an analysis that still waits.
    const inOrder = jobs.map((job, position) => ({ job, position }));
    const interactiveFirst = [
      ...inOrder.filter(({ job }) => !isAnalysis(job)),
      ...inOrder.filter(({ job }) => isAnalysis(job)),
    ];
    for (const { job, position } of interactiveFirst) {
      if (mayStart(job, position)) {
        job.running = true;
        void run(job);
      }
    }
  }

  async function run(job: Job): Promise<void> {
    const { id } = job.request;
    const { signal } = job.abort;
    const onProgress = throttle((progress) => {
      if (!signal.aborted) send({ type: 'progress', id, progress });
    });
    try {
      const result = await call(service, job.request, { signal, onProgress });
      throwIfCancelled(signal);
      send({ type: 'result', id, result });
    } catch (error) {
      send({ type: 'error', id, ...describeError(signal.aborted ? cancelled() : error, send) });
    } finally {
      jobs.splice(jobs.indexOf(job), 1);
      startNext();
    }
  }

  return { receive, stop };
}

function isAnalysis(job: Job): boolean {
  return job.request.method === 'analyze';
}

async function call(service: EngineMethods, request: RequestMessage, context: CallContext): Promise<unknown> {
  switch (request.method) {
    case 'initialize':
      return service.initialize(request.params, context);
    case 'analyze': {
      const analysis = await service.analyze(request.params, context);
      return { ...analysis, tree: columnsOf(analysis.tree) };
    }
    case 'heat':
      return service.heat(request.params, context);
    case 'tokenHeat':
      return service.tokenHeat(request.params, context);
    case 'explainHeat':
      return service.explainHeat(request.params, context);
    case 'attention':
      return service.attention(request.params, context);
    case 'close':
      return service.close(request.params, context);
  }
}

function describeError(error: unknown, send: (message: FromEngine) => void): Pick<StrataError, 'code' | 'message'> {
  const foreseen = error instanceof StrataError;
  if (!foreseen || error.code === 'internal') send({ type: 'log', level: 'error', message: errorDetails(error) });
  if (foreseen) return { code: error.code, message: error.message };
  return {
    code: 'internal',
    message: `Something went wrong inside Strata: ${errorText(error)}. The log has the details ("Strata: Show Log").`,
  };
}

/** The shortest true sentence about what is wrong with a message that broke the protocol. */
function describeProblem(message: unknown): string {
  const head = z.object({ type: z.literal('request'), method: z.string(), params: z.unknown() }).safeParse(message);
  if (!head.success) return 'The engine received a message that it does not know.';
  const { method, params } = head.data;
  if (!Object.hasOwn(METHODS, method)) return `The engine has no method "${method}".`;
  const parsed = METHODS[method as Method].params.safeParse(params);
  return `The parameters of "${method}" are not valid${parsed.error ? `: ${firstProblem(parsed.error)}` : '.'}`;
}

function throttle(send: (progress: Progress) => void): (progress: Progress) => void {
  let last = -Infinity;
  let phase: Progress['phase'] | undefined;
  return (progress) => {
    const now = performance.now();
    const notable = progress.phase !== phase || progress.done >= progress.total;
    if (!notable && now - last < PROGRESS_INTERVAL_MS) return;
    last = now;
    phase = progress.phase;
    send(progress);
  };
}
