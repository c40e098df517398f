// Type-aware lint. The restricted globals hold a rule of the house: time, randomness, network, console and
// process are parameters, reached only in the composition root, main.ts and the default clock and random source.
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const parametersNotGlobals = {
  'no-restricted-globals': [
    'error',
    ...['fetch', 'console', 'process', 'setTimeout', 'setInterval', 'performance'].map((name) => ({
      name,
      message: 'Take it as a parameter; only the composition root and main.ts reach for it.',
    })),
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: 'Take a Clock.' },
    { object: 'Math', property: 'random', message: 'Take a random source.' },
  ],
};

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'coverage/',
      // Compiled and run by their own projects, in tests/process/recipes.test.ts and page-tests.test.ts.
      'examples/nestjs/',
      'examples/testing-*/',
      '.test-build/',
      'node_modules/',
      'public/lark-jsapi.*',
      'public/assets/page/field-report.js',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './src/browser/tsconfig.json', './tests/types/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-invalid-void-type': 'off',
      eqeqeq: 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'Export by name.' },
        { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
      ],
    },
  },
  { files: ['src/**/*.ts'], rules: parametersNotGlobals },
  {
    files: ['src/main.ts', 'src/service.ts', 'src/base/clock.ts', 'src/base/random.ts'],
    rules: { 'no-restricted-globals': 'off', 'no-restricted-properties': 'off' },
  },
  {
    files: ['src/browser/**/*.ts'],
    rules: { 'no-restricted-globals': 'off', 'no-restricted-properties': 'off' },
  },
  { files: ['jest.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['tests/**/*.ts'],
    rules: {
      // Tests read untyped JSON replies on purpose; the assertions are the check.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
  {
    files: ['tests/types/*.ts'],
    // Whether an expression compiles is the test.
    rules: { '@typescript-eslint/no-unused-expressions': 'off' },
  },
  {
    // What must not compile is expected in short.
    files: ['tests/types/**/*.ts'],
    rules: { '@typescript-eslint/ban-ts-comment': 'off', '@typescript-eslint/no-unsafe-call': 'off' },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { globals: { process: 'readonly', require: 'readonly' } },
    // Read by any Node.
    rules: { 'no-var': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: {
      globals: {
        console: 'readonly',
        process: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        performance: 'readonly',
        Buffer: 'readonly',
      },
    },
  },
);
