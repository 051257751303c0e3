import { defineConfig } from 'vitest/config';

/**
 * The unit tests of what is mutated, as one project: Stryker knows no projects. Without the random walks, which take
 * seconds for every mutant and would hide which rule no test states.
 */
export default defineConfig({
  test: {
    include: ['test/unit/{rules,contracts,values,agents,tasks,wallet,faults,files}/**/*.test.ts'],
    exclude: [
      '**/node_modules/**',
      '**/*.property.test.ts',
      'test/unit/files/{hostile,previews}.test.ts', // slow, and no rule depends on them
      'test/unit/tasks/{crash,beta,large-pages}.test.ts',
      'test/unit/contracts/{both-languages,generated}.test.ts', // run Python, which the copy lacks
    ],
    restoreMocks: true,
    testTimeout: 120_000,
  },
});
