import { CopyObjectCommand, DeleteObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { withoutOwner } from '../../contracts/naming.ts';

/**
 * Moves inspected files of an earlier release, whose keys contain their owners, to their current keys. For the local
 * stage.
 * @returns the number of objects moved
 */
export async function moveReadyFiles(Bucket: string, client = new S3Client()): Promise<number> {
  let moved = 0;
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix: 'ready/' })) {
    for (const { Key = '' } of Contents) {
      const today = withoutOwner(Key);
      if (today === undefined) continue;
      await client.send(
        new CopyObjectCommand({
          Bucket,
          Key: today,
          CopySource: `${Bucket}/${Key}`,
        }),
      );
      await client.send(new DeleteObjectCommand({ Bucket, Key }));
      moved += 1;
    }
  }
  return moved;
}
