/** Typed access to the settings. Values are checked: a user may have written anything into settings.json. */
import * as vscode from 'vscode';
import * as z from 'zod';
import { topicLabelsSchema } from '../protocol/document.js';
import { DEVICE_CHOICES, type DeviceChoice, type Params } from '../protocol/engine.js';
import { DISPLAY_SCALES, type DisplayScale, SETTINGS } from './ids.js';

function read<T>(name: string, schema: z.ZodType<T>, fallback: T): T {
  const parsed = schema.safeParse(vscode.workspace.getConfiguration().get(name));
  return parsed.success ? parsed.data : fallback;
}

export const settings = {
  device: (): DeviceChoice => read(SETTINGS.device, z.enum(DEVICE_CHOICES), 'auto'),
  threads: (): number => read(SETTINGS.threads, z.number().int().min(0).max(64), 0),
  summaryWords: (): number => read(SETTINGS.summaryWords, z.number().int().min(10).max(2000), 120),
  heatScale: (): DisplayScale => read(SETTINGS.heatScale, z.enum(DISPLAY_SCALES), 'statement'),
  reanalyzeOnEdit: (): boolean => read(SETTINGS.reanalyzeOnEdit, z.boolean(), true),
  followCursor: (): boolean => read(SETTINGS.followCursor, z.boolean(), true),
  /** What the engine is started with. */
  engine(): Params<'initialize'> {
    const topics = read(SETTINGS.topics, topicLabelsSchema.optional(), undefined);
    return { device: settings.device(), threads: settings.threads(), ...(topics ? { topics } : {}) };
  },
};

/** Writes a setting where the user has it already, else for all folders. */
export async function writeSetting(name: string, value: unknown): Promise<void> {
  const configuration = vscode.workspace.getConfiguration();
  const inspected = configuration.inspect(name);
  const target =
    inspected?.workspaceValue === undefined ? vscode.ConfigurationTarget.Global : vscode.ConfigurationTarget.Workspace;
  await configuration.update(name, value, target);
}
