import { expect, it } from 'vitest';
import { agentWorkOperations } from '../../../contracts/api/agent-work.ts';
import { BASE_PATH } from '../../../contracts/api/operation.ts';
import { quoteOperations } from '../../../contracts/api/quotes.ts';
import { resultOperations } from '../../../contracts/api/results.ts';
import { taskOperations } from '../../../contracts/api/tasks.ts';
import { methodsOfLiteralPaths } from '../../../lambdas/shared/http/method-not-allowed.ts';
import { PATHS_ELSEWHERE } from '../../../lambdas/tasks/paths-elsewhere.ts';

it('the tasks API lists every path of other functions that its own paths match', () => {
  const patterns = [...Object.values(taskOperations), ...Object.values(resultOperations)].map(
    ({ path }) => new RegExp(`^${(BASE_PATH + path).replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  );
  const matched = [
    ...methodsOfLiteralPaths([...Object.values(agentWorkOperations), ...Object.values(quoteOperations)]),
  ].filter(([path]) => patterns.some((pattern) => pattern.test(path)));
  expect(matched).not.toEqual([]);
  expect([...PATHS_ELSEWHERE]).toEqual(matched);
});
