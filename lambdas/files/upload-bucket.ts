import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Readable } from 'node:stream';
import { ObjectMissing } from '../shared/objects.ts';

/** The `files` bucket, for inspection and deletion. */
export interface UploadBucket {
  /**
   * The bytes of an object, with the ETag of its version.
   * @param etag accepts only this version
   * @throws ObjectMissing if the object, or this version of it, does not exist
   */
  open(key: string, etag?: string): Promise<{ bytes: Readable; etag: string }>;
  /** Copies one version of an object. @throws ObjectMissing if that version does not exist any more */
  copy(from: string, etag: string, to: string): Promise<void>;
  put(key: string, body: Uint8Array): Promise<void>;
  remove(key: string): Promise<void>;
  /** Removes every object whose key begins with a prefix. */
  removeFolder(prefix: string): Promise<void>;
}

const GONE = new Set(['NoSuchKey', 'NotFound', 'PreconditionFailed']);

async function unlessGone<T>(key: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof NoSuchKey || (error instanceof Error && GONE.has(error.name))) {
      throw new ObjectMissing(key, { cause: error });
    }
    throw error;
  }
}

/** @param bucket name. The client's region and endpoint come from the environment. */
export function s3UploadBucket(Bucket: string, client = new S3Client()): UploadBucket {
  return {
    async open(Key, etag) {
      const command = new GetObjectCommand({ Bucket, Key, ...(etag !== undefined && { IfMatch: etag }) });
      const { Body, ETag } = await unlessGone(Key, client.send(command));
      if (!Body || ETag === undefined) throw new ObjectMissing(`${Key} has no body`);
      return { bytes: Body as Readable, etag: ETag };
    },
    async copy(from, etag, to) {
      await unlessGone(
        from,
        client.send(
          new CopyObjectCommand({
            Bucket,
            Key: to,
            CopySource: `${Bucket}/${from}`,
            CopySourceIfMatch: etag,
          }),
        ),
      );
    },
    async put(Key, Body) {
      await client.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/octet-stream' }));
    },
    async remove(Key) {
      await client.send(new DeleteObjectCommand({ Bucket, Key }));
    },
    async removeFolder(Prefix) {
      const pages = paginateListObjectsV2({ client }, { Bucket, Prefix });
      for await (const { Contents = [] } of pages) {
        await Promise.all(Contents.map(({ Key }) => client.send(new DeleteObjectCommand({ Bucket, Key }))));
      }
    },
  };
}
