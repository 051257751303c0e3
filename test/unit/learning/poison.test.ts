import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { envelope, EVENT_SOURCE } from '../../../contracts/events/index.ts';
import type { FeedbackBody } from '../../../contracts/api/results.ts';
import { updateReputation } from '../../../lambdas/agents/update-reputation.ts';
import { recordBatch } from '../../../lambdas/learning/outcomes/record-batch.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { questionOf } from '../../../lambdas/shared/question.ts';
import { logger } from '../../../lambdas/shared/logger.ts';
import { batchWorker } from '../../../lambdas/shared/workers/batch-worker.ts';
import { giveFeedback } from '../../../lambdas/tasks/feedback.ts';
import { buyer, fund, taskBody } from '../support/marketplace.ts';
import { loop } from '../support/loop.ts';
import type { Loop } from '../support/loop.ts';
import { delivered } from '../support/task-flow.ts';

type Worker = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

const context = { getRemainingTimeInMillis: () => 30_000 } as Context;

const BATCH = 10;
const schema = envelope('result.judged');
const ACCEPT: FeedbackBody = { verdict: 'accept', corrections: [] };

let at: Loop;
beforeEach(async () => {
  at = await loop();
  vi.spyOn(logger, 'error').mockImplementation(() => undefined);
});

const message = (body: string): SQSRecord =>
  ({ messageId: newId(), body, attributes: { ApproximateReceiveCount: '1' } }) as unknown as SQSRecord;

const told = (task_id: string, result_id: string): SQSRecord =>
  message(
    JSON.stringify({
      id: newId(),
      'detail-type': 'result.judged',
      source: EVENT_SOURCE,
      time: at.clock().toISOString(),
      detail: { task_id, result_id, verdict: 'accepted' },
    }),
  );

/** A judged task of a buyer of its own. */
async function judged(): Promise<{ record: SQSRecord; taskId: string; resultId: string }> {
  const someone = buyer();
  await fund(at, someone, 1_000_000);
  const { taskId, resultId } = await delivered(at, someone, taskBody());
  await giveFeedback(at, someone.userId, resultId, ACCEPT);
  return { record: told(taskId, resultId), taskId, resultId };
}

/** Delivers in batches as SQS does; failed messages come back alone after all others, five times in all. */
async function deliver(worker: Worker, records: readonly SQSRecord[]) {
  const firstTry = new Set<string>();
  const deadLetters: string[] = [];
  let waiting = [...records];
  for (let receive = 1; waiting.length > 0; receive++) {
    const again: SQSRecord[] = [];
    for (let start = 0; start < waiting.length; start += BATCH) {
      const batch = waiting.slice(start, start + BATCH);
      const { batchItemFailures } = await worker({ Records: batch }, context);
      const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      for (const record of batch) {
        if (failed.has(record.messageId)) again.push(record);
        else if (receive === 1) firstTry.add(record.messageId);
      }
    }
    if (receive < 5) waiting = again;
    else {
      deadLetters.push(...again.map(({ messageId }) => messageId));
      waiting = [];
    }
  }
  return { firstTry, deadLetters };
}

/** A poison message of every kind: bodies that are none, and judgements whose records cannot be read. */
async function poisoned(): Promise<{ kind: string; record: SQSRecord }[]> {
  const broken = async (kind: string, spoil: (task: { taskId: string; resultId: string }) => void) => {
    const task = await judged();
    spoil(task);
    return { kind, record: task.record };
  };
  const spoilItem = (id: string, change: object): void => {
    for (const [key, item] of at.table.items) {
      if (key.includes(id) && item['id'] === id) at.table.items.set(key, { ...item, ...change });
    }
  };
  return [
    { kind: 'no JSON', record: message('{"half": ') },
    { kind: 'empty body', record: message('') },
    { kind: 'another form', record: message('{"detail":{"task_id":7}}') },
    { kind: 'an inherited name', record: message('{"__proto__":{"detail":{}}}') },
    await broken('a task that cannot be read', ({ taskId }) => spoilItem(taskId, { status: 'no status' })),
    await broken('a result that cannot be read', ({ resultId }) => spoilItem(resultId, { verdict: 7 })),
  ];
}

async function measured(worker: Worker, more: readonly { kind: string; record: SQSRecord }[] = []) {
  const healthy = [];
  for (let i = 0; i < 54; i++) healthy.push(await judged());
  const poison = [...(await poisoned()), ...more];
  const records: SQSRecord[] = healthy.map(({ record }) => record);
  poison.forEach(({ record }, i) => records.splice(i * 9, 0, record));
  const { firstTry, deadLetters } = await deliver(worker, records);
  const delayed = healthy.filter(({ record }) => !firstTry.has(record.messageId)).length;
  expect(new Set(deadLetters)).toEqual(new Set(poison.map(({ record }) => record.messageId)));
  return { healthy, poison, delayed };
}

describe('a poison message of every kind', () => {
  it('in the queue of reputation delays no other verdict', async () => {
    const worker = batchWorker(schema, (messages) =>
      updateReputation(
        at,
        messages.map(({ detail }) => detail),
      ),
    );
    const { healthy, poison, delayed } = await measured(worker);
    expect(delayed).toBe(0);
    expect(await at.agents.stats('duke-mm')).toMatchObject({ judged_total: healthy.length });
    console.info(`reputation: ${poison.length} kinds of poison in 60 messages; ${delayed} others delayed`);
  });

  it('in the queue of outcomes delays no other task’s outcomes, count or recall', async () => {
    const chunkGone = await judged();
    const itemsBroken = await judged();
    for (const key of [...at.work.objects.keys()]) {
      if (key.includes(chunkGone.taskId) && key.includes('result')) await at.work.remove(key);
      if (key.includes(itemsBroken.taskId)) await at.work.put(key, '{"half": ', 'application/jsonl');
    }
    const { healthy, poison, delayed } = await measured(recordBatch(schema, at), [
      { kind: 'items that are no JSON', record: itemsBroken.record },
      { kind: 'answers that are gone', record: chunkGone.record },
    ]);
    expect(delayed).toBe(0);
    expect((await at.training.progress())?.outcomes_total).toBe(2 * healthy.length);
    console.info(
      `record: ${poison.length} kinds of poison in ${54 + poison.length} messages; ${delayed} others delayed`,
    );
  });

  it('at the counter or at the recall of one question fails with its own message alone', async () => {
    const tasks = [await judged(), await judged(), await judged()];
    const spoiled = tasks[1]!;
    const recalls: typeof at.recalls = {
      ...at.recalls,
      of: async (question, options) => {
        const task = (await at.tasks.get(spoiled.taskId))!;
        if (question === questionOf(task)) throw new Error('cannot be read');
        return at.recalls.of(question, options);
      },
    };
    const worker = recordBatch(schema, { ...at, recalls });
    const { batchItemFailures } = await worker({ Records: tasks.map(({ record }) => record) }, context);
    expect(batchItemFailures).toEqual([{ itemIdentifier: spoiled.record.messageId }]);
    expect((await at.training.progress())?.outcomes_total).toBe(6);
  });
});
