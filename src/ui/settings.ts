/** Typed access to the settings. Values are checked: a user may have written anything into settings.json. */
import * as vscode from 'vscode';
import * as z from 'zod';
import { type TopicLabel, topicLabelsSchema } from '../protocol/document.js';
import type { DeviceChoice, Params } from '../protocol/engine.js';
import { type DisplayScale, SETTING_VALUES, SETTINGS } from './ids.js';

/** `document` is given for what a folder may set on its own (scope "resource" in the manifest). */
function read<T, F extends T | undefined>(
  name: string,
  schema: z.ZodType<T>,
  fallback: F,
  document?: vscode.TextDocument,
): T | F {
  const parsed = schema.safeParse(vscode.workspace.getConfiguration(undefined, document?.uri ?? null).get(name));
  return parsed.success ? parsed.data : fallback;
}

function readNumber(key: 'threads' | 'summaryWords', document?: vscode.TextDocument): number {
  const { default: fallback, minimum, maximum } = SETTING_VALUES[key];
  return read(SETTINGS[key], z.number().int().min(minimum).max(maximum), fallback, document);
}

function readSwitch(key: 'reanalyzeOnEdit' | 'followCursor', document?: vscode.TextDocument): boolean {
  return read(SETTINGS[key], z.boolean(), SETTING_VALUES[key].default, document);
}

const { device, heatScale } = SETTING_VALUES;

export const settings = {
  device: (): DeviceChoice => read(SETTINGS.device, z.enum(device.enum), device.default),
  threads: (): number => readNumber('threads'),
  summaryWords: (document: vscode.TextDocument): number => readNumber('summaryWords', document),
  heatScale: (): DisplayScale => read(SETTINGS.heatScale, z.enum(heatScale.enum), heatScale.default),
  reanalyzeOnEdit: (document: vscode.TextDocument): boolean => readSwitch('reanalyzeOnEdit', document),
  followCursor: (): boolean => readSwitch('followCursor'),
  /** The user's own topics; undefined where there are none, or where what they wrote is no such list. */
  topics: (): TopicLabel[] | undefined => read(SETTINGS.topics, topicLabelsSchema.optional(), undefined),
  /** Whether the user has written something for topics that cannot be used. */
  topicsAreWrong: (): boolean =>
    settings.topics() === undefined && !read(SETTINGS.topics, z.array(z.unknown()).length(0), undefined),
  /** What the engine is started with. */
  engine(): Params<'initialize'> {
    const topics = settings.topics();
    return { device: settings.device(), threads: settings.threads(), ...(topics ? { topics } : {}) };
  },
};

/** Writes a setting where the user has it already, else for all folders. */
export async function writeSetting(name: string, value: unknown): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(undefined, null);
  const inspected = configuration.inspect(name);
  const target =
    inspected?.workspaceValue === undefined ? vscode.ConfigurationTarget.Global : vscode.ConfigurationTarget.Workspace;
  await configuration.update(name, value, target);
}
