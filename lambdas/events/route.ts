import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { logger } from '../shared/logger.ts';
import { eventsOf } from './events-of.ts';
import type { DukeEvent } from './events-of.ts';
import type { Publish } from './publisher.ts';

/** Where a change is kept that nobody could be told of: enough to find the record again. */
export interface Unrouted {
  readonly sequence: string;
  readonly keys: unknown;
  readonly reason: string;
}
/** @throws Error where they cannot be kept at this moment */
export type SetAside = (unrouted: readonly Unrouted[]) => Promise<void>;

const sequenceOf = (record: DynamoDBRecord): string => record.dynamodb?.SequenceNumber ?? '';

const unroutedOf = (record: DynamoDBRecord, reason: string): Unrouted => ({
  sequence: sequenceOf(record),
  keys: record.dynamodb?.Keys,
  reason,
});

/**
 * From the table's stream to the bus. A record that cannot be routed is set aside at once: reported as failed it would be
 * tried again until it is an hour old, and all of its shard with it. A bus that is down holds up all, so that nothing is
 * lost.
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
      for (const news of eventsOf(record)) origins.set(news, record);
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

/** What could not even be set aside is left to the stream's own retries and its dead-letter queue. */
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
