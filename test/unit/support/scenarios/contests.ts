import { updateProfile } from '../../../../lambdas/agents/profile.ts';
import { updateReputation } from '../../../../lambdas/agents/update-reputation.ts';
import { chooseEncoding } from '../../../../lambdas/files/choose-encoding.ts';
import { deleteFile } from '../../../../lambdas/files/delete-file.ts';
import { conclude } from '../../../../lambdas/learning/pipeline/conclude.ts';
import { requestRun } from '../../../../lambdas/learning/triggers/request-run.ts';
import { HOUR, MINUTE } from '../../../../lambdas/shared/clock.ts';
import { idFrom, newId } from '../../../../lambdas/shared/ids.ts';
import { completeTask } from '../../../../lambdas/tasks/complete-task.ts';
import { createTask } from '../../../../lambdas/tasks/create-task.ts';
import { cancelTask } from '../../../../lambdas/tasks/end-task.ts';
import { executeChunk } from '../../../../lambdas/tasks/execute-chunk.ts';
import { giveFeedback } from '../../../../lambdas/tasks/feedback.ts';
import { planTask } from '../../../../lambdas/tasks/plan-task.ts';
import { startTask } from '../../../../lambdas/tasks/submit-result.ts';
import { paymentProvider } from '../../../../lambdas/wallet/payment-provider.ts';
import { withdraw } from '../../../../lambdas/wallet/wallet.ts';
import { ANSWERS, submit } from '../agents.ts';
import type { Contest } from '../contest.ts';
import type { Loop } from '../loop.ts';
import { trigger } from '../loop.ts';
import { fund, taskBody } from '../marketplace.ts';
import { delivered, drain, sweepAll } from '../task-flow.ts';
import { ready } from './files.ts';
import { OWNER, assigned, funded, posted } from './tasks.ts';

const owner = OWNER.userId;

const accept = { verdict: 'accept' as const, corrections: [] };
const reject = {
  verdict: 'reject' as const,
  corrections: [{ item_id: 'item:1', expected: 'spam' }],
};

/** More than one chunk, so that the task is split by its planner. */
const MANY_ITEMS = Array.from({ length: 51 }, (_, n) => ({ fields: { text: `mail ${n}` } }));

export const taskContests: Contest[] = [
  {
    name: 'two requests that post one task',
    arrange: async (market) => {
      await funded(market);
      const id = newId();
      const post = () => createTask(market, OWNER, taskBody(), id);
      return [post, post];
    },
  },
  {
    name: 'two tasks for the money of one',
    arrange: async (market) => {
      await fund(market, OWNER, 200_000);
      const [one, other] = [newId(), newId()];
      return [
        () => createTask(market, OWNER, taskBody(), one),
        () => createTask(market, OWNER, taskBody({ description: 'Another one?' }), other),
      ];
    },
  },
  {
    name: 'a task and a withdrawal for the same money',
    arrange: async (market) => {
      await fund(market, OWNER, 200_000);
      const [id, request] = [newId(), newId()];
      const deps = { ...market, provider: paymentProvider('sandbox') };
      return [() => createTask(market, OWNER, taskBody(), id), () => withdraw(deps, owner, 1, request)];
    },
  },
  {
    name: 'planning and cancelling',
    arrange: async (market) => {
      const id = await posted(market, taskBody({ items: MANY_ITEMS }));
      return [() => planTask(market, id), () => cancelTask(market, owner, id)];
    },
  },
  {
    name: 'executing and cancelling',
    arrange: async (market) => {
      const id = await posted(market);
      await planTask(market, id);
      const { message } = market.queue.shift()!;
      return [() => executeChunk(market, message, 1), () => cancelTask(market, owner, id)];
    },
  },
  {
    name: 'the last answer and the deadline',
    arrange: async (market) => {
      const id = await posted(market);
      await planTask(market, id);
      const { message } = market.queue.shift()!;
      await market.tasks.start({ id }, market.clock().toISOString());
      market.passTime(31 * MINUTE);
      return [() => executeChunk(market, message, 1), () => sweepAll(market)];
    },
  },
  {
    name: 'completing and the deadline',
    arrange: async (market) => {
      const id = await posted(market);
      await planTask(market, id);
      await drain(market);
      market.passTime(60 * MINUTE);
      return [() => completeTask(market, id), () => sweepAll(market)];
    },
  },
  {
    name: 'two verdicts',
    arrange: async (market) => {
      await funded(market);
      const { resultId } = await delivered(market, OWNER);
      return [
        () => giveFeedback(market, owner, resultId, reject, idFrom('one')),
        () => giveFeedback(market, owner, resultId, accept, idFrom('two')),
      ];
    },
  },
  {
    name: 'a verdict at the end of the review and the sweep',
    arrange: async (market) => {
      await funded(market);
      const { resultId } = await delivered(market, OWNER);
      market.passTime(24 * HOUR);
      return [() => giveFeedback(market, owner, resultId, reject, idFrom('one')), () => sweepAll(market)];
    },
  },
];

