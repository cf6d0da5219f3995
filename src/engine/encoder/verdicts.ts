/**
 * Remembers which devices are slower than the CPU or compute something else, so that not every start tries them again. Lost or broken files only
 * cost a trial.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as z from 'zod';

/** How devices are tried: what another way found is found out again. */
const TRIAL = 2;

const fileSchema = z.record(z.string(), z.record(z.string(), z.string()));

export class VerdictStore {
  private readonly file: string | undefined;
  private readonly key: string;

  /** `stateDir` undefined: nothing is remembered. Verdicts hold for one model, runtime version, machine and number of the CPU's threads. */
  constructor(stateDir: string | undefined, model: string, runtime: string, threads: number) {
    this.file = stateDir === undefined ? undefined : path.join(stateDir, 'devices.json');
    this.key = [TRIAL, runtime, model.slice(0, 16), os.hostname(), os.release(), threads].join(' ');
  }

  /** Why the provider was refused, or undefined when it was not tried. */
  get(provider: string): string | undefined {
    return this.read()[this.key]?.[provider];
  }

  set(provider: string, reason: string): void {
    if (this.file === undefined) return;
    const all = this.read();
    // Those for another model, version or number of threads are found out again if they are ever needed.
    const next = { [this.key]: { ...all[this.key], [provider]: reason } };
    try {
      mkdirSync(path.dirname(this.file), { recursive: true });
      writeFileSync(`${this.file}.tmp`, JSON.stringify(next));
      renameSync(`${this.file}.tmp`, this.file);
    } catch {
      // A read-only folder: the device is tried again next time.
    }
  }

  private read(): Record<string, Record<string, string>> {
    if (this.file === undefined) return {};
    try {
      return fileSchema.parse(JSON.parse(readFileSync(this.file, 'utf8')));
    } catch {
      return {};
    }
  }
}
