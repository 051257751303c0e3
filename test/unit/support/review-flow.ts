/** Tasks whose unsure items are reviewed by an agent. */
import type { CreateTaskBody } from '../../../contracts/api/task-bodies.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { completeTask } from '../../../lambdas/tasks/complete-task.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { planTask } from '../../../lambdas/tasks/plan-task.ts';
import { taskBody } from './marketplace.ts';
import type { buyer, Marketplace } from './marketplace.ts';
import { drain } from './task-flow.ts';

export const ITEMS = 10;

/** Confidences of Duke MM: low for the first `count` items, high for the others. */
export const unsureOf = (count: number, items = ITEMS): number[] =>
  Array.from({ length: items }, (_, i) => (i < count ? 0.4 : 0.95));

/** An agent's answers to the items with these numbers. */
export const answersTo = (ids: readonly number[]) => ({
  items: ids.map((i) => ({ id: `item:${i}`, prediction: 'spam', confidence: 0.7 })),
});

/** Posts a task with a review below 0.8, which Duke MM answers with these confidences. @returns its id */
export async function postWithReview(
  market: Marketplace,
  caller: ReturnType<typeof buyer>,
  confidences: readonly number[],
  overrides: Partial<CreateTaskBody> = {},
): Promise<string> {
  market.dukeMM.next.push({
    outcome: 'answered',
    response: {
      model_version: '1',
      items: confidences.map((confidence, i) => ({
        id: `item:${i + 1}`,
        prediction: 'ham',
        confidence,
        explanation: { nearest: [], words: [], summary: 's' },
      })),
    },
  });
  const items = confidences.map((_, i) => ({ fields: { text: `mail ${i}` } }));
  const body = taskBody({ items, review_below: 0.8, preferred_agent: 'duke-mm', ...overrides });
  const { id } = await createTask(market, caller, body, newId());
  await planTask(market, id);
  await drain(market);
  await completeTask(market, id);
  return id;
}
