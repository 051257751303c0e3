import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import { logger } from '../logger.ts';

export interface Received {
  /** 1 at the first delivery. */
  readonly receiveCount: number;
}

/**
 * A consumer of one queue: each message parsed by its schema and handled alone; what throws goes back to the queue and,
 * after the queue's maximum of receives, to its dead-letter queue. A message that does not parse can never succeed and
 * takes the same way, so that an operator sees it.
 */
export function queueWorker<S extends z.ZodType>(
  schema: S,
  handle: (message: z.output<S>, received: Received) => Promise<void>,
) {
  const processor = new BatchProcessor(EventType.SQS);
  const handleRecord = async (record: SQSRecord): Promise<void> => {
    try {
      const message = schema.parse(JSON.parse(record.body));
      await handle(message, { receiveCount: Number(record.attributes.ApproximateReceiveCount) });
    } catch (error) {
      logger.error('message failed', { error: error as Error, message_id: record.messageId });
      throw error;
    }
  };
  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
    processPartialResponse(event, handleRecord, processor, { context, throwOnFullBatchFailure: false });
}
