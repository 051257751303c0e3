import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import { logger } from '../logger.ts';

export interface Received {
  /** 1 at the first delivery. */
  readonly receiveCount: number;
}

export interface QueueWorkerOptions {
  /**
   * Address of the queue, where a failed message should come back after 2, 4, 8 … seconds instead of after the queue's
   * whole visibility timeout.
   */
  readonly retryOn?: string;
}

/**
 * A consumer of one queue: each message parsed by its schema and handled alone; what throws goes back to the queue and,
 * after the queue's maximum of receives, to its dead-letter queue. A message that does not parse can never succeed and
 * takes the same way, so that an operator sees it.
 */
export function queueWorker<S extends z.ZodType>(
  schema: S,
  handle: (message: z.output<S>, received: Received) => Promise<void>,
  options: QueueWorkerOptions = {},
) {
  const processor = new BatchProcessor(EventType.SQS);
  const client = options.retryOn === undefined ? undefined : new SQSClient();
  const handleRecord = async (record: SQSRecord): Promise<void> => {
    const receiveCount = Number(record.attributes.ApproximateReceiveCount);
    try {
      await handle(schema.parse(JSON.parse(record.body)), { receiveCount });
    } catch (error) {
      logger.error('message failed', {
        error: error as Error,
        message_id: record.messageId,
        receive_count: receiveCount,
      });
      await client?.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: options.retryOn,
          ReceiptHandle: record.receiptHandle,
          VisibilityTimeout: 2 ** Math.min(receiveCount, 8),
        }),
      );
      throw error;
    }
  };
  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
    processPartialResponse(event, handleRecord, processor, { context, throwOnFullBatchFailure: false });
}
