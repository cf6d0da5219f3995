/**
 * Jupyter notebooks: every cell is a function. Ranges refer to the notebook's raw JSON text, so the strings of each cell's
 * `source` are located in it; each source line is one leaf.
 */
import type { DraftNode } from '../draft.js';

interface JsonString {
  start: number;
  end: number;
  value: string;
}

/** Outline of a notebook, or null when the text is not a notebook's JSON. The JSON around the cells, outputs with it, lies in no draft. */
export function notebookOutline(text: string): DraftNode | null {
  if (!isNotebook(text)) return null;
  const children: DraftNode[] = [];
  const cells = text.indexOf('"cells"');
  const pattern = /"cell_type"\s*:\s*"(code|markdown|raw)"|"source"\s*:\s*(\[|")/g;
  pattern.lastIndex = cells;
  let type = 'code';
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    if (match[1]) {
      type = match[1];
      continue;
    }
    const at = match.index + match[0].length - 1;
    const strings = text[at] === '[' ? arrayOfStrings(text, at) : [readString(text, at)];
    const lines = strings.filter((s): s is JsonString => s !== null);
    const last = lines.at(-1);
    if (!last) continue;
    pattern.lastIndex = last.end;
    const spoken = lines.filter((l) => l.value.trim() !== '');
    if (spoken.length === 0) continue;
    children.push({
      kind: 'function',
      name: cellName(spoken, type, children.length + 1),
      start: spoken[0]!.start,
      end: spoken.at(-1)!.end,
      children: spoken.map((l) => ({
        kind: type === 'code' ? ('statement' as const) : ('sentence' as const),
        start: l.start,
        end: l.end,
        children: [],
      })),
    });
  }
  return { kind: 'file', start: 0, end: text.length, children };
}

/** A source line of a cell as it is shown in the notebook, from its JSON string or a piece of it. */
export function sourceLine(raw: string): string {
  return raw
    .replace(/^"|(?:\\n)?",?$/g, '')
    .replace(/\\t/g, '  ')
    .replace(/\\(["\\/])/g, '$1');
}

function isNotebook(text: string): boolean {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && 'cells' in json && Array.isArray(json.cells);
  } catch {
    return false;
  }
}

function cellName(lines: readonly JsonString[], type: string, number: number): string {
  const first = lines[0]!.value.trim();
  const title = type === 'markdown' ? /^#+\s*(.+)/.exec(first)?.[1] : /^#\s*(.+)/.exec(first)?.[1];
  return title ? title.slice(0, 60) : `cell ${number}`;
}

function arrayOfStrings(text: string, open: number): (JsonString | null)[] {
  const strings: (JsonString | null)[] = [];
  let at = open + 1;
  while (at < text.length) {
    while (/[\s,]/.test(text[at] ?? ']')) at++;
    if (text[at] !== '"') break;
    const string = readString(text, at);
    if (!string) break;
    strings.push(string);
    at = string.end;
  }
  return strings;
}

/** The JSON string at `quote`; `start`..`end` include its quotes. */
function readString(text: string, quote: number): JsonString | null {
  for (let at = quote + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') {
      try {
        const value: unknown = JSON.parse(text.slice(quote, at + 1));
        return typeof value === 'string' ? { start: quote, end: at + 1, value } : null;
      } catch {
        return null;
      }
    }
  }
  return null;
}
