import type { ZodError } from 'zod';
import type { ErrorCode } from './engine.js';

/** The one error that crosses boundaries: a code for programs, a message that tells the user what to do next. */
export class StrataError extends Error {
  override readonly name = 'StrataError';
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** True for the answer to a request that its caller cancelled; such answers are never shown. */
export function isCancelled(error: unknown): boolean {
  return error instanceof StrataError && error.code === 'cancelled';
}

export function cancelled(): StrataError {
  return new StrataError('cancelled', 'Cancelled.');
}

/** The first thing that is wrong with a message or a file, and where in it. */
export function firstProblem(error: ZodError): string {
  const { path, message } = error.issues[0]!;
  return path.length > 0 ? `${path.join('.')}: ${message}` : message;
}

/** Throws StrataError `cancelled` where the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled();
}
