import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeedbackBody } from '../../../contracts/api/results.ts';
import { DukeError } from '../../../contracts/errors.ts';
import type { Task } from '../../../contracts/entities/task.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { completeTask } from '../../../lambdas/tasks/complete-task.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { cancelTask } from '../../../lambdas/tasks/end-task.ts';
import { executeChunk } from '../../../lambdas/tasks/execute-chunk.ts';
import { giveFeedback } from '../../../lambdas/tasks/feedback.ts';
import { planTask } from '../../../lambdas/tasks/plan-task.ts';
import { sweepAll } from '../support/task-flow.ts';
import { buyer, entries, fund, marketplace, taskBody } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';

const FUNDS = 1_000_000;
const buyers = [buyer(), buyer()];

type Step =
  | { do: 'create'; buyer: number; complexity: number; again: boolean }
  | { do: 'plan' | 'complete' | 'cancel' | 'accept' | 'reject'; task: number }
  | { do: 'execute'; fault: 'none' | 'busy' | 'crash' | 'refused' | 'last'; duplicate: boolean }
  | { do: 'wait'; hours: number }
  | { do: 'sweep' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('create' as const),
    buyer: fc.nat(1),
    complexity: fc.integer({ min: 1, max: 4 }),
    again: fc.boolean(),
  }),
  fc.record({ do: fc.constantFrom('plan', 'complete', 'cancel', 'accept', 'reject'), task: fc.nat(9) }),
  fc.record({
    do: fc.constant('execute' as const),
    fault: fc.constantFrom('none', 'none', 'none', 'busy', 'crash', 'refused', 'last'),
    duplicate: fc.boolean(),
  }),
  fc.record({ do: fc.constant('wait' as const), hours: fc.constantFrom(0.2, 1, 12, 25) }),
  fc.record({ do: fc.constant('sweep' as const) }),
);

class Run {
  readonly market: Marketplace;
  readonly taskIds: string[] = [];
  constructor(market: Marketplace) {
    this.market = market;
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'create': {
        const id = newId();
        const post = () =>
          createTask(
            this.market,
            buyers[step.buyer]!,
            taskBody({ complexity: step.complexity, items: inlineItems }),
            id,
          );
        await post();
        if (step.again) await Promise.all([post(), post()]);
        this.taskIds.push(id);
        return;
      }
      case 'execute':
        return this.execute(step.fault, step.duplicate);
      case 'wait':
        this.market.passTime(step.hours * 3_600_000);
        return;
      case 'sweep':
        await Promise.all([sweepAll(this.market), sweepAll(this.market)]);
        return;
      default:
        return this.act(step.do, this.taskIds[step.task]);
    }
  }

  private async act(
    action: 'plan' | 'complete' | 'cancel' | 'accept' | 'reject',
    id: string | undefined,
  ): Promise<void> {
    const task = id === undefined ? undefined : await this.market.tasks.get(id);
    if (!task) return;
    if (action === 'plan')
      await Promise.all([planTask(this.market, task.id), planTask(this.market, task.id)]);
    else if (action === 'complete')
      await Promise.all([completeTask(this.market, task.id), completeTask(this.market, task.id)]);
    else if (action === 'cancel') await cancelTask(this.market, task.buyer_id, task.id);
    else if (task.status === 'completed') await this.judge(task, action);
  }

  /** Both verdicts race; one of them wins. */
  private async judge(
    task: Extract<Task, { status: 'completed' }>,
    first: 'accept' | 'reject',
  ): Promise<void> {
    const corrections = [{ item_id: 'item:2', expected: 'spam' }];
    const bodies: FeedbackBody[] = [
      { verdict: first, corrections: first === 'reject' ? corrections : [] },
      { verdict: 'accept', corrections: [] },
    ];
    const said = await Promise.allSettled(
      bodies.map((body) => giveFeedback(this.market, task.buyer_id, task.result_id, body)),
    );
    for (const outcome of said) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(DukeError);
    }
    expect(said.filter((outcome) => outcome.status === 'fulfilled').length).toBeLessThanOrEqual(1);
  }

  private async execute(
    fault: 'none' | 'busy' | 'crash' | 'refused' | 'last',
    duplicate: boolean,
  ): Promise<void> {
    const queued = this.market.queue.shift();
    if (!queued) return;
    if (fault === 'busy')
      this.market.dukeMM.next.push({ outcome: 'busy', why: 'full', retryAfterSeconds: 1 });
    if (fault === 'refused') this.market.dukeMM.next.push({ outcome: 'refused', why: 'no' });
    if (fault === 'crash' || fault === 'last') this.market.dukeMM.next.push(new Error('the process died'));
    const receives = fault === 'last' ? this.market.maxReceives : 1;
    const tries = duplicate ? [1, receives] : [receives];
    const done = await Promise.allSettled(tries.map((n) => executeChunk(this.market, queued.message, n)));
    this.market.dukeMM.next.length = 0;
    if (done.every((outcome) => outcome.status === 'rejected') && fault !== 'last')
      this.market.queue.push(queued);
  }
}

