import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { keys } from '../../../contracts/naming.ts';
import { MINUTE } from '../clock.ts';
import { ttlSeconds } from './records.ts';

/** Counts requests of one caller in one window over all instances. */
export interface SharedCounter {
  /** @returns the total after adding */
  add(caller: string, window: number, requests: number, end: Date): Promise<number>;
}

export function dynamoDbCounter(TableName: string, client = new DynamoDBClient()): SharedCounter {
  const documents = DynamoDBDocumentClient.from(client);
  return {
    async add(caller, window, requests, end) {
      const { Attributes } = await documents.send(
        new UpdateCommand({
          TableName,
          Key: keys.requests(caller, window),
          UpdateExpression: 'ADD #requests :requests SET #ttl = :ttl, #entity = :entity',
          ExpressionAttributeNames: { '#requests': 'requests', '#ttl': 'ttl', '#entity': 'entity' },
          ExpressionAttributeValues: {
            ':requests': requests,
            ':ttl': ttlSeconds(new Date(end.getTime() + MINUTE)),
            ':entity': 'requests',
          },
          ReturnValues: 'UPDATED_NEW',
        }),
      );
      return Number(Attributes?.['requests']);
    },
  };
}
