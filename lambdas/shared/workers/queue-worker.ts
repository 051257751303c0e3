import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import { logger } from '../logger.ts';

export interface Received {
  /** 1 at the first delivery. */
  readonly receiveCount: number;
  /** Milliseconds that the function may still take. */
  readonly timeLeft: () => number;
}

/** Brings a failed message back after some seconds instead of after the queue's whole visibility timeout. */
export type RetryAfter = (receiptHandle: string, seconds: number) => Promise<void>;

const LONGEST_RETRY_SECONDS = 256;

/**
 * A consumer of one queue: each message parsed by its schema and handled alone; what throws goes back to the queue and,
 * after the queue's maximum of receives, to its dead-letter queue. A message that does not parse can never succeed and
 * takes the same way, so that an operator sees it.
 * @param retryAfter where given, failed messages come back after 2, 4, 8 … seconds
 */
export function queueWorker<S extends z.ZodType>(
  schema: S,
  handle: (message: z.output<S>, received: Received) => Promise<void>,
  retryAfter?: RetryAfter,
) {
  const processor = new BatchProcessor(EventType.SQS);
  const handleRecord = async (record: SQSRecord, timeLeft: Received['timeLeft']): Promise<void> => {
    const receiveCount = Number(record.attributes.ApproximateReceiveCount);
    try {
      await handle(schema.parse(JSON.parse(record.body)), { receiveCount, timeLeft });
    } catch (error) {
      logger.error('message failed', {
        error: error as Error,
        message_id: record.messageId,
        receive_count: receiveCount,
      });
      await retryAfter?.(record.receiptHandle, Math.min(LONGEST_RETRY_SECONDS, 2 ** receiveCount));
      throw error;
    }
  };
  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
    processPartialResponse(
      event,
      (record: SQSRecord) => handleRecord(record, () => context.getRemainingTimeInMillis()),
      processor,
      { context, throwOnFullBatchFailure: false },
    );
}
