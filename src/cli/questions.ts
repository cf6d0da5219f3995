/** Questions on the command line, one or a file of many, and how what was found for them is printed. */
import { Readable } from 'node:stream';
import * as z from 'zod';
import { UNANSWERED } from '../protocol/document.js';
import type { Io } from './io.js';
import { jsonLines, notedOf, readText } from './io.js';
import { NOTHING_ANSWERS } from './render.js';

const querySchema = z.object({ id: z.union([z.string(), z.number()]), query: z.string().regex(/\S/, 'it is empty') });
export type QueryLine = z.infer<typeof querySchema>;

/** All questions of a `--queries` file. Throws InputError. */
export async function readQueries(io: Io, source: string): Promise<QueryLine[]> {
  const fromStdin = source === '-';
  const input = fromStdin ? io.stdin : Readable.from(await readText(source, notedOf(io, source)));
  const lines: QueryLine[] = [];
  for await (const line of jsonLines(input, querySchema, fromStdin ? 'standard input' : source)) lines.push(line);
  return lines;
}

/** What was found for one question. */
export interface Found<Place> {
  /** How surely the files answer it at all, 0…1. */
  answered: number;
  /** Best first. */
  places: Place[];
}

/** The best places of one text after the other, for each question. Of thousands of texts little more is kept than what can still be printed. */
export class BestPlaces<Place extends { score: number }> {
  private readonly all: Found<Place>[];

  constructor(
    queries: readonly QueryLine[],
    private readonly top = Infinity,
  ) {
    this.all = queries.map(() => ({ answered: 0, places: [] }));
  }

  /** What was found in one more text, for each question. */
  add(found: readonly Found<Place>[]): void {
    found.forEach(({ answered, places }, i) => {
      const all = this.all[i]!;
      all.answered = Math.max(all.answered, answered);
      for (const place of places) all.places.push(place);
      if (all.places.length > 2 * this.top) all.places = this.best(all.places);
    });
  }

  /** Of equals the one that was found first comes first. */
  found(): Found<Place>[] {
    return this.all.map(({ answered, places }) => ({ answered, places: this.best(places) }));
  }

  private best(places: Place[]): Place[] {
    return places.sort((a, b) => b.score - a.score).slice(0, this.top);
  }
}

/**
 * Prints what was found for each question: one line of JSON each where there is a file of questions, else the places of the only one, as JSON or
 * for people, who are told beside the output when they are no answers. `key` names the places in a line of JSON.
 */
export async function printFound<Place>(
  io: Io,
  queries: readonly QueryLine[],
  found: readonly Found<Place>[],
  options: { queries?: string; json?: boolean },
  { key, forPeople }: { key: string; forPeople: (places: readonly Place[]) => string },
): Promise<void> {
  if (options.queries !== undefined) {
    for (const [i, { id }] of queries.entries()) {
      const { answered, places } = found[i]!;
      await io.out(`${JSON.stringify({ id, answered, [key]: places })}\n`);
    }
    return;
  }
  const { answered, places } = found[0]!;
  if (options.json === true) {
    await io.out(`${JSON.stringify(places)}\n`);
    return;
  }
  if (answered < UNANSWERED && places.length > 0) io.err(`${NOTHING_ANSWERS}\n`);
  await io.out(forPeople(places));
}
