/** Wires the parts together. Nothing here reads a file or starts a process: that happens with the first command. */
import * as vscode from 'vscode';
import type { DocumentAnalysis, HeatResult } from './protocol/document.js';
import { registerCommands } from './ui/commands.js';
import { Documents } from './ui/documents.js';
import { Engine } from './ui/engine.js';
import { Heatmap } from './ui/heatmap/heatmap.js';
import { HeatHover } from './ui/heatmap/hover.js';
import { OutlineTree } from './ui/outline-tree.js';
import { Refusal } from './ui/problems.js';
import { Questions } from './ui/questions.js';
import { ScalesPanel } from './ui/scales-panel.js';
import { StatusBar } from './ui/status-bar.js';
import { SummaryView } from './ui/summary-view.js';

/** What other extensions can use. */
export interface StrataApi {
  readonly version: 1;
  /** Analyses an open document as it is now. Rejects with an error whose message says what to do. */
  analyze(document: vscode.TextDocument): Promise<DocumentAnalysis>;
  /** Shows the heat of a question on an open document. Rejects like `analyze`, also where the question is blank. */
  heat(document: vscode.TextDocument, question: string): Promise<HeatResult>;
  /** The parts themselves, for Strata's own tests; not stable. */
  readonly internals: Internals;
}
interface Internals {
  engine: Engine;
  documents: Documents;
  heatmap: Heatmap;
  outline: OutlineTree;
}

let engine: Engine | undefined;

export function activate(context: vscode.ExtensionContext): StrataApi {
  engine = new Engine(context);
  const documents = new Documents(engine);
  const heatmap = new Heatmap(documents, engine);
  const outline = new OutlineTree(documents);
  const scales = new ScalesPanel(context.extensionUri, documents, engine);
  const questions = new Questions(context.workspaceState);
  context.subscriptions.push(
    documents,
    heatmap,
    outline,
    new SummaryView(documents),
    scales,
    new HeatHover(documents, engine),
    new StatusBar(documents, engine),
    registerCommands({ documents, engine, questions, scales }),
  );
  return {
    version: 1,
    analyze: (document) => documents.get(document).analyze(),
    async heat(document, question) {
      const text = question.trim();
      if (!text) throw new Refusal(vscode.l10n.t('The question is empty. Say in words what to look for.'));
      return documents.get(document).ask({ text }, text);
    },
    internals: { engine, documents, heatmap, outline },
  };
}

/** Ends the engine process before the extension host goes away. */
export async function deactivate(): Promise<void> {
  await engine?.dispose();
}
