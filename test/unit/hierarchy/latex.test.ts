import { describe, expect, it } from 'vitest';
import { textOfLatex } from '../../../src/engine/hierarchy/prose/latex-text.js';
import { parse, problems } from './invariants.js';

describe('words of LaTeX', () => {
  it.each([
    ['arguments without their commands', String.raw`A \textbf{bold} and \emph{very \textit{slanted}} word.`, 'A bold and very slanted word.'],
    ['fonts inside of braces', String.raw`{\em Trees} of {\bf oak} {\large and} pine`, 'Trees of oak and pine'],
    ['citations, labels and footnotes go', String.raw`It is known~\citep[see][p.~3]{oak,pine}\label{x}.\footnote{Or \emph{not}.} Well \cite{a}, then.`, 'It is known. Well, then.'],
    ['who is named stays', String.raw`As \citet{oak2020} says`, 'As oak2020 says'],
    ['references by what they refer to', String.raw`Figure~\ref{fig:one} and \autoref{sec:method}`, 'Figure one and method'],
    ['links', String.raw`See \href{https://a.b/%20}{the page} at \url{https://a.b/~c}.`, 'See the page at https://a.b/~c.'],
    ['a comment, which joins the lines', 'Tree% an oak\n   house', 'Treehouse'],
    ['a sign of percent is no comment', String.raw`12\,\% \& more`, '12 % & more'],
    ['quotes and dashes', "``One'' -- or `two' --- of 3--4", "“One” – or ‘two' — of 3–4"],
    ['accents', String.raw`Erd\H{o}s, G\"odel, Caf\'e, na\"{\i}ve, Fran\c{c}ois, Poincar\'e map, \AA ngstr\"om, Stra\ss{}e`, 'Erdős, Gödel, Café, naïve, François, Poincaré map, Å ngström, Straße'],
    ['Greek letters', String.raw`$\Sigma$, $\rho\sigma\tau$, $\Omega$, and what is none: $\Finalsigma$`, 'Σ, ρστ, Ω, and what is none: Finalsigma'],
    ['formulas', String.raw`$x_i \in \mathbb{R}^d$ with $\alpha \leq \frac{1}{2}$ in $O(n \log n)$`, 'x_i ∈ R^d with α ≤ 1/2 in O(n log n)'],
    ['commands of the document itself by their names', String.raw`At \CERN, \LaTeX{} is \ours.`, 'At CERN, LaTeX is ours.'],
    ['code as it is', String.raw`Use \verb+\section{A}+ or \lstinline[language=C]|a % b|.`, String.raw`Use \section{A} or a % b.`],
    ['the label of an entry', String.raw`\item[\emph{Oak}:] a tree`, 'Oak: a tree'],
    ['how something is printed goes', String.raw`\textcolor{red}{Mind} the \multicolumn{2}{c}{gap}\vspace{2mm}`, 'Mind the gap'],
    ['a break of lines', String.raw`One\\[2pt] two\\* three`, 'One two three'],
    ['what prints nothing', String.raw`\begin{itemize}[leftmargin=*] \centering \label{a} \maketitle \end{itemize}`, ''],
    ['braces that are opened or closed elsewhere', String.raw`end} of \emph{one`, 'end of one'],
    ['a backslash at the end', 'end\\', 'end'],
  ])('%s', (_, raw, words) => {
    expect(textOfLatex(raw)).toBe(words);
  }); // prettier-ignore

  it('takes any nesting, and any name', () => {
    expect(textOfLatex(`${'{'.repeat(1_000_000)}a`)).toBe('a');
    expect(/^(?:emph)+$/.test(textOfLatex(String.raw`\emph{`.repeat(200_000)))).toBe(true);
    expect(textOfLatex(String.raw`\constructor and \toString{it}`)).toBe('constructor and it');
  });
});

