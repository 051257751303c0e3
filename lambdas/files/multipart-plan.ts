import type { MultipartPlan } from '../../contracts/api/files.ts';
import type { File } from '../../contracts/entities/file.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { PART_BYTES, partCount } from '../../contracts/rules/multipart.ts';
import { HOUR, later } from '../shared/clock.ts';

/** Time to send all parts of a file, from its announcement on. */
export const MULTIPART_MS = LIMITS.multipartHours.value * HOUR;

/** How a file is cut into parts. */
export const planOf = (file: Pick<File, 'size_bytes' | 'created_at'>): MultipartPlan => ({
  part_bytes: PART_BYTES,
  parts: partCount(file.size_bytes),
  expires_at: later(new Date(file.created_at), MULTIPART_MS),
});
