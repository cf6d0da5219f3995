import { describe, expect, it } from 'vitest';
import { outline, parse, problems } from './invariants.js';

const sectionsOf = async (text: string): Promise<(string | undefined)[]> =>
  (await parse(text, 'a.txt')).nodes.filter((n) => n.kind === 'section').map((n) => n.name);

describe('titles at the margin above indented text', () => {
  const page = `LAMP(1)

NAME
       lamp - draws lamps

SYNOPSIS
       lamp [options] FILE

OPTIONS
   Which lamps
       -a, --all
           All of them.

   How large
       -s size
           In meters.

EXIT STATUS
       0 if all is well.

EXAMPLES
       1. Draw the large ones

              lamp -s 2

       2. Draw THEM ALL

              lamp -a

SEE ALSO
       light(1)
`;

  it('are sections, and so are those between the margin and the text: a manual page as it is printed', async () => {
    const tree = await parse(page, 'lamp.txt');
    expect(problems(tree, page)).toEqual([]);
    expect(outline(tree).replace(/ \d.*/g, '')).toBe(
      'plaintext (prose)\nfile\n  paragraph\n  section NAME\n    paragraph\n  section SYNOPSIS\n    paragraph\n  section OPTIONS\n' +
        '    section Which lamps\n      paragraph\n    section How large\n      paragraph\n  section EXIT STATUS\n    paragraph\n' +
        `  section EXAMPLES\n${'    paragraph\n'.repeat(4)}  section SEE ALSO\n    paragraph\n`,
    );
  });

  it('may have a blank line below them', async () => {
    const text = ['Name', 'Name Strings', 'New Tokens']
      .map((t) => `${t}\n\n    None of them.\n\n    Two are new.\n\n`)
      .join('');
    expect(await sectionsOf(text)).toEqual(['Name', 'Name Strings', 'New Tokens']);
  });

  it.each([
    [
      'sentences at the margin',
      'Here is one:\n\n    lamp -s\n\nHere is another:\n\n    lamp -a\n\nAnd that is all.\nIt ends here.\n',
    ],
    ['two entries', 'Name\n    lamp\n\nSize\n    large\n'],
    ['a list', '- red\n  is warm\n\n- blue\n  is cold\n\n- grey\n  is neither\n'],
    ['text that is mostly at the margin', `${'Name\n  lamp\n\n'.repeat(4)}${'Large\nSmall\nWide\n'.repeat(9)}`],
  ])('are not what %s has', async (_, text) => {
    expect(await sectionsOf(text)).toEqual([]);
  });
});

describe('headings of RDoc', () => {
  it('are sections in plain text', async () => {
    const text =
      '= New Features\n\n* Lamps are drawn.\n\n== Of small ones\n\n* They are, too.\n\n= Other\n\n* Nothing.\n';
    expect(outline(await parse(text, 'a.txt')).replace(/ \d.*/g, '')).toContain(
      'section New Features\n    paragraph\n    section Of small ones',
    );
    expect(await sectionsOf(text)).toEqual(['New Features', 'Of small ones', 'Other']);
  });
});
