/** The page of the Summary view: links and a style sheet, no script. No `vscode` here. */

export interface SummarySentence {
  text: string;
  /** Where it stands, for the reader. */
  place: string;
  /** Target of the link. */
  href: string;
}

interface SummaryPage {
  /** Of the texts around the sentences, a BCP 47 tag. */
  language: string;
  title: string;
  /** Admits this page's own style sheet, and nothing else. */
  nonce: string;
  sentences: readonly SummarySentence[];
}

const STYLE = `
body { margin: 0; padding: 2px 0; color: var(--vscode-sideBar-foreground, var(--vscode-foreground)); }
ol { margin: 0; padding: 0; list-style: none; }
a { display: block; padding: 3px 12px 3px 20px; color: inherit; text-decoration: none; line-height: 1.4; overflow-wrap: anywhere; outline-offset: -1px; }
a:hover { background: var(--vscode-list-hoverBackground); color: var(--vscode-list-hoverForeground, inherit); outline: 1px dashed var(--vscode-contrastActiveBorder, transparent); }
a:focus-visible { outline: 1px solid var(--vscode-focusBorder); }
span { color: var(--vscode-descriptionForeground); font-size: 0.85em; white-space: nowrap; }
a:hover span { color: inherit; }
`;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character]!);
}

export function summaryHtml({ language, title, nonce, sentences }: SummaryPage): string {
  const items = sentences.map(
    ({ text, place, href }) =>
      `<li><a href="${escaped(href)}">${escaped(text)} <span>${escaped(place)}</span></a></li>`,
  );
  return `<!DOCTYPE html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'">
<title>${escaped(title)}</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<ol>
${items.join('\n')}
</ol>
</body>
</html>`;
}
