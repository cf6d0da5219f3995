/** `strata search` on folders made for each question, with the real model. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { dir, lines, strata, succeed } from '../command-line.js';

const hitsSchema = z.array(z.looseObject({ path: z.string(), why: z.string(), score: z.number(), byRule: z.number() }));

/** What is found for one question, best first. */
async function find(question: string, root: string, ...more: string[]): Promise<z.infer<typeof hitsSchema>> {
  return hitsSchema.parse(JSON.parse(await succeed(['search', question, '--root', root, '--json', ...more])));
}

describe('search', () => {
  it('finds the file, and leaves out what is ignored or no text', async () => {
    const root = path.join(dir, 'project');
    mkdirSync(path.join(root, 'lib/generated'), { recursive: true });
    const weather =
      'def rain_tomorrow(city):\n    """Forecast whether it will rain in a city tomorrow."""\n    return forecast(city).rain\n';
    writeFileSync(path.join(root, 'lib/weather.py'), weather);
    writeFileSync(
      path.join(root, 'lib/money.py'),
      'def add_tax(price):\n    """Price with value added tax."""\n    return price * 1.19\n',
    );
    writeFileSync(path.join(root, 'lib/generated/weather.py'), weather);
    writeFileSync(path.join(root, 'lib/.gitignore'), 'generated/\n');
    writeFileSync(path.join(root, 'empty.py'), '\n');
    writeFileSync(path.join(root, 'picture.bin'), Buffer.from([0, 1, 2, 3]));
    const asked = ['search', 'will it rain tomorrow', '--root', root, '--json', '--device', 'cpu'];
    const { out, err } = await strata(asked);
    expect(err).toBe('1 file left out: picture.bin (it is binary, not text).\n');
    const hits = hitsSchema.parse(JSON.parse(out));
    expect(hits).toMatchObject([
      {
        path: 'lib/weather.py',
        startLine: 1,
        endLine: 3,
        name: 'rain_tomorrow',
        kind: 'function',
        why: expect.stringContaining('“rain”') as string,
      },
      { path: 'lib/money.py' },
    ]);
    expect(hits).toHaveLength(2);
    rmSync(path.join(root, 'picture.bin'));
    const input = '{"id":"x","query":"value added tax"}\n';
    const many = lines(
      await succeed(['search', '--queries', '-', '--root', root, '--top', '1', '--granularity', 'statement'], input),
    );
    expect(many).toMatchObject([{ id: 'x', results: [{ path: 'lib/money.py', kind: 'statement' }] }]);
  });

  it('shows people the words of what has no name, also of a file in Latin-1', async () => {
    const root = path.join(dir, 'latin');
    mkdirSync(root, { recursive: true });
    const menu = 'The menu changes every day.\n\nThe caf\u00e9 opens at eight, and breakfast is served until noon.\n';
    writeFileSync(path.join(root, 'menu.txt'), Buffer.from(menu, 'latin1'));
    const asked = ['search', 'when is breakfast', '--root', root, '--granularity', 'statement', '--top', '1'];
    const { out, err } = await strata([...asked, '--device', 'cpu']);
    expect(err).toBe('1 file not valid UTF-8: menu.txt (read as Windows-1252).\n');
    expect(out.split('\n')[0]).toMatch(
      /menu\.txt:3 {2}sentence {2}The café opens at eight, and breakfast is served until noon\.$/,
    );
  });

  it('of two files that say the same, finds the one whose path answers', async () => {
    const root = path.join(dir, 'twins');
    mkdirSync(root, { recursive: true });
    const code = 'export function open(options) {\n  return new Handler(options).start();\n}\n';
    for (const name of ['alpha.js', 'database-connection.js', 'omega.js']) writeFileSync(path.join(root, name), code);
    const hits = await find('connect to the database', root);
    expect(hits).toMatchObject([
      { path: 'database-connection.js', why: expect.stringMatching(/path 0\.\d\d/) as string },
      {},
      {},
    ]);
  });
});

