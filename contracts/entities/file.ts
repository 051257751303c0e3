import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { fileKinds } from '../rules/file-kinds.ts';
import { Id, Sha256, Timestamp } from './common.ts';
import { FileMetadata } from './file-metadata.ts';

export const FileType = z
  .enum(fileKinds)
  .meta({ id: 'FileType', description: 'The kind of content of a file.' });
export type FileType = z.infer<typeof FileType>;

/** All fields of a file with their descriptions for clients. The status determines which of them are present. */
export const FileFields = z.strictObject({
  id: Id.describe('The id of the file.'),
  owner_id: Id,
  filename: z
    .string()
    .min(1)
    .max(LIMITS.filename.value)
    .meta({ description: 'Its name, as announced.', example: 'mails.csv' }),
  content_type: z.string().meta({ description: 'Its media type, as announced.', example: 'text/csv' }),
  file_type: FileType,
  size_bytes: z.int().nonnegative().meta({ description: 'Its size in bytes.', example: 183_220 }),
  sheet: z.string().max(31).optional().meta({
    description: 'Of a workbook: the sheet to read; the first visible one unless named.',
    example: 'Orders',
  }),
  rejected_reason: z.string().max(500).meta({
    description: 'For rejected files: what is wrong.',
    example: 'Row 3 has 6,930,016 bytes; at most 2,500,000 can be used.',
  }),
  metadata: FileMetadata,
  created_at: Timestamp.describe('When it was announced.'),
  updated_at: Timestamp,
});

const base = FileFields.omit({ rejected_reason: true, metadata: true });

const { rejected_reason, metadata } = FileFields.shape;

export const File = z.discriminatedUnion('status', [
  base.extend({
    status: z.literal('pending'),
    /** The encoding that the owner chose for the bytes with this hash. */
    chosen: z.strictObject({ encoding: z.string(), sha256: Sha256 }).optional(),
    /** The multipart upload of S3, once its first part was authorized. */
    multipart: z.strictObject({ upload_id: z.string() }).optional(),
  }),
  base.extend({ status: z.literal('ready'), metadata }),
  base.extend({ status: z.literal('rejected'), rejected_reason }),
  /** The owner is deleting it; returns to ready if an unfinished task uses it. */
  base.extend({ status: z.literal('deleting'), metadata }),
]);
export type File = z.infer<typeof File>;

export type ReadyFile = Extract<File, { status: 'ready' }>;
