import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  paginateListParts,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { SignedPart, StoredPart } from '../../contracts/api/file-parts.ts';
import { later } from '../shared/clock.ts';
import type { Clock } from '../shared/clock.ts';

/** A part to send, with the hash that its bytes must have. */
export interface PartToSend {
  readonly part_number: number;
  readonly size_bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

export interface ArrivedPart extends StoredPart {
  readonly etag: string;
}

/** Multipart uploads of the `files` bucket. */
export interface PartStorage {
  /** Begins an upload. @returns its id */
  begin(key: string, contentType: string): Promise<string>;
  /** Authorizes one part to be sent: only bytes of this size and hash are accepted. */
  sign(key: string, uploadId: string, part: PartToSend): Promise<SignedPart>;
  /** The parts that have arrived, by number; undefined if the upload was completed, aborted or has expired. */
  list(key: string, uploadId: string): Promise<ArrivedPart[] | undefined>;
  complete(key: string, uploadId: string, parts: readonly ArrivedPart[]): Promise<void>;
  /** Removes an upload and its parts. Idempotent. */
  abort(key: string, uploadId: string): Promise<void>;
}

const SECONDS = 15 * 60;
/** Signed, not moved to the query: S3 compares the bytes with a checksum in a header only. */
const CHECKSUM_HEADER = 'x-amz-checksum-sha256';

const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');
const hex = (text: string): string => Buffer.from(text, 'base64').toString('hex');

async function unlessNoSuchUpload<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchUpload') return undefined;
    throw error;
  }
}

/** @param bucket name. The client's region and endpoint come from the environment. */
export function s3PartStorage(Bucket: string, clock: Clock, client = new S3Client()): PartStorage {
  return {
    async begin(Key, ContentType) {
      const command = new CreateMultipartUploadCommand({
        Bucket,
        Key,
        ContentType,
        ChecksumAlgorithm: 'SHA256',
      });
      const { UploadId } = await client.send(command);
      if (UploadId === undefined) throw new Error(`S3 began an upload of ${Key} without an id`);
      return UploadId;
    },
    async sign(Key, UploadId, { part_number, size_bytes, sha256 }) {
      const command = new UploadPartCommand({
        Bucket,
        Key,
        UploadId,
        PartNumber: part_number,
        ContentLength: size_bytes,
        ChecksumSHA256: base64(sha256),
      });
      const url = await getSignedUrl(client, command, {
        expiresIn: SECONDS,
        unhoistableHeaders: new Set([CHECKSUM_HEADER]),
      });
      const headers = { [CHECKSUM_HEADER]: base64(sha256) };
      return { part_number, size_bytes, url, headers, expires_at: later(clock(), SECONDS * 1000) };
    },
    list: (Key, UploadId) => unlessNoSuchUpload(arrivedParts(client, { Bucket, Key, UploadId })),
    async complete(Key, UploadId, parts) {
      const Parts = parts.map(({ part_number, etag, sha256 }) => ({
        PartNumber: part_number,
        ETag: etag,
        ChecksumSHA256: base64(sha256),
      }));
      await client.send(
        new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
      );
    },
    async abort(Key, UploadId) {
      await unlessNoSuchUpload(client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })));
    },
  };
}

async function arrivedParts(
  client: S3Client,
  upload: { Bucket: string; Key: string; UploadId: string },
): Promise<ArrivedPart[]> {
  const arrived: ArrivedPart[] = [];
  for await (const { Parts = [] } of paginateListParts({ client }, upload)) {
    for (const { PartNumber, Size, ETag, ChecksumSHA256 } of Parts) {
      if (
        PartNumber === undefined ||
        Size === undefined ||
        ETag === undefined ||
        ChecksumSHA256 === undefined
      )
        throw new Error(`S3 lists a part of ${upload.Key} without number, size, tag or checksum`);
      arrived.push({ part_number: PartNumber, size_bytes: Size, etag: ETag, sha256: hex(ChecksumSHA256) });
    }
  }
  return arrived;
}
