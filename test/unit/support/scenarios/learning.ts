import { getProfile, updateProfile } from '../../../../lambdas/agents/profile.ts';
import { updateReputation } from '../../../../lambdas/agents/update-reputation.ts';
import { countOutcomes } from '../../../../lambdas/learning/outcomes/count-outcomes.ts';
import { recallConfirmed } from '../../../../lambdas/learning/outcomes/recall-confirmed.ts';
import { recordOutcomes } from '../../../../lambdas/learning/outcomes/record-outcomes.ts';
import { begin } from '../../../../lambdas/learning/pipeline/begin.ts';
import { conclude } from '../../../../lambdas/learning/pipeline/conclude.ts';
import { prepare } from '../../../../lambdas/learning/pipeline/prepare.ts';
import { reconcile } from '../../../../lambdas/learning/pipeline/reconcile.ts';
import { activeRun } from '../../../../lambdas/learning/pipeline/run-of.ts';
import { requestRun } from '../../../../lambdas/learning/triggers/request-run.ts';
import { startTriggered } from '../../../../lambdas/learning/triggers/start-triggered.ts';
import { keys } from '../../../../contracts/naming.ts';
import { HOUR, MINUTE } from '../../../../lambdas/shared/clock.ts';
import { newId } from '../../../../lambdas/shared/ids.ts';
import { giveFeedback } from '../../../../lambdas/tasks/feedback.ts';
import { registerAgent } from '../agents.ts';
import { example, stored, trigger } from '../loop.ts';
import type { Loop } from '../loop.ts';
import { fund } from '../marketplace.ts';
import type { Scenario } from '../scenario.ts';
import { delivered } from '../task-flow.ts';
import { OWNER } from './tasks.ts';

async function judged(market: Loop): Promise<{ task_id: string; result_id: string }> {
  await fund(market, OWNER, 1_000_000);
  const { taskId, resultId } = await delivered(market, OWNER);
  const corrections = [{ item_id: 'item:1', expected: 'spam' }];
  await giveFeedback(market, OWNER.userId, resultId, { verdict: 'reject', corrections });
  return { task_id: taskId, result_id: resultId };
}

const failed = { outcome: 'failed', step: 'Train', error: 'JobFailed', cause: 'out of memory' } as const;

/** A run that has begun, with a second trigger that waits for it. */
async function running(market: Loop): Promise<string> {
  const examples = Array.from({ length: 60 }, (_, i) => example(`mail ${i}`));
  await stored(market, examples, '2026-03-01');
  const { runId } = await requestRun(market, trigger({ key: 'admin-first' }));
  await requestRun(market, trigger({ key: 'admin-second' }));
  await begin(market, runId);
  return runId;
}

export const learningScenarios: Scenario[] = [
  {
    name: 'learn from a verdict',
    caller: 'queue',
    arrange: async (market) => {
      const verdict = await judged(market);
      return async () => {
        const recorded = await recordOutcomes(market, verdict);
        if (!recorded) throw new Error('no outcomes');
        await countOutcomes(market, [recorded.shard]);
        await recallConfirmed(market, [recorded.confirmed]);
      };
    },
  },
  {
    name: 'request a run',
    caller: 'queue',
    arrange: async (market) => {
      const wanted = trigger({ key: 'admin-1' });
      return () => requestRun(market, wanted);
    },
  },
  {
    name: 'request a run while another one is active',
    caller: 'queue',
    arrange: async (market) => {
      await requestRun(market, trigger({ key: 'admin-first' }));
      await market.locks.fire(trigger({ key: 'admin-second' }));
      return () => startTriggered(market, 'admin-second');
    },
  },
  {
    name: 'prepare the data of a run',
    caller: 'queue',
    arrange: async (market) => {
      const id = await running(market);
      return async () => prepare(market, await activeRun(market.runs, id));
    },
  },
  {
    name: 'conclude a failed run that another one follows',
    caller: 'queue',
    arrange: async (market) => {
      const run_id = await running(market);
      return () => conclude(market, { run_id, ...failed });
    },
  },
  {
    name: 'conclude an archived run',
    caller: 'queue',
    arrange: async (market) => {
      const { runId } = await requestRun(market, trigger({ key: 'admin-first' }));
      const reasons = ['no better'];
      return () => conclude(market, { run_id: runId, outcome: 'archived', code: 'gate_failed', reasons });
    },
  },
  {
    name: 'reconcile a run that its execution left',
    caller: 'queue',
    arrange: async (market) => {
      market.executions.all.set(await running(market), 'ABORTED');
      market.passTime(HOUR);
      return () => reconcile(market);
    },
    afterwards: async (market) => {
      market.passTime(5 * MINUTE);
      await reconcile(market);
    },
  },
];

export const agentScenarios: Scenario[] = [
  {
    name: 'count a verdict in a reputation',
    caller: 'queue',
    arrange: async (market) => {
      const verdict = await judged(market);
      return () => updateReputation(market, [verdict]);
    },
  },
  {
    name: 'change a profile',
    caller: 'client',
    arrange: async (market) => {
      const { id } = await registerAgent(market, 'ann-agent');
      return () => updateProfile(market, id, { capacity: 7 });
    },
  },
  {
    name: 'read the profile of an agent from before there were profiles',
    caller: 'client',
    arrange: async (market) => {
      const { id } = await registerAgent(market, 'ann-agent');
      await market.table.write({ delete: keys.agentProfile(id) });
      return () => getProfile(market, id);
    },
  },
  {
    name: 'store an agent',
    caller: 'client',
    toldOfRepetition: 'exists',
    arrange: async (market) => {
      const user = { id: newId(), email: 'a@example.com', user_type: 'agent', full_name: null } as const;
      const at = market.clock().toISOString();
      const request = { id: newId(), fingerprint: 'f' };
      return () =>
        market.users.create(
          { ...user, agent_name: 'ann-agent', created_at: at, updated_at: at, is_active: true },
          request,
        );
    },
  },
];
