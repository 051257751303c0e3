import { beforeEach, describe, expect, it } from 'vitest';
import type { FeedbackBody } from '../../../contracts/api/results.ts';
import { MAX_EXAMPLES } from '../../../contracts/limits.ts';
import { ExamplePayload } from '../../../contracts/serving/invocation.ts';
import { recallConfirmed } from '../../../lambdas/learning/outcomes/recall-confirmed.ts';
import { recordOutcomes } from '../../../lambdas/learning/outcomes/record-outcomes.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { parseJsonLines } from '../../../lambdas/shared/objects.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { giveFeedback } from '../../../lambdas/tasks/feedback.ts';
import { planTask } from '../../../lambdas/tasks/plan-task.ts';
import { taskView } from '../../../lambdas/tasks/task-view.ts';
import { buyer, fund, marketplace, taskBody } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';
import { textsAndLabels } from '../support/recalled.ts';
import { delivered, drain, sweepAll } from '../support/task-flow.ts';

const me = buyer();
let market: Marketplace;
beforeEach(async () => {
  market = await marketplace();
  await fund(market, me, 10_000_000);
});

const ACCEPT: FeedbackBody = { verdict: 'accept', corrections: [] };

async function judged(verdict: FeedbackBody | 'silence', body = taskBody()): Promise<void> {
  const { taskId, resultId } = await delivered(market, me, body);
  if (verdict === 'silence') {
    market.passTime(25 * 3_600_000);
    await sweepAll(market);
  } else await giveFeedback(market, me.userId, resultId, verdict);
  const recorded = await recordOutcomes(market, { task_id: taskId, result_id: resultId });
  await recallConfirmed(market, recorded ? [recorded.confirmed] : []);
}

/** What Duke MM is given of earlier tasks when this one is posted. */
async function recalledBy(caller = me, body = taskBody()) {
  const { id } = await createTask(market, caller, body, newId());
  await planTask(market, id);
  await drain(market);
  const sent = market.dukeMM.requests.at(-1)!.recalled;
  const task = (await market.tasks.get(id))!;
  expect(taskView(task).recalled_count).toBe(sent?.count);
  if (!sent) return [];
  const rows = parseJsonLines(await market.work.text(sent.uri.replace('s3://work/', '')));
  expect(rows).toHaveLength(sent.count);
  return rows.map((row) => ExamplePayload.parse(row));
}

describe('items that a buyer confirmed are added to the next task with the same question', () => {
  it('as accepted, or as corrected', async () => {
    expect(await recalledBy()).toEqual([]);
    await judged({ verdict: 'reject', corrections: [{ item_id: 'item:1', expected: 'spam' }] });
    expect(new Map(textsAndLabels(await recalledBy()))).toEqual(
      new Map([
        ['Win a prize', 'spam'],
        ['Minutes of the meeting', 'ham'],
      ]),
    );
  });

  it('apart from case and white space of the question', async () => {
    await judged(ACCEPT);
    expect(await recalledBy(me, taskBody({ description: '  is this  mail SPAM?' }))).toHaveLength(2);
  });

  it('but not for other buyers, and not for other questions', async () => {
    await judged(ACCEPT);
    const other = buyer();
    await fund(market, other, 1_000_000);
    expect(await recalledBy(other)).toEqual([]);
    expect(await recalledBy(me, taskBody({ description: 'Does this mail want money?' }))).toEqual([]);
    expect(await recalledBy(me, taskBody({ labels: ['ham', 'spam', 'list'] }))).toEqual([]);
  });

  it('but not if accepted automatically, refused, or excluded from training', async () => {
    await judged('silence');
    await judged({
      verdict: 'reject',
      corrections: [{ item_id: 'item:1' }, { item_id: 'item:2', reason: 'nonsense' }],
    });
    await judged(ACCEPT, taskBody({ allow_training: false }));
    expect(await recalledBy()).toEqual([]);
  });

  it('but not for text generation, where a few examples may be worse than none', async () => {
    market = await marketplace(undefined, undefined, ['generation']);
    await fund(market, me, 1_000_000);
    const texts = taskBody({ kind: 'generation', labels: undefined });
    await judged(ACCEPT, texts);
    expect(await recalledBy(me, texts)).toEqual([]);
  });

  it('so that regression needs examples the first time only', async () => {
    market = await marketplace(undefined, undefined, ['regression']);
    await fund(market, me, 1_000_000);
    const numbers = (examples: number) =>
      taskBody({
        kind: 'regression',
        labels: undefined,
        items: [{ fields: { area: 60 } }, { fields: { area: 70 } }, { fields: { area: 80 } }],
        examples: Array.from({ length: examples }, (_, i) => ({
          fields: { area: 50 + i },
          expected: 500 + i,
        })),
      });
    await expect(recalledBy(me, numbers(2))).rejects.toMatchObject({ code: 'validation_failed' });
    market.dukeMM.next.push({
      outcome: 'answered',
      response: {
        model_version: '1',
        items: [1, 2, 3].map((i) => ({
          id: `item:${i}`,
          prediction: 100 * i,
          confidence: 0.9,
          explanation: { nearest: [], words: [], summary: '' },
        })),
      },
    });
    await judged(ACCEPT, numbers(3));
    market.dukeMM.next.push({ outcome: 'refused', why: 'only its request counts here' });
    expect((await recalledBy(me, numbers(0))).map(({ expected }) => expected).sort()).toEqual([
      100, 200, 300,
    ]);
  });

  it('up to the limit of examples', async () => {
    await judged(ACCEPT);
    const examples = (count: number) =>
      taskBody({
        examples: Array.from({ length: count }, (_, i) => ({ fields: { text: `${i}` }, expected: 'ham' })),
      });
    expect(await recalledBy(me, examples(MAX_EXAMPLES - 2))).toHaveLength(2);
    expect(await recalledBy(me, examples(MAX_EXAMPLES - 1))).toEqual([]);
  });
});
