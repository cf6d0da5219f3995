import { describe, expect, it } from 'vitest';
import { reading } from '../../../src/engine/analysis/reading.js';
import { spokenText } from '../../../src/engine/analysis/speech.js';
import { parse } from '../hierarchy/invariants.js';

describe('what was said', () => {
  it.each([
    [
      "Yeah {vocalsound} , we {disfmarker} we did n't , it 's {nonvocalsound} late .",
      "Yeah, we we did n't, it's late.",
    ],
    ['[laughter] So [inaudible 00:12] we <unk> go [Crosstalk at 01:02:03].', 'So we go.'],
    ['<v Anna>Good <i>morning</i>.</v>', 'Good morning.'],
    ['<i>First of two sentences.', 'First of two sentences.'],
  ])('%j is quoted without marks of the transcriber', (raw, expected) => {
    expect(spokenText(raw, 'plaintext')).toBe(expected);
  });

  it.each([
    'please do not push to [master] today',
    'yes, Map<String> does not compile, see {config}',
    'use List<Integer> instead of arr[i], or <b> then',
    '[ERROR] [db] Connection lost to <primary>, {3} of 10 left',
    "see .gitignore, or say 'hello' :)",
  ])('%j is quoted with every word', (raw) => {
    expect(spokenText(raw, 'plaintext')).toBe(raw);
  });

  it('is shown as it stands where a program wrote it', async () => {
    const line = '2024-05-01 10:04:12 [ERROR] [noise] Lost <unk> , {pause} [laughter]';
    const text = `${line}\n`.repeat(8);
    const tree = await parse(text, 'app.log');
    const leaf = tree.nodes.find((node) => node.children.length === 0)!;
    expect(reading(tree, leaf.kind, text.slice(leaf.start, leaf.end)).text).toBe(line);
  });
});