describe('search, by a name', () => {
  it('finds the definition before the places that use it', async () => {
    const root = path.join(dir, 'named');
    mkdirSync(root, { recursive: true });
    writeFileSync(
      path.join(root, 'core.js'),
      'export class RequestPool {\n  constructor(limit) {\n    this.limit = limit;\n    this.open = [];\n  }\n}\n',
    );
    writeFileSync(
      path.join(root, 'request-pool-use.js'),
      '// How the request pool is used: a request pool is made for every host.\nexport function requestPoolOf(host) {\n  return new RequestPool(host.limit);\n}\n',
    );
    const found = await find('RequestPool', root);
    expect(found).toMatchObject([
      { path: 'core.js', name: 'RequestPool', why: expect.stringContaining('defined here') as string },
      { path: 'request-pool-use.js', name: 'requestPoolOf', byRule: 0 },
    ]);
    // Without the rule, it would be the other way round.
    const [definition, use] = found;
    expect(definition!.score - definition!.byRule).toBeLessThan(use!.score);
  });
});

describe('search, by a name, for places of one size', () => {
  it.each([
    ['function', 'BaseStore', { kind: 'class', name: 'BaseStore', startLine: 1, endLine: 10 }],
    ['function', 'read_all', { kind: 'function', name: 'read_all' }],
    ['statement', 'BaseStore', { kind: 'statement', name: 'BaseStore', startLine: 2 }],
    ['statement', 'how BaseStore.read_all works', { kind: 'statement', name: 'read_all', startLine: 7 }],
  ])('finds by %s where %s is defined', async (granularity, question, place) => {
    const root = path.join(dir, 'sized');
    mkdirSync(root, { recursive: true });
    writeFileSync(
      path.join(root, 'store.py'),
      '# Keeps values.\n@checked(1)\nclass BaseStore:\n    """The base of stores."""\n\n    # All of a key.\n    def read_all(self, key):\n        values = self.load(key)\n        kept = values.copy()\n        return kept\n',
    );
    writeFileSync(
      path.join(root, 'use.py'),
      'def use_it():\n    store = BaseStore()\n    found = store.read_all("x")\n    print("read_all of BaseStore", found)\n    return found\n',
    );
    const [first] = await find(question, root, '--granularity', granularity);
    expect(first).toMatchObject({ path: 'store.py', why: expect.stringContaining('defined here') as string, ...place });
  });
});

describe('search, among tests', () => {
  it('finds what is tested before its tests, unless the question is about tests', async () => {
    const root = path.join(dir, 'tested');
    mkdirSync(path.join(root, 'test'), { recursive: true });
    writeFileSync(
      path.join(root, 'parse-duration.js'),
      'export function parse(text) {\n  const [, n, unit] = /(\\d+)([smh])/.exec(text);\n  return n * SECONDS[unit];\n}\n',
    );
    writeFileSync(
      path.join(root, 'test/parse-duration.test.js'),
      "it('parses a duration in hours', () => {\n  // how long a duration is, in hours\n  expect(parse('2h')).toBe(7200);\n});\n",
    );
    const [first, second] = await find('parse duration', root);
    expect([first!.path, second!.path]).toEqual(['parse-duration.js', 'test/parse-duration.test.js']);
    expect(first!.why).not.toContain('a test');
    expect(second!.why).toContain('a test');
    const [asked] = await find('test that parses a duration in hours', root);
    expect(asked!.path).toBe('test/parse-duration.test.js');
    expect(asked!.why).not.toContain('a test');
  });
});

describe('search, of a question about several things', () => {
  it('finds the file that answers all of it, in however many places, before one that answers half', async () => {
    const root = path.join(dir, 'halves');
    mkdirSync(root, { recursive: true });
    const open = 'export function openDatabase(options) {\n  return new Database(options).connect();\n}\n\n';
    const send = 'export function sendInvoice(customer) {\n  return mail(customer.address, invoice(customer));\n}\n';
    const mix = 'export function mixColours(red, blue) {\n  return red.blend(blue, 0.5);\n}\n';
    writeFileSync(path.join(root, 'a.js'), open + mix);
    writeFileSync(path.join(root, 'b.js'), open + send);
    const query = 'open the database and send an invoice to the customer';
    const hits = await find(query, root);
    expect(hits.map((hit) => hit.path)).toEqual(['b.js', 'a.js']);
    const words = hits.map(({ why }) => Number(/words in the file (0\.\d\d)/.exec(why)?.[1]));
    expect(words[0]).toBeGreaterThan(words[1]! + 0.1);
  });
});
