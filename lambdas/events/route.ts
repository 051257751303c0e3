import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { logger } from '../shared/logger.ts';
import { eventsOf } from './events-of.ts';
import type { DukeEvent } from './events-of.ts';
import type { Publish } from './publisher.ts';

/** A change that could not become an event: enough to find the record. */
export interface Unrouted {
  readonly sequence: string;
  readonly keys: unknown;
  readonly reason: string;
}
/** @throws Error if they cannot be stored at present */
export type SetAside = (unrouted: readonly Unrouted[]) => Promise<void>;

const sequenceOf = (record: DynamoDBRecord): string => record.dynamodb?.SequenceNumber ?? '';

const unroutedOf = (record: DynamoDBRecord, reason: string): Unrouted => ({
  sequence: sequenceOf(record),
  keys: record.dynamodb?.Keys,
  reason,
});

/**
 * Publishes changes of the table as events. A record that cannot be routed is set aside at once: reported as failed,
 * it would block its shard with retries for an hour. If the bus is down, the batch fails and is retried, so that
 * nothing is lost.
 */
export async function route(
  publish: Publish,
  setAside: SetAside,
  event: DynamoDBStreamEvent,
): Promise<DynamoDBBatchResponse> {
  const origins = new Map<DukeEvent, DynamoDBRecord>();
  const unrouted: Unrouted[] = [];
  for (const record of event.Records) {
    try {
      for (const event of eventsOf(record)) origins.set(event, record);
    } catch (error) {
      logger.error('record not routed', {
        error: error as Error,
        sequence: sequenceOf(record),
        keys: record.dynamodb?.Keys,
      });
      unrouted.push(unroutedOf(record, error instanceof Error ? error.message : String(error)));
    }
  }
  for (const refused of await publish([...origins.keys()])) {
    logger.error('event refused by the bus', { event: refused });
    const record = origins.get(refused);
    if (record) unrouted.push(unroutedOf(record, `the bus refused ${refused.type}`));
  }
  return { batchItemFailures: await kept(setAside, unrouted) };
}

/**
 * If records cannot be set aside, the batch fails and goes to the retries and the dead-letter queue of the stream.
 */
async function kept(
  setAside: SetAside,
  unrouted: readonly Unrouted[],
): Promise<DynamoDBBatchResponse['batchItemFailures']> {
  if (unrouted.length === 0) return [];
  try {
    await setAside(unrouted);
    return [];
  } catch (error) {
    logger.error('records not set aside', { error: error as Error, count: unrouted.length });
    return [...new Set(unrouted.map(({ sequence }) => sequence))].map((itemIdentifier) => ({
      itemIdentifier,
    }));
  }
}
