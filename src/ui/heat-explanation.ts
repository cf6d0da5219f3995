/** Why a place has its heat, as the engine tells it; the hover and “Explain This Place” show it. No `vscode` here. */
import type { RequestOptions } from '../client/index.js';
import type { HeatExplanation, TreeNode } from '../protocol/document.js';
import type { DocumentModel } from './document-model.js';
import type { Engine } from './engine.js';

/** Why a node has its heat. Throws StrataError. */
export function explain(
  model: DocumentModel,
  engine: Pick<Engine, 'request'>,
  node: TreeNode,
  options: RequestOptions,
): Promise<HeatExplanation> {
  const { query } = model.heat!.result;
  return engine.request(
    'explainHeat',
    { documentId: model.id, version: model.analysis!.version, query, node: node.id },
    options,
  );
}

/** Heat and its parts, printed so that one can see them add up. */
export function number(value: number): string {
  return value.toFixed(3);
}
