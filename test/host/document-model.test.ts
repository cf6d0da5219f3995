/** What a document model does while its text changes under it: real documents, an engine that answers when the test says so. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { DocumentTree, HeatQuery } from '../../src/protocol/document.js';
import type { Method, Params, Result } from '../../src/protocol/engine.js';
import { cancelled, StrataError } from '../../src/protocol/errors.js';
import { DocumentModel, type ModelEngine } from '../../src/ui/document-model.js';
import { fileName } from '../../src/ui/documents.js';
import { explanationRows } from '../../src/ui/explain.js';
import { SETTINGS } from '../../src/ui/ids.js';
import { leave, set } from './support.js';

/** A file of lines. */
function treeOf(text: string): DocumentTree {
  const nodes: DocumentTree['nodes'] = [
    { id: 0, kind: 'file', start: 0, end: text.length, startLine: 1, endLine: 9, parent: -1, children: [] },
  ];
  let start = 0;
  for (const line of text.split('\n')) {
    const id = nodes.length;
    const end = start + line.length;
    if (line) {
      nodes.push({ id, kind: 'sentence', start, end, startLine: id, endLine: id, parent: 0, children: [] });
      nodes[0]!.children.push(id);
    }
    start = end + 1;
  }
  return { language: 'plaintext', genre: 'prose', length: text.length, nodes };
}

interface Waiting {
  method: Method;
  params: unknown;
  answer(): void;
}

/** Knows one version of a document, like the real one, and finds the lines that contain the question. */
class LateEngine implements ModelEngine {
  readonly close = (): void => undefined;
  readonly log = { warn: (message: string) => void this.warnings.push(message) } as ModelEngine['log'];
  readonly warnings: string[] = [];
  readonly waiting: Waiting[] = [];
  readonly asked: HeatQuery[] = [];
  private known: { version: number; text: string } | undefined;

  request<M extends Method>(
    method: M,
    params: Params<M>,
    { signal }: { signal?: AbortSignal | undefined } = {},
  ): Promise<Result<M>> {
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        const at = this.waiting.indexOf(entry);
        if (at >= 0) this.waiting.splice(at, 1);
        reject(cancelled());
      };
      const entry: Waiting = {
        method,
        params,
        answer: () => {
          signal?.removeEventListener('abort', cancel);
          const result = this.result(method, params);
          if (result instanceof StrataError) reject(result);
          else resolve(result as Result<M>);
        },
      };
      this.waiting.push(entry);
      if (signal?.aborted) cancel();
      else signal?.addEventListener('abort', cancel);
    });
  }

  private result(method: Method, params: unknown): unknown {
    if (method === 'analyze') {
      const { documentId, version, text } = params as Params<'analyze'>;
      if (!text.trim()) return new StrataError('empty', 'There is nothing to read.');
      this.known = { version, text };
      const tree = treeOf(text);
      return { documentId, version, tree, summary: { file: [], sections: [] } };
    }
    if (method === 'explainHeat')
      return { score: 1, rank: 1, ranked: 3, scales: [], words: [], context: 0, met: [], ledBy: [] };
    if (method === 'attention') return { node: 1, layer: 'mean', head: 'mean', rungs: [], lookers: [] };
    const { version, query } = params as Params<'heat'>;
    if (this.known?.version !== version) return new StrataError('stale-document', 'Another version is known.');
    this.asked.push(query);
    const { text } = this.known;
    const words = 'text' in query ? query.text : text.slice(query.range.start, query.range.end);
    const { nodes } = treeOf(text);
    const scores = Float32Array.from(nodes, (n) => (n.id > 0 && text.slice(n.start, n.end).includes(words) ? 1 : 0));
    const ranking = nodes.map((n) => n.id).sort((a, b) => scores[b]! - scores[a]!);
    return { query, answered: 1, scores, meanCosines: scores, intensity: scores, ranking, literal: [] };
  }
}

const TEXT = 'Cats sleep.\nDogs bark. Birds sing.\nBread is baked.\n';

