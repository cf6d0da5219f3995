/**
 * The text of ThirdPartyNotices.txt: what the .vsix contains of others, each with its licence. Grammars that come compiled from
 * a collection have their own authors, who stand in third-party/grammars.json.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { GRAMMARS } from '../copy-grammars.mjs';

/** Packages whose wasm files were built from other people's grammars. */
const COLLECTIONS = ['@repomix/tree-sitter-wasms', '@vscode/tree-sitter-wasm', '@kerebron/wasm'];

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** `@scope/name` or `name` of the package that a path inside node_modules belongs to. */
export function packageOf(file) {
  const [first, second] = file.split(/[\\/]/);
  return first.startsWith('@') ? `${first}/${second}` : first;
}

function fromPackage(root, name) {
  const dir = path.join(root, 'node_modules', name);
  const manifest = JSON.parse(readFileSync(path.join(dir, 'package.json'), 'utf8'));
  const file = readdirSync(dir).find((entry) => /^(licen[cs]e(-mit)?|copying)(\.(md|txt))?$/i.test(entry));
  if (!file) throw new Error(`${name} carries no licence file; add its licence to scripts/lib/notices.mjs`);
  return {
    title: `${name} ${manifest.version} (${manifest.license})`,
    text: readFileSync(path.join(dir, file), 'utf8'),
  };
}

function fromCollection(root, file) {
  const authors = JSON.parse(readFileSync(path.join(root, 'third-party/grammars.json'), 'utf8'));
  const name = path.basename(file, '.wasm');
  const entry = authors[name];
  if (!entry) throw new Error(`${name} has no entry in third-party/grammars.json`);
  return { title: `${name} (MIT) ${entry.url}`, text: `${entry.copyright.join('\n')}\n\n${MIT}` };
}

/**
 * @param {string} root of the repository
 * @param {Iterable<string>} bundled packages whose code the bundles contain
 */
export function thirdPartyNotices(root, bundled) {
  const files = Object.entries(GRAMMARS);
  const collected = files.filter(([, source]) => COLLECTIONS.includes(packageOf(source))).map(([target]) => target);
  const own = files.map(([, source]) => packageOf(source)).filter((name) => !COLLECTIONS.includes(name));
  const packages = [...new Set([...bundled, ...own])].sort();
  const entries = [
    ...packages.map((name) => fromPackage(root, name)),
    ...collected.sort().map((file) => fromCollection(root, file)),
    { title: 'onnxruntime-node and onnxruntime-common (MIT)', text: `Copyright (c) Microsoft Corporation\n\n${MIT}` },
  ];
  const runtime = path.join(root, 'third-party/onnxruntime-ThirdPartyNotices.txt');
  if (!existsSync(runtime)) throw new Error(`${runtime} is missing`);
  const line = '='.repeat(100);
  return [
    'Strata contains the following works of others. NOTICE names the origin of the model weights.',
    ...entries.map(({ title, text }) => `${line}\n${title}\n${line}\n\n${text.trim()}`),
    `${line}\nNotices of what ONNX Runtime itself contains\n${line}\n\n${readFileSync(runtime, 'utf8').trim()}`,
  ].join('\n\n');
}
