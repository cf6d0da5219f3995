/** The summary as Markdown for the clipboard. No `vscode` here. */
import type { DocumentAnalysis } from '../protocol/document.js';

/** Title, summary, topics and one line for each class, function and section, with its topic, nested as in the document. */
export function summaryMarkdown(fileName: string, analysis: DocumentAnalysis): string {
  const { nodes } = analysis.tree;
  const lines = [`# ${fileName}`, ''];
  for (const gist of analysis.summary.file) lines.push(`- ${gist.text} (line ${nodes[gist.node]!.startLine})`);
  if (analysis.topics.length > 0) lines.push('', `Topics: ${analysis.topics.map((t) => t.label).join(', ')}`);
  if (analysis.summary.sections.length > 0) lines.push('', '## Outline', '');
  const topics = new Map(analysis.sectionTopics.map((t) => [t.node, ` (${t.label})`]));
  const listed = new Set(analysis.summary.sections.map((g) => g.node));
  for (const gist of analysis.summary.sections) {
    const node = nodes[gist.node]!;
    if (!node.name) continue;
    let depth = 0;
    for (let at = node.parent; at > 0; at = nodes[at]!.parent) if (listed.has(at) && nodes[at]!.name) depth++;
    lines.push(
      `${'  '.repeat(depth)}- **${node.name}** (${node.startLine}–${node.endLine}): ${gist.text}${topics.get(gist.node) ?? ''}`,
    );
  }
  return `${lines.join('\n')}\n`;
}
