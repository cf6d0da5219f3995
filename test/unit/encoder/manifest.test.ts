import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadModelFiles } from '../../../src/engine/encoder/manifest.js';
import { StrataError } from '../../../src/protocol/errors.js';
import { ROOT } from '../hierarchy/invariants.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'strata-model-'));
  cpSync(path.join(ROOT, 'models'), dir, { recursive: true });
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

const file = (name: string): string => path.join(dir, name);
function edit(change: (manifest: Record<string, unknown>) => void): void {
  const manifest = JSON.parse(readFileSync(file('manifest.json'), 'utf8')) as Record<string, unknown>;
  change(manifest);
  writeFileSync(file('manifest.json'), JSON.stringify(manifest));
}

describe('the shipped model', () => {
  it('fits its manifest', async () => {
    const { manifest } = await loadModelFiles(dir);
    expect(manifest.packing.policy).toBe('tree');
    expect(Object.keys(manifest.outputs)).toContain('token_states');
  });
});

it('a flat model fits, packed as it says', async () => {
  edit((m) => {
    m['packing'] = { policy: 'flat', caps: [32, 32, 32, 32], partTokens: 2048, segmentTokens: 4096, positions: 512 };
    delete m['opset'];
  });
  expect((await loadModelFiles(dir)).manifest.packing.policy).toBe('flat');
});

describe('what does not fit is refused with what to do', () => {
  it.each<readonly [string, () => void, RegExp]>([
    [
      'no manifest',
      () => {
        unlinkSync(file('manifest.json'));
      },
      /manifest\.json cannot be read/,
    ],
    [
      'no model',
      () => {
        unlinkSync(file('encoder.onnx'));
      },
      /encoder\.onnx cannot be read/,
    ],
    [
      'a cut-off model',
      () => {
        truncateSync(file('encoder.onnx'), 1000);
      },
      /encoder\.onnx .* is damaged/,
    ],
    [
      'another tokenizer',
      () => {
        writeFileSync(file('tokenizer.json'), '{}');
      },
      /tokenizer\.json .* is damaged/,
    ],
    [
      'broken JSON',
      () => {
        writeFileSync(file('manifest.json'), '{');
      },
      /not valid JSON/,
    ],
    [
      'another contract',
      () => {
        edit((m) => {
          m['contract'] = 99;
        });
      },
      /contract 99.*contract 9/,
    ],
    ...(
      [
        ['caps', [32, 32, 64, 32], '32,32,64,32, not 32,32,32,32'],
        ['partTokens', 4096, '4096, not 2048'],
        ['positions', 256, '256, not 512'],
      ] as const
    ).map(([what, other, said]): [string, () => void, RegExp] => [
      `other ${what} than the engine packs`,
      () => {
        edit((m) => {
          m['packing'] = { ...(m['packing'] as object), [what]: other };
        });
      },
      new RegExp(`another way \\(packing\\.${what}: ${said}\\)`),
    ]),
    [
      'nothing about how documents are packed',
      () => {
        edit((m) => {
          m['packing'] = { policy: 'tree', segmentTokens: 4096 };
        });
      },
      /not a Strata manifest \(packing\.caps/,
    ],
    [
      'no heat weights',
      () => {
        edit((m) => {
          delete m['heat'];
        });
      },
      /not a Strata manifest \(heat/,
    ],
    [
      'a wrong type',
      () => {
        edit((m) => {
          m['heads'] = 'twelve';
        });
      },
      /not a Strata manifest \(heads/,
    ],
  ])('%s', async (_, break_, message) => {
    break_();
    const error: unknown = await loadModelFiles(dir).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(StrataError);
    expect((error as StrataError).code).toBe('model');
    expect((error as StrataError).message).toMatch(message);
    expect((error as StrataError).message).toMatch(/(Reinstall|restore|Use the model)/);
  });
});
