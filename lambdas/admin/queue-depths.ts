import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { QueueDepth } from '../../contracts/api/admin.ts';

/** The queues of the stage: their URLs by name. */
export const QueueUrls = z.record(z.string(), z.string());
type QueueUrls = z.infer<typeof QueueUrls>;

const count = z.coerce.number().int().nonnegative();
const Attributes = z.object({
  ApproximateNumberOfMessages: count,
  ApproximateNumberOfMessagesNotVisible: count,
  ApproximateNumberOfMessagesDelayed: count,
  RedrivePolicy: z.string().optional(),
});
const RedrivePolicy = z.object({ deadLetterTargetArn: z.string() });

/** Reads how many messages a queue holds. */
type ReadAttributes = (queueUrl: string) => Promise<z.infer<typeof Attributes>>;

/**
 * Reads attributes from SQS. Uses the configured endpoint, not the host of the URL, which on the local platform is the one at
 * the time when the queue was created.
 */
export function sqsAttributes(client = new SQSClient({ useQueueUrlAsEndpoint: false })): ReadAttributes {
  return async (QueueUrl) => {
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
    return Attributes.parse((await client.send(command)).Attributes);
  };
}

/** The URL of a queue of the same account and region. */
const siblingUrl = (queueUrl: string, arn: string): string =>
  queueUrl.slice(0, queueUrl.lastIndexOf('/') + 1) + arn.slice(arn.lastIndexOf(':') + 1);

async function depthOf(name: string, url: string, read: ReadAttributes): Promise<QueueDepth> {
  const queue = await read(url);
  const { deadLetterTargetArn: deadLetters } = RedrivePolicy.parse(JSON.parse(queue.RedrivePolicy ?? '{}'));
  const { ApproximateNumberOfMessages: given_up } = await read(siblingUrl(url, deadLetters));
  return {
    name,
    waiting: queue.ApproximateNumberOfMessages + queue.ApproximateNumberOfMessagesDelayed,
    in_flight: queue.ApproximateNumberOfMessagesNotVisible,
    given_up,
  };
}

/** The depth of each queue and of its dead-letter queue, by name. */
export const queueDepths = (urls: QueueUrls, read: ReadAttributes): Promise<QueueDepth[]> =>
  Promise.all(
    Object.entries(urls)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, url]) => depthOf(name, url, read)),
  );
