import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files of `full` that measure latency, or need every outcome and model process for themselves: one at a time. */
const FULL_ALONE = [
  'test/full/loop.test.ts',
  'test/full/live.test.ts',
  'test/full/agents/latency.test.ts',
  'test/full/killed-model.test.ts',
];
/** The others, two at a time, the longest first. `mail` mostly waits for the end of quiet hours. */
const FULL_TOGETHER = [
  'test/full/agents/mail.test.ts',
  'test/full/kills.test.ts',
  'test/full/api/fuzz.test.ts',
  'test/full/files/kinds.test.ts',
  'test/full/api/walkthrough.test.ts',
  'test/full/clients/clients.test.ts',
];

/** Runs the files of a project in the order of its `include`, where that names files; otherwise as vitest does. */
class IncludeOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const position = ({ project, moduleId }: TestSpecification): number =>
      project.config.include.findIndex((pattern) => moduleId.endsWith(pattern));
    return (await super.sort(files)).sort((a, b) =>
      a.project === b.project ? position(a) - position(b) : 0,
    );
  }
}

/**
 * Suites by cost. Those with a platform start one of their own, beside one that may be running; suites that run in one
 * process share it. Timeouts only end tests that hang: they are many times what a test takes, so that the load of the machine
 * does not decide.
 */
const suite = (name: string, options: object = {}) => ({
  plugins: [react()],
  test: {
    name,
    include: [`test/${name}/**/*.test.{ts,tsx}`],
    exclude: ['**/node_modules/**'],
    setupFiles: ['test/fast-check.setup.ts'],
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
      suite('integration', { ...onPlatform, sequence: { groupOrder: 1 } }),
      suite('e2e', { ...onPlatform, testTimeout: 600_000, sequence: { groupOrder: 2 } }),
      suite('full-alone', {
        ...onPlatform,
        include: FULL_ALONE,
        testTimeout: 900_000,
        sequence: { groupOrder: 3 },
      }),
      suite('full-together', {
        ...onPlatform,
        include: [...FULL_TOGETHER, 'test/full/**/*.test.ts'],
        exclude: FULL_ALONE,
        testTimeout: 900_000,
        fileParallelism: true,
        maxWorkers: 2,
        sequence: { groupOrder: 4 },
      }),
    ],
    sequence: { sequencer: IncludeOrder },
  },
});