describe('LaTeX', () => {
  const paper = String.raw`\documentclass{article}
\newcommand{\ours}[1]{%
  Lamp #1}
\title{Ranking with \emph{Trees}}
\begin{document}
\maketitle
\begin{abstract}
We rank passages~\cite{a}. % TODO: more.
It % is
works.
\end{abstract}
\section[Short]{The \LaTeX{} of ${'``'}Trees''\label{sec:trees}}
Text before
% nothing but a comment
and after.
\begin{figure}
  \includegraphics{oak.pdf}
  \caption{An oak.}
\end{figure}
\paragraph{Training.} It takes long.\footnote{Very long.}
\begin{align*}
  a &= b \\
  c &= d.
\end{align*}
\begin{verbatim}
50 % of it
\end{verbatim}
\begin{thebibliography}{9}
\bibitem{a} A book.
\end{thebibliography}
\end{document}
`;

  it('has sections for what readers call so, and names as they are printed', async () => {
    const tree = await parse(paper, 'paper.tex');
    expect(problems(tree, paper)).toEqual([]);
    const sections = tree.nodes.filter((n) => n.kind === 'section').map((n) => n.name);
    expect(sections).toEqual(['Abstract', 'The LaTeX of “Trees”', 'Training', 'References']);
  });

  it('reads neither comments nor commands that print nothing', async () => {
    const { nodes } = await parse(paper, 'paper.tex');
    const silent = nodes.filter((n) => n.silent).map((n) => paper.slice(n.start, n.end));
    expect(silent).toEqual([
      '\\begin{document}\n\\maketitle', '% TODO: more.', '\\end{abstract}', '\\end{figure}', '\\begin{verbatim}', '\\end{verbatim}', '\\end{thebibliography}\n\\end{document}',
    ]); // prettier-ignore
  });

  it('keeps sentences whole over comments, formulas whole, and what sets the document up command by command', async () => {
    const { nodes } = await parse(paper, 'paper.tex');
    const read = nodes.filter((n) => n.children.length === 0 && !n.silent).map((n) => paper.slice(n.start, n.end));
    expect(read).toEqual(
      expect.arrayContaining([
        '\\newcommand{\\ours}[1]{%\n  Lamp #1}',
        '\\title{Ranking with \\emph{Trees}}',
        'We rank passages~\\cite{a}.',
        'It % is\nworks.',
        'Text before\n% nothing but a comment\nand after.',
        '\\caption{An oak.}',
        '\\begin{align*}\n  a &= b \\\\\n  c &= d.\n\\end{align*}',
        '50 % of it',
      ]),
    );
  });

  it('has no comments in addresses', async () => {
    const text = 'See \\url{http://a.org/x%20y}. Or \\href{http://b.org/%20}{here}. Not % this.\nthat.\n';
    const { nodes } = await parse(text, 'a.tex');
    const leaves = nodes.filter((n) => n.children.length === 0).map((n) => text.slice(n.start, n.end));
    expect(leaves.slice(0, 2)).toEqual(['See \\url{http://a.org/x%20y}.', 'Or \\href{http://b.org/%20}{here}.']);
  });

  it('a sentence that goes on after a formula is no paragraph, what follows it is', async () => {
    const text = 'Let\n\\begin{equation}\n  a = b\n\\end{equation}\nwhere b is known. It is one.\n';
    const { nodes } = await parse(text, 'a.tex');
    const kindOf = (words: string): string => {
      const leaf = nodes.find((n) => n.children.length === 0 && text.slice(n.start, n.end) === words)!;
      return nodes[leaf.parent]!.kind;
    };
    expect(['Let', 'where b is known.', 'It is one.'].map(kindOf)).toEqual(['paragraph', 'block', 'paragraph']);
  });

  it('knows what is only shown, and comments of several lines', async () => {
    const text = String.raw`\begin{comment}
\section{Hidden}
\end{comment}
\section{Shown}
\begin{verbatim}
\section{Code}
\begin{itemize}
\end{verbatim}
Text.
`;
    const { nodes } = await parse(text, 'a.tex');
    expect(nodes.filter((n) => n.kind === 'section').map((n) => n.name)).toEqual(['Shown']);
    expect(nodes.flatMap((n) => (n.kind === 'block' && n.name ? [n.name] : []))).toEqual(['verbatim']);
    const silent = nodes.filter((n) => n.silent).map((n) => text.slice(n.start, n.end));
    expect(silent[0]).toBe('\\begin{comment}\n\\section{Hidden}\n\\end{comment}');
  });

  it('takes environments that are never closed', async () => {
    const text = '\\begin{quote}\nText.\n'.repeat(20_000);
    const tree = await parse(text, 'a.tex');
    expect(tree.nodes.filter((n) => n.children.length === 0 && !n.silent).length).toBeGreaterThan(10_000);
  });

  it('has a section for each slide that has a title', async () => {
    const text = String.raw`\section{Trees}
\begin{frame}[fragile]{The \emph{oak}}
Old.
\end{frame}
\begin{frame}
  \frametitle{The pine}
Young.
\end{frame}
`;
    const { nodes } = await parse(text, 'talk.tex');
    expect(nodes.filter((n) => n.kind === 'section').map((n) => n.name)).toEqual(['Trees', 'The oak', 'The pine']);
  });

  it('packages and classes are programs, whatever the editor calls them', async () => {
    const text =
      '% Draws a lamp.\n\\newcommand{\\lamp}[1]{%\n  \\draw (#1);\n}\n\n\\def\\lamp@row#1{%\n  \\lamp{#1}%\n}\n\n\\newenvironment{dark}{%\n  \\off}{\\on}\n';
    for (const language of [undefined, 'tex']) {
      const tree = await parse(text, 'lamp.sty', language);
      expect(tree).toMatchObject({ language: 'tex', genre: 'code' });
      const functions = tree.nodes.filter((n) => n.kind === 'function');
      expect(functions.map((n) => n.name)).toEqual(['\\lamp', '\\lamp@row', 'dark']);
      expect(functions[0]!.description).toEqual({ start: 0, end: 16 });
    }
    expect(await parse('\\section{A}\nText.\n', 'a.tex', 'tex')).toMatchObject({ language: 'latex', genre: 'prose' });
  });
});

it('a title that is not closed yet takes nothing of what follows', async () => {
  const text =
    '\\begin{document}\n\\section{The sto\n\nValues grow old.\n\n\\subsection{Use}\nRead one.\n\n\\section{Limits\nof all}\nNone.\n\\section{Bro\n\\section{Ken}\nTwo.\n\\end{document}\n';
  const tree = await parse(text, 'a.tex');
  expect(problems(tree, text)).toEqual([]);
  expect(tree.nodes.filter((n) => n.kind === 'section').map((n) => n.name)).toEqual(['Use', 'Limits of all', 'Ken']);
});
