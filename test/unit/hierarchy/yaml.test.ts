import { describe, expect, it } from 'vitest';
import { outline, parse } from './invariants.js';

const tree = async (text: string): Promise<string> => outline(await parse(text, 'a.yaml')).replace(/ \d.*/g, '');
const SETTINGS = 'project: lamp\nbuilds:\n  - id: small\n  - id: large\n  - id: wide\nchecksum: none\n';

describe('YAML', () => {
  it('whose one document is marked is read as if it were not', async () => {
    expect(await tree(`---\n${SETTINGS}`)).toBe(await tree(SETTINGS));
    expect(await tree(SETTINGS)).toBe('yaml (data)\nfile\n  block builds\n');
  });

  it('of several documents has what stands in each, under its kind and name', async () => {
    const manifest = (kind: string, metadata: string): string =>
      `apiVersion: v1\nkind: ${kind}\n${metadata}spec:\n  ports:\n    - 80\n    - 443\n    - 8080\n  name: other\n`;
    const text = `# All of it.\n---\n${manifest('Service', 'metadata:\n  labels:\n    app: x\n\n  name: "web"\n')}---\n${manifest('Job', '')}---\n${SETTINGS}`;
    expect(await tree(text)).toBe(
      'yaml (data)\nfile\n  block Service web\n    block metadata\n    block spec\n      block ports\n' +
        '  block Job\n    block spec\n      block ports\n  block\n    block builds\n',
    );
  });
});
