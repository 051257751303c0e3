import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { StoredFile } from './read-lines.ts';

/** Pages through the objects below a prefix, in the order of their keys. */
export type ListFiles = (prefix: string) => AsyncIterable<StoredFile>;

export const s3Files = (bucket: string, client = new S3Client()): ListFiles =>
  async function* (Prefix) {
    let ContinuationToken: string | undefined;
    do {
      const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix, ContinuationToken }));
      for (const { Key, Size } of page.Contents ?? [])
        if (Key !== undefined) yield { key: Key, size: Size ?? 0 };
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
  };
