import { canary } from '../../../../lambdas/learning/pipeline/canary.ts';
import { concludeWatch } from '../../../../lambdas/learning/shadow/conclude-watch.ts';
import { handleShadowEvent } from '../../../../lambdas/learning/shadow/handle-shadow-event.ts';
import { newTrial } from '../../../../lambdas/learning/shadow/new-trial.ts';
import { requestRun } from '../../../../lambdas/learning/triggers/request-run.ts';
import { trigger } from '../loop.ts';
import type { Loop } from '../loop.ts';
import { fund, madeModel } from '../marketplace.ts';
import type { Scenario } from '../scenario.ts';
import { eventOf, judge, tenMails, versionsAnswer } from '../shadow.ts';
import { OWNER } from './tasks.ts';

const gate = { passed: true, reasons: ['better'], decided_at: '2026-03-01T12:00:00.000Z' };

/** A run whose candidate, version 2, has passed the gate. */
async function gated(market: Loop): Promise<string> {
  const { runId } = await requestRun(market, trigger({ key: 'admin-first' }));
  await market.models.allocate(runId);
  await market.models.register(madeModel({ version: '2', parent: '1', gate }));
  return runId;
}

/** Version 2 in production, watched by version 1, with verdicts that speak against it. */
async function worseInProduction(market: Loop): Promise<void> {
  await gated(market);
  const watch = newTrial({ purpose: 'watch', candidate: '2', baseline: '1' }, market.watch, market.clock());
  const at = market.clock().toISOString();
  const promotion = { revision: 2, version: '2', previous: '1', by: 'pipeline', at } as const;
  await market.models.promote(promotion, ['classification'], watch);
  await market.trials.count(
    watch,
    { id: OWNER.userId, buyer_id: OWNER.userId },
    { wins: 0, losses: 30, ties: 0 },
  );
}

export const shadowScenarios: Scenario[] = [
  {
    name: 'start a canary',
    caller: 'queue',
    arrange: async (market) => {
      const run = await gated(market);
      return () => canary(market, run);
    },
  },
  {
    name: 'answer in shadow, and count the verdict',
    caller: 'queue',
    arrange: async (market) => {
      await canary(market, await gated(market));
      await fund(market, OWNER, 1_000_000);
      const task = await tenMails(market, OWNER);
      versionsAnswer(market, { 2: [3] });
      await judge(market, OWNER, task, []);
      return () => handleShadowEvent(market, eventOf('result.created', task), false);
    },
  },
  {
    name: 'roll back a version',
    caller: 'queue',
    arrange: async (market) => {
      await worseInProduction(market);
      return () => concludeWatch(market);
    },
  },
];
