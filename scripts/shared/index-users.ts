import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { User } from '../../contracts/entities/user.ts';
import { INDEXES } from '../../contracts/naming.ts';
import { parseRecord } from '../../lambdas/shared/stores/records.ts';
import type { UserStore } from '../../lambdas/shared/stores/user-store.ts';

/**
 * Adds accounts that are older than the index of users to it. For the local stage, since it reads the whole table.
 * @returns the number of accounts
 */
export async function indexUsers(TableName: string, users: Pick<UserStore, 'change'>): Promise<number> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient());
  const unlisted = {
    TableName,
    FilterExpression: '#entity = :user AND attribute_not_exists(#index)',
    ExpressionAttributeNames: { '#entity': 'entity', '#index': `${INDEXES.all}pk` },
    ExpressionAttributeValues: { ':user': 'user' },
  };
  let indexed = 0;
  for await (const { Items = [] } of paginateScan({ client }, unlisted)) {
    for (const item of Items) await users.change(parseRecord(User, item), []);
    indexed += Items.length;
  }
  return indexed;
}
