/** Summaries of papers' abstracts and of meetings, at the mean length of the references: all that a summariser is told of them. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { inTemporary, jsonLines, meetings, publishedRun } from './data.mjs';
import { textrankSummary } from './textrank.mjs';

const AT_ONCE = 64;
const METRICS = ['ROUGE-1', 'ROUGE-2', 'ROUGE-L', 'mean words'];

async function ours(model, { items, words }) {
  return inTemporary(async (dir) => {
    const files = items.map(({ passages, joint }, i) => {
      const file = path.join(dir, `${i}.txt`);
      writeFileSync(file, `${passages.join(joint)}\n`);
      return file;
    });
    const rows = [];
    for (let i = 0; i < files.length; i += AT_ONCE) {
      const analyses = await model.analyze(files.slice(i, i + AT_ONCE), { summaryWords: words });
      analyses.forEach(({ summary }, k) =>
        rows.push({ query_id: items[i + k].id, text: summary.file.map((g) => g.text).join(' ') }),
      );
    }
    return rows;
  });
}

const ranked = ({ items, words }) =>
  items.map(({ id, passages }) => ({ query_id: id, text: textrankSummary(passages, words) }));

const wordCount = (text) => text.split(/\s+/).filter(Boolean).length;
const meanWords = (texts) => Math.round(texts.reduce((sum, t) => sum + wordCount(t), 0) / texts.length);

function papers(data) {
  const all = jsonLines(path.join(data, 'doc-summary-dev/scitldr-a-dev.jsonl'));
  return {
    items: all.map(({ id, sentences }) => ({ id, passages: sentences, joint: ' ' })),
    words: meanWords(all.flatMap((p) => p.summaries)),
  };
}

function wholeMeetings(data) {
  const all = meetings(data).filter((m) => m.general.length > 0);
  return {
    items: all.map(({ general, lines }) => ({ id: general[0].id, passages: lines, joint: '\n' })),
    words: meanWords(all.flatMap((m) => m.general.map((q) => q.answer))),
  };
}

const set = (read, lead, leadRun) => ({
  metrics: METRICS,
  systems: {
    Strata: (c) => ours(c.ours, read(c.data)),
    'flat start model, same choice of passages': (c) => ours(c.flat, read(c.data)),
    TextRank: ({ data }) => ranked(read(data)),
    [lead]: ({ data }) => publishedRun(data, leadRun),
  },
});

export const PAPER_SUMMARIES = set(papers, 'first sentence', 'scitldr-a-dev.lead1');
export const MEETING_SUMMARIES = set(wholeMeetings, 'first 100 words', 'qmsum-general.lead100');
