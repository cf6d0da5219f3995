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

/** Every field of a manifest, groups of fields too; not what is for people, and not what a graph's inputs and outputs are called. */
function fieldsOf(group: object, path: readonly string[] = []): string[][] {
  return Object.entries(group).flatMap(([name, value]) => {
    if (['opset', 'vocabulary'].includes(name)) return [];
    const field = [...path, name];
    const open = typeof value === 'object' && !Array.isArray(value) && name !== 'inputs' && name !== 'outputs';
    return [field, ...(open ? fieldsOf(value as object, field) : [])];
  });
}

describe('each field of a manifest', () => {
  const change = (manifest: Record<string, unknown>, field: readonly string[], value: unknown): void => {
    const group = field.slice(0, -1).reduce((at, name) => at[name] as Record<string, unknown>, manifest);
    // What is undefined is not written.
    group[field.at(-1)!] = value;
  };
  const shipped = readFileSync(path.join(ROOT, 'models/manifest.json'), 'utf8');
  const fields = fieldsOf(JSON.parse(shipped) as object);
  async function answer(field: readonly string[], value: unknown): Promise<unknown> {
    writeFileSync(file('manifest.json'), shipped);
    edit((m) => {
      change(m, field, value);
    });
    return loadModelFiles(dir).then(
      ({ manifest }) => manifest,
      (error: unknown) => (error as StrataError).message,
    );
  }

  it('must be there', async () => {
    expect(fields.length).toBeGreaterThan(60);
    for (const field of fields)
      expect(await answer(field, undefined), field.join('.')).toContain(`not a Strata manifest (${field.join('.')}`);
  });

  it('must have its type', async () => {
    for (const field of fields)
      for (const other of [true, null])
        expect(await answer(field, other), field.join('.')).toContain(`not a Strata manifest (${field.join('.')}`);
  });

  it.each([
    ['heads', 0],
    ['heads', 1.5],
    ['dimension', 0],
    ['tokenLayers', 0],
    ['upperLayers', -1],
    ['packing.segmentTokens', 0],
    ['packing.policy', 'bush'],
    ['heat.weights.prose.feedback', -0.5],
  ])('must be possible: %s is not %j', async (field, value) => {
    expect(await answer(field.split('.'), value)).toContain(`not a Strata manifest (${field}`);
  });

  it('may be at its limit: no upper stage, a question that is not led on', async () => {
    expect(await answer(['upperLayers'], 0)).toHaveProperty('upperLayers', 0);
    expect(await answer(['heat', 'weights', 'data', 'feedback'], 0)).toHaveProperty('heat.weights.data.feedback', 0);
  });
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
