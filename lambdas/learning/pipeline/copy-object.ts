import { CopyObjectCommand, S3Client } from '@aws-sdk/client-s3';

/** Copies an object of up to 5 GB within its bucket, on the server side. */
export type CopyObject = (from: string, to: string) => Promise<void>;

export const s3Copy = (bucket: string, client = new S3Client()): CopyObject =>
  async function (from, to) {
    await client.send(
      new CopyObjectCommand({
        Bucket: bucket,
        Key: to,
        CopySource: `${bucket}/${from}`,
        TaggingDirective: 'REPLACE',
      }),
    );
  };
