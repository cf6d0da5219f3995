/** The extension inside a real extension host, on this repository's own files. */
import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import { UNANSWERED } from '../../src/protocol/document.js';
import { StrataError } from '../../src/protocol/errors.js';
import { stepOf, WARM_STEP } from '../../src/protocol/heat-steps.js';
import { colouredBy } from '../../src/ui/heatmap/coloured-by.js';
import type { HeatBand } from '../../src/ui/heatmap/bands.js';
import { COMMANDS, DISPLAY_SCALES, type DisplayScale, INTERNAL_COMMANDS, SETTINGS } from '../../src/ui/ids.js';
import { api, labelOf, longText, open, set, until, untitled, useWindow } from './support.js';

const QUESTION = 'what happens after the engine has crashed';
const LONG_FILE = 'src/client/client.ts';

const drawn = (editor: vscode.TextEditor): readonly HeatBand[] => api.internals.heatmap.bandsDrawn.get(editor) ?? [];

suite('Strata', () => {
  useWindow();

  test('activation starts no process', () => {
    assert.equal(api.internals.engine.status, undefined);
    assert.equal(api.internals.engine.pid, undefined);
  });

  test('every command of the manifest is registered', async () => {
    const registered = await vscode.commands.getCommands(true);
    for (const id of [...Object.values(COMMANDS), ...Object.values(INTERNAL_COMMANDS)])
      assert.ok(registered.includes(id), id);
  });

  test('analyses a real file and fills the Outline view', async () => {
    const { document } = await open(LONG_FILE);
    await vscode.commands.executeCommand(COMMANDS.analyze);
    const model = api.internals.documents.find(document)!;
    assert.equal(model.state, 'ready');
    assert.equal(model.analysis!.tree.language, 'typescript');
    assert.ok(model.analysis!.summary.file.length > 0, 'there is a summary');
    const { outline } = api.internals;
    await until('the tree follows', () => outline.getChildren().length > 1);
    const labels = outline.getChildren().map((e) => labelOf(outline.getTreeItem(e)));
    assert.ok(labels.includes('Topics') && labels.includes('EngineClient'), labels.join());
    const client = outline.getChildren().find((e) => labelOf(outline.getTreeItem(e)) === 'EngineClient')!;
    const methods = outline.getChildren(client).map((e) => labelOf(outline.getTreeItem(e)));
    assert.ok(methods.includes('restart'), methods.join());

    const { sectionTopics, tree } = model.analysis!;
    assert.ok(sectionTopics.length > 0, 'parts of a long file have topics');
    const group = outline.getChildren().find((e) => labelOf(outline.getTreeItem(e)) === 'Topics')!;
    const { label, node } = sectionTopics[0]!;
    const topic = outline.getChildren(group).find((e) => labelOf(outline.getTreeItem(e)) === label)!;
    const places = outline.getChildren(topic).map((e) => outline.getTreeItem(e));
    assert.equal(places.length, sectionTopics.filter((t) => t.label === label).length);
    const { name, kind, startLine, endLine } = tree.nodes[node]!;
    assert.equal(labelOf(places[0]!), name ?? `(${kind}, line ${startLine})`);
    const { tooltip, accessibilityInformation } = places[0]!;
    assert.ok(accessibilityInformation?.label.startsWith(labelOf(places[0]!)), 'a place is read out by its name');
    const topicItem = outline.getTreeItem(topic);
    assert.ok(topicItem.accessibilityInformation?.label.startsWith(`${label}, `), 'and so is a topic');
    assert.ok(typeof tooltip === 'string' && tooltip.startsWith('Earned by:\n• '), 'with what earned it');
    await vscode.commands.executeCommand(places[0]!.command!.command, ...(places[0]!.command!.arguments as unknown[]));
    const line = vscode.window.activeTextEditor!.selection.active.line + 1;
    assert.ok(line >= startLine && line <= endLine, 'a place is shown when it is chosen');
  });

  test('heat: decorations, ranking, hot spots, explanation and clearing', async () => {
    const editor = await open(LONG_FILE);
    await vscode.commands.executeCommand(COMMANDS.showHeatmap, QUESTION);
    const model = api.internals.documents.find(editor.document)!;
    const { result } = model.heat!;
    assert.equal(result.scores.length, model.analysis!.tree.nodes.length);
    for (let i = 1; i < result.ranking.length; i++) {
      assert.ok(result.scores[result.ranking[i - 1]!]! >= result.scores[result.ranking[i]!]!, 'the ranking falls');
    }
    await until('something is drawn', () => drawn(editor).length > 0);

    // All hot spots, in reading order.
    const starts = result.ranking
      .slice(0, 30)
      .filter((n) => stepOf(result.intensity[n]!) >= WARM_STEP)
      .map((n) => editor.document.offsetAt(model.rangeOf(n).start))
      .sort((a, b) => a - b);
    assert.ok(starts.length > 2);
    const cursor = (): number => editor.document.offsetAt(editor.selection.active);
    const next = (): number => starts.find((start) => start > cursor()) ?? starts[0]!;
    const previous = (): number => starts.findLast((start) => start < cursor()) ?? starts.at(-1)!;
    // Two down and two up from wherever the cursor is.
    for (const there of [next, next, previous, previous]) {
      const expected = there();
      await vscode.commands.executeCommand(there === next ? COMMANDS.nextHotSpot : COMMANDS.previousHotSpot);
      assert.equal(cursor(), expected);
    }
    const node = model.nodeAt(cursor())!;

    const { outline } = api.internals;
    const spotRows = (): vscode.TreeItem[] => {
      const group = outline.getChildren().find((e) => labelOf(outline.getTreeItem(e)) === 'Hot Spots');
      return group ? outline.getChildren(group).map((e) => outline.getTreeItem(e)) : [];
    };
    await until('the sidebar lists hot spots', () => spotRows().length > 1);
    const group = outline.getChildren().find((e) => labelOf(outline.getTreeItem(e)) === 'Hot Spots')!;
    assert.equal(outline.getParent(outline.getChildren(group)[0]!), group, 'and can show the one at the cursor');
    const [hottest] = spotRows();
    await vscode.commands.executeCommand(hottest!.command!.command, ...(hottest!.command!.arguments as unknown[]));
    const at = editor.selection.active;
    assert.equal(model.nodeAt(editor.document.offsetAt(at))!.id, result.ranking[0], 'the hottest first');
    assert.match(labelOf(hottest!), new RegExp(`^${at.line + 1} · `));

    const explained = await api.internals.engine.request('explainHeat', {
      documentId: model.id,
      version: model.analysis!.version,
      query: { text: QUESTION },
      node: node.id,
    });
    const sum = explained.scales.reduce((total, s) => total + s.contribution, 0);
    assert.ok(Math.abs(sum - explained.score) < 1e-4, 'scales add up to the score');
    const own = explained.words.reduce((total, w) => total + w.contribution, explained.context);
    const itself = explained.scales.filter((s, i) => i === 0 || s.scale === 'ownWords');
    const given = itself.reduce((sum, s) => sum + s.contribution, 0);
    assert.ok(Math.abs(own - given) < 1e-4, 'words and context add up to what the place itself gives');

    await vscode.commands.executeCommand(COMMANDS.clearHeatmap);
    assert.equal(model.heat, undefined);
    await until('the drawing is gone', () => drawn(editor).length === 0);
    await until('so is the list', () => spotRows().length === 0);
  });

  test('draws heat at each scale: words, statements, functions', async () => {
    const editor = await open(LONG_FILE);
    const { intensity } = await api.heat(editor.document, QUESTION);
    const model = api.internals.documents.find(editor.document)!;
    const { nodes } = model.analysis!.tree;
    const place = (band: HeatBand): number => model.nodeAt(band.start)!.id;
    const shows = (band: HeatBand, node: number): boolean => band.step === stepOf(intensity[node]!);
    const by = colouredBy(nodes);
    const looks: Readonly<Record<DisplayScale, (bands: readonly HeatBand[]) => boolean>> = {
      token: (bands) =>
        bands.some((band, i) => i > 0 && place(band) === place(bands[i - 1]!) && band.step !== bands[i - 1]!.step),
      statement: (bands) => bands.every((band) => shows(band, place(band))),
      function: (bands) => bands.every((band) => shows(band, by[place(band)]!)),
    };
    for (const scale of DISPLAY_SCALES) {
      await set(SETTINGS.heatScale, scale);
      await until(`heat is drawn by ${scale}`, () => drawn(editor).length > 0 && looks[scale](drawn(editor)), 20);
      const others = DISPLAY_SCALES.filter((other) => other !== scale);
      assert.ok(!others.some((other) => looks[other](drawn(editor))), 'and by nothing else');
      assert.ok(drawn(editor).length <= 1000);
    }
  });

  test('draws the heat of statements where that of words cannot be had', async () => {
    const { engine } = api.internals;
    const request = engine.request.bind(engine);
    engine.request = (method, params, options) =>
      method === 'tokenHeat'
        ? Promise.reject(new StrataError('internal', 'The heat of words cannot be had.'))
        : request(method, params, options);
    try {
      await set(SETTINGS.heatScale, 'token');
      const editor = await untitled('Cats sleep most of the day.\n\nBread is baked in an oven.\n');
      await api.heat(editor.document, 'baking');
      await until('something is drawn', () => drawn(editor).length > 0);
    } finally {
      engine.request = request;
    }
  });

  test('a question that nothing in the file answers leaves a trace of colour at most', async () => {
    const { document } = await open(LONG_FILE);
    const asked = await api.heat(document, QUESTION);
    assert.ok(asked.answered >= UNANSWERED, `${asked.answered}`);
    const other = await api.heat(document, 'which wine goes with roast duck');
    assert.ok(other.answered < UNANSWERED, `${other.answered}`);
    assert.ok(Math.max(...other.intensity) <= Math.fround(0.1) && Math.max(...asked.intensity) > 0.5);
  });

  test('a blank question is refused before anything is read', async () => {
    const { document } = await untitled('Cats sleep most of the day.\n');
    await assert.rejects(api.heat(document, ' \n'), { code: 'empty', message: /what to look for/ });
    assert.equal(api.internals.documents.find(document)?.analysis, undefined);
  });

  test('heat by selection finds the selection itself first', async () => {
    const editor = await open(LONG_FILE);
    await api.analyze(editor.document);
    const line = editor.document
      .getText()
      .split('\n')
      .findIndex((l) => l.includes('shutdown(this.timing.grace)'));
    editor.selection = new vscode.Selection(line, 0, line, 60);
    await vscode.commands.executeCommand(COMMANDS.heatBySelection);
    const model = api.internals.documents.find(editor.document)!;
    const { heat } = model;
    const brace = editor.document.getText().split('\n').indexOf('}');
    editor.selection = new vscode.Selection(brace, 0, brace, 1);
    // What it refuses is told in a notification, which nobody answers here.
    void vscode.commands.executeCommand(COMMANDS.heatBySelection);
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(model.heat, heat, 'a brace is like nothing else');
    const hottest = model.rangeOf(model.heat!.result.ranking[0]!);
    assert.ok(
      hottest.start.line <= line && hottest.end.line >= line,
      `the selected line, not line ${hottest.start.line + 1}`,
    );
  });

  test('after an edit ranges move, the place is stale, and the document is analysed again', async () => {
    const editor = await untitled(
      'Cats sleep most of the day.\n\nThe engine restarts after a crash.\n\nBread is baked in an oven.\n',
    );
    await api.heat(editor.document, 'baking');
    const model = api.internals.documents.find(editor.document)!;
    const bread = model.analysis!.tree.nodes.find(
      (n) => n.children.length === 0 && model.document.getText(model.rangeOf(n.id)).startsWith('Bread'),
    )!;
    const first = model.heat!.result;
    await editor.edit((edit) => {
      edit.insert(new vscode.Position(0, 0), 'Dogs bark at night. ');
    });
    assert.equal(model.document.getText(model.rangeOf(bread.id)), 'Bread is baked in an oven.');
    assert.ok(model.stale && model.ranges!.touched(0) && !model.ranges!.touched(bread.id));
    await until('it is analysed again', () => !model.stale && model.heat?.result !== first);
    const { result } = model.heat!;
    assert.equal(result.scores.length, first.scores.length + 1, 'the heat is about the new sentence, too');
    assert.ok(model.document.getText(model.rangeOf(result.ranking[0]!)).startsWith('Bread'));
  });

  test('what was edited while edits were not followed is read again once they are', async () => {
    await set(SETTINGS.reanalyzeOnEdit, false);
    const editor = await untitled('Cats sleep most of the day.\n');
    await api.analyze(editor.document);
    await editor.edit((edit) => {
      edit.insert(new vscode.Position(0, 0), 'Dogs bark at night. ');
    });
    const model = api.internals.documents.find(editor.document)!;
    assert.ok(model.stale);
    await set(SETTINGS.reanalyzeOnEdit, true);
    await until('it is read again', () => !model.stale);
  });

  test('a killed engine costs nothing: the analysis under way arrives', async () => {
    const { document } = await untitled(await longText());
    const { engine } = api.internals;
    const analysis = api.analyze(document);
    const model = api.internals.documents.find(document)!;
    await until('encoding is under way', () => model.progress?.phase === 'encode');
    const killed = engine.pid!;
    process.kill(killed, 'SIGKILL');
    const { tree } = await analysis;
    assert.equal(tree.nodes[0]!.end, document.getText().length, 'it is about the whole text');
    assert.notEqual(engine.pid, killed);
  });

  test('who asks while the document is being read waits for the same reading, and may leave without ending it', async () => {
    const { document } = await untitled(await longText());
    const model = api.internals.documents.get(document);
    const first = model.analyze();
    await until('encoding is under way', () => model.progress?.phase === 'encode');
    const abort = new AbortController();
    const left = model.ask({ text: 'licence' }, 'licence', { signal: abort.signal });
    const heat = model.ask({ text: 'warranty' }, 'warranty');
    await assert.rejects(left, { code: 'cancelled' });
    assert.ok((await heat).scores.length === (await first).tree.nodes.length);
    assert.equal(await model.analyze(), await first);
  });

  test('an analysis can be cancelled, and started again', async () => {
    const { document } = await open('src/ui/commands.ts');
    const model = api.internals.documents.get(document);
    const abort = new AbortController();
    const analysis = model.analyze(abort.signal);
    abort.abort();
    await assert.rejects(analysis, { code: 'cancelled' });
    assert.equal(model.state, 'idle');
    await api.analyze(document);
    assert.equal(model.analysis?.version, document.version);
  });

  test('a document with nothing to list says so in the sidebar', async () => {
    const { document } = await untitled('x = 1\n', 'python');
    await api.analyze(document);
    const { outline, documents } = api.internals;
    const labels = (): string[] => outline.getChildren().map((e) => labelOf(outline.getTreeItem(e)));
    await until('it is shown', () => documents.active?.document === document && labels().length > 0);
    assert.match(labels()[0]!, /no classes, functions or sections/);
  });

  test('an empty document is refused with words, not with an exception', async () => {
    const { document } = await untitled('   \n\n');
    await assert.rejects(api.analyze(document), { code: 'empty', message: /nothing to read/i });
    assert.equal(api.internals.documents.find(document)!.state, 'failed');
  });

  test('a document that could not be read can be tried again from the sidebar, unless it is empty', async () => {
    const { outline } = api.internals;
    const rows = (): vscode.TreeItem[] => outline.getChildren().map((e) => outline.getTreeItem(e));
    const { document } = await untitled('Cats sleep.\n');
    await set(SETTINGS.device, 'cuda');
    await assert.rejects(api.analyze(document), { code: 'device' });
    await until('the sidebar offers it', () => rows().length === 1 && labelOf(rows()[0]!) === 'Try Again');
    assert.equal(rows()[0]!.command!.command, COMMANDS.analyze);

    const empty = await untitled('   \n\n');
    await set(SETTINGS.device, 'cpu');
    await assert.rejects(api.analyze(empty.document), { code: 'empty' });
    await until('an empty one only says so', () => rows().length === 1 && /nothing to read/i.test(labelOf(rows()[0]!)));
    assert.equal(rows()[0]!.command, undefined);
  });

  test('a document that no device could read is as if it had never been tried once another device works', async () => {
    const { document } = await untitled('Cats sleep.\n');
    await set(SETTINGS.device, 'cuda');
    await assert.rejects(api.analyze(document), { code: 'device' });
    const model = api.internals.documents.find(document)!;
    assert.equal(model.state, 'failed');
    await set(SETTINGS.device, 'cpu');
    await until('the failure is forgotten', () => model.state === 'idle');
  });

  test('the summary is copied as Markdown', async () => {
    await open('docs/model-contract.md');
    await vscode.commands.executeCommand(COMMANDS.copySummary);
    const text = await vscode.env.clipboard.readText();
    assert.match(text, /^# model-contract\.md\n\n- /);
    assert.match(text, /\*\*Manifest/);
    await set(SETTINGS.summaryWords, 20);
    await vscode.commands.executeCommand(COMMANDS.copySummary);
    const shorter = await vscode.env.clipboard.readText();
    assert.ok(shorter.length < text.length, 'as the settings are now');
  });

  test('the ladder of a place adds up to one, for means and for a single head', async () => {
    const { document } = await open(LONG_FILE);
    const analysis = await api.analyze(document);
    const leaf = analysis.tree.nodes.find((n) => n.children.length === 0 && n.startLine > 100)!;
    for (const [layer, head] of [
      ['mean', 'mean'],
      [0, 3],
      [7, 11],
    ] as const) {
      const ladder = await api.internals.engine.request('attention', {
        documentId: api.internals.documents.find(document)!.id,
        version: analysis.version,
        node: leaf.id,
        layer,
        head,
        targets: 5,
      });
      const sum = ladder.rungs.reduce((total, r) => total + r.share, 0);
      assert.ok(Math.abs(sum - 1) < 1e-4, `${layer} ${head}: ${sum}`);
    }
  });

  test('a document whose language is changed is read again as that, and keeps its question', async () => {
    const { document } = await untitled(
      'def read(path):\n    return open(path)\n\n\ndef close(file):\n    file.close()\n',
    );
    await api.heat(document, 'open a file');
    const model = api.internals.documents.find(document)!;
    assert.equal(model.analysis!.tree.language, 'plaintext');
    await vscode.languages.setTextDocumentLanguage(document, 'python');
    await until('it is read as Python', () => model.analysis?.tree.language === 'python');
    assert.equal(api.internals.documents.find(document), model);
    assert.equal(model.heat?.title, 'open a file');
    assert.equal(model.heat.result.scores.length, model.analysis!.tree.nodes.length);
  });

  test('other settings for summary and topics show at once in what is open', async () => {
    const { document } = await open(LONG_FILE);
    await api.analyze(document);
    const model = api.internals.documents.find(document)!;
    const words = (): number =>
      model
        .analysis!.summary.file.map((s) => s.text)
        .join(' ')
        .split(' ').length;
    const before = words();
    await set(SETTINGS.summaryWords, 20);
    await until('the summary is shorter', () => words() < before);
    const topics = [
      { label: 'processes', description: 'A process is started, supervised and ended.' },
      { label: 'cooking', description: 'How bread is baked and soup is cooked.' },
    ];
    await set(SETTINGS.topics, topics);
    await until('the topics are those', () =>
      [...model.analysis!.topics, ...model.analysis!.sectionTopics].every(({ label }) =>
        topics.some((topic) => topic.label === label),
      ),
    );
  });

  test('opening the Scales view opens one page for the active document', async () => {
    await open(LONG_FILE);
    await vscode.commands.executeCommand(COMMANDS.openScales);
    const tabs = (): string[] => vscode.window.tabGroups.all.flatMap((g) => g.tabs.map((t) => t.label));
    await until('the page is open', () => tabs().includes('Scales'));
    await vscode.commands.executeCommand(COMMANDS.openScales);
    assert.equal(tabs().filter((t) => t === 'Scales').length, 1);
    assert.ok(tabs().includes(path.basename(LONG_FILE)));
  });

  test('while the engine is down every question is refused politely, until it is restarted', async () => {
    const { document } = await open('src/protocol/errors.ts');
    const { engine } = api.internals;
    await api.analyze(document);
    for (let crash = 0; engine.status?.state !== 'down'; crash++) {
      assert.ok(crash < 6, 'it gives up');
      // It starts again only for somebody who asks.
      api.heat(document, `question ${crash}`).catch(() => undefined);
      await until('the engine is up', () => engine.pid !== undefined || engine.status?.state === 'down');
      const { pid } = engine;
      if (pid === undefined) break;
      process.kill(pid, 'SIGKILL');
      await until('it has ended', () => engine.pid !== pid);
    }
    await assert.rejects(api.heat(document, 'anything'), { code: 'engine-down', message: /Restart Engine/ });
    await vscode.commands.executeCommand(COMMANDS.copySummary);
    assert.match(await vscode.env.clipboard.readText(), /^# errors\.ts\n/, 'what is known can be copied');
    const { document: unread } = await untitled('Cats sleep.\n');
    await assert.rejects(api.analyze(unread), { code: 'engine-down' });
    const model = api.internals.documents.find(unread)!;
    assert.equal(model.state, 'failed');
    assert.deepEqual(api.internals.outline.getChildren(), [], 'the button that restarts it needs an empty view');
    await vscode.commands.executeCommand(COMMANDS.restartEngine);
    assert.deepEqual([model.state, model.error], ['idle', undefined]);
    assert.ok((await api.heat(document, 'anything')).scores.length > 0);
  });
});
