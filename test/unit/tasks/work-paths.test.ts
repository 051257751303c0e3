import { expect, it } from 'vitest';
import { agentWorkOperations } from '../../../contracts/api/agent-work.ts';
import { BASE_PATH } from '../../../contracts/api/operation.ts';
import { resultOperations } from '../../../contracts/api/results.ts';
import { taskOperations } from '../../../contracts/api/tasks.ts';
import { methodsOfLiteralPaths } from '../../../lambdas/shared/http/method-not-allowed.ts';
import { WORK_PATHS } from '../../../lambdas/tasks/work-paths.ts';

it('the tasks API knows every path of agents at work that its own paths match', () => {
  const patterns = [...Object.values(taskOperations), ...Object.values(resultOperations)].map(
    ({ path }) => new RegExp(`^${(BASE_PATH + path).replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  );
  const matched = [...methodsOfLiteralPaths(Object.values(agentWorkOperations))].filter(([path]) =>
    patterns.some((pattern) => pattern.test(path)),
  );
  expect(matched).not.toEqual([]);
  expect([...WORK_PATHS]).toEqual(matched);
});
