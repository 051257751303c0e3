import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Readable } from 'node:stream';

/** One bucket, as use cases see it. */
export interface ObjectStore {
  readonly bucket: string;
  /** The whole object as text. @throws ObjectMissing */
  text(key: string): Promise<string>;
  /** The object as a stream, for large objects. @throws ObjectMissing */
  stream(key: string): Promise<Readable>;
  put(key: string, body: string | Uint8Array, contentType: string): Promise<void>;
  remove(key: string): Promise<void>;
  size(key: string): Promise<number | undefined>;
}

export class ObjectMissing extends Error {
  override readonly name = 'ObjectMissing';
}

/** @param bucket name. The client's region and endpoint come from the environment. */
export function s3ObjectStore(bucket: string, client = new S3Client()): ObjectStore {
  const read = async (key: string) => {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      if (Body) return Body;
    } catch (error) {
      if (!(error instanceof NoSuchKey)) throw error;
      throw new ObjectMissing(`${bucket}/${key}`, { cause: error });
    }
    throw new ObjectMissing(`${bucket}/${key} has no body`);
  };
  return {
    bucket,
    text: async (key) => (await read(key)).transformToString(),
    stream: async (key) => (await read(key)) as Readable,
    async put(key, body, contentType) {
      await client.send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType }),
      );
    },
    async remove(key) {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    },
    async size(key) {
      try {
        return (await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))).ContentLength;
      } catch (error) {
        if (error instanceof Error && error.name === 'NotFound') return undefined;
        throw error;
      }
    },
  };
}

export const jsonLines = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');
export const parseJsonLines = (text: string): unknown[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
