/** Texts that the user named and that cannot be read or analysed: each is told of, the others are gone on with. */
import { isUnreadable, StrataError } from '../protocol/errors.js';
import { InputError, type Io, messageOf, UsageError } from './io.js';

export class Failures {
  count = 0;

  constructor(private readonly io: Pick<Io, 'err'>) {}

  /** What `work` on a text resolves with; undefined where it failed, which the user is then told. Throws what concerns every text. */
  async unless<T>(name: string, work: Promise<T>): Promise<T | undefined> {
    try {
      return await work;
    } catch (error) {
      this.tell(name, error);
      return undefined;
    }
  }

  /** Tells the user of an error of one text. Throws what concerns every text. */
  tell(name: string, error: unknown): void {
    if (error instanceof UsageError || concernsAll(error)) throw error;
    this.count++;
    // The message of a file that cannot be read names it already.
    const named = error instanceof InputError;
    this.io.err(`error: ${named ? '' : `${name}: `}${messageOf(error)}\n`);
  }
}

/** Whether an error has to do with more than one text: it would come back with the next file. */
function concernsAll(error: unknown): boolean {
  return error instanceof StrataError && error.code !== 'internal' && !isUnreadable(error);
}
