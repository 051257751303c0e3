import { CopyObjectCommand, DeleteObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import type { User } from '../../../contracts/entities/user.ts';
import { keys, objects } from '../../../contracts/naming.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { indexUsers } from '../../../scripts/shared/index-users.ts';
import { moveReadyFiles } from '../../../scripts/shared/move-ready-files.ts';

const user: User = {
  id: newId(),
  email: 'ada@example.com',
  user_type: 'buyer',
  full_name: 'Ada',
  is_active: true,
  created_at: '2026-03-02T00:00:00.000Z',
  updated_at: '2026-03-02T00:00:00.000Z',
};

test('rewrites accounts without an index entry, which indexes them', async () => {
  const documents = mockClient(DynamoDBDocumentClient);
  const item = { ...keys.user(user.id), entity: 'user', ...user };
  documents
    .on(ScanCommand)
    .resolvesOnce({ Items: [item], LastEvaluatedKey: keys.user(user.id) })
    .resolvesOnce({ Items: [] })
    .resolvesOnce({ Items: [{ ...item, id: newId() }] });
  const changed: User[] = [];
  const change = async (next: User): Promise<void> => {
    changed.push(next);
  };
  expect(await indexUsers('table', { change })).toBe(1);
  expect(await indexUsers('table', { change })).toBe(1);
  expect(changed.map(({ email }) => email)).toEqual([user.email, user.email]);
  expect(documents.commandCalls(ScanCommand)[0]?.args[0].input).toMatchObject({
    FilterExpression: '#entity = :user AND attribute_not_exists(#index)',
    ExpressionAttributeNames: { '#index': 'gsi3pk' },
  });
});

test('moves files whose keys contain their owners; others stay', async () => {
  const [owner, file, hash] = [newId(), newId(), 'a'.repeat(64)];
  const old = `ready/${owner}/${file}/${hash}`;
  const s3 = mockClient(S3Client);
  s3.on(ListObjectsV2Command)
    .resolvesOnce({ Contents: [{ Key: old }], IsTruncated: true, NextContinuationToken: 'more' })
    .resolvesOnce({ Contents: [{ Key: objects.ready(file, 'b'.repeat(64)) }] });
  expect(await moveReadyFiles('files', new S3Client())).toBe(1);
  expect(s3.commandCalls(CopyObjectCommand).map(({ args }) => args[0].input)).toEqual([
    { Bucket: 'files', Key: objects.ready(file, hash), CopySource: `files/${old}` },
  ]);
  expect(s3.commandCalls(DeleteObjectCommand).map(({ args }) => args[0].input)).toEqual([
    { Bucket: 'files', Key: old },
  ]);
});
