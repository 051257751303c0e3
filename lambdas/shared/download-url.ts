import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { attachment } from './content-disposition.ts';

const FIFTEEN_MINUTES = 15 * 60;

/**
 * Presigned URLs of a bucket's objects, valid for 15 minutes. Browsers download them and never render them, so that user
 * content cannot run as a page.
 */
export function downloadUrls(bucket: string, client = new S3Client()) {
  return (key: string, filename: string): Promise<string> =>
    getSignedUrl(
      client,
      new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        ResponseContentDisposition: attachment(filename),
        ResponseContentType: 'application/octet-stream',
      }),
      { expiresIn: FIFTEEN_MINUTES },
    );
}
