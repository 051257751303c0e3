import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it } from 'vitest';
import { queueDepths, sqsAttributes } from '../../../lambdas/admin/queue-depths.ts';

const sqs = mockClient(SQSClient);
const BASE = 'https://sqs.eu-central-1.amazonaws.com/000000000000';
const attributes = (waiting: string, inFlight: string, delayed: string, deadLetters?: string) => ({
  Attributes: {
    ApproximateNumberOfMessages: waiting,
    ApproximateNumberOfMessagesNotVisible: inFlight,
    ApproximateNumberOfMessagesDelayed: delayed,
    ...(deadLetters && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: `arn:aws:sqs:eu-central-1:000000000000:${deadLetters}`,
        maxReceiveCount: 4,
      }),
    }),
  },
});

it('reads the depth of each queue and of its dead-letter queue, by name', async () => {
  const answer = (QueueUrl: string, value: object) =>
    sqs.on(GetQueueAttributesCommand, { QueueUrl }).resolves(value);
  answer(`${BASE}/created`, attributes('1', '2', '3', 'created-dead'));
  answer(`${BASE}/created-dead`, attributes('4', '9', '9'));
  answer(`${BASE}/counted`, attributes('0', '0', '0', 'counted-dead'));
  answer(`${BASE}/counted-dead`, attributes('0', '0', '0'));
  const urls = { 'Tasks/Created': `${BASE}/created`, 'Admin/Counted': `${BASE}/counted` };
  expect(await queueDepths(urls, sqsAttributes())).toEqual([
    { name: 'Admin/Counted', waiting: 0, in_flight: 0, given_up: 0 },
    { name: 'Tasks/Created', waiting: 4, in_flight: 2, given_up: 4 },
  ]);
});

it('reports no dead-letter depth for a queue without a dead-letter queue', async () => {
  sqs.on(GetQueueAttributesCommand).resolves(attributes('0', '0', '0'));
  await expect(queueDepths({ a: `${BASE}/a` }, sqsAttributes())).rejects.toThrow('deadLetterTargetArn');
});
