/** How code reads outside of its document, half-typed code included. */
import { expect, it } from 'vitest';
import { reading } from '../../../src/engine/analysis/reading.js';

const read = (raw: string): string =>
  reading({ language: 'java', genre: 'code', length: raw.length, nodes: [] }, 'statement', raw).text;

it('annotations are left out before what they say something of, braces where they close something else', () => {
  expect(read('@Test\n    @Fast(1)\n    void go() { run(); }')).toBe('void go() { run(); }');
  expect(read('run();\n    }\n  };\n}')).toBe('run();');
  expect(read('{ run(); stop(); }')).toBe('run(); stop();');
  expect(read('{\n}')).toBe('');
});

it('the words that end what began elsewhere are left out', () => {
  expect(read('run();\n  fi\ndone')).toBe('run();');
  expect(read('go()\n  endif\n  end while;\nenddo')).toBe('go()');
  expect(read('auto.\nDefined.')).toBe('auto.');
  expect(read('is\n  defined')).toBe('is defined');
});

// There are more ways to share the blanks between them than could ever be tried.
it.each([
  ['annotations before nothing', `${'@A\n    '.repeat(24)}}`],
  ['braces before more code', `run();${'\n    }'.repeat(24)} go`],
  ['blanks behind a brace', `run {${' '.repeat(2_000)}`],
])('%s', (_, raw) => {
  expect(read(raw)).not.toBe('');
});
