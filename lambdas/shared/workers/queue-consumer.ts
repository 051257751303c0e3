import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import { logger } from '../logger.ts';

/** A message whose body matched the schema. */
export interface Message<T> {
  readonly body: T;
  /** 1 at the first delivery. */
  readonly receiveCount: number;
  readonly record: SQSRecord;
}

/** Logs why a message failed and returns it to the queue. It may be called more than once for one message. */
export type Fail<T> = (message: Message<T>, error: unknown) => Promise<void>;

/** Makes a failed message visible again after some seconds, instead of the queue's whole visibility timeout. */
export type RetryAfter = (receiptHandle: string, seconds: number) => Promise<void>;

const MAX_RETRY_SECONDS = 256;

/**
 * The handler of a function that consumes one queue. Each message is parsed by the schema; one that does not parse can
 * never succeed and fails at once. Failed messages go back to the queue and, after its maximum of receives, to its
 * dead-letter queue; the others are deleted.
 * @param handle calls `fail` for each message that it could not handle
 * @param retryAfter if given, failed messages come back after 2, 4, 8 … seconds
 */
export function queueConsumer<S extends z.ZodType>(
  schema: S,
  handle: (
    messages: readonly Message<z.output<S>>[],
    fail: Fail<z.output<S>>,
    context: Context,
  ) => Promise<void>,
  retryAfter?: RetryAfter,
) {
  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const failedIds = new Set<string>();
    const fail = async (record: SQSRecord, error: unknown): Promise<void> => {
      failedIds.add(record.messageId);
      logger.error('message failed', { error: error as Error, ...descriptionOf(record) });
      await retrySoon(record, retryAfter);
    };
    const parsed: Message<z.output<S>>[] = [];
    const unreadable: Promise<void>[] = [];
    for (const record of event.Records) {
      try {
        const body = schema.parse(JSON.parse(record.body));
        parsed.push({ body, receiveCount: receiveCountOf(record), record });
      } catch (error) {
        unreadable.push(fail(record, error));
      }
    }
    await Promise.all([...unreadable, handle(parsed, ({ record }, error) => fail(record, error), context)]);
    return { batchItemFailures: [...failedIds].map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

const receiveCountOf = (record: SQSRecord): number => Number(record.attributes.ApproximateReceiveCount);

const descriptionOf = (record: SQSRecord) => ({
  message_id: record.messageId,
  receive_count: receiveCountOf(record),
});

async function retrySoon(record: SQSRecord, retryAfter: RetryAfter | undefined): Promise<void> {
  try {
    await retryAfter?.(record.receiptHandle, Math.min(MAX_RETRY_SECONDS, 2 ** receiveCountOf(record)));
  } catch (error) {
    // The message comes back all the same, at the end of the visibility timeout.
    logger.error('visibility timeout not shortened', { error: error as Error, ...descriptionOf(record) });
  }
}
