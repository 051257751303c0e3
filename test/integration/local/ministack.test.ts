/** What the launcher adds to MiniStack, and what DukeNET's queues rely on. */
import { cpus } from 'node:os';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Probe } from './probe.ts';

let probe: Probe;
beforeAll(async () => {
  probe = await Probe.deployed();
});
afterAll(() => probe.remove());

describe('a burst of requests', () => {
  it('is answered by at most two processes per CPU', async () => {
    const { ApiId: apiId } = await probe.outputs();
    const address = `${probe.url}/_aws/execute-api/${apiId}/$default/`;
    const answers = await Promise.all(Array.from({ length: 40 }, () => fetch(address)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const processes = new Set(await Promise.all(answers.map((answer) => answer.text())));
    expect(processes.size).toBeGreaterThan(1);
    expect(processes.size).toBeLessThanOrEqual(Math.max(4, 2 * cpus().length));
  });
});

describe('queues', () => {
  it('are polled independently: a blocked consumer does not delay another queue', async () => {
    for (const n of [1, 2, 3, 4]) await probe.send('blocked', `b${n}`);
    const blocked = () => probe.seen().filter((line) => line.startsWith('blocked'));
    await vi.waitFor(() => expect(blocked()).toHaveLength(2), 30_000); // the maximum concurrency
    await probe.send('quick', 'q1');
    await probe.untilSeen('quick q1');
    expect(blocked()).toHaveLength(2);
    probe.release();
    await vi.waitFor(() => expect(blocked()).toHaveLength(4), 30_000);
  });

  it('move a message to the dead-letter queue after two receives', async () => {
    await probe.send('failing', 'f1');
    await vi.waitFor(async () => {
      const { Attributes } = await new SQSClient(probe.client()).send(
        new GetQueueAttributesCommand({
          QueueUrl: await probe.queueUrl('dead'),
          AttributeNames: ['ApproximateNumberOfMessages'],
        }),
      );
      expect(Attributes).toEqual({ ApproximateNumberOfMessages: '1' });
    }, 45_000);
    expect(probe.seen().filter((line) => line === 'failing f1')).toHaveLength(2);
  });
});

describe('a restart', () => {
  it('on another port keeps messages and event sources', async () => {
    await probe.send('kept', 'before the move');
    await probe.stop();
    await probe.startOnNewPort();
    await probe.send('quick', 'after the move');
    await probe.untilSeen('quick after the move');
    const { Messages } = await new SQSClient(probe.client()).send(
      new ReceiveMessageCommand({ QueueUrl: await probe.queueUrl('kept') }),
    );
    expect(Messages?.map(({ Body }) => Body)).toEqual(['before the move']);
    await new SQSClient(probe.client()).send(
      new DeleteMessageCommand({
        QueueUrl: await probe.queueUrl('kept'),
        ReceiptHandle: Messages?.[0]?.ReceiptHandle,
      }),
    );
  });

  it('delivers stream records written before and after it', async () => {
    for (const id of ['a', 'b', 'c']) await probe.put(id);
    await probe.untilSeen('stream c');
    await probe.stop();
    await probe.start();
    await probe.put('d');
    await probe.untilSeen('stream d');
  });
});
