import { defineConfig } from 'vitest/config';

/** The unit tests of the contracts and of what uses the rules on the server, as one project: Stryker knows no projects. */
export default defineConfig({
  test: {
    include: [
      'test/unit/{rules,contracts,values,agents}/**/*.test.ts',
      'test/unit/tasks/{answer-values,measure,posting,selection,lifecycle}.test.ts',
    ],
    exclude: ['**/node_modules/**'],
    restoreMocks: true,
    testTimeout: 20_000,
  },
});
