import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';

/** A task as the table stores it. */
export const taskItem = ({
  id,
  ...overrides
}: {
  readonly id: string;
  readonly [name: string]: unknown;
}) => ({
  pk: `TASK#${id}`,
  sk: 'TASK',
  entity: 'task',
  id,
  description: 'secret',
  assigned_agent: 'duke-mm',
  assigned_agent_id: 'duke-mm',
  status: 'executing',
  settlement: 'held',
  chunks_left: 1,
  ...overrides,
});

let sequence = 0;

/** The change of an item in the stream of the table; an insertion if there was none before, a removal if there is none after. */
export function changeRecord(before: object | undefined, after: object | undefined): DynamoDBRecord {
  const image = (item: object | undefined) => item && marshall(item);
  return {
    eventName: before ? (after ? 'MODIFY' : 'REMOVE') : 'INSERT',
    dynamodb: {
      SequenceNumber: String(++sequence),
      ...(before && { OldImage: image(before) }),
      ...(after && { NewImage: image(after) }),
    },
  } as DynamoDBRecord;
}
