import { createHash } from 'node:crypto';
import type { ArrivedPart, PartStorage } from '../../../lambdas/files/part-storage.ts';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

interface OpenUpload {
  readonly key: string;
  readonly parts: Map<number, Buffer>;
}

export interface MemoryParts extends PartStorage {
  readonly uploads: Map<string, OpenUpload>;
  /** Sends a part by an authorization, as S3 takes it: other bytes than were signed are refused. */
  readonly send: (url: string, bytes: Buffer) => void;
}

/** Multipart uploads in memory; a completed one is an object of the bucket. */
export function memoryParts(objects: Map<string, Buffer>): MemoryParts {
  const uploads = new Map<string, OpenUpload>();
  let begun = 0;
  const partsOf = (key: string, uploadId: string): Map<number, Buffer> | undefined => {
    const upload = uploads.get(uploadId);
    return upload?.key === key ? upload.parts : undefined;
  };
  return {
    uploads,
    send(url, bytes) {
      const { searchParams } = new URL(url);
      const parts = uploads.get(searchParams.get('upload') ?? '')?.parts;
      if (!parts) throw new Error('NoSuchUpload');
      if (sha256(bytes) !== searchParams.get('sha256')) throw new Error('BadDigest');
      parts.set(Number(searchParams.get('part')), bytes);
    },
    async begin(key) {
      begun += 1;
      uploads.set(`upload-${begun}`, { key, parts: new Map() });
      return `upload-${begun}`;
    },
    async sign(key, uploadId, { part_number, size_bytes, sha256: hash }) {
      const url = `https://files/${key}?upload=${uploadId}&part=${part_number}&sha256=${hash}`;
      const headers = { 'x-amz-checksum-sha256': Buffer.from(hash, 'hex').toString('base64') };
      return { part_number, size_bytes, url, headers, expires_at: '2026-03-02T00:14:00.000Z' };
    },
    async list(key, uploadId) {
      const parts = partsOf(key, uploadId);
      return (
        parts &&
        [...parts]
          .sort(([a], [b]) => a - b)
          .map(([part_number, bytes]): ArrivedPart => ({
            part_number,
            size_bytes: bytes.length,
            sha256: sha256(bytes),
            etag: `etag-${part_number}`,
          }))
      );
    },
    async complete(key, uploadId, arrived) {
      const parts = partsOf(key, uploadId);
      if (!parts) throw new Error('NoSuchUpload');
      objects.set(
        key,
        Buffer.concat(arrived.map(({ part_number }) => parts.get(part_number) ?? Buffer.alloc(0))),
      );
      uploads.delete(uploadId);
    },
    async abort(key, uploadId) {
      if (partsOf(key, uploadId)) uploads.delete(uploadId);
    },
  };
}
