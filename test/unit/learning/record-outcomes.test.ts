import { beforeEach, describe, expect, it } from 'vitest';
import type { FeedbackBody } from '../../../contracts/api/results.ts';
import { TrainingExample } from '../../../contracts/entities/training.ts';
import { parseJsonLines } from '../../../lambdas/shared/objects.ts';
import { newId, sha256 } from '../../../lambdas/shared/ids.ts';
import { recordOutcomes } from '../../../lambdas/learning/outcomes/record-outcomes.ts';
import { completeTask } from '../../../lambdas/tasks/complete-task.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { executeChunk } from '../../../lambdas/tasks/execute-chunk.ts';
import { giveFeedback } from '../../../lambdas/tasks/feedback.ts';
import { planTask } from '../../../lambdas/tasks/plan-task.ts';
import { sweepAll } from '../support/task-flow.ts';
import { buyer, fund, marketplace, taskBody } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';

const me = buyer();
let market: Marketplace;
beforeEach(async () => {
  market = await marketplace();
  await fund(market, me, 1_000_000);
});

async function judged(body: FeedbackBody | 'silence', task = {}) {
  const { id } = await createTask(market, me, taskBody(task), newId());
  await planTask(market, id);
  await executeChunk(market, market.queue.shift()!.message, 1);
  await completeTask(market, id);
  const done = await market.tasks.get(id);
  if (done?.status !== 'completed') throw new Error('not completed');
  if (body === 'silence') {
    market.passTime(25 * 3_600_000);
    await sweepAll(market);
  } else await giveFeedback(market, me.userId, done.result_id, body);
  const recorded = await recordOutcomes(market, { task_id: id, result_id: done.result_id });
  const shard = recorded?.shard;
  const lines = shard && (await market.work.text(shard.uri.replace('s3://work/', '')));
  return {
    id,
    resultId: done.result_id,
    shard,
    lines,
    examples: lines ? parseJsonLines(lines).map((l) => TrainingExample.parse(l)) : [],
  };
}

describe('the training examples of a judged task', () => {
  it('names the price of its item, of which all together are the price of the task', async () => {
    const { id, examples } = await judged({ verdict: 'accept', corrections: [] });
    const { price_satoshis } = (await market.tasks.get(id))!;
    const prices = examples.map((one) => one.price_satoshis!);
    expect(prices).toEqual([price_satoshis / 2, price_satoshis / 2]);
  });

  it('contain question, answer and correction', async () => {
    const corrections = [{ item_id: 'item:1', expected: 'spam' }];
    const { examples, shard, lines } = await judged({ verdict: 'reject', corrections });
    expect(
      examples.map(({ expected, success, label_source, weight, prediction }) => ({
        expected,
        success,
        label_source,
        weight,
        prediction,
      })),
    ).toEqual([
      { expected: 'spam', success: false, label_source: 'correction', weight: 1, prediction: 'ham' },
      { expected: 'ham', success: true, label_source: 'accepted', weight: 1, prediction: 'ham' },
    ]);
    expect(examples[0]?.item.fields).toEqual({ text: 'Win a prize' });
    expect(shard).toMatchObject({ count: 2, sha256: sha256(lines!) });
  });

  it('contain a refusal without a correction as a refusal', async () => {
    const { examples } = await judged({
      verdict: 'reject',
      corrections: [{ item_id: 'item:2', reason: 'nonsense' }],
    });
    expect(examples[1]).toMatchObject({ label_source: 'refused', success: false, prediction: 'ham' });
    expect(examples[1]).not.toHaveProperty('expected');
  });

  it('include corrections of an accepted result', async () => {
    const { examples } = await judged({
      verdict: 'accept',
      corrections: [{ item_id: 'item:1', expected: 'spam' }],
    });
    expect(examples[0]).toMatchObject({ expected: 'spam', label_source: 'correction' });
  });

  it('weigh automatic acceptance as half a label, and only if the model was sure', async () => {
    const explanation = { nearest: [], words: [], summary: '' };
    const items = [
      { id: 'item:1', prediction: 'ham', confidence: 0.7, explanation },
      { id: 'item:2', prediction: 'ham', confidence: 0.71, explanation },
    ];
    market.dukeMM.next.push({ outcome: 'answered', response: { model_version: '1', items } });
    const { examples } = await judged('silence');
    expect(examples.map((e) => [e.label_source, e.weight])).toEqual([
      ['auto_accepted', 0],
      ['auto_accepted', 0.5],
    ]);
  });

  it('are not stored for a task that opted out of training', async () => {
    const { shard } = await judged({ verdict: 'accept', corrections: [] }, { allow_training: false });
    expect(shard).toBeUndefined();
    expect([...market.work.objects.keys()].filter((key) => key.startsWith('outcomes/'))).toEqual([]);
  });

  it('are written identically if it runs again', async () => {
    const { id, resultId, shard, lines } = await judged({ verdict: 'accept', corrections: [] });
    market.passTime(3_600_000);
    expect((await recordOutcomes(market, { task_id: id, result_id: resultId }))?.shard).toEqual(shard);
    expect(await market.work.text(shard!.uri.replace('s3://work/', ''))).toBe(lines);
  });
});

describe('the count towards the hundred outcomes that trigger a run', () => {
  const four = ['a', 'b', 'c', 'c'].map((text) => ({ fields: { text } }));
  const answered = () =>
    market.dukeMM.next.push({
      outcome: 'answered',
      response: {
        model_version: '1',
        items: four.map((_, i) => ({
          id: `item:${i + 1}`,
          prediction: 'ham',
          confidence: 0.9,
          explanation: { nearest: [], words: [], summary: '' },
        })),
      },
    });

  it('includes each distinct item with a known right answer, once', async () => {
    answered();
    const { shard } = await judged({ verdict: 'accept', corrections: [] }, { items: four });
    expect(shard).toMatchObject({ count: 4, labels: 3 });
  });

  it('includes a corrected refusal, but none without a correction', async () => {
    answered();
    const corrections = [
      { item_id: 'item:1', expected: 'spam' },
      { item_id: 'item:2', reason: 'nonsense' },
    ];
    const { shard } = await judged({ verdict: 'reject', corrections }, { items: four });
    // Of four the second is only refused, and the fourth a copy of the third.
    expect(shard).toMatchObject({ count: 4, labels: 2 });
  });
});
