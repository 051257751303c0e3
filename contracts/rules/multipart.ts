import { LIMITS } from '../limits.ts';

/** How a file is cut into the parts of a multipart upload. S3 takes parts of 5 MiB and more. */
export const PART_BYTES = 8 * 1024 * 1024;

export const partCount = (sizeBytes: number): number => Math.ceil(sizeBytes / PART_BYTES);

/** Size of a part, numbered from 1; undefined if the file has no such part. */
export function partSize(sizeBytes: number, partNumber: number): number | undefined {
  const from = (partNumber - 1) * PART_BYTES;
  return partNumber >= 1 && from < sizeBytes ? Math.min(PART_BYTES, sizeBytes - from) : undefined;
}

/** Whether clients send a file in parts: a dropped connection would cost much of its transfer. */
export const isSentInParts = (sizeBytes: number): boolean => sizeBytes > LIMITS.singleUpload.value;
