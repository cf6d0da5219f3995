/**
 * Jupyter notebooks: every cell is a function. Ranges refer to the notebook's raw JSON text, so the strings of each cell's
 * `source` are located in it; each source line is one leaf.
 */
import type { TextRange } from '../../../protocol/document.js';
import type { DraftNode } from '../draft.js';
import { blanked } from '../text.js';

interface JsonString extends TextRange {
  value: string;
}

/** Outline of a notebook, or null when the text is not a notebook's JSON. The JSON around the cells, outputs with it, lies in no draft. */
export function notebookOutline(text: string): DraftNode | null {
  if (!isNotebook(text)) return null;
  const children: DraftNode[] = [];
  for (const cell of cellsOf(text)) {
    const fields = new Map(entriesOf(text, cell));
    const type = fields.get('cell_type');
    const isCode = type === undefined || stringAt(text, type)?.value === 'code';
    const source = fields.get('source');
    const spoken = (source ? stringsAt(text, source) : []).filter((l) => l.value.trim() !== '');
    if (spoken.length === 0) continue;
    children.push({
      kind: 'function',
      name: cellName(spoken, type && stringAt(text, type)?.value, children.length + 1),
      start: spoken[0]!.start,
      end: spoken.at(-1)!.end,
      children: spoken.map(({ start, end }) => ({ kind: isCode ? 'statement' : 'sentence', start, end, children: [] })),
    });
  }
  return { kind: 'file', start: 0, end: text.length, children };
}

/** A notebook with blanks for outputs, attachments and whatever else is no cell's source; all offsets and lines stay. Undefined for other texts. */
export function withoutOutputs(text: string): string | undefined {
  if (!isNotebook(text)) return undefined;
  let lean = '';
  let from = 0;
  const blank = ({ start, end }: TextRange): void => {
    if (!/[[{]/.test(text[start]!)) return;
    lean += text.slice(from, start + 1) + blanked(text.slice(start + 1, end - 1));
    from = end - 1;
  };
  for (const [key, value] of entriesOf(text, rootOf(text))) {
    if (key !== 'cells') blank(value);
    else
      for (const cell of itemsOf(text, value))
        for (const [name, inside] of entriesOf(text, cell)) if (name !== 'source') blank(inside);
  }
  return lean + text.slice(from);
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

function cellName(lines: readonly JsonString[], type: string | undefined, number: number): string {
  const first = lines[0]!.value.trim();
  const title = type === 'markdown' ? /^#+\s*(.+)/.exec(first)?.[1] : /^#\s*(.+)/.exec(first)?.[1];
  return title ? title.slice(0, 60) : `cell ${number}`;
}

// The rest finds its way in JSON that is known to be valid.

function rootOf(text: string): TextRange {
  return valueAt(text, afterBlanks(text, 0));
}

function* cellsOf(text: string): Generator<TextRange> {
  for (const [key, value] of entriesOf(text, rootOf(text))) if (key === 'cells') yield* itemsOf(text, value);
}

/** Keys and values of an object; nothing of another value. */
function* entriesOf(text: string, object: TextRange): Generator<[string, TextRange]> {
  if (text[object.start] !== '{') return;
  for (let at = afterBlanks(text, object.start + 1); text[at] === '"'; at = afterBlanks(text, at)) {
    const key = valueAt(text, at);
    const value = valueAt(text, afterBlanks(text, key.end));
    yield [stringAt(text, key)!.value, value];
    at = value.end;
  }
}

/** The values of an array; nothing of another value. */
function* itemsOf(text: string, array: TextRange): Generator<TextRange> {
  if (text[array.start] !== '[') return;
  for (let at = afterBlanks(text, array.start + 1); at < array.end - 1; at = afterBlanks(text, at)) {
    const value = valueAt(text, at);
    yield value;
    at = value.end;
  }
}

/** The first offset that neither a blank nor a mark between two values stands at. */
function afterBlanks(text: string, at: number): number {
  while (/[\s,:]/.test(text[at] ?? '"')) at++;
  return at;
}

function valueAt(text: string, start: number): TextRange {
  let depth = 0;
  let at = start;
  do {
    const char = text[at]!;
    if (char === '"') at = endOfString(text, at);
    else {
      if (char === '{' || char === '[') depth++;
      else if (char === '}' || char === ']') depth--;
      at++;
      // A number, `true`, `false` or `null`.
      if (depth === 0 && /[\w.+-]/.test(char)) while (/[\w.+-]/.test(text[at] ?? ' ')) at++;
    }
  } while (depth > 0 && at < text.length);
  return { start, end: at };
}

function endOfString(text: string, quote: number): number {
  let at = quote + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** The string that a value is; its quotes lie in the range. */
function stringAt(text: string, { start, end }: TextRange): JsonString | undefined {
  return text[start] === '"' ? { start, end, value: JSON.parse(text.slice(start, end)) as string } : undefined;
}

/** A string, or the strings of an array. */
function stringsAt(text: string, value: TextRange): JsonString[] {
  const all = text[value.start] === '[' ? [...itemsOf(text, value)] : [value];
  return all.map((item) => stringAt(text, item)).filter((s) => s !== undefined);
}
