import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { logger } from '../shared/logger.ts';
import { eventsOf } from './events-of.ts';
import type { DukeEvent } from './events-of.ts';
import type { Publish } from './publisher.ts';

const sequenceOf = (record: DynamoDBRecord): string => record.dynamodb?.SequenceNumber ?? '';

/**
 * From the table's stream to the bus. One record that cannot be routed is logged and reported, and holds up no other; a
 * bus that is down holds up all, so that nothing is lost.
 */
export async function route(publish: Publish, event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const origins = new Map<DukeEvent, string>();
  const poison: string[] = [];
  for (const record of event.Records) {
    const sequence = sequenceOf(record);
    try {
      for (const news of eventsOf(record)) origins.set(news, sequence);
    } catch (error) {
      logger.error('record not routed', { error: error as Error, sequence, keys: record.dynamodb?.Keys });
      poison.push(sequence);
    }
  }
  for (const refused of await publish([...origins.keys()])) {
    logger.error('event refused by the bus', { event: refused });
    poison.push(origins.get(refused) ?? '');
  }
  return { batchItemFailures: [...new Set(poison)].map((itemIdentifier) => ({ itemIdentifier })) };
}
