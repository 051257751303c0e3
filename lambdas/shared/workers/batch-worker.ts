import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import { logger } from '../logger.ts';
import { togetherOrAlone } from './together-or-alone.ts';

/**
 * A consumer of one queue whose messages are handled in one go, for what is one write however many there are. A message
 * that does not parse, or that cannot be handled, fails alone and takes its way to the dead-letter queue.
 * `handle` must be safe to run again for messages that it has handled already.
 */
export function batchWorker<S extends z.ZodType>(
  schema: S,
  handle: (messages: readonly z.output<S>[]) => Promise<void>,
) {
  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const { parsed, failed } = parseMessages(schema, event.Records);
    const late = await togetherOrAlone(parsed, (some) => handle(some.map(({ message }) => message)));
    for (const { item, error } of late) failed.push(messageFailed(item.record, error));
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/** A message with the record it came in. */
export interface Parsed<T> {
  readonly record: SQSRecord;
  readonly message: T;
}

/** Messages by their schema; ids of those that do not parse, which were logged. */
export function parseMessages<S extends z.ZodType>(
  schema: S,
  records: readonly SQSRecord[],
): { parsed: Parsed<z.output<S>>[]; failed: string[] } {
  const parsed: Parsed<z.output<S>>[] = [];
  const failed: string[] = [];
  for (const record of records) {
    try {
      parsed.push({ record, message: schema.parse(JSON.parse(record.body)) });
    } catch (error) {
      failed.push(messageFailed(record, error as Error));
    }
  }
  return { parsed, failed };
}

/** Logs it. @returns the message's id */
export function messageFailed(record: SQSRecord, error: Error): string {
  logger.error('message failed', {
    error,
    message_id: record.messageId,
    receive_count: Number(record.attributes.ApproximateReceiveCount),
  });
  return record.messageId;
}