const inlineItems = [{ fields: { text: 'a' } }, { fields: { text: 'b' } }, { fields: { text: 'c' } }];

/** Whatever happened: the books balance, wallets say what the entries say, and no task settled twice. */
async function expectSound(market: Marketplace): Promise<void> {
  const all = entries(market);
  expect(all.reduce((sum, entry) => sum + entry.amount_satoshis, 0)).toBe(0);
  const total = (account: string) =>
    all.filter((entry) => entry.account === account).reduce((sum, entry) => sum + entry.amount_satoshis, 0);
  for (const { userId } of buyers) {
    const wallet = await market.wallets.get(userId);
    expect(wallet.balance_satoshis).toBe(total(`user:${userId}:available`));
    expect(wallet.held_satoshis).toBe(total(`user:${userId}:held`));
    expect(wallet.balance_satoshis).toBeGreaterThanOrEqual(0);
    expect(wallet.held_satoshis).toBeGreaterThanOrEqual(0);
  }
  const perMovement = Map.groupBy(all, (entry) => entry.movement_id);
  for (const [, legs] of perMovement) expect(legs.reduce((sum, leg) => sum + leg.amount_satoshis, 0)).toBe(0);
  let held = 0;
  for (const item of market.table.items.values()) {
    if (item['entity'] !== 'task') continue;
    const settled = perMovement.has(`SETTLE#${String(item['id'])}`);
    expect(settled).toBe(item['settlement'] !== 'held');
    if (item['settlement'] === 'held') held += Number(item['price_satoshis']);
  }
  expect(buyers.reduce((sum, { userId }) => sum + total(`user:${userId}:held`), 0)).toBe(held);
}

describe('money over random interleavings of create, plan, execute, complete, judge, cancel, sweep and retries', () => {
  it('balances after every step, and no task settles twice', async () => {
    const seen = { settled: 0, tasks: 0, steps: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 80 }), async (steps) => {
        const run = new Run(await marketplace());
        for (const caller of buyers) await fund(run.market, caller, FUNDS);
        for (const next of steps) {
          try {
            await run.take(next);
          } catch (error) {
            // A refusal with a documented code is part of the game; anything else is a defect.
            if (!(error instanceof DukeError)) throw error;
          }
          await expectSound(run.market);
        }
        seen.steps += steps.length;
        seen.tasks += run.taskIds.length;
        seen.settled += entries(run.market).filter((entry) => entry.movement_id.startsWith('SETTLE#')).length;
      }),
      { numRuns: 150 },
    );
    // The walk reaches the interesting places, or the property would say nothing.
    expect(seen.tasks).toBeGreaterThan(500);
    expect(seen.settled).toBeGreaterThan(200);
  }, 60_000);
});
