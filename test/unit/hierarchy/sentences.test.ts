/** Where sentences end, in many languages. */
import { describe, expect, it } from 'vitest';
import { sentences } from '../../../src/engine/hierarchy/prose/sentences.js';

const split = (text: string): string[] => sentences(text, 0, text.length).map((r) => text.slice(r.start, r.end));

describe('sentences', () => {
  it.each([
    ['titles', 'Dr. Smith met Prof. Brown. They talked.', ['Dr. Smith met Prof. Brown.', 'They talked.']],
    ['e.g. and i.e.', 'Some tools, e.g. Vim, are old. Others, i.e. new ones, are not.', 2],
    ['figures and sections', 'See Fig. 3 and Sec. 2.1 for more. Eq. 4 is wrong.', 2],
    ['decimals', 'It costs 3.14 euros. Version 2.0.1 is free.', 2],
    ['an ellipsis inside', 'Well... it depends. Nobody knows.', ['Well... it depends.', 'Nobody knows.']],
    ['an ellipsis at the end', 'It began… Then it ended.', 2],
    ['initials', 'J. R. R. Tolkien wrote it. So did C. S. Lewis.', 2],
    ['a question inside quotes', '"Is that fast?" he asked. It was.', ['"Is that fast?" he asked.', 'It was.']],
    ['a question in brackets', 'What (really?) happened? It rained.', 2],
    ['addresses', 'Go to www.example.com/a.html now. Or to 127.0.0.1 later.', 2],
    ['etc. at the end', 'Apples, pears, etc. Then came the soup.', 2],
    ['etc. inside', 'Apples, pears, etc. are fruit. Soup is not.', 2],
    ['exclamations', 'Stop! Who goes there? A friend.', 3],
    ['line breaks', 'One sentence over\ntwo lines. Another\none.', 2],
    ['no end', 'No full stop at all', 1],
    ['numbers of lists', '1. First things first. Then the rest.', ['1. First things first.', 'Then the rest.']],
    ['code in text', 'Call `a.b()` first. Then `c.d`.', 2],
    [
      'bold words that begin an item',
      '**Fixed depth.** The tree has six levels.',
      ['**Fixed depth.**', 'The tree has six levels.'],
    ],
    ['italics at the end', 'It is *very old.* So am _I._ Yes.', ['It is *very old.*', 'So am _I._', 'Yes.']],
    ['a question in backticks', 'The two meet at `known before?`: a part is a class. So is this.', 2],
    ['a name in backticks at the end', 'It ends with `x.` Then comes `y`.', ['It ends with `x.`', 'Then comes `y`.']],
    ['a link at the end', 'See [the docs.](a.md) Then go on.', ['See [the docs.](a.md) Then go on.']],
    ['bold words that begin a sentence', 'First. **Second** one.', ['First.', '**Second** one.']],
    ['Japanese in quotes', '「これは文です。」これも文です。', 2],
    ['Japanese', 'これは文です。これも文です。', 2],
    ['Japanese before a quote', '次の文です。「はい」と言った。', ['次の文です。', '「はい」と言った。']],
    ['mountains and governors', 'Mt. Everest is high. Gov. Brown spoke.', 2],
    ['names with initialisms', 'The U.S. Senate met. A Ph.D. Student left.', 2],
    ['degrees at the end', 'She has a Ph.D. The thesis is long.', 2],
    ['letters at the end', 'It is x. The next is y. A third is z.', 3],
    ['German abbreviations', 'Das sind z. B. 5 Meter. Es ist i. d. R. Stein.', 2],
    ['initialisms at the end', 'He left the U.S.A. During the war he was back. She has a Ph.D. Does he?', 4],
    ['dotted letters', 'It holds w.r.t. Theorem 3. The U.N. (a.k.a. United Nations) met.', 2],
    ['no and numbers', '“No. I did not.” See No. 5 of Dec. 1984. She came in Dec. The house was cold.', 5],
    ['abbreviations in typographic quotes', 'He said “Mr.” Brown and ‘Dr.’ Smith. She left.', 2],
    ['German days and abbreviations', 'Am 3. Mai kam er, vgl. Abb. 2. Es kostet 3 Mio. Euro.', 2],
    ['numbers before a month', 'They sold it in 1950. August was hot. Use version 2.5. April has it.', 4],
    ['words of one language like abbreviations of others', 'It is a part of Mio. He takes p. The rest is q.', 3],
    ['Russian centimetres and references', 'Рис. Иванова. Длина 5 см. Потом он ушёл (см. Табл. 3).', 3],
    ['German abbreviations in quotes', '„Dr. Oak ist da.“ Er ging.', ['„Dr. Oak ist da.“', 'Er ging.']],
    ['German quotes that close as English ones open', '„Ist das so?“ fragte sie. „Nein.“ Dann kam er.', 3],
    ['Chinese before a quote', '他走了。“你好。”她说。', ['他走了。', '“你好。”', '她说。']],
    ['German quotes', 'Er ging. »Ist das so?« fragte sie. »Nein.« Dann kam er.', 4],
    ['French quotes', '« Où allez-vous ? » dit-il. « À la gare ! » Il partit.', 3],
    ['Russian initials', 'А. С. Пушкин писал. «Кто там?» — спросил он.', 2],
    ['Hindi', 'यह एक वाक्य है। यह दूसरा वाक्य है।', 2],
    ['Arabic', 'ما اسمك؟ اسمي علي. أنا من مصر.', 3],
    ['initialisms', 'He moved to the U.S. in May. She stayed.', 2],
  ])('%s', (_, text, expected) => {
    const found = split(text);
    if (typeof expected === 'number') expect(found).toHaveLength(expected);
    else expect(found).toEqual(expected);
    // Nothing but blanks is lost.
    expect(found.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
  });
});

describe('sentences of a line that is very long', () => {
  it('are found all', () => {
    expect(split('Lamps are lit by Mr. Oak at 3.5 o’clock. '.repeat(10_000))).toHaveLength(10_000);
  });

  it('are found all where no blanks are between them', () => {
    expect(split('这是一盏灯。'.repeat(10_000))).toHaveLength(10_000);
    expect(split(`${'x!'.repeat(3_000)} Then it ended.`)).toHaveLength(2);
  });
});
