import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type * as z from 'zod';
import type { UploadTarget } from '../../contracts/api/files.ts';
import type { Clock } from '../shared/clock.ts';
import { later } from '../shared/clock.ts';
import { attachment } from '../shared/content-disposition.ts';

/** Direct transfers between clients and the bucket. */
export interface Transfer {
  /** A form that accepts only this key, media type and size in bytes. */
  uploadTo(key: string, contentType: string, size: number): Promise<z.infer<typeof UploadTarget>>;
  /** A URL for the object as an attachment with this filename, whatever its content. */
  downloadFrom(key: string, filename: string): Promise<string>;
}

const SECONDS = 15 * 60;

/** Presigned with the credentials of the function's role, with which the URLs expire. */
export function s3Transfer(Bucket: string, clock: Clock, client = new S3Client()): Transfer {
  return {
    async uploadTo(Key, contentType, size) {
      const { url, fields } = await createPresignedPost(client, {
        Bucket,
        Key,
        Fields: { 'Content-Type': contentType },
        Conditions: [['content-length-range', size, size]],
        Expires: SECONDS,
      });
      return { url, fields, expires_at: later(clock(), SECONDS * 1000) };
    },
    downloadFrom: (Key, filename) =>
      getSignedUrl(
        client,
        new GetObjectCommand({
          Bucket,
          Key,
          ResponseContentDisposition: attachment(filename),
          // S3 cannot send `nosniff`, but browsers do not render application/octet-stream.
          ResponseContentType: 'application/octet-stream',
        }),
        { expiresIn: SECONDS },
      ),
  };
}
