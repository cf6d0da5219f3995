import tseslint from 'typescript-eslint';

/** What only some folders may import, as docs/architecture.md has it. */
const VSCODE = { group: ['vscode'], message: 'vscode is imported only in src/extension.ts and src/ui.' };
const ONNX_RUNTIME = {
  group: ['onnxruntime-node', 'onnxruntime-common'],
  message: 'Only src/engine/encoder/session.ts knows ONNX Runtime.',
};
const ENGINE = {
  group: ['**/engine/**'],
  message: 'The engine is another process; only src/ui/first-words.ts reads as it does.',
};
const without = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

const nodeGlobals = Object.fromEntries(
  ['AbortController', 'Buffer', 'URL', 'clearTimeout', 'console', 'performance', 'process', 'setTimeout'].map(
    (name) => [name, 'readonly'],
  ),
);

export default tseslint.config(
  { ignores: ['dist/', 'media/', 'node_modules/', '.venv/', '.cache/', 'training/', 'test/fixtures/', 'test/golden/'] },
  ...tseslint.configs.strictTypeChecked.map((c) => ({ ...c, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: nodeGlobals },
    rules: {
      'no-undef': 'error',
      'no-unused-vars': ['error', { ignoreRestSiblings: true }],
      'no-useless-assignment': 'error',
      'prefer-const': 'error',
      eqeqeq: 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  // Of several entries that match a file the last one counts.
  { files: ['src/**/*.ts'], rules: without(VSCODE, ONNX_RUNTIME) },
  { files: ['src/engine/encoder/session.ts'], rules: without(VSCODE) },
  { files: ['src/client/**', 'src/protocol/**', 'src/webview/**'], rules: without(VSCODE, ONNX_RUNTIME, ENGINE) },
  { files: ['src/extension.ts', 'src/ui/**'], rules: without(ONNX_RUNTIME, ENGINE) },
  { files: ['src/ui/first-words.ts'], rules: without(ONNX_RUNTIME) },
);
