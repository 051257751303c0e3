import { describe, expect, it } from 'vitest';
import { newId } from '../../../lambdas/shared/ids.ts';
import { updateReputation } from '../../../lambdas/agents/update-reputation.ts';
import { completeTask } from '../../../lambdas/tasks/complete-task.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { giveFeedback } from '../../../lambdas/tasks/feedback.ts';
import { buyer, fund, marketplace, taskBody } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';
import { drain } from '../support/task-flow.ts';

const me = buyer();

async function judgedTask(market: Marketplace, refuseOne: boolean) {
  const { id, price_satoshis } = await createTask(market, me, taskBody(), newId());
  await drain(market);
  await completeTask(market, id);
  const task = await market.tasks.get(id);
  if (task?.status !== 'completed') throw new Error('not completed');
  const corrections = refuseOne ? [{ item_id: 'item:1', expected: 'spam' }] : [];
  await giveFeedback(market, me.userId, task.result_id, {
    verdict: refuseOne ? 'reject' : 'accept',
    corrections,
  });
  return { task_id: id, result_id: task.result_id, price: price_satoshis };
}

describe('reputation', () => {
  it('counts each task once, in any batches and for repeated verdicts', async () => {
    const market = await marketplace();
    await fund(market, me, 100_000_000);
    const judgements = [];
    for (let i = 0; i < 12; i++) judgements.push(await judgedTask(market, i % 3 === 0));
    await updateReputation(market, judgements.slice(0, 5));
    await Promise.all([
      updateReputation(market, judgements.slice(3, 9)),
      updateReputation(market, judgements.slice(6)),
    ]);
    await updateReputation(market, [...judgements, ...judgements]);
    const stats = await market.agents.stats('duke-mm');
    expect(stats).toMatchObject({ judged_total: 12 });
    // Of one buyer the last ten count, three of them refused in half: (10 − 3 × 0.5 + 10 × 0.9) / 20 = 0.875 → 1.9
    expect(stats?.reputation_bp).toBe(19_000);
  });

  it('makes the next task cheaper after rejected verdicts', async () => {
    const market = await marketplace();
    await fund(market, me, 100_000_000);
    const first = await judgedTask(market, true);
    await updateReputation(market, [first]);
    const second = await judgedTask(market, true);
    // (0.5 + 9) / 11 = 0.8636 → 18,545 bp
    expect([first.price, second.price]).toEqual([200_000, 185_450]);
  });
});
