import * as z from 'zod';
import { Id, Timestamp } from '../entities/common.ts';
import { CONTENT_TYPES, FileMetadata, FileType, MAX_BYTES } from '../entities/file.ts';
import { everyone, operations } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';

type ContentType = keyof typeof CONTENT_TYPES;
const contentTypes = Object.keys(CONTENT_TYPES) as [ContentType, ...ContentType[]];

/** A bare file name: no path, no control characters, no leading dot. */
export const Filename = z
  .string()
  .trim()
  .min(1)
  .max(255)
  // eslint-disable-next-line no-control-regex -- control characters are exactly what must not pass
  .regex(/^(?!\.)[^/\\\u0000-\u001f\u007f]+$/, 'a plain file name without path or control characters');

export const FileView = z
  .strictObject({
    id: Id,
    filename: z.string(),
    content_type: z.string(),
    file_type: FileType,
    size_bytes: z.int().nonnegative(),
    status: z.enum(['pending', 'ready', 'rejected']),
    rejected_reason: z.string().optional(),
    metadata: FileMetadata.nullable(),
    /** Unfinished and finished tasks that use it, newest 100. */
    used_by_tasks: z.array(Id),
    created_at: Timestamp,
    /** Attachment, 15 minutes; only where one file is asked for and it is ready. */
    download_url: z.url().optional(),
  })
  .meta({ id: 'File' });
export type FileView = z.infer<typeof FileView>;

export const UploadTarget = z
  .strictObject({
    /** Send a multipart POST here: all `fields` first, then the bytes as `file`. */
    url: z.url(),
    fields: z.record(z.string(), z.string()),
    expires_at: Timestamp,
  })
  .meta({ id: 'UploadTarget' });

const fileId = z.strictObject({ file_id: Id });

export const fileOperations = operations({
  uploadFile: {
    method: 'POST',
    path: '/files/upload',
    capability: 'files',
    summary: 'Announce a file and get the form to send its bytes with',
    access: everyone,
    body: z
      .strictObject({
        filename: Filename,
        content_type: z.enum(contentTypes),
        size_bytes: z.int().positive('an empty file has nothing to do'),
      })
      .refine((b) => b.size_bytes <= MAX_BYTES[CONTENT_TYPES[b.content_type]], {
        path: ['size_bytes'],
        message: 'too large: CSV 100 MB, JSON 50 MB, text 25 MB at most',
      }),
    status: 201,
    response: z.strictObject({ file: FileView, upload: UploadTarget }),
    errors: ['idempotency_key_reused', 'idempotency_in_progress'],
    idempotent: true,
  },
  listFiles: {
    method: 'GET',
    path: '/files/list',
    capability: 'files',
    summary: 'My files, newest first',
    access: everyone,
    query: PageQuery,
    status: 200,
    response: pageOf(FileView),
    errors: [],
  },
  getFile: {
    method: 'GET',
    path: '/files/{file_id}',
    capability: 'files',
    summary: 'One file with what the inspection found and a download address',
    access: { kind: 'roles', roles: { buyer: 'own', agent: 'party', admin: 'any' } },
    params: fileId,
    status: 200,
    response: FileView,
    errors: ['not_found'],
  },
  deleteFile: {
    method: 'DELETE',
    path: '/files/{file_id}',
    capability: 'files',
    summary: 'Delete a file that no unfinished task uses',
    access: everyone,
    params: fileId,
    status: 204,
    errors: ['not_found', 'file_in_use', 'conflict'],
  },
});