export const agentContests: Contest[] = [
  {
    name: 'starting and cancelling',
    arrange: async (market) => {
      const { ann, id } = await assigned(market);
      return [() => startTask(market, ann.id, id), () => cancelTask(market, owner, id)];
    },
  },
  {
    name: 'delivering and cancelling',
    arrange: async (market) => {
      const { ann, id } = await assigned(market);
      return [() => submit(market, ann, id, ANSWERS), () => cancelTask(market, owner, id)];
    },
  },
  {
    name: 'delivering twice',
    arrange: async (market) => {
      const { ann, id } = await assigned(market);
      const answer = () => submit(market, ann, id, ANSWERS);
      return [answer, answer];
    },
  },
  {
    name: 'giving up twice',
    arrange: async (market) => {
      const { ann, id } = await assigned(market);
      const giveUp = () => submit(market, ann, id, { success: false });
      return [giveUp, giveUp];
    },
  },
  {
    name: 'giving up and the deadline',
    arrange: async (market) => {
      const { ann, id } = await assigned(market);
      await startTask(market, ann.id, id);
      return [
        () => submit(market, ann, id, { success: false }),
        async () => {
          market.passTime(25 * HOUR);
          await sweepAll(market);
        },
      ];
    },
  },
  {
    name: 'two tasks for the last slot of an agent',
    arrange: async (market) => {
      const { ann } = await assigned(market);
      await updateProfile(market, ann.id, { capacity: 2 });
      const [one, other] = [newId(), newId()];
      const body = taskBody({ preferred_agent: ann.name });
      return [() => createTask(market, OWNER, body, one), () => createTask(market, OWNER, body, other)];
    },
  },
  {
    name: 'two changes of one profile',
    arrange: async (market) => {
      const { ann } = await assigned(market);
      return [
        () => updateProfile(market, ann.id, { capacity: 9 }),
        () => updateProfile(market, ann.id, { description: 'fast' }),
      ];
    },
  },
  {
    name: 'two verdicts about one agent',
    arrange: async (market) => {
      await fund(market, OWNER, 2_000_000);
      const judged = [];
      for (const description of ['One?', 'Two?']) {
        const { taskId, resultId } = await delivered(market, OWNER, taskBody({ description }));
        await giveFeedback(market, owner, resultId, accept, idFrom(description));
        judged.push({ task_id: taskId, result_id: resultId });
      }
      const [one, other] = judged;
      return [() => updateReputation(market, [one!]), () => updateReputation(market, [other!])];
    },
  },
];

const withFile = async (market: Loop) => {
  await funded(market);
  const file = await ready(market);
  const body = taskBody({ items: [], labels: undefined, files: [file], target: 'label' });
  const id = newId();
  return { file, post: () => createTask(market, OWNER, body, id) };
};

export const fileContests: Contest[] = [
  {
    name: 'deleting a file and posting a task with it',
    arrange: async (market) => {
      const { file, post } = await withFile(market);
      return [async () => (await deleteFile(market, owner, file)) ?? 'deleted', post];
    },
  },
  {
    name: 'posting a task with a file and deleting it',
    arrange: async (market) => {
      const { file, post } = await withFile(market);
      return [post, async () => (await deleteFile(market, owner, file)) ?? 'deleted'];
    },
  },
  {
    name: 'choosing the encoding of a file and posting a task with it',
    arrange: async (market) => {
      const { file, post } = await withFile(market);
      return [() => chooseEncoding(market, owner, file, 'windows-1252'), post];
    },
  },
  {
    name: 'posting a task with a file and choosing its encoding',
    arrange: async (market) => {
      const { file, post } = await withFile(market);
      return [post, () => chooseEncoding(market, owner, file, 'windows-1252')];
    },
  },
];

export const learningContests: Contest[] = [
  {
    name: 'two triggers',
    arrange: async (market) => {
      const [one, other] = [trigger({ key: 'admin-one' }), trigger({ key: 'admin-other' })];
      return [() => requestRun(market, one), () => requestRun(market, other)];
    },
  },
  {
    name: 'the end of a run and a trigger',
    arrange: async (market) => {
      const { runId } = await requestRun(market, trigger({ key: 'admin-one' }));
      const end = { run_id: runId, outcome: 'promoted' } as const;
      const next = trigger({ key: 'admin-other' });
      return [() => conclude(market, end), () => requestRun(market, next)];
    },
  },
];
