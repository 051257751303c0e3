import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import reactHooks from 'eslint-plugin-react-hooks';

// `import { z } from 'zod'` pulls every locale into a bundle: 454 KB against 90 (docs/adr/0002).
const zodNamespaceOnly = {
  selector: "ImportDeclaration[source.value='zod'] > :matches(ImportSpecifier, ImportDefaultSpecifier)",
  message: "Write `import * as z from 'zod'`: the named import costs 364 KB in every bundle.",
};
const envInOnePlace = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Only <name>.env.ts and lib/stage.ts read the environment.',
};

export default tseslint.config(
  {
    ignores: [
      'node_modules',
      '.venv',
      '.venv-clients',
      '.local',
      'cdk.out',
      'dist',
      'web/dist',
      'web/src/routeTree.gen.ts',
      '**/*.gen.d.ts',
      'model',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js', '*.cjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      'no-restricted-syntax': ['error', zodNamespaceOnly],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off', // a port may be async where one adapter of it is not
    },
  },
  {
    files: ['lambdas/**/*.ts'],
    ignores: ['lambdas/**/*.env.ts', 'lambdas/shared/env.ts'],
    rules: { 'no-restricted-syntax': ['error', zodNamespaceOnly, envInOnePlace] },
  },
  {
    files: ['web/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: reactHooks.configs.recommended.rules,
  },
  // no-floating-promises etc. need types; plain JavaScript has none.
  {
    files: ['**/*.{js,cjs,mjs}'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        module: 'writable',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
      },
    },
  },
);
