import { ChangeMessageVisibilityCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { batchSender, queueClient } from './batch-sender.ts';
import type { SendAll } from './batch-sender.ts';

/** A queue that a function writes to. */
export interface Queue<T> {
  send(message: T, delaySeconds: number): Promise<void>;
  readonly sendAll: SendAll<T>;
  /** Makes a received message visible again after some seconds. */
  retryAfter(receiptHandle: string, seconds: number): Promise<void>;
}

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
    sendAll: batchSender<T>(queueUrl, client),
  };
}
