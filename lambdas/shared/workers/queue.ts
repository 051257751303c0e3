import { setTimeout as sleep } from 'node:timers/promises';
import {
  ChangeMessageVisibilityCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

const BATCH = 10;
const TRIES = 5;

/** One queue, beside what the event source does. */
export interface Queue<T> {
  send(message: T, delaySeconds: number): Promise<void>;
  /** All of them; what SQS takes only in part is sent again. @throws Error when some were not taken after five tries */
  sendAll(messages: readonly T[]): Promise<void>;
  /** Makes a received message visible again after so many seconds. */
  retryAfter(receiptHandle: string, seconds: number): Promise<void>;
}

/**
 * By the configured endpoint: a queue's URL names a host too, which on the embedded platform is that of the start that made the
 * queue.
 */
const queueClient = (): SQSClient => new SQSClient({ useQueueUrlAsEndpoint: false });

export function sqsQueue<T>(queueUrl: string, client = queueClient()): Queue<T> {
  return {
    async send(message, delaySeconds) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: JSON.stringify(message),
          DelaySeconds: delaySeconds,
        }),
      );
    },
    async retryAfter(receiptHandle, seconds) {
      await client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queueUrl,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: seconds,
        }),
      );
    },
    async sendAll(messages) {
      for (let start = 0; start < messages.length; start += BATCH) {
        await sendBatch(client, queueUrl, messages.slice(start, start + BATCH));
      }
    },
  };
}

async function sendBatch(client: SQSClient, QueueUrl: string, messages: readonly unknown[]): Promise<void> {
  let left = messages.map((message, i) => ({ Id: String(i), MessageBody: JSON.stringify(message) }));
  for (let attempt = 1; left.length > 0; attempt++) {
    if (attempt > TRIES) throw new Error(`SQS did not take ${left.length} messages in ${TRIES} tries`);
    if (attempt > 1) await sleep(Math.random() * 100 * 2 ** attempt);
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries: left }));
    const failed = new Set(Failed.map((entry) => entry.Id));
    left = left.filter((entry) => failed.has(entry.Id));
  }
}