suite('A document that changes while it is read', () => {
  let engine: LateEngine;
  let editor: vscode.TextEditor;
  let model: DocumentModel;
  let edits: vscode.Disposable;

  setup(async () => {
    engine = new LateEngine();
    editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: TEXT }));
    model = new DocumentModel(editor.document, engine);
    edits = vscode.workspace.onDidChangeTextDocument((e) => {
      if (e.document === editor.document) model.edited(e);
    });
  });

  teardown(async () => {
    edits.dispose();
    model.dispose();
    await leave();
  });

  test('reads a cell of a notebook as what it is in, not as the file of the notebook', async () => {
    const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, TEXT, 'python');
    const notebook = await vscode.workspace.openNotebookDocument('jupyter-notebook', new vscode.NotebookData([cell]));
    const { document } = notebook.cellAt(0);
    const of = new DocumentModel(document, engine);
    const analysing = of.analyze();
    const { params } = await answer('analyze');
    assert.deepEqual(
      [(params as Params<'analyze'>).fileName, (params as Params<'analyze'>).language],
      ['', document.languageId],
    );
    await analysing;
    of.dispose();
    assert.match(fileName(document), /, cell 1$/);
  });

  async function change(by: (edit: vscode.TextEditorEdit) => void): Promise<void> {
    const { version } = editor.document;
    await editor.edit(by);
    // The edit is confirmed before or after the document that we see has changed.
    while (editor.document.version === version) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  const type = (offset: number, text: string): Promise<void> =>
    change((edit) => {
      edit.insert(editor.document.positionAt(offset), text);
    });

  /** Lets the engine answer the oldest request of this kind once it is there. */
  async function answer(method: Method): Promise<Waiting> {
    for (let turn = 0; turn < 200; turn++) {
      const at = engine.waiting.findIndex((w) => w.method === method);
      const [found] = at < 0 ? [] : engine.waiting.splice(at, 1);
      if (found) {
        found.answer();
        return found;
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new assert.AssertionError({ message: `nothing asked for ${method}` });
  }

  async function asked(query: HeatQuery): Promise<void> {
    const heat = model.ask(query, 'question');
    await answer('analyze');
    await answer('heat');
    await heat;
  }

  const hottest = (): string => editor.document.getText(model.rangeOf(model.heat!.result.ranking[0]!));

  test('an analysis that somebody asks for takes the heat along', async () => {
    await asked({ text: 'Bread' });
    // Numbers of heats and of nodes, after each change of the model.
    const sizes: (readonly [number, number])[] = [];
    model.onDidChange(() => {
      if (model.heat) sizes.push([model.heat.result.scores.length, model.analysis!.tree.nodes.length]);
    });
    await type(0, 'One more.\nTwo more.\n');
    const analysis = model.analyze();
    await answer('analyze');
    await answer('heat');
    await analysis;
    assert.equal(model.heat?.result.scores.length, 6);
    assert.ok(
      sizes.every(([heat, nodes]) => heat === nodes),
      JSON.stringify(sizes),
    );
    assert.equal(hottest(), 'Bread is baked.');
  });

  test('typing on does not lose a question: it is answered about the newer text', async () => {
    const question = model.ask({ text: 'Bread' }, 'bread');
    await type(0, 'More.\n');
    const again = model.analyze();
    await answer('analyze');
    await answer('heat');
    await Promise.all([question, again]);
    assert.equal(model.analysis?.version, editor.document.version);
    assert.equal(hottest(), 'Bread is baked.');
  });

  test('a question that is asked while a newer text arrives is put again', async () => {
    await asked({ text: 'Cats' });
    const question = model.ask({ text: 'Bread' }, 'bread');
    await type(0, 'More.\n');
    const again = model.analyze();
    await answer('analyze');
    // The engine knows the newer text now, and the older question speaks of the older one.
    await answer('heat');
    await answer('heat');
    await again;
    await answer('heat');
    await question;
    assert.equal(hottest(), 'Bread is baked.');
    assert.equal(model.heat?.title, 'bread');
  });

  test('a selection is asked again where it has moved to', async () => {
    const at = TEXT.indexOf('Birds sing.');
    await asked({ range: { start: at, end: at + 11 } });
    await type(TEXT.indexOf('bark'), 'never ');
    await type(0, 'More.\n');
    const again = model.analyze();
    await answer('analyze');
    await answer('heat');
    await again;
    const query = engine.asked.at(-1)!;
    assert.ok('range' in query);
    assert.equal(editor.document.getText().slice(query.range.start, query.range.end), 'Birds sing.');
  });

  test('a selection that was edited while it waited is asked about in the text that was read', async () => {
    const at = TEXT.indexOf('Birds sing.');
    const question = model.ask({ range: { start: at, end: at + 11 } }, 'birds');
    await type(0, 'More.\n');
    await answer('analyze');
    await answer('heat');
    await question;
    assert.deepEqual(engine.asked, [{ range: { start: at, end: at + 11 } }]);
    assert.equal(hottest(), 'Dogs bark. Birds sing.');
  });

  test('other line ends leave everything where it is, and a selection what it was', async () => {
    const at = TEXT.indexOf('Birds sing.');
    await asked({ range: { start: at, end: at + 11 } });
    const places = (): string[] => [1, 2, 3].map((id) => editor.document.getText(model.rangeOf(id)));
    const before = places();
    for (const ends of [vscode.EndOfLine.CRLF, vscode.EndOfLine.LF]) {
      await change((edit) => {
        edit.setEndOfLine(ends);
      });
      assert.equal(editor.document.eol, ends);
      assert.deepEqual(places(), before);
      assert.ok(![1, 2, 3].some((id) => model.ranges!.touched(id)));
    }
    const again = model.analyze();
    await answer('analyze');
    await answer('heat');
    await again;
    assert.deepEqual(engine.asked.at(-1), { range: { start: at, end: at + 11 } });
  });

  test('a cleared heat does not come back with the next analysis', async () => {
    await asked({ text: 'Bread' });
    await type(0, 'More.\n');
    const again = model.analyze();
    await answer('analyze');
    model.clearHeat();
    await answer('heat');
    await again;
    assert.equal(model.heat, undefined);
  });

  test('a place is explained by the heat that was asked about, also where that is cleared meanwhile', async () => {
    await asked({ text: 'Bread' });
    const rows = explanationRows(model, engine, model.analysis!.tree.nodes[3]!, {});
    model.clearHeat();
    await answer('explainHeat');
    await answer('attention');
    assert.equal((await rows)[0]!.label, 'Heat for “question”');
  });

  test('a place that was explained in an older text is not shown in a newer one', async () => {
    await asked({ text: 'Bread' });
    const rows = explanationRows(model, engine, model.analysis!.tree.nodes[3]!, {});
    await answer('explainHeat');
    await type(0, 'More.\n');
    const again = model.analyze();
    await answer('analyze');
    await answer('heat');
    await again;
    const refused = assert.rejects(rows, { code: 'stale-document' });
    await answer('attention');
    await refused;
  });

  test('an edit during the first analysis is told, so that somebody reads the text again', async () => {
    let behind = 0;
    model.onDidFallBehind(() => behind++);
    const analysis = model.analyze();
    await type(0, 'More.\n');
    await answer('analyze');
    await analysis;
    assert.ok(model.stale);
    assert.equal(behind, 1);
    assert.equal(editor.document.getText(model.rangeOf(3)), 'Bread is baked.');
  });

  test('what could not be read is as if it had never been tried once somebody has written into it', async () => {
    await change((edit) => {
      edit.delete(new vscode.Range(0, 0, editor.document.lineCount, 0));
    });
    const analysis = model.analyze();
    await answer('analyze');
    await assert.rejects(analysis, { code: 'empty' });
    assert.equal(model.state, 'failed');
    await type(0, 'More.\n');
    assert.deepEqual([model.state, model.error], ['idle', undefined]);
  });

  test('a setting that the summary depends on makes "Analyse" analyse again', async () => {
    const first = model.analyze();
    await answer('analyze');
    await first;
    assert.equal(await model.analyze(), await first, 'nothing has changed');
    await set(SETTINGS.summaryWords, 40);
    const second = model.analyze();
    const { params } = await answer('analyze');
    await second;
    assert.equal((params as Params<'analyze'>).summaryWords, 40);
  });

  test('who leaves leaves at once, and the last one ends the work', async () => {
    const [stays, leaves] = [new AbortController(), new AbortController()];
    const first = model.analyze(stays.signal);
    const second = model.analyze(leaves.signal);
    leaves.abort();
    await assert.rejects(second, { code: 'cancelled' });
    assert.equal(engine.waiting.length, 1, 'the work goes on');
    stays.abort();
    await assert.rejects(first, { code: 'cancelled' });
    assert.equal(engine.waiting.length, 0);
    assert.equal(model.state, 'idle');
  });

  test('who waits for a document that gets another name meanwhile is told of it under that name', async () => {
    const heat = model.ask({ text: 'Bread' }, 'bread');
    const renamed = await vscode.workspace.openTextDocument({ content: TEXT, language: 'markdown' });
    model.moveTo({ document: renamed, version: renamed.version, edits: [] });
    const { params } = await answer('analyze');
    await answer('heat');
    await heat;
    assert.equal((params as Params<'analyze'>).language, 'markdown');
    assert.equal(engine.waiting.length, 0, 'the reading under its old name was given up');
    assert.equal(model.document, renamed);
    assert.equal(hottest(), 'Bread is baked.');
  });

  test('what is out of date is so under another name, too, until it is read again', async () => {
    const first = model.analyze();
    await answer('analyze');
    const { version } = await first;
    await editor.edit((edit) => {
      edit.insert(new vscode.Position(0, 0), 'Fish swim. ');
    });
    assert.ok(model.stale);
    const renamed = await vscode.workspace.openTextDocument({ content: editor.document.getText() });
    assert.equal(renamed.version, version, 'the number that was analysed comes again');
    model.moveTo({ document: renamed, version, edits: [] });
    assert.ok(model.stale);
    await answer('analyze');
    await model.analyze();
    assert.ok(!model.stale);
  });
});
