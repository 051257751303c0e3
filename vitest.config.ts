import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/**
 * Suites by cost. `integration` and `e2e` start a platform of their own, beside one that may be running. Timeouts only end
 * tests that hang: they are many times what a test takes, so that the load of the machine does not decide.
 */
const suite = (name: string, options: object = {}) => ({
  plugins: [react()],
  test: {
    name,
    include: [`test/${name}/**/*.test.{ts,tsx}`],
    exclude: ['**/node_modules/**'],
    restoreMocks: true,
    ...options,
  },
});
const onPlatform = {
  globalSetup: ['test/platform.setup.ts'],
  fileParallelism: false,
  testTimeout: 300_000,
  hookTimeout: 600_000,
};

export default defineConfig({
  test: {
    projects: [
      suite('unit', {
        include: ['test/unit/**/*.test.{ts,tsx}', 'web/src/**/*.test.{ts,tsx}'],
        testTimeout: 120_000,
        hookTimeout: 120_000,
      }),
      suite('infra', { testTimeout: 120_000, hookTimeout: 120_000, isolate: false, fileParallelism: false }),
      suite('workflow', { testTimeout: 300_000, hookTimeout: 300_000 }),
      suite('integration', onPlatform),
      suite('e2e', { ...onPlatform, testTimeout: 600_000 }),
      suite('full', { ...onPlatform, testTimeout: 900_000 }),
    ],
  },
});
