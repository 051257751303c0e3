import { readFileSync } from 'node:fs';
import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, test, vi } from 'vitest';
import type { SQSBatchResponse } from 'aws-lambda';
import { EVENT_SOURCE } from '../../../contracts/events/index.ts';
import type { EventDetail, EventType } from '../../../contracts/events/index.ts';
import { indexKeys, keys, objects } from '../../../contracts/naming.ts';
import type { Inspection } from '../../../contracts/rules/file-kinds.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { allHandlers } from '../../../scripts/shared/handlers.ts';
import { ENVIRONMENT } from '../support/environment.ts';
import { stubHandlers } from '../support/stub-handlers.ts';
import { handlerNamed, loaded } from '../support/load-handler.ts';

vi.mock('node:timers/promises', () => ({ setTimeout: async () => undefined }));

const documents = mockClient(DynamoDBDocumentClient);
const queue = mockClient(SQSClient);
const bucket = mockClient(S3Client);
const executions = mockClient(SFNClient);

const [task, result, agent, owner, file] = [newId(), newId(), newId(), newId(), newId()];

const event = <T extends EventType>(type: T, detail: EventDetail<T>) => ({
  id: '1',
  'detail-type': type,
  source: EVENT_SOURCE,
  time: 'now',
  detail,
});
const upload = (inspection: Inspection) => ({
  'detail-type': 'Object Created',
  detail: { bucket: { name: 'files' }, object: { key: objects.upload(inspection, file), size: 1 } },
});

interface Worker {
  /** A message that the function can read. */
  readonly message: object;
  /** Primary key of the record that it looks at first. */
  readonly reads: string;
  /** What becomes of the message if there is no such record: nothing to do, or another attempt. */
  readonly missing: 'done' | 'fails';
  /** Gives a failed message back early, to this queue. */
  readonly returnsTo?: string;
}

const judged = event('result.judged', { task_id: task, result_id: result, verdict: 'accepted' });
const updated = event('task.updated', {
  ...{ task_id: task, buyer_id: owner, assigned_agent_id: agent },
  ...{ status: 'completed', settlement: 'held' },
});
const WORKERS: Readonly<Record<string, Worker>> = {
  'admin/count': { message: updated, reads: keys.task(task).pk, missing: 'done' },
  'agents/weigh': { message: judged, reads: keys.task(task).pk, missing: 'done' },
  'files/inspect-archive': {
    message: upload('archive'),
    reads: keys.file(file).pk,
    missing: 'done',
    returnsTo: ENVIRONMENT['UPLOADS_QUEUE_URL']!,
  },
  'files/inspect-media': {
    message: upload('media'),
    reads: keys.file(file).pk,
    missing: 'done',
    returnsTo: ENVIRONMENT['UPLOADS_QUEUE_URL']!,
  },
  'files/inspect-text': {
    message: upload('text'),
    reads: keys.file(file).pk,
    missing: 'done',
    returnsTo: ENVIRONMENT['UPLOADS_QUEUE_URL']!,
  },
  'learning/record': { message: judged, reads: keys.task(task).pk, missing: 'fails' },
  'learning/shadow': {
    message: event('result.created', {
      ...{ task_id: task, result_id: result, buyer_id: owner, agent_id: agent },
    }),
    reads: keys.newestTrials().pk,
    missing: 'done',
  },
  'learning/start': {
    message: event('training.triggered', { key: 'admin-1' }),
    reads: keys.trigger('admin-1').pk,
    missing: 'fails',
  },
  'notifications/notify': {
    message: event('result.created', {
      ...{ task_id: task, result_id: result, buyer_id: owner, agent_id: agent },
    }),
    reads: keys.task(task).pk,
    missing: 'done',
  },
  'tasks/complete': {
    message: event('task.chunks_done', { task_id: task }),
    reads: keys.task(task).pk,
    missing: 'done',
  },
  'tasks/execute': {
    message: { task_id: task, chunk: 1, waits: 0 },
    reads: keys.task(task).pk,
    missing: 'done',
    returnsTo: ENVIRONMENT['EXECUTE_QUEUE_URL']!,
  },
  'tasks/plan': {
    message: event('task.created', { task_id: task, assigned_agent_id: 'duke-mm' }),
    reads: keys.task(task).pk,
    missing: 'done',
  },
  'tasks/sweep': { message: { shard: 3 }, reads: indexKeys.dueTask(3, '', '').pk, missing: 'done' },
  'tasks/withdraw': {
    message: event('agent.account_changed', { agent_id: agent }),
    reads: keys.user(agent).pk,
    missing: 'done',
  },
};

const context = { getRemainingTimeInMillis: () => 30_000 };
const record = (body: string, messageId: string) => ({
  body,
  messageId,
  receiptHandle: `receipt-${messageId}`,
  attributes: { ApproximateReceiveCount: '2' },
});

stubHandlers([documents, queue, bucket, executions]);

async function failedOf(name: string, bodies: readonly string[]): Promise<string[]> {
  const handler = await loaded(handlerNamed(name));
  const Records = bodies.map((body, i) => record(body, String(i)));
  const { batchItemFailures } = (await handler({ Records }, context)) as SQSBatchResponse;
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).sort();
}

test('include all functions that a queue of a capability invokes', () => {
  const called = allHandlers()
    .filter(({ file }) =>
      /queueWorker|batchWorker|recordBatch|inspectWorker/.test(readFileSync(file, 'utf8')),
    )
    .map(({ name }) => name);
  // test/unit/live sends to it.
  expect([...Object.keys(WORKERS), 'live/push'].sort()).toEqual(called.sort());
});

describe.each(Object.entries(WORKERS))('%s', (name, worker) => {
  const body = JSON.stringify(worker.message);

  test('looks up the record of the message in its table', async () => {
    expect(await failedOf(name, [body])).toEqual(worker.missing === 'done' ? [] : ['0']);
    const [read] = [...documents.commandCalls(GetCommand), ...documents.commandCalls(QueryCommand)];
    const input = read!.args[0].input;
    expect(input.TableName).toBe(ENVIRONMENT['TABLE_NAME']);
    const pk: unknown = 'Key' in input ? input.Key!['pk'] : input['ExpressionAttributeValues']?.[':pk'];
    expect(pk).toBe(worker.reads);
  });

  test('fails an unreadable message and no other', async () => {
    const others = worker.missing === 'done' ? [] : ['1'];
    const failed = await failedOf(name, [
      '{',
      body,
      JSON.stringify({ ...worker.message, detail: {}, shard: -1, chunk: 0 }),
    ]);
    expect(failed).toEqual(['0', ...others, '2'].sort());
  });

  test('fails every message while the table does not answer, so that none is lost', async () => {
    documents.onAnyCommand().rejects(new Error('the table does not answer'));
    expect(await failedOf(name, [body, body])).toEqual(['0', '1']);
  });

  test('returns a failed message with the delay of its queue', async () => {
    documents.onAnyCommand().rejects(new Error('the table does not answer'));
    await failedOf(name, [body]);
    const returned = queue.commandCalls(ChangeMessageVisibilityCommand).map(({ args }) => args[0].input);
    expect(returned).toEqual(
      worker.returnsTo === undefined
        ? []
        : // 2² seconds at the second receive.
          [{ QueueUrl: worker.returnsTo, ReceiptHandle: 'receipt-0', VisibilityTimeout: 4 }],
    );
  });
});
