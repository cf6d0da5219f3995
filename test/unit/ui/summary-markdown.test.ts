import { expect, it } from 'vitest';
import type { DocumentAnalysis, Gist, TreeNode } from '../../../src/protocol/document.js';
import { summaryMarkdown } from '../../../src/ui/summary-markdown.js';
import { fakeAnalysis } from '../engine/fake-service.js';

const node = (id: number, parent: number, kind: TreeNode['kind'], line: number, name?: string): TreeNode => ({
  id,
  kind,
  parent,
  start: 0,
  end: 1,
  startLine: line,
  endLine: line + 1,
  children: [],
  ...(name ? { name } : {}),
});
const gist = (id: number, text: string): Gist => ({ node: id, text, score: 1, range: { start: 0, end: 1 } });

function analysis(change: Partial<DocumentAnalysis> = {}): DocumentAnalysis {
  const base = fakeAnalysis('a', 1, 'text');
  const nodes = [
    node(0, -1, 'file', 1),
    node(1, 0, 'class', 2, 'Store'),
    node(2, 1, 'function', 3, 'read'),
    node(3, 0, 'function', 9),
    node(4, 3, 'function', 10, 'find'),
    node(5, 4, 'block', 11),
    node(6, 5, 'function', 12, 'inner'),
  ];
  const sections = [
    gist(1, 'Keeps values.'),
    gist(2, 'Reads one.'),
    gist(3, 'has no name'),
    gist(4, 'Finds one.'),
    gist(6, 'Is inside.'),
  ];
  return { ...base, tree: { ...base.tree, nodes }, summary: { file: [gist(2, 'Reads.')], sections }, ...change };
}

it('lists the summary with lines, the topics and the outline, nested as in the document', () => {
  const topics = [{ label: 'storage', score: 1, cosine: 0.4, evidence: [] }];
  const sectionTopics = [{ node: 2, label: 'file system', score: 2, cosine: 0.4, evidence: [] }];
  expect(summaryMarkdown('store.ts', analysis({ topics, sectionTopics }))).toBe(
    [
      '# store.ts',
      '',
      '- Reads. (line 3)',
      '',
      'Topics: storage',
      '',
      '## Outline',
      '',
      '- **Store** (2–3): Keeps values.',
      '  - **read** (3–4): Reads one. (file system)',
      // What it lies in is not listed.
      '- **find** (10–11): Finds one.',
      '  - **inner** (12–13): Is inside.',
      '',
    ].join('\n'),
  );
});

it('leaves out what there is nothing of', () => {
  const bare = analysis({ topics: [], summary: { file: [gist(2, 'Reads.')], sections: [] } });
  expect(summaryMarkdown('a.txt', bare)).toBe('# a.txt\n\n- Reads. (line 3)\n');
});
