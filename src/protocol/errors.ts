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

/** True for the error of a text that cannot be analysed; it says nothing of other texts. */
export function isUnreadable(error: unknown): error is StrataError {
  return error instanceof StrataError && ['empty', 'unreadable-text'].includes(error.code);
}

/** What an error says, whatever was thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The same for who looks for a defect: with where it was thrown. */
export function errorDetails(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Whatever was thrown, as the error that is told of; what nobody foresaw is a defect. */
export function asStrataError(error: unknown): StrataError {
  return error instanceof StrataError ? error : new StrataError('internal', errorText(error), { cause: error });
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
