import tseslint from 'typescript-eslint';

const noVscode = {
  patterns: [{ group: ['vscode'], message: 'vscode is imported only in src/extension.ts and src/ui.' }],
};
const oneOnnxModule = {
  patterns: [
    { group: ['vscode'], message: 'vscode is imported only in src/extension.ts and src/ui.' },
    {
      group: ['onnxruntime-node', 'onnxruntime-common'],
      message: 'Only src/engine/encoder/session.ts knows ONNX Runtime.',
    },
  ],
};
const noEngine = {
  patterns: [
    { group: ['**/engine/**'], message: 'The engine is another process; only src/ui/first-words.ts reads as it does.' },
  ],
};

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
  {
    files: ['src/**/*.ts'],
    ignores: ['src/extension.ts', 'src/ui/**'],
    rules: { 'no-restricted-imports': ['error', noVscode] },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/engine/encoder/session.ts', 'src/extension.ts', 'src/ui/**'],
    rules: { 'no-restricted-imports': ['error', oneOnnxModule] },
  },
  {
    files: ['src/extension.ts', 'src/ui/**'],
    ignores: ['src/ui/first-words.ts'],
    rules: { 'no-restricted-imports': ['error', noEngine] },
  },
);
