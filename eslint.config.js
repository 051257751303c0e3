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

/** CDK constructs that lib/ makes in one file each, which demands their alarm: [module, names, file]. */
const madeInOnePlace = [
  ['aws-cdk-lib/aws-cloudwatch', ['Alarm', 'CfnAlarm', 'CompositeAlarm'], 'alarm'],
  ['aws-cdk-lib/aws-lambda', ['Function', 'CfnFunction'], 'typed-function'],
  ['aws-cdk-lib/aws-lambda-event-sources', ['DynamoEventSource'], 'stream-consumer'],
  ['aws-cdk-lib/aws-lambda-event-sources', ['SqsEventSource'], 'work-queue'],
  ['aws-cdk-lib/aws-sqs', ['Queue', 'CfnQueue'], 'work-queue'],
  ['aws-cdk-lib/aws-events', ['Schedule'], 'schedule'],
  ['aws-cdk-lib/aws-scheduler', ['CfnSchedule', 'Schedule'], 'schedule'],
  ['aws-cdk-lib/aws-apigatewayv2', ['HttpApi', 'CfnApi'], 'http-api'],
];
const madeElsewhere = (file) => ({
  '@typescript-eslint/no-restricted-imports': [
    'error',
    {
      paths: madeInOnePlace
        .filter(([, , place]) => place !== file)
        .map(([name, importNames, place]) => ({
          name,
          importNames,
          allowTypeImports: true,
          message: `Only lib/shared/${place}.ts makes it, with its alarm.`,
        })),
    },
  ],
});

export default tseslint.config(
  {
    ignores: [
      'node_modules',
      '.venv',
      '.venv-clients',
      '.local',
      'cdk.out',
      '**/dist',
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
  { files: ['lib/**/*.ts'], rules: madeElsewhere(undefined) },
  ...[...new Set(madeInOnePlace.map(([, , place]) => place))].map((place) => ({
    files: [`lib/shared/${place}.ts`],
    rules: madeElsewhere(place),
  })),
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
