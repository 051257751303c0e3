import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { backoff, retry, RetryableError } from '../retry.ts';

/** SQS's limit. */
const BATCH_SIZE = 10;
const RETRIES = { attempts: 5, waitMs: backoff(400) };

/** Sends all; those that SQS rejects are sent again. @throws Error when it still rejects some in the fifth attempt */
export type SendAll<T> = (messages: readonly T[], delaySeconds?: number) => Promise<void>;

/**
 * Uses the configured endpoint, not the host in the queue's URL: on the local platform that is the host at the time when the
 * queue was created.
 */
export const queueClient = (): SQSClient => new SQSClient({ useQueueUrlAsEndpoint: false });

/** The part of a queue that a function needs that only sends: the bundle of `tasks/api` has no room for the rest. */
export const batchSender =
  <T>(queueUrl: string, client = queueClient()): SendAll<T> =>
  async (messages, delaySeconds = 0) => {
    for (let start = 0; start < messages.length; start += BATCH_SIZE) {
      const batch = messages.slice(start, start + BATCH_SIZE);
      await sendBatch(client, queueUrl, batch, delaySeconds);
    }
  };

async function sendBatch(
  client: SQSClient,
  QueueUrl: string,
  messages: readonly unknown[],
  DelaySeconds: number,
): Promise<void> {
  let entries = messages.map((message, i) => ({
    Id: String(i),
    MessageBody: JSON.stringify(message),
    DelaySeconds,
  }));
  await retry(async () => {
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries: entries }));
    const failed = new Set(Failed.map(({ Id }) => Id));
    entries = entries.filter(({ Id }) => failed.has(Id));
    if (entries.length > 0) throw new RetryableError(`SQS rejected ${entries.length} messages`);
  }, RETRIES);
}
