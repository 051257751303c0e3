import type { Context, SQSRecord } from 'aws-lambda';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { MockInstance } from 'vitest';
import type * as z from 'zod';
import { envelope, ObjectCreated } from '../../../../contracts/events/index.ts';
import { ChunkMessage, SweepMessage } from '../../../../contracts/entities/task-messages.ts';
import { newId } from '../../../../lambdas/shared/ids.ts';
import { logger } from '../../../../lambdas/shared/logger.ts';
import { queueWorker } from '../../../../lambdas/shared/workers/queue-worker.ts';

/** A healthy message of each queue that `queueWorker` reads. */
const QUEUES = {
  'task.created': [
    envelope('task.created'),
    () => ({
      id: '1', 'detail-type': 'task.created', source: 'dukenet', time: 'now',
      detail: { task_id: newId(), assigned_agent_id: 'duke-mm' },
    }),
  ],
  'task.chunks_done': [
    envelope('task.chunks_done'),
    () => ({ id: '1', 'detail-type': 'task.chunks_done', source: 'dukenet', time: 'now', detail: { task_id: newId() } }),
  ],
  chunks: [ChunkMessage, () => ({ task_id: newId(), chunk: 1, waits: 0 })],
  shards: [SweepMessage, () => ({ shard: 3 })],
  uploads: [
    ObjectCreated,
    () => ({ 'detail-type': 'Object Created', detail: { bucket: { name: 'b' }, object: { key: 'k', size: 1 } } }),
  ],
} as const satisfies Record<string, readonly [z.ZodType, () => object]>; // prettier-ignore

/** Bodies that can never be handled. */
const POISON: readonly (readonly [string, string])[] = [
  ['no JSON', '{'],
  ['nothing', ''],
  ['null', 'null'],
  ['a list', '[]'],
  ['another shape', '{"detail":{"task_id":"x"}}'],
  ['a prototype', '{"__proto__":{"shard":1}}'],
  ['half a surrogate pair', '"\\ud800"'],
  ['a deep list', '['.repeat(2000) + ']'.repeat(2000)],
];

const context = { getRemainingTimeInMillis: () => 30_000 } as Context;
const record = (body: string, messageId: string) =>
  ({ body, messageId, receiptHandle: messageId, attributes: { ApproximateReceiveCount: '1' } }) as SQSRecord;
const handled: unknown[] = [];
let errors: MockInstance;

beforeEach(() => {
  handled.length = 0;
  errors = vi.spyOn(logger, 'error').mockReturnValue(undefined);
});

describe.each(Object.entries(QUEUES))('a poison message of the queue %s', (_queue, [schema, healthy]) => {
  it.each(POISON)('that is %s does not delay others', async (_name, poison) => {
    const worker = queueWorker(schema as z.ZodType, async (message) => {
      handled.push(message);
    });
    const Records = Array.from({ length: 10 }, (_, i) =>
      record(i % 3 === 0 ? poison : JSON.stringify(healthy()), String(i)),
    );
    const { batchItemFailures } = await worker({ Records }, context);
    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(['0', '3', '6', '9']);
    expect(handled).toHaveLength(6);
  });
});

describe('a message whose handling throws', () => {
  it('is returned alone, soon, with its receive count', async () => {
    const again: [string, number][] = [];
    const worker = queueWorker(
      SweepMessage,
      async ({ shard }, { receiveCount, timeLeft }) => {
        if (shard === 1) throw new Error('this shard is broken');
        handled.push([shard, receiveCount, timeLeft()]);
      },
      async (receipt, seconds) => {
        again.push([receipt, seconds]);
      },
    );
    const Records = [0, 1, 2].map((shard) => record(JSON.stringify({ shard }), String(shard)));
    const { batchItemFailures } = await worker({ Records }, context);
    expect(batchItemFailures).toEqual([{ itemIdentifier: '1' }]);
    expect(again).toEqual([['1', 2]]);
    expect(handled).toEqual([
      [0, 1, 30_000],
      [2, 1, 30_000],
    ]);
  });

  it('is returned while the other messages of its batch are still being handled', async () => {
    const steps: string[] = [];
    const slow = Promise.withResolvers<void>();
    const worker = queueWorker(
      SweepMessage,
      async ({ shard }) => {
        if (shard === 1) throw new Error('this shard is broken');
        await slow.promise;
        steps.push('handled');
      },
      async () => {
        steps.push('returned');
        slow.resolve();
      },
    );
    const Records = [0, 1].map((shard) => record(JSON.stringify({ shard }), String(shard)));
    await worker({ Records }, context);
    expect(steps).toEqual(['returned', 'handled']);
  });

  it('fails alone, and waits longer if the queue does not shorten its visibility timeout', async () => {
    const worker = queueWorker(
      SweepMessage,
      async ({ shard }) => {
        if (shard === 1) throw new Error('this shard is broken');
      },
      async () => Promise.reject(new Error('the receipt has expired')),
    );
    const Records = [0, 1].map((shard) => record(JSON.stringify({ shard }), String(shard)));
    const { batchItemFailures } = await worker({ Records }, context);
    expect(batchItemFailures).toEqual([{ itemIdentifier: '1' }]);
    expect(errors).toHaveBeenCalledTimes(2);
  });
});
