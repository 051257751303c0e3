import { describe, expect, it } from 'vitest';
import { countOutcomes } from '../../../lambdas/learning/outcomes/count-outcomes.ts';
import { recallConfirmed } from '../../../lambdas/learning/outcomes/recall-confirmed.ts';
import { recordOutcomes } from '../../../lambdas/learning/outcomes/record-outcomes.ts';
import { updateReputation } from '../../../lambdas/agents/update-reputation.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { questionOf } from '../../../lambdas/shared/question.ts';
import { DukeError } from '../../../contracts/errors.ts';
import { completeTask } from '../../../lambdas/tasks/complete-task.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { executeChunk } from '../../../lambdas/tasks/execute-chunk.ts';
import { giveFeedback } from '../../../lambdas/tasks/feedback.ts';
import { planTask } from '../../../lambdas/tasks/plan-task.ts';
import { buyer, csvFile, entries, fund, marketplace } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';
import { Saboteur, again } from '../support/saboteur.ts';
import { columns, fillIn, table } from '../support/task-flow.ts';

const me = buyer();

/** The whole life of a task of 270 rows, from posting to what is learned from it. */
async function life(market: Marketplace, id: string): Promise<void> {
  const file = [...market.table.items.values()].find((item) => item['entity'] === 'file');
  const body = fillIn(String(file?.['id']));
  await again(() => createTask(market, me, body, id));
  await again(() => planTask(market, id));
  for (let queued = market.queue.shift(); queued; queued = market.queue.shift()) {
    const { message } = queued;
    await again(() => executeChunk(market, message, 1));
  }
  await again(() => completeTask(market, id));
  const resultId = await again(async () => String(await resultOf(market, id)));
  const corrections = [{ item_id: `${String(file?.['id'])}:2`, expected: 'spam' }];
  try {
    await again(() => giveFeedback(market, me.userId, resultId, { verdict: 'reject', corrections }));
  } catch (error) {
    // The verdict was taken and its answer lost: the client learns that there is one.
    if (!(error instanceof DukeError) || error.code !== 'already_judged') throw error;
  }
  const judged = { task_id: id, result_id: resultId };
  await again(async () => {
    const recorded = await recordOutcomes(market, judged);
    if (!recorded) throw new Error('no outcomes');
    await countOutcomes(market, [recorded.shard]);
    await recallConfirmed(market, [recorded.confirmed]);
  });
  await again(() => updateReputation(market, [judged]));
}

async function resultOf(market: Marketplace, id: string): Promise<string> {
  const task = await market.tasks.get(id);
  if (task?.status !== 'completed') throw new Error(`task is ${task?.status}`);
  return task.result_id;
}

async function lived(at: number, when: 'before' | 'after') {
  const saboteur = new Saboteur();
  const market = await marketplace(undefined, saboteur.wrap);
  await fund(market, me, 1_000_000);
  await csvFile(market, me, table, columns);
  const id = newId();
  saboteur.arm(at, when);
  await life(market, id);
  saboteur.disarm();
  return { market, id, calls: saboteur.calls };
}

/** What must be the same whatever crashed: the task, the money, the outcomes, the reputation. */
async function outcome(market: Marketplace, id: string) {
  const task = await market.tasks.get(id);
  const shard = await market.training.of(id);
  const stats = await market.agents.stats('duke-mm');
  const recall = task && (await market.recalls.of(questionOf(task)));
  return {
    status: task?.status,
    settlement: task?.settlement,
    left: task && 'chunks_left' in task ? task.chunks_left : undefined,
    wallet: { ...(await market.wallets.get(me.userId)), user_id: '' },
    entries: entries(market)
      .map((entry) => entry.amount_satoshis)
      .sort((a, b) => a - b),
    outcomes: shard?.count,
    counted: (await market.training.progress())?.outcomes_total,
    causes: [...market.table.items.values()].filter((item) => item['entity'] === 'trigger').length,
    recalled: recall?.snapshot?.count,
    waiting: recall?.waiting.length,
    judged: stats?.judged_total,
    reputation: stats?.reputation_bp,
  };
}

describe('a crash before, or a lost answer after, any call in the life of a task', () => {
  it.each(['before', 'after'] as const)(
    '%s: loses and duplicates nothing',
    async (when) => {
      const undisturbed = await lived(0, when);
      const expected = await outcome(undisturbed.market, undisturbed.id);
      expect(expected).toMatchObject({
        status: 'completed',
        settlement: 'split',
        left: 0,
        outcomes: 270,
        counted: 270,
        causes: 2,
        recalled: 270,
        waiting: 0,
        judged: 1,
      });
      expect(undisturbed.calls).toBeGreaterThan(60);
      for (let at = 1; at <= undisturbed.calls; at++) {
        const { market, id } = await lived(at, when);
        expect({ at, ...(await outcome(market, id)) }).toEqual({ at, ...expected });
      }
    },
    60_000,
  );
});
