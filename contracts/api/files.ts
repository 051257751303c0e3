import * as z from 'zod';
import { Id, Timestamp } from '../entities/common.ts';
import { FileFields, FileMetadata } from '../entities/file.ts';
import { LIMITS } from '../limits.ts';
import { FILE_KINDS, KIND_OF_MEDIA_TYPE, mediaTypes, sizeLimits } from '../rules/file-kinds.ts';
import { Name, Text } from '../text.ts';
import { everyone, operations, parties } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';

/** A bare file name: no path, no control characters, no leading dot. */
export const Filename = Name({ max: LIMITS.filename.value, trim: true })
  .regex(/^(?!\.)[^/\\]+$/, 'a plain file name without path')
  .meta({
    description: 'A bare file name: no path, no control characters, no leading dot.',
    example: 'mails.csv',
  });

/** Parameters and case say nothing that the inspection does not find out itself. */
const ContentTypeHeader = Text({ max: LIMITS.contentType.value, min: 1 })
  .transform((value) => value.replace(/;.*$/s, '').trim().toLowerCase())
  .pipe(z.enum(mediaTypes))
  .meta({
    description: `What the bytes are; the inspection checks it. One of ${mediaTypes.join(', ')}, in any case and with any parameters.`,
    example: 'text/csv',
  });

/** Fields of a file that its owner sees. A new field of the file is seen once it is named here. */
export const FileView = FileFields.pick({
  id: true,
  filename: true,
  content_type: true,
  file_type: true,
  size_bytes: true,
})
  .extend({
    status: z
      .enum(['pending', 'ready', 'rejected'])
      .describe('`pending` until the bytes have come and were inspected; tasks take `ready` files only.'),
    ...FileFields.pick({ rejected_reason: true }).partial().shape,
    metadata: FileMetadata.nullable().describe('What the inspection found; null until it has.'),
    used_by_tasks: z.array(Id).describe('The newest 100 tasks that use it, finished or not.'),
    created_at: FileFields.shape.created_at,
    download_url: z.url().optional().meta({
      description:
        'Where to download it, as an attachment, for 15 minutes. Only where one file is asked for and it is ready.',
      example: 'https://files.example.com/ready/019ab5e0?X-Amz-Signature=5d41402a',
    }),
  })
  .meta({ id: 'File', description: 'An uploaded file.' });
export type FileView = z.infer<typeof FileView>;

export const UploadTarget = z
  .strictObject({
    url: z.url().meta({
      description: 'Send a multipart POST here: all `fields` first, then the bytes in a field named `file`.',
      example: 'https://files.example.com/',
    }),
    fields: z.record(z.string(), z.string()).meta({
      id: 'UploadFields',
      description: 'Form fields to send as they are: they carry the permission.',
      example: { key: 'uploads/019ab5e0', 'Content-Type': 'text/csv', Policy: 'eyJleHBpcmF0aW9uIjoi' },
    }),
    expires_at: Timestamp.describe('When the permission ends.'),
  })
  .meta({ id: 'UploadTarget', description: 'The form to send the bytes with.' });

const fileId = z.strictObject({ file_id: Id.describe('The id of the file.') });

export const fileOperations = operations({
  uploadFile: {
    method: 'POST',
    path: '/files/upload',
    capability: 'files',
    summary: 'Announce a file and get the form to send its bytes with',
    description:
      'The first of three steps: then send the bytes to `upload.url`, and wait until the file is `ready`. The reference of the tag `files` shows all three.',
    access: everyone,
    body: z
      .strictObject({
        filename: Filename,
        content_type: ContentTypeHeader,
        size_bytes: z
          .int()
          .positive('an empty file has nothing to do')
          .meta({ description: 'How many bytes will be sent: exactly so many are taken.', example: 183_220 }),
      })
      .refine((b) => b.size_bytes <= FILE_KINDS[KIND_OF_MEDIA_TYPE[b.content_type]].maxBytes, {
        path: ['size_bytes'],
        message: `too large: ${sizeLimits(' ')} at most`,
      })
      .meta({ id: 'Upload', description: 'A file that is about to be sent.' }),
    status: 201,
    answer: 'The file is announced; send its bytes now.',
    location: '/files/{file.id}',
    response: z
      .strictObject({
        file: FileView.describe('The file, pending until its bytes have come.'),
        upload: UploadTarget.describe('The form to send the bytes with.'),
      })
      .meta({ id: 'AnnouncedFile', description: 'A file that waits for its bytes.' }),
    errors: ['idempotency_key_reused'],
    idempotent: 'repeated',
  },
  listFiles: {
    method: 'GET',
    path: '/files/list',
    capability: 'files',
    summary: 'My files, newest first',
    description: 'The files of the caller, without download addresses.',
    access: everyone,
    query: PageQuery,
    status: 200,
    answer: 'One page of files.',
    response: pageOf('FilePage', FileView),
    errors: [],
  },
  getFile: {
    method: 'GET',
    path: '/files/{file_id}',
    capability: 'files',
    summary: 'One file',
    description: 'For its owner, for administrators, and for the agent of a task that uses it.',
    access: parties,
    params: fileId,
    status: 200,
    answer: 'The file.',
    response: FileView,
    errors: ['not_found'],
  },
  chooseEncoding: {
    method: 'POST',
    path: '/files/{file_id}/encoding',
    capability: 'files',
    summary: 'Say how the characters of a file are encoded',
    description:
      'For a file whose encoding is a guess (`metadata.encoding_guess` shows what it would look like in others), or was guessed wrong. The file is inspected again and `pending` until then. A file that a task uses stays as it is.',
    access: everyone,
    params: fileId,
    body: z
      .strictObject({
        encoding: Name({ max: 40, min: 1 }).meta({
          description: 'A label of the WHATWG Encoding Standard.',
          example: 'shift_jis',
        }),
      })
      .meta({ id: 'EncodingChoice', description: 'The encoding of a file.' }),
    status: 200,
    answer: 'The file is read again in that encoding.',
    response: FileView,
    errors: ['not_found', 'wrong_state', 'file_in_use'],
  },
  deleteFile: {
    method: 'DELETE',
    path: '/files/{file_id}',
    capability: 'files',
    summary: 'Delete a file that no unfinished task uses',
    description:
      'Removes the bytes for good. While an unfinished task uses the file it is 409 `file_in_use`.',
    access: everyone,
    params: fileId,
    status: 204,
    answer: 'The file is gone.',
    errors: ['not_found', 'file_in_use', 'conflict'],
  },
});
