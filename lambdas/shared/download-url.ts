import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';

const FIFTEEN_MINUTES = 15 * 60;

/** `attachment` with the name in both forms of RFC 6266, so that old and non-ASCII names survive. */
export function attachment(filename: string): string {
  const ascii = filename.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const utf8 = encodeURIComponent(filename).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${utf8}`;
}

/**
 * Signed addresses of one bucket's objects, good for 15 minutes. They download and are never shown: user content as
 * bytes, not as a page of our origin.
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
