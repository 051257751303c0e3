import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it, vi } from 'vitest';
import type { User } from '../../../contracts/entities/user.ts';
import { indexKeys, keys } from '../../../contracts/naming.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { record } from '../../../lambdas/shared/stores/records.ts';
import { indexUsers } from '../../../scripts/shared/index-users.ts';

const documents = mockClient(DynamoDBDocumentClient);
const at = '2026-03-01T12:00:00.000Z';
const user = (): User => {
  const id = newId();
  return {
    ...{ id, email: `${id}@example.com`, user_type: 'buyer', full_name: null },
    ...{ created_at: at, updated_at: at, is_active: true },
  };
};

beforeEach(() => {
  documents.reset();
});

it('rewrites each account of every scanned page, which indexes it', async () => {
  const [ada, bob] = [user(), user()];
  const page = (found: User, next?: object) => ({
    Items: [record('user', keys.user(found.id), found)],
    ...(next && { LastEvaluatedKey: next }),
  });
  documents
    .on(ScanCommand)
    .resolvesOnce(page(ada, keys.user(ada.id)))
    .resolvesOnce(page(bob));
  const change = vi.fn(async () => 'changed' as const);
  expect(await indexUsers('table', { change } as never)).toBe(2);
  expect(change.mock.calls).toEqual([
    [ada, []],
    [bob, []],
  ]);
});

it('scans only for accounts that are not in the index', async () => {
  documents.on(ScanCommand).resolves({ Items: [] });
  expect(await indexUsers('table', { change: vi.fn() })).toBe(0);
  const [scan] = documents.commandCalls(ScanCommand);
  const { FilterExpression, ExpressionAttributeNames, ExpressionAttributeValues } = scan!.args[0].input;
  expect(FilterExpression).toBe('#entity = :user AND attribute_not_exists(#index)');
  expect(ExpressionAttributeValues).toEqual({ ':user': 'user' });
  const listed = record('user', keys.user('1'), {}, { all: indexKeys.user('buyer', at, '1') });
  expect(Object.keys(listed)).toContain(ExpressionAttributeNames?.['#index']);
});
