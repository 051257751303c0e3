import { expect } from 'vitest';
import type { DukeError, ErrorCode } from '../../../contracts/errors.ts';
import type { Caller } from '../../../lambdas/shared/http/caller.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { completeTask } from '../../../lambdas/tasks/complete-task.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { executeChunk } from '../../../lambdas/tasks/execute-chunk.ts';
import { planTask } from '../../../lambdas/tasks/plan-task.ts';
import { allShards } from '../../../contracts/naming.ts';
import { sweepShard } from '../../../lambdas/tasks/sweep.ts';
import type { SweepCounts } from '../../../lambdas/tasks/sweep.ts';
import { taskBody } from './marketplace.ts';
import type { Marketplace } from './marketplace.ts';

/** Complexity 1 × 100,000 × Duke MM's first reputation of 2.0. */
export const PRICE = 200_000;

export const code = (wanted: ErrorCode) =>
  expect.objectContaining({ name: 'DukeError', code: wanted }) as unknown as DukeError;

/** Executes whatever is queued. */
export async function drain(market: Marketplace): Promise<void> {
  for (let queued = market.queue.shift(); queued; queued = market.queue.shift()) {
    await executeChunk(market, queued.message, 1);
  }
}

/** One pass over all shards. */
export async function sweepAll(market: Marketplace): Promise<SweepCounts> {
  const total: SweepCounts = { failed: 0, accepted: 0, aside: 0 };
  for (const shard of allShards()) {
    const swept = await sweepShard(market, shard, () => 60_000);
    total.failed += swept.failed;
    total.accepted += swept.accepted;
    total.aside += swept.aside;
  }
  return total;
}

/** A task of a buyer with its result waiting for the verdict. */
export async function delivered(
  market: Marketplace,
  buyer: Caller,
  body = taskBody(),
): Promise<{ taskId: string; resultId: string }> {
  const { id } = await createTask(market, buyer, body, newId());
  await planTask(market, id);
  await drain(market);
  await completeTask(market, id);
  const task = await market.tasks.get(id, { consistent: true });
  if (task?.status !== 'completed') throw new Error(`task is ${task?.status}`);
  return { taskId: id, resultId: task.result_id };
}

/** 300 rows: the label is filled in every tenth. */
export const table = [
  'text,label',
  ...Array.from(
    { length: 300 },
    (_, i) => `"mail, number ${i}",${i % 10 === 0 ? (i % 20 === 0 ? 'ham' : 'spam') : ''}`,
  ),
].join('\n');
export const columns = [
  { name: 'text', type: 'text' as const, filled: 300 },
  { name: 'label', type: 'text' as const, filled: 30, values: ['ham', 'spam'] },
];
export const fillIn = (file: string, overrides = {}) =>
  taskBody({ items: [], labels: undefined, files: [file], target: 'label', complexity: 2, ...overrides });
