import { expect, it } from 'vitest';
import { withoutIcons } from '../../../src/ui/icons.js';

it('only what VS Code would draw as an icon is escaped', () => {
  expect(withoutIcons('$(CC) -o $@ $(sync~spin) $(wildcard *.c) $5 \\$(x)')).toBe(
    '\\$(CC) -o $@ \\$(sync~spin) $(wildcard *.c) $5 \\\\$(x)',
  );
});
