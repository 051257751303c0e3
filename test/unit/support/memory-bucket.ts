import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { UploadBucket } from '../../../lambdas/files/upload-bucket.ts';
import { ObjectMissing } from '../../../lambdas/shared/objects.ts';

/** The `files` bucket in memory, with versions by content as S3 has them by ETag. */
export function memoryBucket(
  objects = new Map<string, Buffer>(),
): UploadBucket & { readonly objects: Map<string, Buffer> } {
  const version = (key: string, etag?: string): { bytes: Buffer; etag: string } => {
    const bytes = objects.get(key);
    const found = bytes && createHash('md5').update(bytes).digest('hex');
    if (!bytes || !found || (etag !== undefined && etag !== found)) throw new ObjectMissing(key);
    return { bytes, etag: found };
  };
  return {
    objects,
    async open(key, etag) {
      const found = version(key, etag);
      const size = Math.max(1000, Math.ceil(found.bytes.length / 1000));
      const pieces = Array.from({ length: Math.ceil(found.bytes.length / size) }, (_, i) =>
        found.bytes.subarray(i * size, (i + 1) * size),
      );
      return { bytes: Readable.from(pieces), etag: found.etag };
    },
    async copy(from, etag, to) {
      objects.set(to, version(from, etag).bytes);
    },
    async put(key, body) {
      objects.set(key, Buffer.from(body));
    },
    async remove(key) {
      objects.delete(key);
    },
    async removeFolder(prefix) {
      for (const key of [...objects.keys()]) if (key.startsWith(prefix)) objects.delete(key);
    },
  };
}
